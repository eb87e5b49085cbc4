"""What billing writes here: whether a visit is on an invoice, and what was paid on it directly."""

from collections.abc import Iterable
from decimal import Decimal

from agenda.consultations.models import Consultation


def mark_billing(*, consultations: Iterable[Consultation], state: Consultation.Billing) -> None:
    """Called inside billing's own transaction."""
    Consultation.objects.filter(pk__in=[visit.pk for visit in consultations]).update(billing_state=state)


def note_paid(*, consultation: Consultation, amount: Decimal) -> None:
    """``amount``: the sum of standing allocations on this visit, in CHF."""
    Consultation.objects.filter(pk=consultation.pk).update(paid_amount=amount)
