from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agenda.calendar import slots
from agenda.calendar.slots import Busy, Window, Wish

MORNING = Window(time(8), time(10))
HOUR = Wish(60)


def clocks(*texts: str) -> list[time]:
    return [time.fromisoformat(text) for text in texts]


@pytest.mark.parametrize(
    ("busy", "wish", "starts"),
    [
        ([], HOUR, clocks("08:00", "08:15", "08:30", "08:45", "09:00")),
        ([Busy(time(8), time(9))], HOUR, clocks("09:00")),
        ([Busy(time(8, 30), time(9))], HOUR, clocks("09:00")),
        ([Busy(time(8), time(9), after=15)], Wish(30), clocks("09:15", "09:30")),
        ([Busy(time(8), time(9), after=15)], Wish(30, before=10), clocks("09:15", "09:30")),
        ([Busy(time(9, 30), time(10), before=15)], Wish(45, after=30), clocks("08:00", "08:15")),
        ([Busy(time(7), time(11))], HOUR, []),
        ([], Wish(121), []),
        ([], Wish(120), clocks("08:00")),
    ],
)
def test_a_start_is_free_when_the_visit_and_the_larger_gap_fit(
    busy: list[Busy], wish: Wish, starts: list[time]
) -> None:
    assert slots.free_starts([MORNING], busy, wish) == starts


def test_the_grid_begins_with_each_window_and_its_edges_want_no_gap() -> None:
    windows = [Window(time(8, 10), time(9, 10)), Window(time(13, 30), time(14, 30))]

    starts = slots.free_starts(windows, [], Wish(60, before=15, after=15))

    assert starts == clocks("08:10", "13:30")


def test_windows_that_touch_are_one() -> None:
    windows = [Window(time(12), time(13)), Window(time(8), time(12))]

    assert slots.merged(windows) == [Window(time(8), time(13))]
    assert slots.covers(windows, time(11, 30), time(12, 30))


def test_the_gaps_are_the_rest_of_the_day() -> None:
    gaps = slots.gaps([Window(time(8), time(12)), Window(time(13), time(18))])

    assert gaps == [Window(time.min, time(8)), Window(time(12), time(13)), Window(time(18), time.max)]
    assert slots.gaps([]) == [Window(time.min, time.max)]


def test_of_two_starts_equally_near_the_earlier_is_taken() -> None:
    assert slots.nearest(clocks("09:00", "11:00"), time(10)) == time(9)
    assert slots.nearest([], time(10)) is None


minutes = st.integers(0, 23 * 12).map(lambda n: time(n * 5 // 60, n * 5 % 60))
spans = st.tuples(minutes, minutes).filter(lambda pair: pair[0] < pair[1])
gap = st.sampled_from([0, 5, 15, 30])


@given(
    windows=st.lists(spans.map(lambda pair: Window(*pair)), max_size=3),
    busy=st.lists(st.builds(lambda pair, b, a: Busy(*pair, b, a), spans, gap, gap), max_size=5),
    wish=st.builds(Wish, st.sampled_from([15, 30, 45, 60]), gap, gap),
)
def test_no_start_collides_and_each_stays_inside_the_hours(windows: list[Window], busy: list[Busy], wish: Wish) -> None:
    for start in slots.free_starts(windows, busy, wish):
        begin = slots.minute_of(start)
        end = begin + wish.minutes
        assert any(
            slots.minute_of(one.opens) <= begin and end <= slots.minute_of(one.closes) for one in slots.merged(windows)
        )
        for one in busy:
            before, after = max(one.after, wish.before), max(wish.after, one.before)
            assert end + after <= slots.minute_of(one.starts) or begin >= slots.minute_of(one.ends) + before
