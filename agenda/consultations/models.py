"""The consultation, its lines and its note."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agenda.calendar.models import Appointment
from agenda.consultations.querysets import ConsultationQuerySet
from optamed.core import dates, money
from optamed.practice.models import PracticeAddress, Product, TariffPosition, Therapist, Unit, User
from patients.models import Patient


class Consultation(models.Model):
    """A treatment that took place. ``billing_state`` is written by billing, through ``services.mark_billing``."""

    class State(models.TextChoices):
        OPEN = "open", _("Being written")
        CLOSED = "closed", pgettext_lazy("consultation", "Done")

    class Billing(models.TextChoices):
        FREE = "free", _("Not invoiced")
        BILLED = "billed", pgettext_lazy("consultation", "Invoiced")

    class Law(models.TextChoices):
        """The XML of form 5.0 knows these by their German names (generalInvoiceRequest 5.0, lawType)."""

        VVG = "VVG", _("LCA (supplementary insurance)")
        KVG = "KVG", _("LAMal (compulsory insurance)")
        UVG = "UVG", _("LAA (accident)")
        IVG = "IVG", _("LAI (disability)")
        MVG = "MVG", _("LAM (military)")

    class Reason(models.TextChoices):
        DISEASE = "disease", _("Illness")
        ACCIDENT = "accident", _("Accident")
        MATERNITY = "maternity", _("Maternity")
        PREVENTION = "prevention", _("Prevention")
        BIRTH_DEFECT = "birthdefect", _("Birth defect")

    class Reimbursement(models.TextChoices):
        """Who pays first: the patient (tiers garant), or the insurer (tiers payant)."""

        TG = "TG", _("Tiers garant: the patient pays")
        TP = "TP", _("Tiers payant: the insurer pays")

    class DiagnosisType(models.TextChoices):
        """generalInvoiceRequest 5.0, diagnosisType."""

        BY_CONTRACT = "by_contract", _("By contract")
        FREE_TEXT = "freetext", _("Own words")
        ICD = "ICD", _("ICD")
        ICPC = "ICPC", _("ICPC")
        CANTONAL = "cantonal", _("Code of the canton")
        BIRTH_DEFECT = "birthdefect", _("Number of the birth defect")

    WITHOUT_CODE = (DiagnosisType.FREE_TEXT, DiagnosisType.BY_CONTRACT)

    number = models.PositiveIntegerField(_("number"), unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consultations")
    therapist = models.ForeignKey(Therapist, on_delete=models.PROTECT, related_name="consultations")
    appointment = models.OneToOneField(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="consultation"
    )
    treated_on = models.DateField(_("date of treatment"))
    address = models.ForeignKey(PracticeAddress, on_delete=models.PROTECT, related_name="+")
    address_text = models.JSONField(default=dict)
    law = models.CharField(_("law"), max_length=3, choices=Law.choices, default=Law.VVG)
    reason = models.CharField(_("reason of treatment"), max_length=11, choices=Reason.choices, default=Reason.DISEASE)
    accident_on = models.DateField(_("date of accident"), null=True, blank=True)
    case_no = models.CharField(_("case or accident number"), max_length=35, blank=True)
    reimbursement = models.CharField(
        _("reimbursement"), max_length=2, choices=Reimbursement.choices, default=Reimbursement.TG
    )
    contract_no = models.CharField(_("contract number"), max_length=35, blank=True)
    approval_no = models.CharField(_("number of the cost approval"), max_length=35, blank=True)
    approval_on = models.DateField(_("date of the cost approval"), null=True, blank=True)
    therapy = models.CharField(_("therapy"), max_length=80, blank=True)
    diagnosis_type = models.CharField(
        _("kind of diagnosis"), max_length=11, choices=DiagnosisType.choices, default=DiagnosisType.FREE_TEXT
    )
    diagnosis_code = models.CharField(_("code of the diagnosis"), max_length=12, blank=True)
    diagnosis = models.CharField(_("diagnosis"), max_length=200, blank=True)
    insurer_remark = models.CharField(_("remark for the insurer"), max_length=350, blank=True)
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.OPEN)
    billing_state = models.CharField(_("invoice"), max_length=6, choices=Billing.choices, default=Billing.FREE)
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2, default=Decimal("0.00"), editable=False)
    paid_amount = models.DecimalField(
        _("paid"), max_digits=10, decimal_places=2, default=Decimal("0.00"), editable=False
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    created_at = models.DateTimeField(default=dates.now, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ("-treated_on", "-pk")
        indexes = [
            models.Index(fields=["-treated_on", "-id"], name="consultation_newest"),
            models.Index(fields=["state", "billing_state", "amount"], name="consultation_billing"),
        ]

    def __str__(self) -> str:
        return self.number_label

    def get_absolute_url(self) -> str:
        return reverse("consultations:consultation", args=[self.pk])

    @property
    def number_label(self) -> str:
        return f"C-{self.number:05d}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_billed(self) -> bool:
        return self.billing_state == self.Billing.BILLED

    @property
    def lacks_diagnosis_code(self) -> bool:
        """Every kind but one's own words and a contract is a code."""
        return self.diagnosis_type not in self.WITHOUT_CODE and not self.diagnosis_code

    @property
    def amount_due(self) -> Decimal:
        """What is left to pay before an invoice, in CHF: to five Rappen, as the invoice will have it."""
        return max(money.five_rappen(self.amount) - self.paid_amount, money.ZERO)


class ConsultationLine(models.Model):
    """What was done: a tariff position, a product, or free text under tariff 999. Prices are copied, VAT contained."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="lines")
    position = models.ForeignKey(TariffPosition, on_delete=models.PROTECT, null=True, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, related_name="+")
    tariff = models.CharField(max_length=3, default="590")
    code = models.CharField(max_length=6, blank=True)
    own_text = models.CharField(max_length=350, blank=True)
    unit = models.CharField(max_length=5, choices=Unit.choices, default=Unit.PERIOD)
    quantity = models.DecimalField(max_digits=8, decimal_places=2)
    unit_price = models.DecimalField(max_digits=8, decimal_places=2)
    vat_code = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_quantity_positive"),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="line_price_not_negative"),
            # Tarif 590, notice for 1.1.2026: each code at most once per treatment date. Own texts may repeat.
            models.UniqueConstraint(
                fields=["consultation", "code"],
                condition=~Q(code="") & Q(own_text=""),
                name="code_once_per_consultation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} × {self.quantity}"

    @property
    def amount(self) -> Decimal:
        return money.line_amount(self.quantity, self.unit_price)

    def text_in(self, language: str) -> str:
        if self.own_text or self.position is None:
            return self.own_text
        return self.position.text_in(language)


class Note(models.Model):
    """The clinical note of a consultation. ``version`` grows with every save; a stale window is told."""

    consultation = models.OneToOneField(Consultation, on_delete=models.CASCADE, related_name="note")
    html = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.consultation_id} v{self.version}"


class NoteVersion(models.Model):
    """What stood there before: kept when another person saves, or ten minutes after the last kept one."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="versions")
    html = models.TextField(blank=True)
    version = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField()
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ("-version",)

    def __str__(self) -> str:
        return f"{self.note_id} v{self.version}"
