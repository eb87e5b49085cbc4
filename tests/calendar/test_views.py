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


GETS = ["week", "new", "appointment", "cancel", "move", "of-patient"]
NEED_PK = {"appointment", "cancel", "move", "arrive", "miss", "back", "consent"}


def address_of(name: str, appointment: Appointment) -> str:
    if name == "of-patient":
        return url(name, appointment.patient_id)
    return url(name, appointment.pk) if name in NEED_PK else url(name)


@pytest.mark.parametrize("name", GETS)
def test_a_page_is_whole_and_its_part_is_a_part(signed_in: Client, appointment: Appointment, name: str) -> None:
    whole = signed_in.get(address_of(name, appointment))
    part = signed_in.get(address_of(name, appointment), **PART)

    assert whole.status_code == part.status_code == 200
    assert "<!doctype html>" in whole.content.decode()
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part.headers["Vary"]


@pytest.mark.parametrize("name", [*GETS, "events", "arrive", "miss", "back", "consent"])
def test_a_stranger_is_sent_to_the_door(stranger: Client, appointment: Appointment, name: str) -> None:
    answer = stranger.post(address_of(name, appointment))

    assert answer.status_code == 302
    assert reverse("practice:sign-in") in answer.headers["Location"]
    appointment.refresh_from_db()
    assert appointment.state == State.BOOKED


@pytest.mark.parametrize("name", ["week", "events", "appointment", "of-patient"])
def test_a_page_that_only_reads_refuses_a_post(signed_in: Client, appointment: Appointment, name: str) -> None:
    assert signed_in.post(address_of(name, appointment)).status_code == 405


@pytest.mark.parametrize("name", ["arrive", "miss", "back", "consent"])
def test_a_verb_refuses_a_get(signed_in: Client, appointment: Appointment, name: str) -> None:
    assert signed_in.get(address_of(name, appointment)).status_code == 405


@pytest.mark.parametrize("name", ["appointment", "cancel", "move"])
def test_an_appointment_that_does_not_exist_is_404(signed_in: Client, name: str) -> None:
    assert signed_in.get(url(name, 999)).status_code == 404


@pytest.mark.parametrize("view", ["day", "week", "month", "list", "nonsense"])
def test_each_view_shows_the_visit_or_where_to_read_it(signed_in: Client, appointment: Appointment, view: str) -> None:
    text = signed_in.get(url("week", view=view, day=MONDAY)).content.decode()

    assert 'id="agenda"' in text
    assert "Tavernay Marc" in text  # the list, which is the twin of the grid


def test_the_view_and_the_therapist_are_remembered(world: factories.World, signed_in: Client) -> None:
    other = factories.therapist(at=world.address, first_name="David", last_name="Keller")
    signed_in.get(url("week", view="month", who=other.pk, day=MONDAY))

    text = signed_in.get(url("week", day=MONDAY)).content.decode()

    assert 'data-view="month"' in text
    assert f'data-therapist="{other.pk}"' in text


def test_an_empty_week_says_what_to_do(world: factories.World, signed_in: Client) -> None:
    text = signed_in.get(url("week", view="list", day="2030-01-07")).content.decode()

    assert "No appointments here" in text


def test_events_are_those_of_the_chosen_therapist(
    world: factories.World, signed_in: Client, appointment: Appointment
) -> None:
    other = factories.therapist(at=world.address, first_name="David", last_name="Keller")
    stretch = {"first": MONDAY, "last": MONDAY}

    own = signed_in.get(url("events", **stretch, who=world.therapist.pk)).json()["events"]
    others = signed_in.get(url("events", **stretch, who=other.pk)).json()["events"]

    assert [one["id"] for one in own if "id" in one] == [str(appointment.pk)]
    assert [one for one in others if "id" in one] == []


@pytest.mark.parametrize("stretch", [("2026-11-30", "2026-11-01"), ("2026-01-01", "2026-12-31")])
def test_events_of_an_unreasonable_stretch_are_refused(
    world: factories.World, signed_in: Client, stretch: tuple[str, str]
) -> None:
    assert signed_in.get(url("events", first=stretch[0], last=stretch[1])).status_code == 400


@pytest.mark.parametrize("visits", [1, 3])
def test_the_page_of_a_week_takes_the_same_queries_however_full_it_is(
    world: factories.World, signed_in: Client, visits: int, django_assert_num_queries: Any
) -> None:
    signed_in.get(url("week", day=MONDAY))  # the view is remembered now
    for nth in range(visits):
        world.appointment(starts_at=dates.at(MONDAY, time(9 + nth)), patient=world.patient())

    with django_assert_num_queries(9):
        signed_in.get(url("week", day=MONDAY), **PART)


def test_the_panel_says_who_when_and_what_comes_next(signed_in: Client, appointment: Appointment) -> None:
    text = signed_in.get(url("appointment", appointment.pk), **PART).content.decode()

    for word in ("Marc Tavernay", "10:00–11:00", "Ostéopathie", "Brings the MRI", "Arrived", "Finish", "Move"):
        assert word in text


def test_the_desk_reads_no_safety_note_and_no_clinical_note(
    world: factories.World, signed_in: Client, desk: Client
) -> None:
    visit = world.appointment(patient=world.patient(safety_note="Anticoagulants"))

    for_owner = signed_in.get(url("appointment", visit.pk), **PART).content.decode()
    for_desk = desk.get(url("appointment", visit.pk), **PART).content.decode()

    assert "Anticoagulants" in for_owner
    assert "last-note" in for_owner
    assert "Anticoagulants" not in for_desk
    assert "last-note" not in for_desk


def test_the_panel_asks_once_for_the_consent(world: factories.World, signed_in: Client) -> None:
    visit = world.appointment(patient=world.patient(mail_consent="unknown"))
    assert "Consent to e-mail?" in signed_in.get(url("appointment", visit.pk), **PART).content.decode()

    answer = signed_in.post(url("consent", visit.pk), {"consent": "yes"}, **PART)

    assert answer.status_code == 204
    assert Patient.objects.get(pk=visit.patient_id).mail_consent == "yes"
    assert "Consent to e-mail?" not in signed_in.get(url("appointment", visit.pk), **PART).content.decode()


@pytest.mark.parametrize(("name", "state"), [("arrive", State.ARRIVED), ("miss", State.MISSED)])
def test_a_verb_changes_the_state_and_tells_the_calendar(
    desk: Client, appointment: Appointment, name: str, state: str
) -> None:
    answer = desk.post(url(name, appointment.pk), **PART)

    appointment.refresh_from_db()
    assert answer.status_code == 204
    assert "agenda:changed" in answer.headers["HX-Trigger"]
    assert appointment.state == state


def test_without_a_script_a_verb_leads_back_to_the_visit(signed_in: Client, appointment: Appointment) -> None:
    answer = signed_in.post(url("arrive", appointment.pk))

    assert answer.status_code == 302
    assert answer.headers["Location"] == appointment.get_absolute_url()


def test_a_verb_that_was_already_done_is_told(signed_in: Client, appointment: Appointment) -> None:
    signed_in.post(url("arrive", appointment.pk), **PART)

    answer = signed_in.post(url("arrive", appointment.pk), **PART)

    assert answer.status_code == 409
    assert answer.headers["HX-Reswap"] == "none"
    assert "already marked as arrived" in answer.headers["HX-Trigger"]


def test_a_visit_is_called_off_with_a_reason_and_taken_back(signed_in: Client, appointment: Appointment) -> None:
    signed_in.post(url("cancel", appointment.pk), {"reason": "Ill", "late": "on"}, **PART)
    appointment.refresh_from_db()
    assert (appointment.state, appointment.reason) == (State.LATE_CANCELLED, "Ill")

    signed_in.post(url("back", appointment.pk), **PART)
    appointment.refresh_from_db()
    assert appointment.state == State.BOOKED


def test_a_reason_that_is_too_long_is_told(signed_in: Client, appointment: Appointment) -> None:
    answer = signed_in.post(url("cancel", appointment.pk), {"reason": "x" * 201}, **PART)

    assert answer.status_code == 422
    appointment.refresh_from_db()
    assert appointment.state == State.BOOKED


def test_taking_back_onto_a_taken_place_asks_in_the_panel(
    world: factories.World, signed_in: Client, appointment: Appointment
) -> None:
    signed_in.post(url("cancel", appointment.pk), {}, **PART)
    world.appointment(starts_at=appointment.starts_at, patient=world.patient(last_name="Perrodet"))

    asked = signed_in.post(url("back", appointment.pk), **PART)
    confirmed = signed_in.post(url("back", appointment.pk), {"confirmed": "overlap"}, **PART)

    assert asked.status_code == 422
    assert "Take back anyway" in asked.content.decode()
    assert confirmed.status_code == 204


def test_the_file_shows_what_is_to_come_and_what_was(world: factories.World, signed_in: Client) -> None:
    patient = world.patient()
    world.appointment(patient=patient, starts_at=dates.at(date(2030, 1, 7), time(10)))
    world.appointment(patient=patient, starts_at=dates.at(date(2020, 1, 6), time(10)), state=State.DONE)

    text = signed_in.get(url("of-patient", patient.pk)).content.decode()

    assert text.index("07.01.2030") < text.index("06.01.2020")


def test_a_file_without_visits_says_so(world: factories.World, signed_in: Client) -> None:
    assert "No appointments yet" in signed_in.get(url("of-patient", world.patient().pk)).content.decode()


def test_the_owner_corrects_in_the_admin_and_the_desk_does_not(
    signed_in: Client, desk: Client, appointment: Appointment
) -> None:
    for name in ("appointment", "appointmenttype", "workinghours"):
        path = reverse(f"admin:calendar_{name}_changelist")
        assert signed_in.get(path).status_code == 200
        assert desk.get(path).status_code == 302
