"""Booking, moving, and what becomes of a visit. A change is a conditional update: who comes second is told."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.calendar.models import Appointment, AppointmentType
from agenda.calendar.services import concerns
from agenda.calendar.services.concerns import Concern, Confirmed, NeedsConfirmationError, Time
from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.journal import services as journal
from optamed.practice.models import PracticeAddress, Therapist, User
from patients.models import Patient

__all__ = [
    "Concern",
    "NeedsConfirmationError",
    "StaleError",
    "arrive",
    "book",
    "cancel",
    "finish",
    "miss",
    "move",
    "start_at",
    "take_back",
    "warnings",
]

State = Appointment.State
OPEN = (State.BOOKED, State.ARRIVED)
SHORTEST, LONGEST = 5, 720
ALREADY = {
    State.BOOKED: gettext_lazy("This visit is still to come."),
    State.ARRIVED: gettext_lazy("The patient is already marked as arrived."),
    State.DONE: gettext_lazy("This visit is already finished."),
    State.MISSED: gettext_lazy("This visit is already marked as missed. Take it back first."),
    State.LATE_CANCELLED: gettext_lazy("This visit is already cancelled. Take it back first."),
    State.CANCELLED: gettext_lazy("This visit is already cancelled. Take it back first."),
}


class StaleError(DomainError):
    """Another window was first."""

    def __init__(self) -> None:
        super().__init__(_("This appointment was changed in another window. You now see it as it is."))


def start_at(day: date, clock: time) -> datetime:
    """The instant of a wall time in Zurich; DomainError for an hour that the spring change skips."""
    if not dates.exists(day, clock):
        sentence = _("On %(day)s the clocks go forward: %(clock)s does not exist. Choose another time.")
        raise DomainError(sentence % {"day": f"{day:%d.%m.%Y}", "clock": f"{clock:%H:%M}"})
    return dates.at(day, clock)


def warnings(
    *,
    patient: Patient | None,
    therapist: Therapist,
    address: PracticeAddress,
    starts_at: datetime,
    ends_at: datetime,
    besides: int | None = None,
) -> list[Concern]:
    """What is unusual about a time and wants a yes: overlap, patient-twice, outside-hours. No patient: a new one."""
    return concerns.about(
        Time(
            patient=patient,
            therapist=therapist,
            address=address,
            starts_at=starts_at,
            ends_at=ends_at,
            besides=besides,
        )
    )


@transaction.atomic
def book(
    *,
    patient: Patient,
    therapist: Therapist,
    type: AppointmentType,  # noqa: A002  the word of the model
    address: PracticeAddress,
    starts_at: datetime,
    minutes: int | None = None,
    note: str = "",
    confirmed: Confirmed = False,
    by: User,
) -> Appointment:
    """A new appointment; without ``minutes`` as long as the service.

    ``confirmed`` is True, or the codes of the warnings the user said yes to; NeedsConfirmationError names the others.
    """
    ends_at = starts_at + timedelta(minutes=minutes or type.minutes)
    _check(starts_at, ends_at)
    _check_standing(patient, therapist)
    _hold(therapist)
    found = warnings(patient=patient, therapist=therapist, address=address, starts_at=starts_at, ends_at=ends_at)
    concerns.settle(found, confirmed)
    appointment = Appointment.objects.create(
        patient=patient,
        therapist=therapist,
        type=type,
        address=address,
        starts_at=starts_at,
        ends_at=ends_at,
        note=note,
        created_by=by,
    )
    journal.record(verb="booked", subject=appointment, by=by)
    return appointment


@transaction.atomic
def move(
    *,
    appointment: Appointment,
    starts_at: datetime,
    ends_at: datetime,
    version: int,
    therapist: Therapist | None = None,
    note: str | None = None,
    confirmed: Confirmed = False,
    by: User,
) -> Appointment:
    """Another time, another length, another therapist. StaleError when ``version`` is not the one that stands there."""
    therapist = therapist or appointment.therapist
    _check(starts_at, ends_at)
    if not appointment.is_open:
        raise DomainError(_("Only a visit that is still to come can be moved."))
    _hold(therapist)
    found = warnings(
        patient=appointment.patient,
        therapist=therapist,
        address=appointment.address,
        starts_at=starts_at,
        ends_at=ends_at,
        besides=appointment.pk,
    )
    concerns.settle(found, confirmed)
    rows = Appointment.objects.filter(pk=appointment.pk, version=version, state__in=OPEN).update(
        starts_at=starts_at,
        ends_at=ends_at,
        therapist=therapist,
        note=appointment.note if note is None else note,
        version=F("version") + 1,
    )
    return _written(appointment, rows, verb="moved", by=by)


@transaction.atomic
def arrive(*, appointment: Appointment, by: User) -> Appointment:
    """The patient is here."""
    return _pass(appointment, State.ARRIVED, verb="arrived", by=by, arrived_at=dates.now())


@transaction.atomic
def miss(*, appointment: Appointment, by: User) -> Appointment:
    """The patient did not come. A fee is billed from the missed visit, not here."""
    return _pass(appointment, State.MISSED, verb="missed", by=by)


@transaction.atomic
def cancel(*, appointment: Appointment, by: User, reason: str = "", late: bool = False) -> Appointment:
    """Called off, in time or too late; the place in the calendar is free again."""
    state = State.LATE_CANCELLED if late else State.CANCELLED
    return _pass(appointment, state, verb="cancelled", by=by, reason=reason)


@transaction.atomic
def finish(*, appointment: Appointment, by: User) -> Appointment:
    """The visit took place. Asked twice, it stays finished."""
    if appointment.state == State.DONE:
        return appointment
    return _pass(appointment, State.DONE, verb="finished", by=by)


@transaction.atomic
def take_back(*, appointment: Appointment, by: User, confirmed: Confirmed = False) -> Appointment:
    """One step back: finished to arrived; arrived, missed or cancelled to planned.

    A cancelled visit wants its old place again, which may be taken by now: NeedsConfirmationError.
    """
    if appointment.state == State.DONE:
        return _pass(appointment, State.ARRIVED, verb="taken back", by=by)
    if not appointment.is_standing:
        _hold(appointment.therapist)
        found = concerns.about(
            Time(
                patient=appointment.patient,
                therapist=appointment.therapist,
                address=appointment.address,
                starts_at=appointment.starts_at,
                ends_at=appointment.ends_at,
                besides=appointment.pk,
            )
        )
        concerns.settle((one for one in found if one.code != "outside-hours"), confirmed)
    return _pass(appointment, State.BOOKED, verb="taken back", by=by, arrived_at=None, reason="")


def _pass(appointment: Appointment, to: State, *, verb: str, by: User, **facts: object) -> Appointment:
    if to not in Appointment.NEXT[State(appointment.state)]:
        raise DomainError(ALREADY[State(appointment.state)])
    rows = Appointment.objects.filter(pk=appointment.pk, state=appointment.state).update(
        state=to, version=F("version") + 1, **facts
    )
    return _written(appointment, rows, verb=verb, by=by)


def _written(appointment: Appointment, rows: int, *, verb: str, by: User) -> Appointment:
    if rows != 1:
        raise StaleError
    appointment.refresh_from_db()
    journal.record(verb=verb, subject=appointment, by=by)
    return appointment


def _check(starts_at: datetime, ends_at: datetime) -> None:
    minutes = (ends_at - starts_at).total_seconds() / 60
    if not SHORTEST <= minutes <= LONGEST:
        raise DomainError(_("A visit lasts between 5 minutes and 12 hours."))


def _check_standing(patient: Patient, therapist: Therapist) -> None:
    if patient.is_archived:
        sentence = _("This file is archived. Restore it before you book a visit.")
        raise DomainError(sentence, link=patient.get_absolute_url(), label=patient.name)
    if therapist.archived_at:
        raise DomainError(_("This therapist no longer works here. Choose another one."))


def _hold(therapist: Therapist) -> None:
    """Two bookings for one therapist come one after the other, so that the second sees the first (PostgreSQL)."""
    Therapist.objects.select_for_update().get(pk=therapist.pk)
