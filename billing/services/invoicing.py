"""From visits to an issued invoice, in two transactions: first the number and the photograph, then the sheets."""

import hashlib
import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.consultations.models import Consultation
from agenda.consultations.services import billing_marks
from billing import grouping
from billing.document import InvoiceDocument
from billing.models import Allocation, BilledConsultation, Cancellation, Invoice, InvoiceLine, Sheet
from billing.services import balances, photograph, sheets
from optamed.core import dates, pdf
from optamed.core.errors import DomainError
from optamed.journal import services as journal
from optamed.practice.models import User, VatRate
from optamed.practice.services import counters
from patients.models import Patient

DAYS_AHEAD = 45
log = logging.getLogger(__name__)
NAMES = {
    "therapist": gettext_lazy("therapist"),
    "address": gettext_lazy("address of the practice"),
    "law": gettext_lazy("law"),
    "reason": gettext_lazy("reason of treatment"),
    "accident_on": gettext_lazy("date of accident"),
    "therapy": gettext_lazy("therapy"),
}


@transaction.atomic
def draft(*, patient: Patient, consultations: Sequence[Consultation], by: User | None, language: str = "") -> Invoice:
    """A draft with a copy of what was done. DomainError where a visit is on another one, or they do not go together."""
    visits = sorted(consultations, key=lambda visit: (visit.treated_on, visit.pk))
    _check(patient, visits)
    invoice = Invoice.objects.create(
        patient=patient,
        therapist=visits[0].therapist,
        language=language or patient.language,
        recipient_email=patient.email,
        created_by=by,
    )
    _hold(invoice, visits)
    for visit in visits:
        _copy_lines(invoice, visit)
    invoice.total = invoice.open_amount = photograph.take(invoice=invoice, number="", serial=0, on=dates.today()).total
    invoice.save(update_fields=["total", "open_amount"])
    journal.record(verb="drafted", subject=invoice, by=by)
    return invoice


def issue(*, invoice: Invoice, on: date, by: User | None, mail: bool = False) -> Invoice:
    """Give number, dates and photograph, then store the sheets. What a crash leaves between, the schedule finishes."""
    number(invoice=invoice, on=on, by=by, mail=mail)
    return finish(invoice=invoice)


def finish(*, invoice: Invoice) -> Invoice:
    """The second half, idempotent: whoever stores first wins, the other's bytes are dropped."""
    invoice.refresh_from_db()
    if invoice.is_draft or invoice.sheets.filter(kind=Sheet.Kind.INVOICE).exists() or pdf.available():
        return invoice
    drawn = sheets.render_invoice(InvoiceDocument.from_json(invoice.document))
    try:
        with transaction.atomic():
            Sheet.objects.create(invoice=invoice, pdf=drawn, sha256=hashlib.sha256(drawn).hexdigest())
    except IntegrityError:
        pass
    return invoice


def finish_left_behind(*, before: datetime) -> int:
    """Draw what was issued before an instant and has no sheets: a crash came between, or Pango was missing."""
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
    photograph.take(invoice=invoice, number="F-00001", serial=1, on=on)


def note_export(*, by: User) -> None:
    """The list left the program: the journal says when, and by whom."""
    journal.record(verb="exported invoices", subject=by, by=by)


def preview(*, invoice: Invoice) -> bytes:
    """The draft as it would look, with a watermark and without a number."""
    taken = photograph.take(invoice=invoice, number="", serial=0, on=dates.today())
    return sheets.render_invoice(taken.document, draft=True)


@transaction.atomic
def cancel(*, invoice: Invoice, reason: str, by: User | None) -> Cancellation:
    """By counter-document: the number stays, the visits are free again, money paid on the invoice becomes credit."""
    if not reason.strip():
        raise DomainError(_("Say why the invoice is cancelled."))
    won = Invoice.objects.filter(pk=invoice.pk, state=Invoice.State.ISSUED).update(
        state=Invoice.State.CANCELLED, open_amount=0, mail_wanted=False
    )
    if won != 1:
        raise DomainError(_("Only an issued invoice can be cancelled."))
    invoice.refresh_from_db()
    _release(invoice)
    Allocation.objects.filter(invoice=invoice).delete()
    balances.of_patient(patient=invoice.patient)
    journal.record(verb="cancelled", subject=invoice, by=by)
    return Cancellation.objects.create(
        invoice=invoice,
        number=f"S-{counters.take(name='S'):05d}",
        cancelled_on=dates.today(),
        reason=reason.strip(),
        by=by,
    )


@transaction.atomic
def delete_draft(*, invoice: Invoice, by: User | None) -> None:
    """A draft has no number and may go; an issued invoice never does."""
    won = Invoice.objects.select_for_update().filter(pk=invoice.pk, state=Invoice.State.DRAFT).first()
    if won is None:
        raise DomainError(_("An issued invoice is never deleted. Cancel it instead."))
    _release(invoice)
    journal.record(verb="deleted", subject=invoice, by=by)
    won.delete()


@transaction.atomic(durable=True)
def number(*, invoice: Invoice, on: date, by: User | None, mail: bool) -> None:
    """The first half of ``issue``. The counter row is the lock; a rollback takes the number back."""
    if on > dates.today() + timedelta(days=DAYS_AHEAD):
        raise DomainError(_("An invoice may be dated at most 45 days ahead."))
    serial = counters.take(name="F")
    label = f"F-{serial:05d}"
    fresh = Invoice.objects.select_related("patient", "therapist__account").get(pk=invoice.pk)
    if not fresh.is_draft:
        raise DomainError(_("This invoice was already issued."))
    taken = photograph.take(invoice=fresh, number=label, serial=serial, on=on)
    won = Invoice.objects.filter(pk=invoice.pk, state=Invoice.State.DRAFT).update(
        state=Invoice.State.ISSUED,
        number=label,
        issued_on=on,
        issued_at=dates.now(),
        due_on=taken.document.due_on,
        reference=taken.reference,
        total=taken.total,
        open_amount=max(taken.open_amount, 0),
        document=taken.document.to_json(),
        qr_payload=taken.document.payload,
        mail_wanted=mail,
    )
    if won != 1:
        raise DomainError(_("This invoice was already issued."))
    balances.of_patient(patient=fresh.patient)
    journal.record(verb="issued", subject=fresh, by=by)


def _check(patient: Patient, visits: Sequence[Consultation]) -> None:
    if not visits:
        raise DomainError(_("Choose at least one consultation."))
    if any(visit.patient_id != patient.pk for visit in visits):
        raise DomainError(_("All consultations of an invoice belong to the same patient."))
    for visit in visits:
        if visit.is_open:
            raise DomainError(_("Consultation %(number)s is still being written.") % {"number": visit.number_label})
        if not visit.lines.exists():
            raise DomainError(_("Consultation %(number)s has no services yet.") % {"number": visit.number_label})
    differing = grouping.differences(_facts(visit) for visit in visits)
    if differing:
        named = ", ".join(str(NAMES[name]) for name in differing)
        raise DomainError(
            _("These consultations do not go on one invoice, they differ in: %(named)s.") % {"named": named}
        )


def _facts(visit: Consultation) -> grouping.Facts:
    return {
        "therapist": visit.therapist_id,
        "address": tuple(sorted(visit.address_text.items())),
        "law": visit.law,
        "reason": visit.reason,
        "accident_on": visit.accident_on,
        "therapy": visit.therapy,
    }


def _hold(invoice: Invoice, visits: Sequence[Consultation]) -> None:
    """Take the visits: the constraint refuses one that another live invoice holds."""
    try:
        with transaction.atomic():
            for visit in visits:
                BilledConsultation.objects.create(invoice=invoice, consultation=visit)
    except IntegrityError as error:
        raise DomainError(_("One of these consultations is already on an invoice.")) from error
    billing_marks.mark_billing(consultations=visits, state=Consultation.Billing.BILLED)


def _release(invoice: Invoice) -> None:
    visits = list(Consultation.objects.filter(billed__invoice=invoice, billed__live=True))
    invoice.billed.update(live=False)
    billing_marks.mark_billing(consultations=visits, state=Consultation.Billing.FREE)


def _copy_lines(invoice: Invoice, visit: Consultation) -> None:
    for line in visit.lines.select_related("position"):
        InvoiceLine.objects.create(
            invoice=invoice,
            consultation=visit,
            treated_on=visit.treated_on,
            tariff=line.tariff,
            code=line.code,
            text=line.text_in(invoice.language),
            quantity=line.quantity,
            unit_price=line.unit_price,
            vat_rate=VatRate.objects.rate_on(line.vat_code, visit.treated_on),
        )
