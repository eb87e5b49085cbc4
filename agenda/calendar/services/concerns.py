"""What is unusual about a time and may be confirmed: a visit in the way, the patient elsewhere, outside the hours."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.utils.translation import gettext as _

from agenda.calendar import slots
from agenda.calendar.models import Appointment, WorkingHours
from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.practice.models import PracticeAddress, Therapist
from patients.models import Patient

Confirmed = bool | Collection[str]


@dataclass(frozen=True, slots=True)
class Concern:
    """Something unusual: its code, and the sentence that asks."""

    code: str
    sentence: str


class NeedsConfirmationError(DomainError):
    """The time can be booked, once the user has said yes to each of ``concerns``."""

    def __init__(self, concerns: Sequence[Concern]) -> None:
        super().__init__(" ".join(concern.sentence for concern in concerns))
        self.concerns = concerns


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """Who is with whom, where and when. ``besides`` is the appointment that is being moved."""

    patient: Patient | None
    therapist: Therapist
    address: PracticeAddress
    starts_at: datetime
    ends_at: datetime
    besides: int | None = None


def about(wanted: Time) -> list[Concern]:
    """Everything unusual about a time, most serious first."""
    return [*_overlap(wanted), *_patient_elsewhere(wanted), *_outside_hours(wanted)]


def settle(found: Iterable[Concern], confirmed: Confirmed) -> None:
    """Go on if all is confirmed; NeedsConfirmationError names what is not."""
    if confirmed is True:
        return
    known = confirmed or ()
    if open_ones := [concern for concern in found if concern.code not in known]:
        raise NeedsConfirmationError(open_ones)


def _overlap(wanted: Time) -> list[Concern]:
    taken = (
        Appointment.objects.in_the_way_of(
            wanted.starts_at, wanted.ends_at, therapist=wanted.therapist, besides=wanted.besides
        )
        .select_related("patient")
        .first()
    )
    if taken is None:
        return []
    sentence = _("%(therapist)s already has a visit from %(start)s to %(end)s: %(patient)s.")
    return [Concern("overlap", sentence % {"therapist": wanted.therapist, **_span(taken)})]


def _patient_elsewhere(wanted: Time) -> list[Concern]:
    if wanted.patient is None:
        return []
    other = (
        Appointment.objects.standing()
        .of(wanted.patient)
        .between(wanted.starts_at, wanted.ends_at)
        .besides(wanted.besides)
        .exclude(therapist=wanted.therapist)
        .select_related("patient", "therapist")
        .first()
    )
    if other is None:
        return []
    sentence = _("%(patient)s is already booked with %(therapist)s from %(start)s to %(end)s.")
    return [Concern("patient-twice", sentence % {"therapist": other.therapist, **_span(other)})]


def _outside_hours(wanted: Time) -> list[Concern]:
    start, end = dates.local(wanted.starts_at), dates.local(wanted.ends_at)
    rows = WorkingHours.objects.valid_on(start.date()).filter(therapist=wanted.therapist, address=wanted.address)
    windows = [slots.Window(row.opens, row.closes) for row in rows]
    if start.date() == end.date() and slots.covers(windows, _plain(start), _plain(end)):
        return []
    sentence = _("This is outside the working hours of %(therapist)s at %(address)s.")
    return [Concern("outside-hours", sentence % {"therapist": wanted.therapist, "address": wanted.address})]


def _span(appointment: Appointment) -> dict[str, object]:
    return {
        "patient": appointment.patient.name,
        "start": f"{dates.local(appointment.starts_at):%H:%M}",
        "end": f"{dates.local(appointment.ends_at):%H:%M}",
    }


def _plain(moment: datetime) -> time:
    return moment.time().replace(second=0, microsecond=0)
