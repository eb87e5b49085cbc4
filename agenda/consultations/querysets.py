"""Questions about consultations, in the user's words."""

from typing import TYPE_CHECKING, Any

from django.db import models

from optamed.core.sums import total

if TYPE_CHECKING:  # the models import these questions; ruff does not see the names in the brackets
    from agenda.consultations.models import Consultation  # noqa: F401
    from patients.models import Patient


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def billable(self) -> "ConsultationQuerySet":
        """Closed, worth something, and on no live invoice: "visits without invoice"."""
        return self.filter(state="closed", billing_state="free", amount__gt=0)

    def being_written(self) -> "ConsultationQuerySet":
        return self.filter(state="open")

    def of(self, patient: "Patient") -> "ConsultationQuerySet":
        return self.filter(patient=patient)

    def for_lists(self) -> "ConsultationQuerySet":
        return self.select_related("patient", "therapist")

    def newest_first(self) -> "ConsultationQuerySet":
        return self.order_by("-treated_on", "-pk")

    def count_and_amount(self) -> dict[str, Any]:
        """``count`` and ``amount`` in CHF of these consultations."""
        return self.aggregate(count=models.Count("pk"), amount=total("amount"))
