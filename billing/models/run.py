"""Billing many patients at once: a proposal that is looked through, then worked off, and found again after a kill."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from agenda.consultations.models import Consultation
from billing.models.invoice import Invoice
from optamed.core import dates
from optamed.practice.models import Therapist, User
from patients.models import Patient


class BillingRun(models.Model):
    """What was asked for, and how far it got. The row is the job: huey forgets a task that a kill interrupts."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("To review")
        RUNNING = "running", _("Under way")
        PAUSED = "paused", _("Paused")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    NEXT = {
        State.PROPOSED: {State.RUNNING, State.DROPPED},
        State.RUNNING: {State.PAUSED, State.DONE},
        State.PAUSED: {State.RUNNING, State.DROPPED},
        State.DONE: set(),
        State.DROPPED: set(),
    }

    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    first_day = models.DateField(_("treated from"), null=True)
    last_day = models.DateField(_("treated until"), null=True)
    therapist = models.ForeignKey(Therapist, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    therapy = models.CharField(_("therapy"), max_length=80, blank=True)
    dated_on = models.DateField(_("date of the invoices"))
    is_nightly = models.BooleanField(default=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=dates.now)
    worked_at = models.DateTimeField(null=True)  # the worker's last sign of life
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.pk}"


class RunItem(models.Model):
    """One invoice of a run: the visits that go together, and what became of them."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ISSUED = "issued", _("Issued")
        LEFT_OUT = "left_out", _("Left out")
        FAILED = "failed", _("Not issued")

    run = models.ForeignKey(BillingRun, on_delete=models.CASCADE, related_name="items")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    visits = models.ManyToManyField(Consultation, related_name="+")
    amount = models.DecimalField(max_digits=10, decimal_places=2, default=Decimal("0.00"))
    forms = models.CharField(max_length=12, choices=Invoice.Forms.choices, default=Invoice.Forms.FULL)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=400, blank=True)
    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, null=True, related_name="run_item")

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=["run", "state"], name="run_item_state")]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.pk}"
