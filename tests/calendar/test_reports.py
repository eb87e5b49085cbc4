from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine

from agenda.calendar import reports
from agenda.calendar.services import booking
from optamed.core import dates
from tests import factories

MONDAY = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def _before_the_week() -> Any:
    with time_machine.travel("2026-11-24T08:00:00Z", tick=False):
        yield


def visit(world: factories.World, day: date, clock: time, **given: Any) -> Any:
    return world.appointment(starts_at=dates.at(day, clock), **given)


def proposed(world: factories.World, **given: Any) -> list[str]:
    wanted = {"therapist": world.therapist, "type": world.type, "after_day": MONDAY, "around": time(10)} | given
    return [f"{dates.local(start):%a %H:%M}" for start in reports.proposals(**wanted)]


def test_a_next_visit_is_proposed_once_a_day_at_the_same_hour(world: factories.World) -> None:
    assert proposed(world) == ["Mon 10:00", "Tue 10:00", "Wed 10:00"]


def test_the_nearest_free_start_stands_in_for_a_taken_one(world: factories.World) -> None:
    visit(world, MONDAY, time(10))

    assert proposed(world, count=1) == ["Mon 09:00"]


def test_a_day_without_hours_or_without_room_is_passed_over(world: factories.World) -> None:
    for clock in (time(8), time(9), time(10), time(11), time(13, 30), time(14, 30), time(15, 30), time(16, 30)):
        visit(world, MONDAY, clock, patient=world.patient())

    assert proposed(world, count=1) == ["Tue 10:00"]
    assert proposed(world, after_day=date(2026, 12, 5), count=1) == ["Mon 10:00"]


def test_the_larger_of_two_buffers_is_kept(world: factories.World) -> None:
    world.type.buffer_after, world.type.buffer_before = 15, 10
    world.type.save()
    visit(world, MONDAY, time(10))

    assert proposed(world, count=1) == ["Mon 08:45"]


def test_nothing_is_proposed_that_is_over(world: factories.World) -> None:
    with time_machine.travel("2026-11-30T10:30:00Z", tick=False):
        assert proposed(world, count=1) == ["Mon 13:30"]


def test_a_therapist_without_hours_gets_no_proposals(world: factories.World) -> None:
    world.therapist.hours.all().delete()

    assert proposed(world) == []


def test_a_cancelled_visit_is_free_again_and_not_drawn(world: factories.World) -> None:
    booking.cancel(appointment=visit(world, MONDAY, time(10)), by=world.owner)

    drawn = reports.events(first=MONDAY, last=MONDAY, therapists=[world.therapist], user=world.owner)

    assert proposed(world, count=1) == ["Mon 10:00"]
    assert [one for one in drawn if one.get("display") != "background"] == []


def test_an_event_tells_its_wall_time_its_look_and_its_word(world: factories.World) -> None:
    appointment = booking.miss(appointment=visit(world, MONDAY, time(10)), by=world.owner)

    drawn = reports.event(appointment, world.owner)

    assert (drawn["start"], drawn["end"]) == ("2026-11-30T10:00:00", "2026-11-30T11:00:00")
    assert drawn["classNames"] == ["ev", f"th-{world.therapist.pk}", "ev-missed"]
    assert drawn["extendedProps"]["icon"] == "user-x"
    assert "Missed" in drawn["extendedProps"]["word"]
    assert drawn["editable"] is False


def test_the_desk_sees_the_sign_of_a_safety_note_only_when_it_may(world: factories.World) -> None:
    hidden = visit(world, MONDAY, time(10), patient=world.patient(safety_note="Anticoagulants"))
    secretary = factories.secretary()

    assert reports.event(hidden, world.owner)["extendedProps"]["icon"] == "triangle-alert"
    assert reports.event(hidden, secretary)["extendedProps"]["icon"] == ""
    hidden.patient.safety_for_reception = True
    assert reports.event(hidden, secretary)["extendedProps"]["icon"] == "triangle-alert"


def test_the_time_in_which_nobody_works_is_background(world: factories.World) -> None:
    drawn = reports.events(first=MONDAY, last=MONDAY, therapists=[world.therapist], user=world.owner)

    assert [(one["start"][11:], one["end"][11:]) for one in drawn] == [
        ("00:00:00", "08:00:00"),
        ("12:00:00", "13:30:00"),
        ("18:00:00", "00:00:00"),
    ]


def test_hours_that_are_no_longer_valid_do_not_count(world: factories.World) -> None:
    world.therapist.hours.update(valid_to=MONDAY - timedelta(days=1))

    assert reports.windows_on(MONDAY, reports.hours_of([world.therapist])) == []


@pytest.mark.parametrize("visits", [1, 3])
def test_a_week_of_events_takes_two_queries(
    world: factories.World, visits: int, django_assert_num_queries: Any
) -> None:
    for nth in range(visits):
        visit(world, MONDAY + timedelta(days=nth), time(10), patient=world.patient())

    with django_assert_num_queries(2):
        drawn = reports.events(
            first=MONDAY, last=MONDAY + timedelta(days=6), therapists=[world.therapist], user=world.owner
        )

    assert len([one for one in drawn if "id" in one]) == visits
