"""What a mail server's answer means: one stable key per cause, and the server's words made safe to show.

The table of keys follows RFC 5321 and RFC 3463, and what the large providers really say where they differ from both.
"""

import re
from dataclasses import dataclass

ENHANCED = re.compile(r"(?<![\w.])([245]\.\d{1,3}\.\d{1,3})(?!\w|\.\d)")
UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
HOST_TAG = re.compile(r"\[[^\]]*(?:PROD|outlook)[^\]]*\]", re.IGNORECASE)  # Outlook's own machine names
LONGEST = 300
TEMPORARY = range(400, 500)


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's answer: three digits and the text of all its lines."""

    code: int
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table: whichever of code, enhanced code and words is given must fit."""

    key: str
    code: int = 0
    enhanced: str = ""
    words: str = ""
    host: str = ""

    def fits(self, reply: Reply, enhanced: str, host: str) -> bool:
        """Whether everything this line asks for is so."""
        return (
            self.code in (0, reply.code)
            and self.enhanced in ("", enhanced)
            and host.endswith(self.host)
            and (not self.words or re.search(self.words, reply.text, re.IGNORECASE) is not None)
        )


OWN_NAME = r"SendAsDenied|not owned by user|not allowed to send as|sender address rejected"
ACCESS_OFF = r"(POP3?|IMAP).{0,40}(disabled|not (enabled|activated)|activate)"
APP_WORDS = r"application-specific password|app password required|generate an app password"

# The first line that fits wins.
RULES = (
    Rule("auth.basic_disabled", enhanced="5.7.139", words="basic authentication is disabled"),
    Rule("auth.smtp_auth_off_tenant", enhanced="5.7.139", words="SmtpClientAuthentication is disabled"),
    Rule("auth.tenant_policy", enhanced="5.7.139", words="security defaults|conditional access|policy"),
    Rule("auth.basic_disabled", enhanced="5.7.30"),
    Rule("auth.app_password_required", code=534, enhanced="5.7.9"),
    Rule("auth.web_login_required", code=534, enhanced="5.7.14"),
    Rule("auth.app_password_required", words=APP_WORDS),
    Rule("auth.not_authenticated", enhanced="5.7.57"),
    Rule("auth.not_authenticated", code=530),
    Rule("auth.third_party_off", code=535, words=ACCESS_OFF),
    # GMX answers a switched-off access like a wrong password.
    Rule("auth.third_party_off", code=535, host="gmx.net"),
    # Yahoo says "too many attempts" when the password is simply not an app password.
    Rule("auth.app_password_required", code=535, words="#AUTH005"),
    Rule("auth.too_many", code=454, words="too many login"),
    Rule("auth.too_many", code=535, words="too many|rate|login attempts"),
    Rule("auth.bad_credentials", code=535),
    Rule("auth.mechanism_unsupported", code=534),
    Rule("auth.mechanism_unsupported", code=538),
    Rule("auth.mechanism_unsupported", code=504),
    Rule("auth.temporary", code=454),
    Rule("rate.try_later", code=421, enhanced="4.7.0"),
    Rule("server.busy", code=421),
    Rule("quota.daily", enhanced="5.4.5"),
    Rule("quota.daily", enhanced="5.2.0", words="quota|limit"),
    Rule("sender.not_allowed", enhanced="5.7.60"),
    Rule("sender.not_allowed", words=OWN_NAME),
    Rule("sender.not_allowed", code=553),
    Rule("temp.greylist", enhanced="4.2.0", words="grey|gray"),
    Rule("temp.greylist", code=451, words="grey|gray"),
    Rule("temp.greylist", code=450, words="grey|gray"),
    Rule("rcpt.too_many", code=452, enhanced="4.5.3"),
    Rule("rcpt.mailbox_full", enhanced="4.2.2"),
    Rule("temp.storage", code=452),
    Rule("rcpt.mailbox_full", enhanced="5.2.2"),
    Rule("message.too_big", code=552),
    Rule("message.too_big", enhanced="5.3.4"),
    Rule("rcpt.unknown", enhanced="5.1.1"),
    Rule("message.rejected", code=554),
    Rule("message.rejected", code=550, words="spam|policy|block"),
    Rule("rcpt.refused", code=550),
)


def enhanced_code(text: str) -> str:
    """The first enhanced status code in the text (RFC 3463), or nothing."""
    found = ENHANCED.search(text)
    return found.group(1) if found else ""


def classify(reply: Reply, *, host: str = "") -> str:
    """The key of a refusal. An unknown one is `temp.other` (4xx) or `perm.other`."""
    enhanced = enhanced_code(reply.text)
    for rule in RULES:
        if rule.fits(reply, enhanced, host):
            return rule.key
    return "temp.other" if reply.code in TEMPORARY else "perm.other"


def clean(text: str, *, secrets: tuple[str, ...] = ()) -> str:
    """A server's words for the screen: one line, at most 300 characters, no control or direction marks, no secret."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    text = HOST_TAG.sub("", UNSAFE.sub(" ", text))
    return " ".join(text.split())[:LONGEST]


class Trouble(Exception):  # noqa: N818  a cause, named in the users' words
    """The conversation ended before its goal. Carries the key and, where the server spoke, its answer."""

    def __init__(self, key: str, reply: Reply | None = None, words: str = "") -> None:
        super().__init__(key)
        self.key = key
        self.reply = reply
        self.words = words or (reply.text if reply else "")
