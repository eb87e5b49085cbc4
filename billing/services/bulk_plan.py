"""What a run would make: the visits of each patient in as few invoices as can be, each with what is missing for it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.db.models import Q
from django.utils.translation import gettext as _

from agenda.consultations.models import Consultation
from agenda.consultations.querysets import ConsultationQuerySet
from billing import grouping
from billing.models import Invoice, RunItem
from billing.services import grouping_facts, readiness
from billing.services.readiness import Gap
from optamed.core import money
from optamed.practice.models import Therapist
from patients.models import Patient

MOST_REASON = 400
# The same as ``Patient.gets_mail``, for the database.
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
    return list(wanted.prefetch_related("lines__position", *readiness.PLACE).order_by(*by_patient))


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


def gaps_by_visit(visits: Iterable[Consultation]) -> dict[int, list[Gap]]:
    """What is missing for each, by its key: asked of all of them at once."""
    every = list(visits)
    return {visit.pk: gaps for visit, gaps in zip(every, readiness.of_each(visits=every), strict=True)}


def judged(visits: Sequence[Consultation], *, missing: Mapping[int, list[Gap]], note: str, incomplete: str) -> Judged:
    """``missing`` as ``gaps_by_visit``; ``incomplete``: the papers where a number is missing that has a placeholder."""
    if not visits or any(visit.is_billed for visit in visits):
        return Judged(RunItem.State.LEFT_OUT, Invoice.Forms.FULL, _("Already on an invoice."))
    gaps = readiness.together(several=(missing[visit.pk] for visit in visits))
    state = RunItem.State.LEFT_OUT if any(gap.blocks for gap in gaps) else RunItem.State.WAITING
    said = " ".join(part for part in (*(gap.sentence for gap in gaps), note) if part)
    return Judged(state, readiness.forms_of(gaps, incomplete=incomplete), said[:MOST_REASON])


def amount_of(visits: Sequence[Consultation]) -> Decimal:
    """In CHF, to five Rappen, as the invoice will have it."""
    return money.five_rappen(sum((visit.amount for visit in visits), money.ZERO))


def item_of(visits: Sequence[Consultation], found: Judged) -> RunItem:
    """Not saved yet."""
    return RunItem(
        patient=visits[0].patient, amount=amount_of(visits), forms=found.forms, state=found.state, reason=found.reason
    )
