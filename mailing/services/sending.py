"""Sending what is due. Called every minute by the schedule; never inside a transaction, each step is its own.

A message is taken up with a lease, "data" is written down before its body leaves, and where nobody knows the end it is
uncertain: at most once, with honest states.
"""

import hashlib
import logging
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from mailing import mime, presets, smtp_reach
from mailing.delivery import Courier, Parcel
from mailing.fate import REST, Fate, fate, wait_before
from mailing.models import MailAccount, Message
from mailing.probe import Result
from mailing.services import telling
from optamed.core import dates
from optamed.journal import services as journal

State, Phase = Message.State, Message.Phase
LEASE = timedelta(minutes=5)  # longer than one delivery may last
SHARE_OF_LIMIT = 0.8  # the practice writes mail by hand, too
log = logging.getLogger(__name__)


def send_due(*, now: datetime | None = None, limit: int = 20) -> int:
    """Send what is due at `now`, at most `limit` messages; returns how many were sent."""
    now = now or dates.now()
    release(now=now)
    withdraw_void()
    account = MailAccount.objects.active()
    if account is None:
        _note(now, "account.missing")
        return 0
    if _is_paused(account, now):
        _note(now, account.pause_key)
        return 0
    room = min(limit, _room_today(account, now))
    with Courier(account.server, account.login, reach=reach_of(account)) as courier:
        return _batch(courier, account, now, room)


def reach_of(account: MailAccount) -> smtp_reach.Reach:
    """Where this mailbox may connect."""
    return smtp_reach.reach_for(private=settings.ALLOW_PRIVATE_MAIL, bridge=account.is_bridge)


def release(*, now: datetime) -> None:
    """Messages whose sender died: before the body they wait again, after it nobody knows."""
    over = Message.objects.lease_over(now)
    lost = list(over.filter(phase=Phase.DATA).without_content())
    over.filter(phase=Phase.DATA).update(state=State.UNCERTAIN, lease="", last_key="dropped.body")
    over.exclude(phase=Phase.DATA).update(state=State.QUEUED, phase="", lease="", lease_until=None)
    for message in lost:
        telling.tell(message=message)


def withdraw_void() -> None:
    """An invoice that was cancelled within the minutes of grace does not leave."""
    for message in Message.objects.void().without_content():
        with transaction.atomic():
            if Message.objects.waiting().filter(pk=message.pk).update(state=State.CANCELLED, phase=""):
                telling.tell(message=message)
                journal.record(verb="withdrawn", subject=message, by=None)


def _note(now: datetime, key: str) -> None:
    """Say why what is due does not leave."""
    Message.objects.due(now).exclude(last_key=key).update(last_key=key, last_text="")


def _is_paused(account: MailAccount, now: datetime) -> bool:
    return bool(account.pause_key) and (account.paused_until is None or account.paused_until > now)


def _room_today(account: MailAccount, now: datetime) -> int:
    """How many messages the provider's limit leaves for now."""
    per_day = presets.preset(account.preset).per_day
    if not per_day:
        return 10**6
    gone = Message.objects.sent().filter(sent_at__gt=now - timedelta(days=1)).count()
    return max(0, int(per_day * SHARE_OF_LIMIT) - gone)


def _batch(courier: Courier, account: MailAccount, now: datetime, room: int) -> int:
    sent = 0
    for pk in list(Message.objects.due(now).values_list("pk", flat=True)[:room]):
        message = _claim(pk, now)
        if message is None:
            continue
        outcome = _send(courier, account, message)
        sent += outcome is Fate.SENT
        if outcome in (Fate.AGAIN_ALL, Fate.REST, Fate.TOMORROW, Fate.STOP):
            break
    return sent


def _claim(pk: int, now: datetime) -> Message | None:
    """Take the message up, or None when somebody else (or its withdrawal) was first."""
    lease = uuid.uuid4().hex
    # A lease counts from the real clock, not from the moment that was asked for.
    taken = (
        Message.objects.due(now)
        .filter(pk=pk)
        .order_by()
        .update(state=State.SENDING, phase=Phase.ENVELOPE, lease=lease, lease_until=dates.now() + LEASE)
    )
    return Message.objects.get(pk=pk) if taken == 1 else None


def _send(courier: Courier, account: MailAccount, message: Message) -> Fate:
    frozen = bytes(message.mime)
    if hashlib.sha256(frozen).hexdigest() != message.sha256:
        return _settle(account, message, Result(ok=False, key="message.damaged", stage="recipient", code=500))
    whole = mime.addressed(
        frozen, address=account.address, display_name=account.display_name, at=dates.local(dates.now())
    )
    parcel = Parcel(account.address, message.recipient, whole)
    result = courier.deliver(parcel, before_body=lambda: _body_leaves(message))
    return _settle(account, message, result)


def _body_leaves(message: Message) -> bool:
    """Written down and committed before the first byte; False when the lease was lost meanwhile."""
    mine = Message.objects.filter(pk=message.pk, state=State.SENDING, lease=message.lease)
    return mine.update(phase=Phase.DATA) == 1


def _settle(account: MailAccount, message: Message, result: Result) -> Fate:
    outcome = fate(result)
    mine = Message.objects.filter(pk=message.pk, state=State.SENDING, lease=message.lease)
    mine.update(**_new_values(message, result, outcome))
    telling.tell(message=message)
    _pause(account, result, outcome)
    log.info("message %s: %s %s %s", message.pk, outcome.value, result.key, result.stage)
    return outcome


def _new_values(message: Message, result: Result, outcome: Fate) -> dict[str, object]:
    now = dates.now()
    said: dict[str, object] = {"last_key": result.key, "last_text": result.server, "lease": "", "lease_until": None}
    if outcome is Fate.SENT:
        return said | {"state": State.SENT, "phase": "", "sent_at": now, "last_key": "", "last_text": ""}
    if outcome is Fate.UNSURE:
        return said | {"state": State.UNCERTAIN}
    if outcome in (Fate.AGAIN, Fate.AGAIN_ALL):
        wait = wait_before(message.tries + 1)
        if wait is not None:
            return said | {"state": State.RETRY, "phase": "", "tries": F("tries") + 1, "next_at": now + wait}
        outcome = Fate.GIVEN_UP
    if outcome is Fate.GIVEN_UP:
        return said | {"state": State.FAILED, "phase": "", "tries": F("tries") + 1}
    return said | {"state": State.RETRY if message.tries else State.QUEUED, "phase": ""}


def _pause(account: MailAccount, result: Result, outcome: Fate) -> None:
    """A refused sign-in must not be repeated until the provider locks the mailbox."""
    if outcome not in (Fate.REST, Fate.TOMORROW, Fate.STOP):
        return
    tomorrow = dates.day_bounds(dates.today())[1]
    until = {Fate.REST: dates.now() + REST, Fate.TOMORROW: tomorrow, Fate.STOP: None}[outcome]
    MailAccount.objects.filter(pk=account.pk).update(pause_key=result.key, paused_until=until)
