"""The invoice: a draft that copies what was done, and once issued a photograph in which nothing is looked up again."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agenda.consultations.models import Consultation
from billing.querysets import InvoiceQuerySet
from optamed.core import dates, money
from optamed.practice.models import Therapist, User
from patients.models import Patient

# What the chips, sums and filters of the list ask for, so that they are read from an index alone.
FIGURES = [
    "total", "open_amount", "due_on", "state", "hidden_at", "printed_at", "mail_wanted", "delivery", "recipient_email",
    "language", "therapist", "issued_on", "patient", "number", "reference", "mail_state",
]  # fmt: skip


class Invoice(models.Model):
    """``document`` is the frozen photograph from which every sheet is drawn; payments keep ``open_amount``."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("invoice", "Draft")
        ISSUED = "issued", pgettext_lazy("invoice", "Issued")
        CANCELLED = "cancelled", pgettext_lazy("invoice", "Cancelled")

    class Forms(models.TextChoices):
        """Which papers are made. What an insurer would refuse is the user's to decide."""

        FULL = "full", _("Invoice, insurer's form and QR sheet")
        PLACEHOLDERS = "placeholders", _("The same, with the standard's placeholders for what is missing")
        LETTER = "letter", _("Only the patient's invoice")

    class Delivery(models.TextChoices):
        MAIL = "mail", _("By e-mail")
        PRINT = "print", _("On paper")

    class Mail(models.TextChoices):
        """What became of its newest message, told by the outbox; empty where there is none, or it was withdrawn."""

        LEAVING = "leaving", _("Leaving")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Not sent")
        UNCERTAIN = "uncertain", _("Perhaps sent")

    NEXT = {State.DRAFT: {State.ISSUED}, State.ISSUED: {State.CANCELLED}, State.CANCELLED: set()}

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="invoices")
    # Its index is ``invoice_of_therapist``, which needs no look at the rows.
    therapist = models.ForeignKey(Therapist, on_delete=models.PROTECT, related_name="invoices", db_index=False)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.DRAFT)
    number = models.CharField(_("number"), max_length=20, unique=True, null=True, editable=False)  # noqa: DJ001  unique, and drafts have none
    issued_on = models.DateField(_("date"), null=True, editable=False)
    issued_at = models.DateTimeField(null=True, editable=False)
    due_on = models.DateField(_("payable until"), null=True, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    currency = models.CharField(max_length=3, default="CHF", editable=False)
    recipient_email = models.EmailField(_("e-mail for this invoice"), max_length=80, blank=True)
    reference = models.CharField(_("reference"), max_length=27, blank=True, editable=False, db_index=True)
    total = models.DecimalField(_("total"), max_digits=10, decimal_places=2, default=Decimal("0.00"), editable=False)
    open_amount = models.DecimalField(
        _("open"), max_digits=10, decimal_places=2, default=Decimal("0.00"), editable=False
    )
    forms = models.CharField(_("papers"), max_length=12, choices=Forms.choices, default=Forms.FULL)
    delivery = models.CharField(_("sent"), max_length=5, choices=Delivery.choices, default=Delivery.MAIL)
    recipient = models.JSONField(_("recipient"), default=dict, blank=True)  # empty: the patient
    payment_days = models.PositiveSmallIntegerField(_("payment term in days"), null=True, blank=True)
    discount = models.DecimalField(_("discount"), max_digits=8, decimal_places=2, default=Decimal("0.00"))
    discount_text = models.CharField(_("text of the discount"), max_length=60, blank=True)
    remark = models.CharField(_("remark for the insurer"), max_length=350, blank=True)
    euro_rate = models.DecimalField(_("CHF for one euro"), max_digits=7, decimal_places=4, null=True, blank=True)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrected_by", editable=False
    )
    document = models.TextField(blank=True, editable=False)
    qr_payload = models.TextField(blank=True, editable=False)
    mail_wanted = models.BooleanField(default=False, editable=False)
    mail_state = models.CharField(max_length=9, choices=Mail.choices, blank=True, editable=False)
    printed_at = models.DateTimeField(null=True, editable=False)
    hidden_at = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    created_at = models.DateTimeField(default=dates.now, editable=False)

    consultations = models.ManyToManyField(Consultation, through="BilledConsultation", related_name="invoices")

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ("-issued_on", "-pk")
        indexes = [
            models.Index(fields=["-issued_on", "-id", "hidden_at"], name="invoice_newest"),
            models.Index(
                fields=["due_on", "state", "open_amount", "total", "hidden_at"],
                condition=Q(state="issued", open_amount__gt=0),
                name="invoice_open_due",
            ),
            models.Index(fields=["patient", "-issued_on"], name="invoice_of_patient"),
            # The chips and sums of the list are read from here, without the long documents beside them.
            models.Index(fields=FIGURES, name="invoice_figures"),
            models.Index(
                fields=["therapist", "-issued_on", "-id", "state", "hidden_at", "total", "open_amount", "due_on"],
                name="invoice_of_therapist",
            ),
            models.Index(
                fields=["issued_on", "id"],
                condition=Q(state="issued", printed_at__isnull=True, mail_wanted=False),
                name="invoice_to_print",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", number__isnull=True, issued_on__isnull=True)
                | (
                    ~Q(state="draft")
                    & Q(number__isnull=False, issued_on__isnull=False, issued_at__isnull=False)
                    & ~Q(document="")
                ),
                name="issued_invoice_is_whole",
            )
        ]

    def __str__(self) -> str:
        return self.number or str(_("Draft"))

    def get_absolute_url(self) -> str:
        return reverse("billing:invoice", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_issued(self) -> bool:
        return self.state == self.State.ISSUED

    @property
    def is_cancelled(self) -> bool:
        return self.state == self.State.CANCELLED

    @property
    def is_paid(self) -> bool:
        return self.is_issued and self.open_amount <= 0

    @property
    def is_partly_paid(self) -> bool:
        return self.is_issued and 0 < self.open_amount < self.total

    def is_overdue(self, on: date) -> bool:
        return self.is_issued and self.open_amount > 0 and self.due_on is not None and self.due_on < on

    @property
    def paid_amount(self) -> Decimal:
        return self.total - self.open_amount


class InvoiceLine(models.Model):
    """The copy that is issued: text in the invoice's language, quantity and price as they were."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="+")
    treated_on = models.DateField()
    tariff = models.CharField(max_length=3)
    code = models.CharField(max_length=6, blank=True)
    text = models.CharField(max_length=350)
    quantity = models.DecimalField(max_digits=8, decimal_places=2)
    unit_price = models.DecimalField(max_digits=8, decimal_places=2)
    vat_rate = models.DecimalField(max_digits=4, decimal_places=2, default=Decimal("0.00"))

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.code} × {self.quantity}"

    @property
    def amount(self) -> Decimal:
        return money.line_amount(self.quantity, self.unit_price)


class BilledConsultation(models.Model):
    """A visit on an invoice. ``live`` goes off when that is cancelled: one live row per visit, drafts included."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="billed")
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="billed")
    live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation"], condition=Q(live=True), name="consultation_on_one_live_invoice"
            )
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.consultation_id}"


class Sheet(models.Model):
    """The bytes of a rendered sheet with their SHA-256: written once, kept as long as the invoice (CO 958f)."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoice with QR-bill")
        FORM = "form", _("Form for the insurer")
        ANNEX = "annex", _("QR sheet")
        STORNO = "storno", _("Counter-document")

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="sheets")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.INVOICE)
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    rendered_at = models.DateTimeField(default=dates.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invoice", "kind"], name="one_sheet_per_kind")]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.kind}"


class InsurerRequest(models.Model):
    """The frozen generalInvoiceRequest 5.0: form and QR sheet are drawn from it alone. A storno has its own."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoice")
        STORNO = "storno", _("Counter-document")

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=7, choices=Kind.choices, default=Kind.INVOICE)
    xml = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invoice", "kind"], name="one_request_per_kind")]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.kind}"


class Cancellation(models.Model):
    """The counter-document of a cancelled invoice, with its own series S-00001."""

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="cancellation")
    number = models.CharField(max_length=20, unique=True)
    cancelled_on = models.DateField()
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.number
