"""From visits to a draft: what was done is copied, the visits are held, and nothing has a number yet."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from agenda.consultations.models import Consultation
from agenda.consultations.services import billing_marks
from billing import grouping
from billing.models import BilledConsultation, Invoice, InvoiceLine
from billing.services import grouping_facts, insurer_requests, photograph, readiness
from billing.services import papers as drawing
from billing.services.sheets import annex, form
from optamed.core import dates, money, pdf
from optamed.core.errors import DomainError
from optamed.journal import services as journal
from optamed.practice.models import User, VatRate
from patients import papers
from patients.models import Patient

PREVIEW_GUID = "0" * 32


class Wishes(TypedDict, total=False):
    """What may be said of a draft: amounts in CHF, ``euro_rate`` CHF for one euro; no recipient is the patient."""

    language: str
    forms: str
    delivery: str
    recipient: dict[str, str]
    recipient_email: str
    payment_days: int | None
    discount: Decimal
    discount_text: str
    remark: str
    currency: str
    euro_rate: Decimal | None


@transaction.atomic
def draft(
    *,
    patient: Patient,
    consultations: Sequence[Consultation],
    by: User | None,
    language: str = "",
    corrects: Invoice | None = None,
) -> Invoice:
    """A draft with a copy of what was done. DomainError where a visit is on another one, or they do not go together."""
    visits = sorted(consultations, key=lambda visit: (visit.treated_on, visit.pk))
    _check(patient, visits)
    invoice = Invoice.objects.create(
        patient=patient,
        therapist=visits[0].therapist,
        language=language or patient.language,
        recipient_email=patient.email,
        delivery=Invoice.Delivery.MAIL if patient.gets_mail else Invoice.Delivery.PRINT,
        remark=_remarks(visits),
        corrects=corrects,
        created_by=by,
    )
    _hold(invoice, visits)
    _copy_lines(invoice, visits)
    _count(invoice)
    journal.record(verb="drafted", subject=invoice, by=by)
    return invoice


@transaction.atomic
def change(*, invoice: Invoice, by: User | None, **wishes: Unpack[Wishes]) -> Invoice:
    """Say how a draft shall be. DomainError once it has a number, or where the wish makes no invoice."""
    fresh = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if not fresh.is_draft:
        raise DomainError(_("This invoice was already issued. What it says stays as it is."))
    other_language = wishes.get("language", fresh.language) != fresh.language
    for name, value in wishes.items():
        setattr(fresh, name, value)
    if fresh.currency == "CHF":
        fresh.euro_rate = None
    elif not fresh.euro_rate or fresh.euro_rate <= 0:
        raise DomainError(_("A euro invoice needs the rate: how many francs is one euro?"))
    fresh.save(update_fields=[*wishes, "euro_rate"])
    if other_language:
        fresh.lines.all().delete()
        _copy_lines(fresh, list(Consultation.objects.filter(billed__invoice=fresh, billed__live=True)))
    _count(fresh)
    journal.record(verb="changed", subject=fresh, by=by)
    return fresh


def preview(*, invoice: Invoice, paper: str = papers.INVOICE, on: date | None = None) -> bytes:
    """A paper of the draft as it would look, dated today or ``on``, with a watermark and without a number."""
    taken = photograph.take(invoice=invoice, number=None, on=on or dates.today())
    if paper == papers.INVOICE:
        job = drawing.letter_job(taken.document, draft=True)
        return pdf.render(job.html, css=job.css)
    gaps = readiness.of_invoice(invoice=invoice)
    if readiness.forms_for(invoice=invoice, gaps=gaps) == Invoice.Forms.LETTER:
        raise DomainError(_("Something is missing for the insurer's form, so only the patient's invoice is made."))
    request = insurer_requests.build(invoice=invoice, taken=taken, guid=PREVIEW_GUID, at=dates.now())
    if paper == papers.ANNEX:
        return annex.render(request, insurer_requests.written(request))
    return form.render(request, draft=True)


@transaction.atomic
def delete_draft(*, invoice: Invoice, by: User | None) -> None:
    """A draft has no number and may go; an issued invoice never does."""
    won = Invoice.objects.select_for_update().filter(pk=invoice.pk, state=Invoice.State.DRAFT).first()
    if won is None:
        raise DomainError(_("An issued invoice is never deleted. Cancel it instead."))
    release(invoice=invoice)
    journal.record(verb="deleted", subject=invoice, by=by)
    won.delete()


def release(*, invoice: Invoice) -> list[Consultation]:
    """Its visits are free again. Inside the transaction of whoever calls."""
    visits = list(Consultation.objects.filter(billed__invoice=invoice, billed__live=True))
    invoice.billed.update(live=False)
    billing_marks.mark_billing(consultations=visits, state=Consultation.Billing.FREE)
    return visits


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
    differing = grouping.differences(grouping_facts.facts_of(visit) for visit in visits)
    if differing:
        named = grouping_facts.named(differing)
        raise DomainError(
            _("These consultations do not go on one invoice, they differ in: %(named)s.") % {"named": named}
        )


def _remarks(visits: Sequence[Consultation]) -> str:
    """Those of the visits, each once, as far as the form has room."""
    said = dict.fromkeys(visit.insurer_remark.strip() for visit in visits if visit.insurer_remark.strip())
    return " ".join(said)[: insurer_requests.MOST_REMARK]


def _hold(invoice: Invoice, visits: Sequence[Consultation]) -> None:
    """Take the visits: the constraint refuses one that another live invoice holds."""
    try:
        with transaction.atomic():
            BilledConsultation.objects.bulk_create(
                BilledConsultation(invoice=invoice, consultation=visit) for visit in visits
            )
    except IntegrityError as error:
        raise DomainError(_("One of these consultations is already on an invoice.")) from error
    billing_marks.mark_billing(consultations=visits, state=Consultation.Billing.BILLED)


def _copy_lines(invoice: Invoice, visits: Sequence[Consultation]) -> None:
    """The tariff's text is binding in the national languages: an English invoice has the practice's."""
    language = insurer_requests.form_language(invoice.language)
    in_order = sorted(visits, key=lambda visit: (visit.treated_on, visit.pk))
    prefetch_related_objects(in_order, "lines__position")
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            consultation=visit,
            treated_on=visit.treated_on,
            tariff=line.tariff,
            code=line.code,
            text=line.text_in(language),
            quantity=line.quantity,
            unit_price=line.unit_price,
            vat_rate=VatRate.objects.rate_on(line.vat_code, visit.treated_on) if line.vat_code else money.ZERO,
        )
        for visit in in_order
        for line in visit.lines.all()
    )


def _count(invoice: Invoice) -> None:
    invoice.total = invoice.open_amount = photograph.sums_of(invoice, photograph.lines_of(invoice)).total
    invoice.save(update_fields=["total", "open_amount"])
