"""Writing messages, and what a user does with one: withdraw, send again, mark as sent."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from billing.models import Invoice
from mailing import mime
from mailing.mime import Attachment, Letter
from mailing.models import MailAccount, Message
from mailing.services import telling
from mailing.services.sending import send_due
from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.journal import services as journal
from optamed.practice.models import User
from patients.models import Patient

__all__ = ["enqueue", "grace", "mark_sent", "resend", "send_due", "withdraw"]

State = Message.State


def grace() -> timedelta:
    """How long a message can still be withdrawn."""
    return timedelta(seconds=settings.MAIL_GRACE_SECONDS)


@transaction.atomic
def enqueue(
    *,
    kind: str,
    dedup_key: str,
    recipient: str,
    subject: str,
    text: str,
    html: str = "",
    attachments: Sequence[Attachment] = (),
    patient: Patient | None = None,
    invoice: Invoice | None = None,
    leaves_at: datetime | None = None,
    by: User | None,
) -> Message:
    """Freeze a message and put it in the outbox, to leave after the minutes of grace.

    The same `dedup_key` again gives the message that is there; a withdrawn one is written anew. Without a mailbox the
    message waits for one. Raises DomainError for an address that cannot be one.
    """
    letter = Letter(_checked(recipient), " ".join(subject.split())[:200], text, html, tuple(attachments))
    there = Message.objects.select_for_update().filter(dedup_key=dedup_key).first()
    if there and there.state != State.CANCELLED:
        return there
    message = there or Message(dedup_key=dedup_key)
    message.kind, message.patient, message.invoice, message.created_by = kind, patient, invoice, by
    message.state, message.tries, message.last_key, message.last_text = State.QUEUED, 0, "", ""
    message.next_at = leaves_at or dates.now() + grace()
    _write(message, letter, by)
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError:  # somebody else was first, a moment ago
        return Message.objects.get(dedup_key=dedup_key)
    telling.tell(message=message)
    journal.record(verb="queued", subject=message, by=by)
    return message


def withdraw(*, message: Message, by: User) -> Message:
    """Take a message back before it leaves. Raises DomainError when it is too late."""
    too_late = _("This message has already left.")
    return _change(message, Message.WAITING, State.CANCELLED, verb="withdrawn", otherwise=too_late, by=by)


def resend(*, message: Message, by: User) -> Message:
    """Let a message that failed, was withdrawn or is uncertain leave again: the same bytes, the same Message-ID."""
    allowed = [
        state for state, following in Message.NEXT.items() if State.QUEUED in following and state != State.SENDING
    ]
    on_its_way = _("This message is sent or on its way.")
    return _change(message, allowed, State.QUEUED, verb="sent again", otherwise=on_its_way, by=by)


def mark_sent(*, message: Message, by: User) -> Message:
    """The user has seen it in the folder of sent mail. Raises DomainError unless it is uncertain."""
    not_uncertain = _("Only a message that was perhaps sent can be marked as sent.")
    return _change(message, [State.UNCERTAIN], State.SENT, verb="marked sent", otherwise=not_uncertain, by=by)


@transaction.atomic
def _change(message: Message, allowed: Sequence[str], state: State, *, verb: str, otherwise: str, by: User) -> Message:
    """A transition is one conditional UPDATE: not exactly one row means somebody was first."""
    now = dates.now()
    fresh = {"tries": 0, "next_at": now, "last_key": "", "last_text": ""} if state == State.QUEUED else {}
    sent = {"sent_at": now} if state == State.SENT else {}
    changed = Message.objects.filter(pk=message.pk, state__in=allowed).update(state=state, phase="", **fresh, **sent)
    if changed != 1:
        raise DomainError(otherwise)
    journal.record(verb=verb, subject=message, by=by)
    message.refresh_from_db()
    telling.tell(message=message)
    return message


def _write(message: Message, letter: Letter, by: User | None) -> None:
    account = MailAccount.objects.active()
    message.message_id = mime.message_id(account.address if account else by.email if by else "")
    message.mime = mime.freeze(letter, message.message_id)
    message.sha256 = hashlib.sha256(message.mime).hexdigest()
    message.recipient, message.subject = letter.recipient, letter.subject


def _checked(recipient: str) -> str:
    address = recipient.strip()
    try:
        validate_email(address)
    except ValidationError:
        raise DomainError(_("“%(address)s” is not an e-mail address.") % {"address": address}) from None
    return address
