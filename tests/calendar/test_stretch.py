from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agenda.calendar import stretch

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("view", "first", "last", "previous", "following"),
    [
        ("day", TUESDAY, TUESDAY, date(2026, 11, 23), date(2026, 11, 25)),
        ("week", date(2026, 11, 23), date(2026, 11, 29), date(2026, 11, 17), date(2026, 12, 1)),
        ("list", date(2026, 11, 23), date(2026, 11, 29), date(2026, 11, 17), date(2026, 12, 1)),
        ("month", date(2026, 11, 1), date(2026, 11, 30), date(2026, 10, 1), date(2026, 12, 1)),
    ],
)
def test_a_view_shows_the_stretch_around_a_day(
    view: str, first: date, last: date, previous: date, following: date
) -> None:
    page = stretch.around(view, TUESDAY)

    assert (page.first, page.last, page.previous, page.next) == (first, last, previous, following)


@given(view=st.sampled_from(stretch.VIEWS), day=st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_the_next_page_begins_where_this_one_ends(view: str, day: date) -> None:
    page = stretch.around(view, day)

    following = stretch.around(view, page.next)

    assert page.first <= day <= page.last
    assert following.first == page.last + timedelta(days=1)
    assert stretch.around(view, page.previous).last == page.first - timedelta(days=1)


def test_the_weekend_is_shown_only_when_something_is_on_it() -> None:
    assert stretch.shown_weekdays([0, 2]) == [0, 1, 2, 3, 4]
    assert stretch.shown_weekdays([5]) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("opens", "closes", "shown"),
    [
        ([], [], (7, 19)),
        ([time(8)], [time(18)], (7, 19)),
        ([time(6, 30)], [time(20, 15)], (5, 22)),
        ([time(0)], [time(23, 30)], (0, 24)),
    ],
)
def test_the_day_is_drawn_in_full_hours_with_air(opens: list[time], closes: list[time], shown: tuple[int, int]) -> None:
    assert stretch.hours_shown(opens, closes) == shown
