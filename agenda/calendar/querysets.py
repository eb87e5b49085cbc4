"""Questions about appointments and hours, in the user's words."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from optamed.core import dates

if TYPE_CHECKING:
    from agenda.calendar.models import Appointment, AppointmentType, WorkingHours  # noqa: F401
    from optamed.practice.models import Therapist
    from patients.models import Patient

GONE = ("cancelled", "late_cancelled")


class AppointmentTypeQuerySet(models.QuerySet["AppointmentType"]):
    def active(self) -> "AppointmentTypeQuerySet":
        return self.filter(archived_at__isnull=True)


class WorkingHoursQuerySet(models.QuerySet["WorkingHours"]):
    def valid_on(self, day: date) -> "WorkingHoursQuerySet":
        """Hours that hold on a day, by its weekday and their validity."""
        started = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
        not_over = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        return self.filter(started, not_over, weekday=day.weekday())


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def standing(self) -> "AppointmentQuerySet":
        """Those that hold a place in the calendar."""
        return self.exclude(state__in=GONE)

    def between(self, start: datetime, end: datetime) -> "AppointmentQuerySet":
        """Those that touch a stretch of time."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def on_day(self, day: date) -> "AppointmentQuerySet":
        start, end = dates.day_bounds(day)
        return self.filter(starts_at__gte=start, starts_at__lt=end)

    def in_the_way_of(
        self, start: datetime, end: datetime, *, therapist: "Therapist", besides: int | None = None
    ) -> "AppointmentQuerySet":
        """Standing appointments of a therapist that overlap a stretch of time."""
        return self.standing().between(start, end).filter(therapist=therapist).besides(besides)

    def besides(self, pk: int | None) -> "AppointmentQuerySet":
        """All but the one that is being moved."""
        return self if pk is None else self.exclude(pk=pk)

    def of(self, patient: "Patient") -> "AppointmentQuerySet":
        return self.filter(patient=patient)

    def for_lists(self) -> "AppointmentQuerySet":
        return self.select_related("patient", "therapist", "type", "address")
