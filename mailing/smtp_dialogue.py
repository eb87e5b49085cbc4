"""The conversation with a mail server: greeting, encryption, sign-in, sender, recipient, message.

Whatever goes wrong is one `Trouble` with a key; `stage` and `passed` tell how far it came. Encryption is never optional
and its certificate is always verified. User names and passwords are UTF-8 (RFC 4616), unlike in the standard library.
"""

import base64
import binascii
import errno
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from mailing import smtp_reach
from mailing.smtp_answers import Reply, Trouble, classify
from mailing.smtp_line import Garbled, Line, tls_context
from mailing.smtp_reach import INTERNET, Reach

Security = Literal["tls", "starttls"]
OWN_NAME = "[127.0.0.1]"  # an address literal (RFC 5321, 4.1.3): the computer's name is nobody's business
READY, SIGNED_IN, DONE, FORWARDED, GO_ON, SEND = 220, 235, 250, 251, 334, 354  # RFC 5321, RFC 4954
VERIFY_KEYS = {62: "tls.hostname", 64: "tls.hostname", 10: "tls.expired", 9: "tls.not_yet_valid"}
APP_PASSWORD = re.compile(r"([a-zA-Z]{4}[\s\u00a0]){3}[a-zA-Z]{4}")
SPACES = re.compile(r"[\s\u00a0\u200b]+")


@dataclass(frozen=True, slots=True)
class Server:
    """Where to send: name, port, `tls` at once or `starttls`, and a PEM to trust instead of the system's store."""

    host: str
    port: int
    security: Security
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Login:
    """Who sends: a password, or a token of a sign-in with the provider (XOAUTH2). Without a user nobody signs in."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    def secrets(self) -> tuple[str, ...]:
        """What must not be shown, also in the forms in which it goes over the line."""
        plain = (self.password, self.token)
        return tuple(
            text for secret in plain if secret for text in (_b64(f"\0{self.user}\0{secret}"), _b64(secret), secret)
        )


def app_password(typed: str) -> str:
    """Providers show app passwords as "abcd efgh ijkl mnop": the spaces do not belong to it. Others stay as typed."""
    return SPACES.sub("", typed) if APP_PASSWORD.fullmatch(typed.strip()) else typed


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")


class Dialogue:
    """One connection. All methods raise Trouble; `stage` names the step that was on."""

    def __init__(
        self, server: Server, *, reach: Reach = INTERNET, seconds: float = 20.0, patience: float = 10.0
    ) -> None:
        """`seconds` for the whole conversation, `patience` for one answer."""
        self.server = server
        self.stage = "input"
        self.passed: list[str] = []
        self.features: dict[str, str] = {}
        self._reach = reach
        self._line = Line(seconds=seconds, patience=patience)

    def open(self) -> None:
        """Find the server, connect, encrypt, read what it offers."""
        host = smtp_reach.ascii_host(self.server.host)
        smtp_reach.check_port(self.server.port, self._reach)
        context = self._context()
        self.stage = "dns"
        places = self._places(host)
        with self.at("tcp"):
            self._line.connect(places)
        self.passed.append("found")
        if self.server.security == "tls":
            self._encrypt(context, host)
        with self.at("banner"):
            self._expect(READY, self._line.reply())
        self._greet()
        if self.server.security == "starttls":
            self._start_tls(context, host)

    def sign_in(self, login: Login) -> None:
        """AUTH with what the server offers: XOAUTH2 for a token, else PLAIN, else LOGIN."""
        if not login.user:
            return
        with self.at("auth"):
            offered = self.features.get("AUTH", "").upper().split()
            if not offered:
                raise Trouble("auth.not_offered")
            if login.token:
                self._token(login)
            else:
                self._expect(SIGNED_IN, self._password(login, offered))
        self.passed.append("password")

    def sender(self, address: str, *, size: int = 0) -> None:
        """MAIL FROM. `size` in bytes is compared with the server's limit (RFC 1870) before anything is sent."""
        with self.at("sender"):
            limit = self.features.get("SIZE", "")
            if limit.isdigit() and 0 < int(limit) < size:
                raise Trouble("message.too_big")
            extra = f" SIZE={size}" if size and "SIZE" in self.features else ""
            self._expect(DONE, self._say(f"MAIL FROM:<{self._mailbox(address)}>{extra}"))
        self.passed.append("sender")

    def recipient(self, address: str) -> None:
        """RCPT TO."""
        with self.at("recipient"):
            reply = self._say(f"RCPT TO:<{self._mailbox(address)}>")
            self._expect(FORWARDED if reply.code == FORWARDED else DONE, reply)

    def announce(self) -> None:
        """DATA: after its answer the next bytes are the message."""
        with self.at("data"):
            self._expect(SEND, self._say("DATA"))

    def body(self, message: bytes) -> None:
        """The message. A line that breaks in here leaves open whether it was taken."""
        lines = re.sub(rb"\r\n|\r|\n", b"\r\n", message)
        stuffed = re.sub(rb"(?m)^\.", b"..", lines)
        end = b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"
        with self.at("body"):
            self._line.send(stuffed + end)
            self._expect(DONE, self._line.reply())

    def reset(self) -> None:
        """RSET: what was begun is dropped, the connection stays."""
        with self.at("reset"):
            self._expect(DONE, self._say("RSET"))

    def extend(self, *, seconds: float, patience: float) -> None:
        """A new deadline, for the next message on this connection."""
        self._line.extend(seconds=seconds, patience=patience)

    def close(self) -> None:
        """Hang up. Never raises."""
        self._line.close()

    @contextmanager
    def at(self, stage: str) -> Iterator[None]:
        """Turn what the network does into Trouble with a key that names the step."""
        self.stage = stage
        try:
            yield
        except Garbled:
            raise Trouble("banner.not_smtp" if stage == "banner" else f"dropped.{stage}") from None
        except OSError as error:
            raise Trouble(network_key(error, stage)) from error

    def _context(self) -> ssl.SSLContext:
        try:
            return tls_context(self.server.certificate)
        except (ssl.SSLError, ValueError):
            raise Trouble("input.certificate") from None

    def _places(self, host: str) -> list[smtp_reach.Address]:
        try:
            return smtp_reach.addresses(host, self.server.port, self._reach, patience=self._line.left())
        except Trouble as trouble:
            self.stage = "policy" if trouble.key.startswith("policy") else "dns"
            raise

    def _encrypt(self, context: ssl.SSLContext, host: str) -> None:
        with self.at("tls"):
            self._line.encrypt(context, host)
        self.passed.append("encrypted")

    def _greet(self) -> None:
        with self.at("ehlo"):
            reply = self._say(f"EHLO {OWN_NAME}")
            self._expect(DONE, reply)
        words = [line.replace("=", " ", 1).split(None, 1) for line in reply.text.split("\n")[1:] if line.strip()]
        self.features = {word[0].upper(): word[1] if len(word) > 1 else "" for word in words}

    def _start_tls(self, context: ssl.SSLContext, host: str) -> None:
        if "STARTTLS" not in self.features:
            raise Trouble("tls.not_offered")
        with self.at("tls"):
            reply = self._say("STARTTLS")
            if reply.code != READY:
                raise Trouble("tls.refused", reply)
        self._encrypt(context, host)
        self._greet()

    def _password(self, login: Login, offered: list[str]) -> Reply:
        if "PLAIN" in offered:
            return self._say("AUTH PLAIN " + _b64(f"\0{login.user}\0{login.password}"))
        if "LOGIN" not in offered:
            by_token = {"XOAUTH2", "OAUTHBEARER"} & set(offered)
            raise Trouble("auth.oauth_required" if by_token else "auth.mechanism_unsupported")
        reply = self._say("AUTH LOGIN " + _b64(login.user))
        return self._say(_b64(login.password)) if reply.code == GO_ON else reply

    def _token(self, login: Login) -> None:
        reply = self._say("AUTH XOAUTH2 " + _b64(f"user={login.user}\x01auth=Bearer {login.token}\x01\x01"))
        detail = ""
        if reply.code == GO_ON:  # the reason as base64 JSON; the client has to answer with an empty line
            detail = _decoded(reply.text)
            reply = self._say("")
        if reply.code == SIGNED_IN:
            return
        key = classify(reply, host=self.server.host)
        raise Trouble("oauth.token_refused" if key == "auth.bad_credentials" else key, reply, detail)

    def _say(self, words: str) -> Reply:
        self._line.send(words.encode("utf-8") + b"\r\n")
        return self._line.reply()

    def _expect(self, code: int, reply: Reply) -> None:
        if reply.code != code:
            raise Trouble(classify(reply, host=self.server.host), reply)

    def _mailbox(self, address: str) -> str:
        """The address for an envelope: the domain in ASCII. Nothing in it may end the command."""
        local, _, domain = address.rpartition("@")
        wrong = "sender.not_allowed" if self.stage == "sender" else "rcpt.refused"
        if not local.isascii() or re.search(r"[\s<>\x00-\x1f]", address):
            raise Trouble(wrong)
        try:
            return f"{local}@{domain.encode('idna').decode('ascii')}"
        except UnicodeError:
            raise Trouble(wrong) from None


def network_key(error: OSError, stage: str) -> str:
    """The key of a failure below SMTP."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return VERIFY_KEYS.get(error.verify_code, "tls.unknown_ca")
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        wrong_mode = ("WRONG_VERSION", "RECORD_LAYER", "PACKET_LENGTH", "HTTP_REQUEST")
        return "tls.wrong_mode" if any(word in str(error).upper() for word in wrong_mode) else "tls.failed"
    if isinstance(error, TimeoutError):
        return f"timeout.{stage}"
    if isinstance(error, ConnectionRefusedError):
        return "tcp.refused"
    if error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
        return "net.unreachable"
    return f"dropped.{stage}"


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
