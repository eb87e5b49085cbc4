"""Booking, moving, calling off."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.calendar.models import Appointment, AppointmentType
from agenda.calendar.services import booking
from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.core.forms import ClockField, ConfirmableWarnings, DayField, OptaForm, PastDayField
from optamed.practice.models import PracticeAddress, Therapist
from patients.models import Patient

FIVE_MINUTES, HALF_A_DAY = 5, 720


class WhenForm(ConfirmableWarnings, OptaForm):
    """A day, a time and a length, checked together against the calendar."""

    confirm_label = gettext_lazy("Book anyway")
    mark_required = False

    day = DayField(label=gettext_lazy("Day"))
    clock = ClockField(label=gettext_lazy("Time"))
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        min_value=FIVE_MINUTES,
        max_value=HALF_A_DAY,
        required=False,
        widget=forms.NumberInput({"step": 5, "inputmode": "numeric"}),
    )
    therapist = forms.ModelChoiceField(Therapist.objects.active(), label=gettext_lazy("Therapist"), empty_label=None)
    note = forms.CharField(label=gettext_lazy("Note for the desk"), max_length=200, required=False)

    def starts_at(self, cleaned: dict[str, Any]) -> datetime | None:
        """The instant, or an error at the field of the time."""
        day, clock = cleaned.get("day"), cleaned.get("clock")
        if day is None or clock is None:
            return None
        try:
            return booking.start_at(day, clock)
        except DomainError as error:
            self.add_error("clock", error.sentence)
            return None

    def ask(self, **wanted: Any) -> None:
        """Warnings of the calendar become warnings of the form."""
        for concern in booking.warnings(**wanted):
            self.warn(concern.code, concern.sentence)

    @property
    def confirmed(self) -> set[str]:
        """The codes the user said yes to."""
        return self._confirmed()


class BookingForm(WhenForm):
    """A new appointment, for somebody who has a file or for somebody new."""

    patient = forms.ModelChoiceField(
        Patient.objects.active(), label=gettext_lazy("Patient"), required=False, widget=forms.HiddenInput
    )
    words = forms.CharField(label=gettext_lazy("Patient"), required=False, max_length=80)
    last_name = forms.CharField(label=gettext_lazy("Last name"), required=False, max_length=35)
    first_name = forms.CharField(label=gettext_lazy("First name"), required=False, max_length=35)
    birth_on = PastDayField(label=gettext_lazy("Birth date"), required=False)
    mobile = forms.CharField(label=gettext_lazy("Mobile"), required=False, max_length=25)
    type = forms.ModelChoiceField(AppointmentType.objects.active(), label=gettext_lazy("Service"), empty_label=None)
    address = forms.ModelChoiceField(PracticeAddress.objects.active(), label=gettext_lazy("Place"), empty_label=None)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self._clean_person(cleaned)
        starts_at = self.starts_at(cleaned)
        if starts_at is None or self.errors:
            return cleaned
        cleaned["starts_at"] = starts_at
        minutes = cleaned.get("minutes") or cleaned["type"].minutes
        self._ask_about(cleaned, starts_at, starts_at + timedelta(minutes=minutes))
        return cleaned

    @property
    def is_newcomer(self) -> bool:
        """Whether somebody without a file is being booked."""
        return bool(self.is_bound and self.data.get("last_name", "").strip() and not self.data.get("patient"))

    def _clean_person(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("patient") or "patient" in self.errors:
            return
        if self.is_newcomer:
            self._clean_newcomer(cleaned)
        else:
            cleaned["patient"] = self._by_words(cleaned.get("words", ""))

    def _clean_newcomer(self, cleaned: dict[str, Any]) -> None:
        for name in ("first_name", "birth_on"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("A new file needs this."))
        if self.errors:
            return
        person = {name: cleaned[name] for name in ("last_name", "first_name", "birth_on")}
        if Patient.objects.namesakes(**person).exists():
            sentence = _("%(first)s %(last)s, born on %(birth)s, already has a file.")
            born = f"{cleaned['birth_on']:%d.%m.%Y}"
            names = {"first": cleaned["first_name"], "last": cleaned["last_name"], "birth": born}
            self.warn("namesake", sentence % names)

    def _by_words(self, words: str) -> Patient | None:
        """Without a script nobody picks from the list: what was typed must name exactly one."""
        found: list[Patient] = list(Patient.objects.active().search(words)[:2]) if words.strip() else []
        if len(found) == 1:
            return found[0]
        sentence = _("Several patients fit. Choose one of the list.") if found else _("Choose a patient of the list.")
        self.add_error("words", ValidationError(sentence))
        return None

    def _ask_about(self, cleaned: dict[str, Any], starts_at: datetime, ends_at: datetime) -> None:
        self.ask(
            patient=cleaned.get("patient"),
            therapist=cleaned["therapist"],
            address=cleaned["address"],
            starts_at=starts_at,
            ends_at=ends_at,
        )


class MoveForm(WhenForm):
    """Another time, length or therapist for an appointment; ``version`` is the one the user looked at."""

    confirm_label = gettext_lazy("Move anyway")

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, appointment: Appointment) -> None:
        super().__init__(data, initial=self._of(appointment))
        self.appointment = appointment

    @staticmethod
    def _of(appointment: Appointment) -> dict[str, Any]:
        start = dates.local(appointment.starts_at)
        return {
            "day": start.date(),
            "clock": time(start.hour, start.minute),
            "minutes": appointment.minutes,
            "therapist": appointment.therapist_id,
            "note": appointment.note,
            "version": appointment.version,
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        starts_at = self.starts_at(cleaned)
        if starts_at is None or self.errors:
            return cleaned
        ends_at = starts_at + timedelta(minutes=cleaned.get("minutes") or self.appointment.minutes)
        cleaned |= {"starts_at": starts_at, "ends_at": ends_at}
        self.ask(
            patient=self.appointment.patient,
            therapist=cleaned["therapist"],
            address=self.appointment.address,
            starts_at=starts_at,
            ends_at=ends_at,
            besides=self.appointment.pk,
        )
        return cleaned


class CancelForm(OptaForm):
    """Why, and whether it was too late."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For yourselves; the patient does not see it."),
        widget=forms.TextInput({"autofocus": True}),
    )
    late = forms.BooleanField(label=gettext_lazy("Called off too late"), required=False)
