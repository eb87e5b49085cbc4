"""Questions about invoices and payments, in the user's words."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q

from optamed.core.sums import total
from optamed.core.text import fold

if TYPE_CHECKING:  # the models import these questions; ruff does not see the names in the brackets
    from billing.models import Invoice, Payment  # noqa: F401
    from patients.models import Patient


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def issued(self) -> "InvoiceQuerySet":
        return self.filter(state="issued")

    def drafts(self) -> "InvoiceQuerySet":
        return self.filter(state="draft")

    def cancelled(self) -> "InvoiceQuerySet":
        return self.filter(state="cancelled")

    def open(self) -> "InvoiceQuerySet":
        """Issued and not wholly paid; overdue ones are open too."""
        return self.issued().filter(open_amount__gt=0)

    def paid(self) -> "InvoiceQuerySet":
        return self.issued().filter(open_amount__lte=0)

    def partly_paid(self) -> "InvoiceQuerySet":
        return self.open().filter(open_amount__lt=F("total"))

    def overdue(self, on: date) -> "InvoiceQuerySet":
        return self.open().filter(due_on__lt=on)

    def left_behind(self, before: datetime) -> "InvoiceQuerySet":
        """Issued, but a crash came before the sheets were stored."""
        return self.issued().filter(issued_at__lt=before, sheets__isnull=True)

    def of(self, patient: "Patient") -> "InvoiceQuerySet":
        return self.filter(patient=patient)

    def search(self, words: str) -> "InvoiceQuerySet":
        """By number, reference, or the patient's name."""
        found = self
        for word in fold(words).split():
            of_patient = Q(patient__search_text__contains=word)
            found = found.filter(Q(number__icontains=word) | Q(reference__icontains=word) | of_patient)
        return found

    def for_lists(self) -> "InvoiceQuerySet":
        return self.select_related("patient", "therapist").defer("document", "qr_payload")

    def count_and_sums(self) -> dict[str, Any]:
        """``count``, ``total`` and ``open`` in CHF."""
        return self.aggregate(count=models.Count("pk"), total=total("total"), open=total("open_amount"))


class PaymentQuerySet(models.QuerySet["Payment"]):
    def standing(self) -> "PaymentQuerySet":
        return self.filter(cancelled_at__isnull=True)

    def received(self) -> "PaymentQuerySet":
        """Money that really came in: losses and discounts are none."""
        return self.standing().exclude(means__in=("loss", "discount"))

    def between(self, start: date, end: date) -> "PaymentQuerySet":
        return self.filter(received_on__gte=start, received_on__lte=end)

    def for_lists(self) -> "PaymentQuerySet":
        return self.select_related("patient").prefetch_related("allocations__invoice", "allocations__consultation")

    def search(self, words: str) -> "PaymentQuerySet":
        found = self
        for word in fold(words).split():
            found = found.filter(
                Q(patient__search_text__contains=word) | Q(allocations__invoice__number__icontains=word)
            )
        return found.distinct()
