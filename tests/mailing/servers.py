"""Mail servers of the tests: real ones (aiosmtpd, certificates of a test CA), and sockets that misbehave on purpose."""

# ruff: noqa: ARG002, N802  aiosmtpd calls these by name
import base64
import datetime as dt
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from django.db import connection

from mailing.services import sending

UTC = dt.UTC
CA = trustme.CA()
CA_PEM = CA.cert_pem.bytes().decode()
USERS = {"me@localhost": "geheim", "ü@localhost": "Zürich-8001"}


def context(*names: str, issuer: trustme.CA = CA, **kwargs: Any) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issuer.issue_cert(*names, **kwargs).configure_cert(made)
    return made


GOOD = context("localhost", "127.0.0.1")
OTHER_NAME = context("mail.other.example")
STRANGER = context("localhost", issuer=trustme.CA())
EXPIRED = context(
    "localhost",
    not_before=dt.datetime(2019, 1, 1, tzinfo=UTC),
    not_after=dt.datetime(2020, 1, 1, tzinfo=UTC),
)
TOO_YOUNG = context(
    "localhost",
    not_before=dt.datetime(2090, 1, 1, tzinfo=UTC),
    not_after=dt.datetime(2091, 1, 1, tzinfo=UTC),
)


class Mailbox:
    """What a server answers (None: the usual) and what it has taken."""

    def __init__(self, *, mail: str = "", rcpt: str = "", data: str = "", offers_auth: bool = True) -> None:
        self.mail, self.rcpt, self.data, self.offers_auth = mail, rcpt, data, offers_auth
        self.taken: list[Any] = []
        self.drop_after_body = False
        self.signed_in = 0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return responses if self.offers_auth else [line for line in responses if "AUTH" not in line]

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.mail:
            return self.mail
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.data:
            return self.data
        self.taken.append(envelope)
        if self.drop_after_body:
            server.transport.abort()
        return "250 2.0.0 OK queued"


class WithToken(SMTP):
    """aiosmtpd has no XOAUTH2: added in Gmail's manner (334 and base64 JSON, then 535)."""

    async def auth_XOAUTH2(self, _server, args):
        if "auth=Bearer good-token\x01\x01" in base64.b64decode(args[1]).decode():
            return AuthResult(success=True)
        await self.push("334 " + base64.b64encode(b'{"status":"400","schemes":"Bearer"}').decode())
        await self._reader.readline()
        return AuthResult(success=False, handled=False, message="535 5.7.8 Username and Password not accepted")


def accepts(users: dict[str, str]) -> Callable[..., AuthResult]:
    def check(server, session, envelope, mechanism, data):
        good = isinstance(data, LoginPassword) and users.get(data.login.decode()) == data.password.decode()
        if good and isinstance(envelope_box := server.event_handler, Mailbox):
            envelope_box.signed_in += 1
        return AuthResult(success=good, handled=False)

    return check


def refuses(answer: str) -> Callable[..., AuthResult]:
    return lambda *_args: AuthResult(success=False, handled=False, message=answer)


class Park:
    """Starts servers and stops all of them in the end."""

    def __init__(self) -> None:
        self.stops: list[Callable[[], Any]] = []

    def start(
        self,
        box: Mailbox | None = None,
        *,
        tls: ssl.SSLContext | None = GOOD,
        mode: str = "starttls",
        auth: Callable[..., AuthResult] | None = None,
        kind: type[SMTP] = SMTP,
        port: int = 0,
        **options: Any,
    ) -> int:
        """A real server on loopback; returns its port."""
        box = box or Mailbox()
        if box.offers_auth and mode != "plain":
            options |= {"authenticator": auth or accepts(USERS), "auth_required": True}
        if mode == "starttls":
            options |= {"tls_context": tls, "require_starttls": True}
        if mode == "tls":
            options |= {"auth_require_tls": False, "auth_required": False}  # aiosmtpd warns of the pair

        class Started(Controller):
            def factory(self) -> SMTP:
                return kind(self.handler, **self.SMTP_kwargs)

        port = port or closed_port()
        controller = Started(
            box, hostname="127.0.0.1", port=port, ssl_context=tls if mode == "tls" else None, **options
        )
        controller.start()
        self.stops.append(lambda: controller.stop(no_assert=True))
        return port

    def raw(self, speak: Callable[[socket.socket], None]) -> int:
        """A bare socket that speaks as told."""
        listener = socket.create_server(("127.0.0.1", 0))

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=self._speak, args=(speak, connection), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        self.stops.append(lambda: (listener.shutdown(socket.SHUT_RDWR), listener.close()))
        return listener.getsockname()[1]

    @staticmethod
    def _speak(speak: Callable[[socket.socket], None], connection: socket.socket) -> None:
        with connection, suppress(OSError):
            speak(connection)

    def stop(self) -> None:
        for stop in reversed(self.stops):
            with suppress(OSError):
                stop()
        self.stops.clear()


class Sender(threading.Thread):
    """Another process that sends what is due."""

    sent = 0

    def run(self) -> None:
        try:
            self.sent = sending.send_due()
        finally:
            connection.close()


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def says_nothing(connection: socket.socket) -> None:
    while connection.recv(999):
        pass


def hangs_after_greeting(connection: socket.socket) -> None:
    connection.sendall(b"220 x ESMTP\r\n")
    says_nothing(connection)


def drips(connection: socket.socket) -> None:
    for byte in b"220 slow " + b"x" * 500:
        connection.sendall(bytes([byte]))
        time.sleep(0.2)


def floods(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"220-" + b"A" * 4000 + b"\r\n")


def floods_one_line(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"2" * 4096)


def portal(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://login.hotel/secret-page\r\n\r\n")


def is_busy(connection: socket.socket) -> None:
    connection.sendall(b"421 4.7.0 Try again later, closing connection\r\n")


def hangs_up(connection: socket.socket) -> None:
    connection.close()
