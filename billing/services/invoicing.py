"""From a draft to an issued invoice, in two transactions: first the number and the photograph, then the papers."""

import logging
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import Invoice
from billing.services import balances, insurer_requests, numbers, papers, photograph, readiness
from billing.services.numbers import Number
from billing.services.photograph import Photograph
from optamed.core import dates, pdf
from optamed.core.errors import DomainError
from optamed.journal import services as journal
from optamed.practice.models import User

DAYS_AHEAD = 45
EARLIEST = date(2015, 1, 1)  # request_timestamp of the standard begins here
log = logging.getLogger(__name__)


def issue(*, invoice: Invoice, on: date, by: User | None, mail: bool = False) -> Invoice:
    """Give number, dates and photograph, then store the papers. What a crash leaves between, the schedule finishes."""
    number(invoice=invoice, on=on, by=by, mail=mail)
    return finish(invoice=invoice)


def finish(*, invoice: Invoice) -> Invoice:
    """The second half, idempotent: whoever stores first wins, the other's bytes are dropped."""
    invoice.refresh_from_db()
    if invoice.is_draft or pdf.available():
        return invoice
    wanted = papers.wanted(invoice=invoice)
    if wanted:
        drawn = [pdf.render(one.job.html, css=one.job.css) for one in wanted]
        papers.keep(invoice=invoice, kinds=[one.kind for one in wanted], pdfs=drawn)
    return invoice


def finish_left_behind(*, before: datetime) -> int:
    """Draw what was issued before an instant and has no papers: a crash came between, or Pango was missing."""
    if pdf.available():
        return 0
    found = list(Invoice.objects.left_behind(before).order_by("pk")[:100])
    return sum(_drawn(invoice) for invoice in found)


def _drawn(invoice: Invoice) -> bool:
    """One that cannot be drawn does not keep the others waiting."""
    try:
        finish(invoice=invoice)
    except Exception:
        log.exception("invoice %s cannot be drawn", invoice.pk)
        return False
    return True


def rehearse(*, invoice: Invoice, on: date) -> None:
    """Raise the DomainError that ``number`` would raise, such as a name that no QR-bill can hold; nothing is kept."""
    refuse_impossible(on)
    gaps = readiness.of_invoice(invoice=invoice)
    readiness.refuse(gaps)
    taken = photograph.take(invoice=invoice, number=Number("F-00001", "00000001"), on=on)
    if readiness.forms_for(invoice=invoice, gaps=gaps) != Invoice.Forms.LETTER:
        insurer_requests.written(
            insurer_requests.build(invoice=invoice, taken=taken, guid=insurer_requests.new_guid(), at=dates.now())
        )


def note_request_left(*, invoice: Invoice, by: User) -> None:
    """The XML left the program."""
    journal.record(verb="exported xml", subject=invoice, by=by)


@transaction.atomic(durable=True)
def number(*, invoice: Invoice, on: date, by: User | None, mail: bool) -> None:
    """The first half of ``issue``. The counter row is the lock; a rollback takes the number back."""
    refuse_impossible(on)
    given = numbers.take(therapist=invoice.therapist, on=on)
    # Locked, so that no other window changes the draft between its photograph and its number (PostgreSQL).
    locked = Invoice.objects.select_for_update(of=("self",)).select_related("patient", "therapist__account")
    fresh = locked.get(pk=invoice.pk)
    if not fresh.is_draft:
        raise DomainError(_("This invoice was already issued."))
    _photographed(fresh, given, on=on, mail=mail)
    balances.of_patient(patient=fresh.patient)
    journal.record(verb="issued", subject=fresh, by=by)


def _photographed(invoice: Invoice, given: Number, *, on: date, mail: bool) -> None:
    """The document and the request are frozen, the row becomes an issued invoice: or somebody was first."""
    gaps = readiness.of_invoice(invoice=invoice)
    readiness.refuse(gaps)
    forms, at = readiness.forms_for(invoice=invoice, gaps=gaps), dates.now()
    taken = photograph.take(invoice=invoice, number=given, on=on)
    guid = "" if forms == Invoice.Forms.LETTER else insurer_requests.new_guid()
    document = replace(taken.document, guid=guid, forms=str(forms))
    won = Invoice.objects.filter(pk=invoice.pk, state=Invoice.State.DRAFT).update(
        state=Invoice.State.ISSUED,
        number=given.label,
        issued_on=on,
        issued_at=at,
        due_on=document.due_on,
        reference=taken.reference,
        total=taken.total,
        open_amount=taken.open_amount,
        forms=forms,
        document=document.to_json(),
        qr_payload=document.payload,
        mail_wanted=mail,
    )
    if won != 1:
        raise DomainError(_("This invoice was already issued."))
    if guid:
        _freeze_request(invoice, taken, guid, at)


def _freeze_request(invoice: Invoice, taken: Photograph, guid: str, at: datetime) -> None:
    insurer_requests.freeze(
        invoice=invoice, request=insurer_requests.build(invoice=invoice, taken=taken, guid=guid, at=at)
    )


def refuse_impossible(on: date) -> None:
    """DomainError for a day no invoice may be dated on."""
    if on > dates.today() + timedelta(days=DAYS_AHEAD):
        raise DomainError(_("An invoice may be dated at most 45 days ahead."))
    if on < EARLIEST:
        raise DomainError(_("An invoice cannot be dated before 2015."))
