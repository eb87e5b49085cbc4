"""Ticked visits that do not go on one invoice: what differs, and one draft for each kind."""

from collections.abc import Sequence

from django.db import transaction

from agenda.consultations.models import Consultation
from billing import grouping
from billing.models import Invoice
from billing.services import drafting, grouping_facts
from optamed.practice.models import User
from patients.models import Patient


def split(visits: Sequence[Consultation]) -> list[list[Consultation]]:
    """The visits that go together, by date, in as few groups as there can be."""
    by_date = sorted(visits, key=lambda visit: (visit.treated_on, visit.pk))
    groups = grouping.split([grouping_facts.facts_of(visit) for visit in by_date])
    return [[by_date[index] for index in group] for group in groups]


def differing(visits: Sequence[Consultation]) -> list[str]:
    """The names of ``grouping_facts.NAMES`` in which they differ."""
    return grouping.differences(grouping_facts.facts_of(visit) for visit in visits)


@transaction.atomic
def draft_each(*, patient: Patient, consultations: Sequence[Consultation], by: User | None) -> list[Invoice]:
    """A draft per kind, all of them or none. DomainError as ``drafting.draft`` raises it."""
    groups = split(consultations) or [[]]
    return [drafting.draft(patient=patient, consultations=group, by=by) for group in groups]
