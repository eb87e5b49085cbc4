"""The visits without invoice, patient by patient, and what keeps some of them from standing on one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from agenda.consultations.models import Consultation
from agenda.consultations.querysets import ConsultationQuerySet
from billing.services import grouping_facts, kinds
from optamed.core.sums import total
from patients.models import Patient


@dataclass(frozen=True)
class Waiting:
    """What waits for an invoice of one patient; ``differing`` is empty where one invoice holds it all."""

    patient: Patient
    visits: Sequence[Consultation]
    differing: str

    @property
    def amount(self) -> Any:
        """CHF."""
        return sum(visit.amount for visit in self.visits)


@dataclass(frozen=True)
class Kind:
    """The visits of one invoice, each with its values of what differs."""

    rows: Sequence[tuple[Consultation, Sequence[str]]]


def figures(visits: ConsultationQuerySet) -> dict[str, Any]:
    """``count``, ``amount`` in CHF and ``patients``."""
    return visits.order_by().aggregate(
        count=Count("pk"), patients=Count("patient", distinct=True), amount=total("amount")
    )


def patients_of(visits: ConsultationQuerySet) -> QuerySet[Patient]:
    """By name."""
    found = Patient.objects.filter(pk__in=visits.order_by().values("patient"))
    return found.order_by("last_name", "first_name", "pk")


def of_patients(visits: ConsultationQuerySet, patients: Iterable[Patient]) -> list[Waiting]:
    """The oldest visit of each first, in a fixed number of queries."""
    shown = list(patients)
    found = visits.filter(patient__in=shown).for_lists().prefetch_related("lines__position")
    by_patient = defaultdict(list)
    for visit in found.order_by("treated_on", "pk"):
        by_patient[visit.patient_id].append(visit)
    return [_waiting(patient, by_patient[patient.pk]) for patient in shown]


def _waiting(patient: Patient, visits: Sequence[Consultation]) -> Waiting:
    several = len(kinds.split(visits)) > 1
    return Waiting(patient, visits, grouping_facts.named(kinds.differing(visits)) if several else "")


def table(groups: Sequence[Sequence[Consultation]]) -> tuple[list[str], list[Kind]]:
    """The heads of what differs, and the visits of each invoice with their values."""
    differing = kinds.differing([visit for group in groups for visit in group])
    heads = [str(grouping_facts.NAMES[name]) for name in differing]
    rows = [
        Kind([(visit, [grouping_facts.shown(visit, name) for name in differing]) for visit in group])
        for group in groups
    ]
    return heads, rows
