"""Questions about invoices and payments, in the user's words."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import F, Prefetch, Q

from optamed.core import reading
from optamed.core.sums import total
from optamed.core.text import fold
from patients.models import Patient

if TYPE_CHECKING:  # the models import these questions; ruff does not see the names in the brackets
    from billing.models import Allocation, Invoice, Payment  # noqa: F401

BEYOND = Decimal(10) ** 8  # more than the columns of amounts hold: a reference, perhaps


def _of_amount(word: str) -> Q:
    """Invoices over, or still open with, what the word says as money; no condition where it says none."""
    try:
        amount = reading.amount(word)
    except ValueError:
        return Q()
    return Q(total=amount) | Q(open_amount=amount) if amount < BEYOND else Q()


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
        """Numbered or cancelled, but a crash came before the sheets were stored."""
        return self.without_paper().filter(issued_at__lt=before)

    def without_paper(self) -> "InvoiceQuerySet":
        """Numbered or cancelled, but the sheets of that are not stored."""
        return self.exclude(
            Q(state="draft") | Q(state="issued", sheets__kind="invoice") | Q(state="cancelled", sheets__kind="storno")
        )

    def awaiting_paper(self) -> "InvoiceQuerySet":
        """Who still gets paper, and no mail: so by wish, or because there is no e-mail address to send to."""
        on_paper = Q(delivery="print") | Q(recipient_email="")
        return self.issued().filter(on_paper, printed_at__isnull=True, mail_wanted=False)

    def unsent(self) -> "InvoiceQuerySet":
        """Issued, and neither on paper nor on its way: no mail, or one that failed."""
        return self.issued().filter(Q(mail_wanted=False) | Q(mail_state="failed"), printed_at__isnull=True)

    def shown(self) -> "InvoiceQuerySet":
        """Without the cancelled ones that were hidden."""
        return self.filter(hidden_at__isnull=True)

    def of(self, patient: Patient) -> "InvoiceQuerySet":
        return self.filter(patient=patient)

    def search(self, words: str) -> "InvoiceQuerySet":
        """By number, reference, amount, or the patient's name."""
        found = self
        for word in fold(words).split():
            of_patient = Q(patient__in=Patient.objects.filter(search_text__contains=word))  # a join takes ten times
            wanted = Q(number__icontains=word) | Q(reference__icontains=word) | of_patient
            found = found.filter(wanted | _of_amount(word))
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
        held = apps.get_model("billing.Allocation").objects.held().select_related("invoice", "consultation")
        held = held.defer("invoice__document", "invoice__qr_payload").order_by("pk")
        return self.select_related("patient").prefetch_related(Prefetch("allocations", held))

    def search(self, words: str) -> "PaymentQuerySet":
        found = self
        for word in fold(words).split():
            of_invoice = Q(allocations__invoice__number__icontains=word, allocations__released_at__isnull=True)
            found = found.filter(Q(patient__search_text__contains=word) | of_invoice)
        return found.distinct()


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def held(self) -> "AllocationQuerySet":
        """What payments are for, cancelled ones too; without what became credit when its invoice was cancelled."""
        return self.filter(released_at__isnull=True)

    def standing(self) -> "AllocationQuerySet":
        """What counts in every sum: held by its invoice or visit, and the payment was not cancelled."""
        return self.held().filter(payment__cancelled_at__isnull=True)
