"""When a visit would fit: the hours and visits of one day in, starts out. Times are those of the practice's clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time

STEP = 15
MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a day in which somebody works."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Busy:
    """A visit that holds its place, with the minutes it wants free on either side."""

    starts: time
    ends: time
    before: int = 0
    after: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall fit in: its length, and the minutes it wants free on either side."""

    minutes: int
    before: int = 0
    after: int = 0


def merged(windows: Iterable[Window]) -> list[Window]:
    """The windows in order, those that touch or overlap as one."""
    joined: list[Window] = []
    for window in sorted(windows, key=lambda one: (one.opens, one.closes)):
        if joined and window.opens <= joined[-1].closes:
            joined[-1] = Window(joined[-1].opens, max(joined[-1].closes, window.closes))
        else:
            joined.append(window)
    return joined


def gaps(windows: Iterable[Window]) -> list[Window]:
    """What is left of the day from midnight to midnight; ``time.max`` stands for the last midnight."""
    free, at = [], time.min
    for window in merged(windows):
        if window.opens > at:
            free.append(Window(at, window.opens))
        at = window.closes
    return [*free, Window(at, time.max)] if at < time.max else free


def covers(windows: Iterable[Window], starts: time, ends: time) -> bool:
    """Whether somebody works all the time from start to end."""
    return any(window.opens <= starts and ends <= window.closes for window in merged(windows))


def free_starts(windows: Iterable[Window], busy: Sequence[Busy], wish: Wish, *, step: int = STEP) -> list[time]:
    """Every start on the grid that leaves the wanted gaps. The grid begins with each window; the edges want no gap.

    Between two neighbours the larger of the two wishes counts, not their sum.
    """
    starts: list[time] = []
    for window in merged(windows):
        first, last = minute_of(window.opens), minute_of(window.closes) - wish.minutes
        starts += [_clock(start) for start in range(first, last + 1, step) if _fits(start, wish, busy)]
    return starts


def nearest(starts: Iterable[time], around: time) -> time | None:
    """The start that is nearest to a time of day, the earlier of two; None when there is none."""
    return min(starts, key=lambda start: (abs(minute_of(start) - minute_of(around)), start), default=None)


def _fits(start: int, wish: Wish, busy: Sequence[Busy]) -> bool:
    return all(_apart(start, start + wish.minutes, wish, one) for one in busy)


def _apart(start: int, end: int, wish: Wish, one: Busy) -> bool:
    if start < minute_of(one.starts):
        return minute_of(one.starts) - end >= max(wish.after, one.before)
    return start - minute_of(one.ends) >= max(one.after, wish.before)


def minute_of(clock: time) -> int:
    """Minutes since midnight; ``time.max`` counts as the next midnight."""
    return MINUTES_A_DAY if clock == time.max else clock.hour * 60 + clock.minute


def _clock(minute: int) -> time:
    return time(minute // 60, minute % 60)
