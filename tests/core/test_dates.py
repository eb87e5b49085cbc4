"""Stored in UTC, thought in Europe/Zurich."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from optamed.core import dates

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@time_machine.travel(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), tick=False)
def test_today_is_the_day_in_zurich():
    assert dates.today() == date(2027, 1, 1)


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2026, 11, 24), 24)])
def test_a_day_may_have_23_or_25_hours(day, hours):
    start, end = dates.day_bounds(day)

    assert end - start == timedelta(hours=hours)


def test_the_hour_that_spring_skips_does_not_exist():
    assert not dates.exists(SPRING, time(2, 30))
    assert dates.exists(SPRING, time(3, 30))
    assert dates.exists(AUTUMN, time(2, 30))


def test_a_weekly_time_stays_at_the_same_clock():
    before, after = dates.at(date(2026, 3, 27), time(14)), dates.at(date(2026, 4, 3), time(14))

    assert dates.local(before).time() == dates.local(after).time() == time(14)
    assert after - before == timedelta(days=7, hours=-1)


def test_a_child_of_29_february_is_a_year_older_on_1_march():
    assert dates.age_on(date(2020, 2, 29), date(2026, 2, 28)) == 5
    assert dates.age_on(date(2020, 2, 29), date(2026, 3, 1)) == 6
