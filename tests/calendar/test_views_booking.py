from datetime import date, time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agenda.calendar.models import Appointment
from optamed.core import dates
from patients.models import Patient
from tests import factories

MONDAY = date(2026, 11, 30)
PART = {"HTTP_HX_REQUEST": "true"}
State = Appointment.State


@pytest.fixture
def appointment(world: factories.World) -> Appointment:
    return world.appointment(starts_at=dates.at(MONDAY, time(10)), note="Brings the MRI")


def url(name: str, *args: Any, **query: Any) -> str:
    path = reverse(f"calendar:{name}", args=args)
    return f"{path}?{'&'.join(f'{key}={value}' for key, value in query.items())}" if query else path


def booking_of(world: factories.World, **given: Any) -> dict[str, Any]:
    return {
        "type": world.type.pk,
        "therapist": world.therapist.pk,
        "address": world.address.pk,
        "day": "30.11.2026",
        "clock": "14:00",
    } | given


def move_of(appointment: Appointment, **given: Any) -> dict[str, Any]:
    return {
        "day": "30.11.2026",
        "clock": "14.30",
        "minutes": 45,
        "therapist": appointment.therapist_id,
        "version": appointment.version,
    } | given


def test_a_known_patient_is_booked(world: factories.World, desk: Client) -> None:
    patient = world.patient()

    answer = desk.post(url("new"), booking_of(world, patient=patient.pk), **PART)

    made = Appointment.objects.get()
    assert answer.status_code == 204
    assert "agenda:changed" in answer.headers["HX-Trigger"]
    assert (made.patient, made.minutes) == (patient, world.type.minutes)
    assert dates.local(made.starts_at).time() == time(14)


def test_without_a_script_the_words_name_the_patient(world: factories.World, signed_in: Client) -> None:
    world.patient()

    answer = signed_in.post(url("new"), booking_of(world, words="taver"))

    assert answer.status_code == 302
    assert Appointment.objects.get().patient.last_name == "Tavernay"


@pytest.mark.parametrize(("words", "said"), [("", "Choose a patient"), ("e", "Several patients fit")])
def test_words_that_name_nobody_or_several_are_told(
    world: factories.World, signed_in: Client, words: str, said: str
) -> None:
    world.patient()
    world.patient(last_name="Perrodet")

    answer = signed_in.post(url("new"), booking_of(world, words=words), **PART)

    assert answer.status_code == 422
    assert said in answer.content.decode()


def newcomer(**given: Any) -> dict[str, Any]:
    return {"last_name": "Aebi", "first_name": "Malin", "birth_on": "03.05.1990", "mobile": "079 000 12 34"} | given


def test_somebody_new_is_booked_with_a_new_file(world: factories.World, signed_in: Client) -> None:
    signed_in.post(url("new"), booking_of(world, **newcomer()), **PART)

    made = Appointment.objects.get()
    assert made.patient.name == "Malin Aebi"
    assert made.patient.birth_on == date(1990, 5, 3)


def test_somebody_new_needs_a_birth_date(world: factories.World, signed_in: Client) -> None:
    answer = signed_in.post(url("new"), booking_of(world, **newcomer(birth_on="")), **PART)

    assert answer.status_code == 422
    assert "A new file needs this." in answer.content.decode()
    assert not Patient.objects.exists()


def test_a_namesake_asks_before_a_second_file_is_made(world: factories.World, signed_in: Client) -> None:
    world.patient(last_name="Aebi", first_name="Malin", birth_on=date(1990, 5, 3))

    asked = signed_in.post(url("new"), booking_of(world, **newcomer()), **PART)
    signed_in.post(url("new"), booking_of(world, **newcomer(confirmed="namesake")), **PART)

    assert asked.status_code == 422
    assert "already has a file" in asked.content.decode()
    assert Patient.objects.count() == 2


def test_a_file_is_not_made_when_the_booking_fails(world: factories.World, signed_in: Client) -> None:
    answer = signed_in.post(url("new"), booking_of(world, **newcomer(clock="12:30")), **PART)

    assert answer.status_code == 422
    assert not Patient.objects.exists()


def test_an_unusual_time_is_booked_after_a_yes(world: factories.World, signed_in: Client) -> None:
    data = booking_of(world, patient=world.patient().pk, clock="12:30")

    asked = signed_in.post(url("new"), data, **PART)
    signed_in.post(url("new"), data | {"confirmed": "outside-hours"}, **PART)

    assert asked.status_code == 422
    assert "Book anyway" in asked.content.decode()
    assert Appointment.objects.count() == 1


def test_an_hour_that_does_not_exist_is_told_at_its_field(world: factories.World, signed_in: Client) -> None:
    data = booking_of(world, patient=world.patient().pk, day="28.03.2027", clock="02:30")

    answer = signed_in.post(url("new"), data, **PART)

    assert answer.status_code == 422
    assert "does not exist" in answer.content.decode()


def test_the_form_knows_what_is_known(world: factories.World, signed_in: Client) -> None:
    patient = world.patient()

    text = signed_in.get(url("new", patient=patient.pk, starts="2026-11-30T15:15", minutes=30)).content.decode()

    for value in ("Tavernay Marc", "30.11.2026", "15:15", 'value="30"'):
        assert value in text


def test_a_day_alone_leaves_the_time_open(world: factories.World, signed_in: Client) -> None:
    text = signed_in.get(url("new", starts="2026-11-30")).content.decode()

    assert "30.11.2026" in text
    assert "00:00" not in text


@pytest.mark.parametrize("query", ["patient=x", "starts=2026-02-30T99:00", "after=x", "therapist=9999", "type=x"])
def test_nonsense_in_the_address_line_is_passed_over(world: factories.World, signed_in: Client, query: str) -> None:
    assert signed_in.get(f"{url('new')}?{query}").status_code == 200


def test_the_next_visit_proposes_free_times(signed_in: Client, appointment: Appointment) -> None:
    text = signed_in.get(url("new", after=appointment.pk), **PART).content.decode()

    assert text.count("data-proposal") == 3
    assert "Tavernay Marc" in text


def test_a_visit_moves(desk: Client, appointment: Appointment) -> None:
    answer = desk.post(url("move", appointment.pk), move_of(appointment), **PART)

    appointment.refresh_from_db()
    assert answer.status_code == 204
    assert dates.local(appointment.starts_at).time() == time(14, 30)
    assert appointment.minutes == 45
    assert appointment.note == "Brings the MRI"  # dragging does not post it


def test_the_form_of_a_move_changes_the_note_too(signed_in: Client, appointment: Appointment) -> None:
    signed_in.post(url("move", appointment.pk), move_of(appointment, note=""), **PART)

    appointment.refresh_from_db()
    assert appointment.note == ""


def test_a_move_outside_the_hours_asks(signed_in: Client, appointment: Appointment) -> None:
    data = move_of(appointment, clock="12:30")

    asked = signed_in.post(url("move", appointment.pk), data, **PART)
    confirmed = signed_in.post(url("move", appointment.pk), data | {"confirmed": "outside-hours"}, **PART)

    assert asked.status_code == 422
    assert "Move anyway" in asked.content.decode()
    assert confirmed.status_code == 204


def test_a_move_from_an_old_window_is_told(signed_in: Client, appointment: Appointment) -> None:
    signed_in.post(url("move", appointment.pk), move_of(appointment), **PART)

    answer = signed_in.post(url("move", appointment.pk), move_of(appointment, clock="16:00"), **PART)

    assert answer.status_code == 409
    assert "changed in another window" in answer.headers["HX-Trigger"]
