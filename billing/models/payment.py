"""Money received, and what it was received for."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agenda.consultations.models import Consultation
from billing.models.invoice import Invoice
from billing.querysets import AllocationQuerySet, PaymentQuerySet
from optamed.core import dates
from optamed.practice.models import User
from patients.models import Patient


class Payment(models.Model):
    """Money that came in. It is never edited: it is cancelled where it was recorded, and stays in the journal."""

    class Means(models.TextChoices):
        CASH = "cash", _("Cash")
        CARD = "card", _("Card")
        TWINT = "twint", _("TWINT")
        BANK = "bank", _("Bank transfer")
        QR = "qr", _("QR-bill")
        LOSS = "loss", _("Loss")
        DISCOUNT = "discount", _("Discount")

    # Written off or given away: these close an invoice and are never counted as received.
    NO_CASH = frozenset({Means.LOSS, Means.DISCOUNT})
    DESK = (Means.TWINT, Means.CARD, Means.CASH)

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="payments")
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)
    received_on = models.DateField(_("date"))
    means = models.CharField(_("means"), max_length=8, choices=Means.choices)
    note = models.CharField(_("note"), max_length=140, blank=True)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    created_at = models.DateTimeField(default=dates.now, editable=False)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ("-received_on", "-pk")
        indexes = [
            models.Index(fields=["-received_on", "-id"], name="payment_newest"),
            models.Index(fields=["means", "amount", "cancelled_at"], name="payment_figures"),
        ]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="payment_positive")]

    def __str__(self) -> str:
        return f"{self.received_on} {self.amount}"

    def get_absolute_url(self) -> str:
        return reverse("billing:payments")

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def is_cash(self) -> bool:
        """Whether money really came in."""
        return self.means not in self.NO_CASH


class Allocation(models.Model):
    """The part of a payment that stands for exactly one invoice or consultation. The rest is the patient's credit.

    It is never deleted: when its invoice is cancelled it is released, and the books still know what the money was for.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="allocations")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, related_name="allocations")
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, null=True, related_name="allocations")
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    released_at = models.DateTimeField(null=True, editable=False)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=Decimal("0.00")), name="allocation_positive"),
            models.CheckConstraint(
                condition=Q(invoice__isnull=True) ^ Q(consultation__isnull=True), name="allocation_on_exactly_one"
            ),
        ]

    def __str__(self) -> str:
        return str(self.amount)

    @property
    def became_credit(self) -> bool:
        """Released while its payment stood; a payment that was cancelled before took this part along as it was."""
        gone = self.payment.cancelled_at
        return self.released_at is not None and (gone is None or self.released_at <= gone)
