"""A test's result as the page shows it: the title, the cause, what to do, and what worked on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mailing.advice import Advice, advice, steps_html
from mailing.probe import Result
from mailing.services.accounts import Draft
from optamed.core import dates

WORKED = {
    "found": _("Server found"),
    "encrypted": _("Encrypted connection"),
    "password": _("Password accepted"),
    "sender": _("Sender accepted"),
}
FAILED = {
    "found": _("Server not found"),
    "encrypted": _("No encrypted connection"),
    "password": _("Password refused"),
    "sender": _("Sender refused"),
}
# Where the password was not the cause, nobody calls it refused.
PASSWORD_CAUSES = ("auth.bad_credentials", "auth.app_password_required", "auth.third_party_off")
SERVER_STAGES = ("dns", "policy", "tcp", "tls", "banner", "ehlo")
SERVER_KEYS = ("input.host", "input.port", "input.certificate")
NOT_SIGNED_IN = _("Not signed in")


@dataclass(frozen=True, slots=True)
class Check:
    """One step of the way."""

    ok: bool
    label: str | Promise
    detail: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result with its words."""

    result: Result
    advice: Advice
    steps: Sequence[SafeString]
    checks: Sequence[Check]
    at: datetime
    is_trial: bool = False

    @property
    def ok(self) -> bool:
        return self.result.ok

    @property
    def seconds(self) -> float:
        """What it took, at least a tenth."""
        return max(0.1, self.result.ms / 1000)

    @property
    def blames_server(self) -> bool:
        """Whether the fields of the server are what has to be changed."""
        return not self.ok and (self.result.stage in SERVER_STAGES or self.result.key in SERVER_KEYS)

    @property
    def blames_password(self) -> bool:
        """Whether the field of the password is marked."""
        return self.result.key in (*PASSWORD_CAUSES, "input.password")


def outcome(result: Result, draft: Draft, *, is_trial: bool = False) -> Outcome:
    """The words for a result of these settings."""
    found = advice(result.key, preset=draft.preset)
    return Outcome(result, found, steps_html(found), _checks(result, draft), dates.now(), is_trial)


def _checks(result: Result, draft: Draft) -> list[Check]:
    details: dict[str, str | Promise] = {
        "found": draft.host,
        "encrypted": _("TLS, valid certificate"),
        "sender": draft.address,
    }
    checks = [
        Check(ok=True, label=WORKED[step], detail=details.get(step, "")) for step in WORKED if step in result.passed
    ]
    if result.ok or result.stage in ("input", "policy"):
        return checks
    missing = next((step for step in WORKED if step not in result.passed), None)
    if missing == "password" and result.key not in PASSWORD_CAUSES:
        checks.append(Check(ok=False, label=NOT_SIGNED_IN))
    elif missing:
        checks.append(Check(ok=False, label=FAILED[missing]))
    return checks
