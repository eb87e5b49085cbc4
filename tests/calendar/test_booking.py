from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError

from agenda.calendar.models import Appointment
from agenda.calendar.services import booking, concerns
from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.journal.models import PendingEntry
from patients.services import files
from tests import factories

MONDAY = date(2026, 11, 30)
State = Appointment.State


def at(clock: str, day: date = MONDAY) -> datetime:
    return dates.at(day, time.fromisoformat(clock))


def book(world: factories.World, clock: str = "10:00", **given: object) -> Appointment:
    wanted = {
        "patient": given.pop("patient", None) or world.patient(),
        "therapist": world.therapist,
        "type": world.type,
        "address": world.address,
        "starts_at": at(clock),
        "by": world.owner,
    } | given
    return booking.book(**wanted)


def codes(error: pytest.ExceptionInfo[concerns.NeedsConfirmationError]) -> list[str]:
    return [concern.code for concern in error.value.concerns]


def test_an_appointment_is_as_long_as_its_service_and_stands_in_the_journal(world: factories.World) -> None:
    appointment = book(world)

    assert appointment.minutes == world.type.minutes
    assert appointment.state == State.BOOKED
    entry = PendingEntry.objects.latest("pk")
    assert (entry.verb, entry.subject_id, entry.user_id) == ("booked", appointment.pk, world.owner.pk)


def test_a_time_that_is_taken_asks_and_is_booked_after_a_yes(world: factories.World) -> None:
    book(world)
    other = world.patient(last_name="Perrodet", first_name="Jean-Luc")

    with pytest.raises(concerns.NeedsConfirmationError) as error:
        book(world, "10:30", patient=other)
    confirmed = book(world, "10:30", patient=other, confirmed={"overlap"})

    assert codes(error) == ["overlap"]
    assert "10:00" in error.value.sentence
    assert "Marc Tavernay" in error.value.sentence
    assert confirmed.pk


@pytest.mark.parametrize("clock", ["09:00", "11:00"])
def test_visits_that_touch_do_not_overlap(world: factories.World, clock: str) -> None:
    book(world)

    assert book(world, clock, patient=world.patient(last_name="Perrodet")).pk


@pytest.mark.parametrize("clock", ["07:30", "11:30", "12:15", "17:30"])
def test_a_visit_outside_the_hours_asks(world: factories.World, clock: str) -> None:
    with pytest.raises(concerns.NeedsConfirmationError) as error:
        book(world, clock)

    assert codes(error) == ["outside-hours"]


def test_hours_of_another_place_do_not_count(world: factories.World) -> None:
    elsewhere = factories.address(label="Neuchâtel")

    with pytest.raises(concerns.NeedsConfirmationError) as error:
        book(world, address=elsewhere)

    assert codes(error) == ["outside-hours"]


def test_a_patient_with_two_therapists_at_once_asks(world: factories.World) -> None:
    patient = world.patient()
    colleague = factories.therapist(at=world.address, first_name="David", last_name="Keller")
    factories.hours(colleague, world.address)
    book(world, patient=patient)

    with pytest.raises(concerns.NeedsConfirmationError) as error:
        book(world, "10:30", patient=patient, therapist=colleague)

    assert codes(error) == ["patient-twice"]


def test_a_cancelled_visit_is_in_nobodys_way(world: factories.World) -> None:
    booking.cancel(appointment=book(world), by=world.owner)

    assert book(world, patient=world.patient(last_name="Perrodet")).pk


def test_all_that_is_unusual_must_be_confirmed(world: factories.World) -> None:
    book(world, "11:00")
    other = world.patient(last_name="Perrodet")

    with pytest.raises(concerns.NeedsConfirmationError) as error:
        book(world, "11:30", patient=other, confirmed={"overlap"})

    assert codes(error) == ["outside-hours"]
    assert book(world, "11:30", patient=other, confirmed=True).pk


def test_an_archived_patient_is_not_booked_even_with_a_yes(world: factories.World) -> None:
    patient = files.archive(patient=world.patient(), by=world.owner)
    patient.refresh_from_db()

    with pytest.raises(DomainError, match="archived"):
        book(world, patient=patient, confirmed=True)


@pytest.mark.parametrize("minutes", [1, 721])
def test_a_visit_has_a_sensible_length(world: factories.World, minutes: int) -> None:
    with pytest.raises(DomainError, match="between 5 minutes and 12 hours"):
        book(world, minutes=minutes, confirmed=True)


def test_an_hour_that_the_spring_change_skips_is_refused() -> None:
    with pytest.raises(DomainError, match=r"29\.03\.2026"):
        booking.start_at(date(2026, 3, 29), time(2, 30))


def test_in_autumn_the_first_of_two_equal_hours_is_meant_and_minutes_are_elapsed(world: factories.World) -> None:
    start = booking.start_at(date(2026, 10, 25), time(2, 30))
    appointment = book(world, starts_at=start, minutes=60, confirmed=True)

    assert start == datetime(2026, 10, 25, 0, 30, tzinfo=dates.now().tzinfo)
    assert appointment.ends_at - appointment.starts_at == timedelta(hours=1)
    assert dates.local(appointment.ends_at).time() == time(2, 30)


def test_an_end_before_the_start_is_impossible_in_the_database_too(world: factories.World) -> None:
    with pytest.raises(IntegrityError):
        world.appointment(ends_at=dates.at(dates.today(), time(9)))


def move(appointment: Appointment, clock: str, by: object, **given: object) -> Appointment:
    start = at(clock)
    wanted = {"starts_at": start, "ends_at": start + timedelta(hours=1), "version": appointment.version} | given
    return booking.move(appointment=appointment, by=by, **wanted)


def test_a_visit_moves_and_keeps_its_note(world: factories.World) -> None:
    appointment = book(world, note="Brings the MRI")

    moved = move(appointment, "14:00", world.owner)

    assert dates.local(moved.starts_at).time() == time(14)
    assert (moved.note, moved.version) == ("Brings the MRI", 2)


def test_a_visit_is_not_in_its_own_way(world: factories.World) -> None:
    assert move(book(world), "10:15", world.owner).version == 2


def test_the_second_window_is_told_and_nothing_is_overwritten(world: factories.World) -> None:
    appointment = book(world)
    seen_elsewhere = Appointment.objects.get(pk=appointment.pk)
    move(appointment, "14:00", world.owner)

    with pytest.raises(booking.StaleError):
        move(seen_elsewhere, "16:00", world.owner)

    appointment.refresh_from_db()
    assert dates.local(appointment.starts_at).time() == time(14)


def test_a_move_onto_another_visit_asks(world: factories.World) -> None:
    book(world, "14:00", patient=world.patient(last_name="Perrodet"))
    appointment = book(world)

    with pytest.raises(concerns.NeedsConfirmationError) as error:
        move(appointment, "14:30", world.owner)

    assert codes(error) == ["overlap"]


def test_what_is_over_does_not_move(world: factories.World) -> None:
    appointment = booking.miss(appointment=book(world), by=world.owner)

    with pytest.raises(DomainError, match="still to come"):
        move(appointment, "14:00", world.owner)


def test_a_patient_arrives_and_the_time_is_noted(world: factories.World) -> None:
    appointment = booking.arrive(appointment=book(world), by=world.owner)

    assert appointment.state == State.ARRIVED
    assert appointment.arrived_at is not None


def test_arriving_twice_is_told(world: factories.World) -> None:
    appointment = booking.arrive(appointment=book(world), by=world.owner)

    with pytest.raises(DomainError, match="already marked as arrived"):
        booking.arrive(appointment=appointment, by=world.owner)


def test_a_state_that_another_window_changed_is_not_overwritten(world: factories.World) -> None:
    appointment = book(world)
    seen_elsewhere = Appointment.objects.get(pk=appointment.pk)
    booking.cancel(appointment=appointment, by=world.owner)

    with pytest.raises(booking.StaleError):
        booking.arrive(appointment=seen_elsewhere, by=world.owner)

    appointment.refresh_from_db()
    assert appointment.state == State.CANCELLED


def test_finishing_twice_finishes_once(world: factories.World) -> None:
    appointment = booking.finish(appointment=book(world), by=world.owner)

    again = booking.finish(appointment=appointment, by=world.owner)

    assert again.state == State.DONE
    assert PendingEntry.objects.filter(verb="finished").count() == 1


def test_a_late_cancellation_keeps_its_reason(world: factories.World) -> None:
    appointment = booking.cancel(appointment=book(world), late=True, reason="Ill", by=world.owner)

    assert (appointment.state, appointment.reason) == (State.LATE_CANCELLED, "Ill")


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ((booking.arrive,), State.BOOKED),
        ((booking.miss,), State.BOOKED),
        ((booking.cancel,), State.BOOKED),
        ((booking.arrive, booking.finish), State.ARRIVED),
        ((booking.finish,), State.ARRIVED),
    ],
)
def test_each_state_can_be_taken_back(world: factories.World, states: tuple, expected: str) -> None:
    appointment = book(world)
    for verb in states:
        appointment = verb(appointment=appointment, by=world.owner)

    taken_back = booking.take_back(appointment=appointment, by=world.owner)

    assert taken_back.state == expected
    assert taken_back.reason == ""


def test_taking_back_a_cancelled_visit_whose_place_is_taken_asks(world: factories.World) -> None:
    appointment = booking.cancel(appointment=book(world), by=world.owner)
    book(world, patient=world.patient(last_name="Perrodet"))

    with pytest.raises(concerns.NeedsConfirmationError) as error:
        booking.take_back(appointment=appointment, by=world.owner)
    taken_back = booking.take_back(appointment=appointment, confirmed={"overlap"}, by=world.owner)

    assert codes(error) == ["overlap"]
    assert taken_back.state == State.BOOKED


def test_each_state_knows_what_may_follow() -> None:
    assert set(Appointment.NEXT) == set(State)
    assert set(booking.ALREADY) == set(State)
