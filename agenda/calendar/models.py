"""What can be booked, when, and what was booked."""

from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agenda.calendar.querysets import AppointmentQuerySet, AppointmentTypeQuerySet, WorkingHoursQuerySet
from optamed.core import dates
from optamed.practice.models import PracticeAddress, Product, Therapist, User
from patients.models import Patient


class AppointmentType(models.Model):
    """A service that can be booked: it fixes the length and suggests what will be billed."""

    name = models.CharField(_("name"), max_length=60)
    minutes = models.PositiveSmallIntegerField(
        _("length in minutes"), validators=[MinValueValidator(5), MaxValueValidator(720)]
    )
    buffer_before = models.PositiveSmallIntegerField(_("minutes free before"), default=0)
    buffer_after = models.PositiveSmallIntegerField(_("minutes free after"), default=0)
    is_first_visit = models.BooleanField(_("first visit"), default=False)
    missed_fee = models.DecimalField(_("fee when missed, in CHF"), max_digits=7, decimal_places=2, default=0)
    archived_at = models.DateTimeField(null=True, editable=False)

    objects = AppointmentTypeQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)


class SuggestedLine(models.Model):
    """A line that the service suggests for the consultation: a code of Tarif 590, or an own product."""

    type = models.ForeignKey(AppointmentType, on_delete=models.CASCADE, related_name="suggested_lines")
    code = models.CharField(_("code"), max_length=6, blank=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("product"))
    quantity = models.DecimalField(_("quantity"), max_digits=6, decimal_places=2)

    class Meta:
        verbose_name = _("suggested line")
        verbose_name_plural = _("suggested lines")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="suggested_quantity_positive"),
            models.CheckConstraint(condition=Q(product__isnull=True) ^ Q(code=""), name="suggested_code_or_product"),
        ]

    def __str__(self) -> str:
        return self.code or str(self.product)


class WorkingHours(models.Model):
    """When a therapist works at an address on a weekday. Wall time: hours do not move with the clock change."""

    therapist = models.ForeignKey(Therapist, on_delete=models.CASCADE, related_name="hours")
    address = models.ForeignKey(PracticeAddress, on_delete=models.PROTECT, verbose_name=_("address"), related_name="+")
    weekday = models.PositiveSmallIntegerField(_("weekday"), validators=[MaxValueValidator(6)])
    opens = models.TimeField(_("from"))
    closes = models.TimeField(_("until"))
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = WorkingHoursQuerySet.as_manager()

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        ordering = ("therapist", "weekday", "opens")
        constraints = [models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="hours_end_after_start")]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens:%H:%M}–{self.closes:%H:%M}"


class Appointment(models.Model):
    """A patient's time with a therapist. ``version`` tells a second window that it looks at an old state."""

    class State(models.TextChoices):
        BOOKED = "booked", pgettext_lazy("appointment", "Booked")
        ARRIVED = "arrived", pgettext_lazy("appointment", "Arrived")
        DONE = "done", pgettext_lazy("appointment", "Done")
        MISSED = "missed", pgettext_lazy("appointment", "Missed")
        LATE_CANCELLED = "late_cancelled", pgettext_lazy("appointment", "Cancelled late")
        CANCELLED = "cancelled", pgettext_lazy("appointment", "Cancelled")

    # What may follow what. A visit that was called off or missed can be taken back to booked.
    NEXT = {
        State.BOOKED: {State.ARRIVED, State.DONE, State.MISSED, State.LATE_CANCELLED, State.CANCELLED},
        State.ARRIVED: {State.BOOKED, State.DONE, State.MISSED, State.LATE_CANCELLED, State.CANCELLED},
        State.DONE: {State.ARRIVED},
        State.MISSED: {State.BOOKED},
        State.LATE_CANCELLED: {State.BOOKED},
        State.CANCELLED: {State.BOOKED},
    }

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="appointments")
    therapist = models.ForeignKey(Therapist, on_delete=models.PROTECT, related_name="appointments")
    address = models.ForeignKey(PracticeAddress, on_delete=models.PROTECT, related_name="+")
    type = models.ForeignKey(AppointmentType, on_delete=models.PROTECT, related_name="+", verbose_name=_("service"))
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    state = models.CharField(_("state"), max_length=14, choices=State.choices, default=State.BOOKED)
    note = models.CharField(_("note for the desk"), max_length=200, blank=True)
    arrived_at = models.DateTimeField(null=True, editable=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    created_at = models.DateTimeField(default=dates.now, editable=False)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ("starts_at", "pk")
        indexes = [
            models.Index(fields=["therapist", "starts_at"], name="appointment_by_therapist"),
            models.Index(fields=["starts_at"], name="appointment_by_start"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="appointment_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"{dates.local(self.starts_at):%Y-%m-%d %H:%M} {self.patient_id}"

    def get_absolute_url(self) -> str:
        return reverse("calendar:appointment", args=[self.pk])

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def is_standing(self) -> bool:
        return self.state not in (self.State.CANCELLED, self.State.LATE_CANCELLED)

    @property
    def is_open(self) -> bool:
        """Whether the visit is still to come or going on."""
        return self.state in (self.State.BOOKED, self.State.ARRIVED)
