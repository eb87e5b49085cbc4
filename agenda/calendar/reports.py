"""What the calendar shows: events for its script, days as a list, proposals for a next visit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from agenda.calendar import slots
from agenda.calendar.access import safety_note_for
from agenda.calendar.models import Appointment, AppointmentType, WorkingHours
from optamed.core import dates
from optamed.practice.models import PracticeAddress, Therapist, User

SCAN_DAYS = 60
LOOKS = {
    Appointment.State.BOOKED: ("", ""),
    Appointment.State.ARRIVED: ("ev-here", "user-check"),
    Appointment.State.DONE: ("ev-done", "check"),
    Appointment.State.MISSED: ("ev-missed", "user-x"),
}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ListDay:
    """A day of the list, which is also what the calendar is to a screen reader."""

    day: date
    appointments: Sequence[Appointment]


def shown(start: datetime, end: datetime, therapists: Sequence[Therapist]) -> list[Appointment]:
    """The visits of a stretch that hold a place, one query."""
    found = Appointment.objects.standing().between(start, end).filter(therapist__in=therapists)
    return list(found.for_lists())


def by_day(days: Iterable[date], appointments: Iterable[Appointment]) -> list[ListDay]:
    """The days in order, each with its visits; empty days too."""
    held: dict[date, list[Appointment]] = {day: [] for day in days}
    for appointment in appointments:
        held.setdefault(dates.local(appointment.starts_at).date(), []).append(appointment)
    return [ListDay(day, held[day]) for day in sorted(held)]


def events(*, first: date, last: date, therapists: Sequence[Therapist], user: User) -> list[Row]:
    """Visits, and the time in which nobody works, for the calendar's script. Wall times of Zurich; two queries."""
    start, end = dates.day_bounds(first)[0], dates.day_bounds(last)[1]
    visits = [event(appointment, user) for appointment in shown(start, end, therapists)]
    return visits + closed(first, last, hours_of(therapists))


def event(appointment: Appointment, user: User) -> Row:
    look, icon = LOOKS[Appointment.State(appointment.state)]
    patient = appointment.patient
    unsafe = bool(safety_note_for(user, patient))
    return {
        "id": str(appointment.pk),
        "start": _wall(appointment.starts_at),
        "end": _wall(appointment.ends_at),
        "title": patient.name,
        "classNames": ["ev", f"th-{appointment.therapist_id}", *([look] if look else [])],
        "editable": appointment.is_open,
        "extendedProps": {
            "short": f"{patient.last_name} {patient.first_name[:1]}.",
            "sub": appointment.type.name,
            "icon": icon or _sign(appointment, unsafe=unsafe),
            "word": _word(appointment, unsafe=unsafe),
            "url": appointment.get_absolute_url(),
            "version": appointment.version,
            "therapist": appointment.therapist_id,
            "minutes": appointment.minutes,
        },
    }


def _sign(appointment: Appointment, *, unsafe: bool) -> str:
    if unsafe:
        return "triangle-alert"
    return "sparkles" if appointment.type.is_first_visit else ""


def _word(appointment: Appointment, *, unsafe: bool) -> str:
    """What the look tells, in words."""
    words = [str(appointment.get_state_display()), str(appointment.therapist)]
    if unsafe and appointment.is_open:
        words.append(_("safety note"))
    return ", ".join(words)


def hours_of(therapists: Sequence[Therapist]) -> list[WorkingHours]:
    """Every line of their hours, one query."""
    return list(WorkingHours.objects.filter(therapist__in=therapists))


def windows_on(day: date, rows: Iterable[WorkingHours]) -> list[slots.Window]:
    """When anybody of them works on a day."""
    valid = [row for row in rows if _holds(row, day)]
    return slots.merged(slots.Window(row.opens, row.closes) for row in valid)


def _holds(row: WorkingHours, day: date) -> bool:
    started = row.valid_from is None or row.valid_from <= day
    return row.weekday == day.weekday() and started and (row.valid_to is None or day <= row.valid_to)


def closed(first: date, last: date, rows: Sequence[WorkingHours]) -> list[Row]:
    """Background for the time in which nobody works; none where no hours are known at all."""
    if not rows:
        return []
    return [
        {"start": f"{day}T{gap.opens:%H:%M:%S}", "end": _until(day, gap.closes), "display": "background"}
        for day in days_between(first, last)
        for gap in slots.gaps(windows_on(day, rows))
    ]


def _until(day: date, closes: time) -> str:
    return f"{day + timedelta(days=1)}T00:00:00" if closes == time.max else f"{day}T{closes:%H:%M:%S}"


def days_between(first: date, last: date) -> list[date]:
    """Both ends included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def proposals(
    *,
    therapist: Therapist,
    type: AppointmentType,  # noqa: A002  the word of the model
    after_day: date,
    around: time,
    count: int = 3,
    address: PracticeAddress | None = None,
) -> list[datetime]:
    """Free starts for a next visit, from ``after_day`` on: one a day, nearest to a time of day. Two queries.

    At an address, or wherever the therapist works. Days without hours are passed over; after two months it gives up.
    """
    rows = [row for row in hours_of([therapist]) if address is None or row.address_id == address.pk]
    last = after_day + timedelta(days=SCAN_DAYS)
    taken = _busy(therapist, after_day, last)
    wish = slots.Wish(type.minutes, type.buffer_before, type.buffer_after)
    found: list[datetime] = []
    for day in days_between(after_day, last):
        starts = slots.free_starts(windows_on(day, rows), taken.get(day, ()), wish)
        best = slots.nearest((start for start in starts if _is_ahead(day, start)), around)
        if best is not None:
            found.append(dates.at(day, best))
        if len(found) == count:
            break
    return found


def _is_ahead(day: date, clock: time) -> bool:
    return dates.exists(day, clock) and dates.at(day, clock) > dates.now()


def _busy(therapist: Therapist, first: date, last: date) -> dict[date, list[slots.Busy]]:
    start, end = dates.day_bounds(first)[0], dates.day_bounds(last)[1]
    visits = Appointment.objects.standing().between(start, end).filter(therapist=therapist).select_related("type")
    taken: dict[date, list[slots.Busy]] = {}
    for visit in visits:
        begins, ends = dates.local(visit.starts_at), dates.local(visit.ends_at)
        until = ends.time() if ends.date() == begins.date() else time.max
        held = slots.Busy(begins.time(), until, visit.type.buffer_before, visit.type.buffer_after)
        taken.setdefault(begins.date(), []).append(held)
    return taken


def _wall(moment: datetime) -> str:
    return f"{dates.local(moment):%Y-%m-%dT%H:%M:%S}"


def place_of(therapist: Therapist, day: date) -> PracticeAddress | None:
    """Where a therapist works on a weekday; otherwise at the first place."""
    row = WorkingHours.objects.valid_on(day).filter(therapist=therapist).select_related("address").first()
    return row.address if row else PracticeAddress.objects.active().first()
