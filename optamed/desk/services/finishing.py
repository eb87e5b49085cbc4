"""Finish: from "the patient leaves" to "the invoice is sent" in one step that can be taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agenda.calendar.models import Appointment
from agenda.calendar.services import booking
from agenda.consultations.models import Consultation
from agenda.consultations.services import notes, visits
from agenda.consultations.services.lines import LineInput
from billing.models import Invoice, Payment
from billing.services import drafting, invoicing, payments, readiness
from mailing.models import Message
from mailing.services import invoice_mail, outbox
from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.practice.models import User


@dataclass(frozen=True)
class NoteInput:
    """What stands in the note, and the version the window started from."""

    html: str
    version: int


@dataclass(frozen=True)
class Wish:
    """What the sheet says: ``means`` is empty for "by invoice", ``next_at`` None for no further visit.

    ``forms`` says which papers are made (``Invoice.Forms``); empty leaves them as the draft has them.
    """

    lines: Sequence[LineInput]
    note: NoteInput | None = None
    means: str = ""
    next_at: datetime | None = None
    bill: bool = True
    forms: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    consultation: Consultation
    invoice: Invoice | None = None
    message: Message | None = None
    next_visit: Appointment | None = None


def finish(*, appointment: Appointment, wish: Wish, by: User) -> Outcome:
    """Save the note and the services, take the payment, book the next visit, issue the invoice and queue its mail.

    Asked twice (a double click, Back), it finds the invoice of the first time. DomainError leaves everything as it was,
    but for the note, which is saved first of all.
    """
    consultation = visits.open_for(appointment=appointment, by=by)
    if wish.note is not None:
        notes.save(consultation=consultation, html=wish.note.html, version=wish.note.version, by=by)
    done = invoice_of(consultation)
    if done is not None and not done.is_draft:
        _mark_done(appointment, by)
        return Outcome(consultation, done, done.messages.first())
    draft, next_visit = _record(appointment, consultation, wish, by)
    if draft is None:
        return Outcome(consultation, next_visit=next_visit)
    wants_mail = draft.delivery == draft.Delivery.MAIL and bool(draft.recipient_email)
    invoice = invoicing.issue(invoice=draft, on=dates.today(), by=by, mail=wants_mail)
    if wish.means:  # a draft that was there before took no money on the visit: what is open is taken on the invoice
        _receive(invoice.open_amount, wish.means, by, patient=invoice.patient, invoice=invoice)
    message = invoice_mail.mail_invoice(invoice=invoice, by=by) if wants_mail else None
    return Outcome(consultation, invoice, message, next_visit)


def invoice_of(consultation: Consultation) -> Invoice | None:
    """The live invoice of a visit, a draft included."""
    return Invoice.objects.filter(billed__consultation=consultation, billed__live=True).first()


def undo(*, appointment: Appointment, by: User) -> Invoice:
    """Within the minutes of grace: the mail is withdrawn, the invoice stays and may be cancelled."""
    consultation = Consultation.objects.filter(appointment=appointment).first()
    invoice = invoice_of(consultation) if consultation else None
    message = invoice.messages.filter(state=Message.State.QUEUED).first() if invoice else None
    if invoice is None or message is None:
        raise DomainError(_("The message has already left. You can cancel the invoice instead."))
    outbox.withdraw(message=message, by=by)
    return invoice


@transaction.atomic
def _record(
    appointment: Appointment, consultation: Consultation, wish: Wish, by: User
) -> tuple[Invoice | None, Appointment | None]:
    """All that happens before the number is given, or none of it."""
    existing = invoice_of(consultation)
    if existing is None or not visits.has_lines(consultation=consultation, lines=wish.lines):
        visits.set_lines(consultation=consultation, lines=wish.lines, by=by)  # refused where a draft holds other ones
    consultation = visits.close(consultation=consultation, by=by)
    _mark_done(appointment, by)
    next_visit = _book_next(appointment, wish, by)
    if wish.means and existing is None:
        _receive(consultation.amount_due, wish.means, by, patient=consultation.patient, consultation=consultation)
    if not wish.bill:
        return None, next_visit
    readiness.refuse(readiness.missing(consultation=consultation))
    draft = existing or drafting.draft(patient=consultation.patient, consultations=[consultation], by=by)
    if wish.forms and wish.forms != draft.forms:
        draft = drafting.change(invoice=draft, by=by, forms=wish.forms)
    invoicing.rehearse(invoice=draft, on=dates.today())
    return draft, next_visit


def _mark_done(appointment: Appointment, by: User) -> None:
    """As it stands now: another window may have been first, or have taken the visit back."""
    appointment.refresh_from_db()
    booking.finish(appointment=appointment, by=by)


def _receive(amount: Decimal, means: str, by: User, **where: Any) -> None:
    """At the desk, today, in CHF; nothing where it was paid before."""
    if amount > 0:
        payments.receive(amount=amount, received_on=dates.today(), means=Payment.Means(means), by=by, **where)


def _book_next(appointment: Appointment, wish: Wish, by: User) -> Appointment | None:
    """Once: a first try may have booked it and failed afterwards."""
    if wish.next_at is None:
        return None
    same = (
        Appointment.objects.standing()
        .of(appointment.patient)
        .filter(starts_at=wish.next_at, therapist=appointment.therapist)
    )
    return same.first() or booking.book(
        patient=appointment.patient,
        therapist=appointment.therapist,
        type=appointment.type,
        address=appointment.address,
        starts_at=wish.next_at,
        minutes=appointment.minutes,
        by=by,
    )
