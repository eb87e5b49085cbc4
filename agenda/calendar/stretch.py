"""The stretch of time that a calendar page shows, and where its arrows lead. Days in, days out."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

VIEWS = ("day", "week", "month", "list")
WORKDAYS = frozenset(range(5))
USUAL_DAY = (time(8), time(18))


@dataclass(frozen=True, slots=True)
class Stretch:
    """``first`` to ``last`` around ``day``; the list shows a week."""

    view: str
    day: date
    first: date
    last: date
    previous: date
    next: date

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @property
    def week(self) -> list[date]:
        monday = self.day - timedelta(days=self.day.weekday())
        return [monday + timedelta(days=n) for n in range(7)]


def around(view: str, day: date) -> Stretch:
    """The page of a view on which a day stands."""
    if view == "day":
        return Stretch(view, day, day, day, day - timedelta(days=1), day + timedelta(days=1))
    if view == "month":
        first, following = day.replace(day=1), _next_month(day)
        return Stretch(view, day, first, following - timedelta(days=1), _previous_month(day), following)
    monday = day - timedelta(days=day.weekday())
    week = timedelta(days=7)
    return Stretch(view, day, monday, monday + timedelta(days=6), day - week, day + week)


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _previous_month(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def shown_weekdays(used: Iterable[int]) -> list[int]:
    """Monday to Friday, and a day of the weekend on which something is."""
    return sorted(WORKDAYS | set(used))


def hours_shown(opens: Collection[time], closes: Collection[time]) -> tuple[int, int]:
    """From which hour to which the day is drawn: full hours, one of air on either side of all that is."""
    earliest = min([*opens, USUAL_DAY[0]])
    latest = max([*closes, USUAL_DAY[1]])
    return max(earliest.hour - 1, 0), min(latest.hour + (2 if latest.minute else 1), 24)
