"""The only module that knows the zone: stored in UTC, thought in Europe/Zurich. Days there have 23, 24 or 25 hours."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Zurich")
_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """The instant, aware, in UTC."""
    return _pretended.get() or datetime.now(UTC)


@contextmanager
def pretend(instant: datetime) -> Iterator[None]:
    """Let what is done inside happen at another instant: the demo practice has a past."""
    token = _pretended.set(instant)
    try:
        yield
    finally:
        _pretended.reset(token)


def today() -> date:
    """The day in Zurich."""
    return local(now()).date()


def local(instant: datetime) -> datetime:
    return instant.astimezone(ZONE)


def at(day: date, clock: time) -> datetime:
    """The instant of a wall time in Zurich.

    A time that the spring change skips is taken an hour later, as clocks do; of one that autumn has twice, the first.
    """
    wall = datetime.combine(day, clock, tzinfo=ZONE)
    return wall.astimezone(UTC)


def exists(day: date, clock: time) -> bool:
    """Whether a clock in Zurich ever shows this time on this day."""
    wall = datetime.combine(day, clock, tzinfo=ZONE)
    return wall.astimezone(UTC).astimezone(ZONE).time() == clock


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Midnight to midnight, as instants."""
    return at(day, time.min), at(day + timedelta(days=1), time.min)


def week_of(day: date) -> list[date]:
    """Monday to Sunday around a day."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=n) for n in range(7)]


def age_on(birth: date, day: date) -> int:
    """Full years; who was born on 29 February is a year older on 1 March of a common year."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
