"""Testing a mailbox and storing it: what was not tested is not saved; the old settings stay until the new ones work."""

import dataclasses
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from mailing import letters, mime, presets, smtp_reach
from mailing.delivery import Courier, Parcel
from mailing.mime import Letter
from mailing.models import MailAccount, Message
from mailing.probe import SECONDS, Result, probe
from mailing.services import throttle
from mailing.smtp_dialogue import Login, Security, Server, app_password
from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.journal import services as journal
from optamed.practice.models import Practice, User

WRONG_MODE = frozenset({"tls.wrong_mode", "timeout.banner", "dropped.banner"})
NO_PASSWORD = Result(ok=False, key="input.password", stage="input")
NO_PASSWORDS_THERE = Result(ok=False, key="auth.basic_disabled", stage="input")
OTHER: dict[str, Security] = {"tls": "starttls", "starttls": "tls"}


@dataclass(frozen=True, slots=True)
class Draft:
    """Settings as they were typed. Without a password the stored one is meant, if server and user name are the same."""

    preset: str
    address: str
    display_name: str
    host: str
    port: int
    security: Security
    username: str = ""
    password: str = field(default="", repr=False)
    certificate: str = ""

    @property
    def user(self) -> str:
        """The user name is the address unless the provider wants another one."""
        return self.username or self.address

    @property
    def server(self) -> Server:
        return Server(self.host, self.port, self.security, self.certificate)

    @property
    def place(self) -> tuple[str, int, str, str]:
        """What a stored password belongs to: with any of these changed it could be collected by another server."""
        return (self.host.lower(), self.port, self.user, self.certificate)


def test(*, draft: Draft, by: User) -> Result:
    """Try the settings up to the sender's address; nothing is sent, nothing is stored. Owner only, not too often."""
    login, refusal = _prepared(draft, by)
    if refusal:
        return refusal
    return _counted(draft, by, _probed(draft, login))


def save(*, draft: Draft, by: User) -> Result:
    """Test again and store only what works, in one request. The result says whether it was stored."""
    login, refusal = _prepared(draft, by)
    if refusal:
        return refusal
    result = _counted(draft, by, _probed(draft, login))
    if result.ok:
        _store(draft, login.password, by)
    return result


def send_trial(*, draft: Draft, by: User) -> Result:
    """Really send a short message to the mailbox itself."""
    login, refusal = _prepared(draft, by)
    if refusal:
        return refusal
    practice = Practice.objects.filter(pk=1).first()
    subject, text = letters.letter("trial", by.language, {"practice": practice.name if practice else "OptaMed"})
    frozen = mime.freeze(Letter(draft.address, subject, text), mime.message_id(draft.address))
    whole = mime.addressed(frozen, address=draft.address, display_name=draft.display_name, at=dates.local(dates.now()))
    with Courier(draft.server, login, reach=_reach(draft)) as courier:
        result = courier.deliver(Parcel(draft.address, draft.address, whole), before_body=lambda: True)
    return _counted(draft, by, result)


def _prepared(draft: Draft, by: User) -> tuple[Login, Result | None]:
    """The sign-in to use, and why it may not be tried now. Raises DomainError for anybody but the owner."""
    if not by.is_owner:
        raise DomainError(_("Only the owner sets up the mailbox."))
    login = Login(draft.user, draft.password or _stored_secret(draft))
    if presets.preset(draft.preset).secret == "none":  # noqa: S105  no password works there
        return login, NO_PASSWORDS_THERE
    if not login.password:
        return login, NO_PASSWORD
    return login, throttle.may_test(by.pk, _account(draft))


def _stored_secret(draft: Draft) -> str:
    account = MailAccount.objects.active()
    if account is None:
        return ""
    stored = (account.host.lower(), account.port, account.username, account.certificate)
    return account.secret if stored == draft.place else ""


def _probed(draft: Draft, login: Login) -> Result:
    result = probe(draft.server, login, sender=draft.address, reach=_reach(draft))
    left = SECONDS - result.ms / 1000
    if result.key not in WRONG_MODE or left < 1:
        return result
    # Without a sign-in: only whether the other kind of encryption is what this server speaks.
    other = dataclasses.replace(draft.server, security=OTHER[draft.security])
    second = probe(other, Login(), reach=_reach(draft), seconds=left)
    if "encrypted" not in second.passed:
        return result
    return dataclasses.replace(result, key="tls.wrong_mode", works_with=other.security)


def _reach(draft: Draft) -> smtp_reach.Reach:
    bridge = presets.preset(draft.preset).secret == "bridge"  # noqa: S105  the kind of password
    return smtp_reach.reach_for(private=settings.ALLOW_PRIVATE_MAIL, bridge=bridge)


def _counted(draft: Draft, by: User, result: Result) -> Result:
    throttle.tested(by.pk, _account(draft), result)
    journal.record(verb=f"tested mailbox {result.key}"[:40], subject=by, by=by)
    return result


def _account(draft: Draft) -> str:
    return f"{draft.host.lower()} {draft.user}"


@transaction.atomic
def _store(draft: Draft, password: str, by: User) -> None:
    account = MailAccount.objects.active() or MailAccount()
    typed = dataclasses.asdict(draft) | {"username": draft.user}
    for name in ("preset", "address", "display_name", "host", "port", "security", "username", "certificate"):
        setattr(account, name, typed[name])
    account.secret = app_password(password)
    account.tested_at = dates.now()
    account.paused_until, account.pause_key = None, ""
    account.save()
    Message.objects.stuck().update(last_key="", last_text="")
    journal.record(verb="saved mailbox", subject=account, by=by)
