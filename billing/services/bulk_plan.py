"""What a run would make: the visits of each patient in as few invoices as can be, each with what is missing for it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Q
from django.utils.translation import gettext as _

from agenda.consultations.models import Consultation
from agenda.consultations.querysets import ConsultationQuerySet
from billing import grouping
from billing.models import Invoice, InvoiceSettings, RunItem
from billing.services import grouping_facts, readiness
from billing.services.readiness import Gap, Level
from optamed.core import money
from optamed.practice.models import Therapist
from patients.models import Patient

MOST_REASON = 400
# Who gets an e-mail: it is wished, there is an address, and nobody said no to e-mail.
BY_MAIL = (
    Q(patient__delivery=Patient.Delivery.MAIL)
    & ~Q(patient__email="")
    & ~Q(patient__mail_consent=Patient.MailConsent.NO)
)


@dataclass(frozen=True)
class Judged:
    """What becomes of an item as things stand: its state, its papers, and what the user should know."""

    state: str
    forms: str
    reason: str


def goes_by_mail(patient: Patient) -> bool:
    """The same as ``BY_MAIL``, of one patient at hand."""
    wants = patient.delivery == Patient.Delivery.MAIL and patient.mail_consent != Patient.MailConsent.NO
    return wants and bool(patient.email)


def asked(
    *, first_day: date | None, last_day: date | None, therapist: Therapist | None, therapy: str
) -> ConsultationQuerySet:
    """The visits of a period, of one therapist or all, of one therapy or all; whatever their state."""
    found = Consultation.objects.all()
    if first_day:
        found = found.filter(treated_on__gte=first_day)
    if last_day:
        found = found.filter(treated_on__lte=last_day)
    if therapist:
        found = found.filter(therapist=therapist)
    return found.filter(therapy=therapy) if therapy else found


def billable(visits: ConsultationQuerySet) -> list[Consultation]:
    """Those without invoice, patient by patient, the oldest first."""
    by_patient = ("patient__last_name", "patient__first_name", "patient_id", "treated_on", "pk")
    wanted = visits.billable().select_related("patient", "therapist__account", "address__account")
    return list(wanted.prefetch_related("lines__position").order_by(*by_patient))


def invoices_of(visits: Iterable[Consultation]) -> Iterator[tuple[list[Consultation], str]]:
    """The visits of each invoice, with the sentence that says why a patient gets several."""
    for _key, of_patient in groupby(visits, key=lambda visit: visit.patient_id):
        own = list(of_patient)
        facts = [grouping_facts.facts_of(visit) for visit in own]
        groups = grouping.split(facts)
        note = split_note(grouping.differences(facts)) if len(groups) > 1 else ""
        for group in groups:
            yield [own[index] for index in group], note


def split_note(differing: Sequence[str]) -> str:
    """Empty where nothing differs."""
    if not differing:
        return ""
    named = grouping_facts.named(differing)
    return _("Several invoices, because the consultations differ in: %(named)s.") % {"named": named}


def judged(visits: Sequence[Consultation], *, note: str, incomplete: str = "") -> Judged:
    """``incomplete``: the papers where a number is missing that has a placeholder; empty: what the settings say."""
    if not visits or any(visit.is_billed for visit in visits):
        return Judged(RunItem.State.LEFT_OUT, Invoice.Forms.FULL, _("Already on an invoice."))
    gaps = gaps_of(visits)
    state = RunItem.State.LEFT_OUT if any(gap.blocks for gap in gaps) else RunItem.State.WAITING
    said = " ".join(part for part in (*(gap.sentence for gap in gaps), note) if part)
    return Judged(state, forms_of(gaps, incomplete=incomplete), said[:MOST_REASON])


def gaps_of(visits: Sequence[Consultation]) -> list[Gap]:
    """Each once, the worst first."""
    found = dict.fromkeys(gap for visit in visits for gap in readiness.missing(consultation=visit))
    return sorted(found, key=lambda gap: gap.level)


def forms_of(gaps: Sequence[Gap], *, incomplete: str = "") -> str:
    """The papers that can be made with these gaps."""
    levels = {gap.level for gap in gaps}
    if levels & {Level.BLOCKS, Level.NO_FORM}:
        return Invoice.Forms.LETTER
    if Level.PLACEHOLDER in levels:
        return incomplete or InvoiceSettings.current().when_incomplete
    return Invoice.Forms.FULL


def item_of(visits: Sequence[Consultation], found: Judged) -> RunItem:
    """Not saved yet; its amount is in CHF, to five Rappen."""
    amount = money.five_rappen(sum((visit.amount for visit in visits), money.ZERO))
    return RunItem(patient=visits[0].patient, amount=amount, forms=found.forms, state=found.state, reason=found.reason)
