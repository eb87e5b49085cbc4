"""Pages of consultations: page, part, wrong method, stranger, secretary, invalid, already done."""

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from agenda.consultations.models import Consultation
from agenda.consultations.services import billing_marks, visits
from agenda.consultations.services.lines import LineInput
from optamed.core import dates
from tests.factories import World

PART = {"HX-Request": "true"}
SHOWN = ["consultation", "positions"]
CHANGED = ["note", "lines", "lines-draft", "facts", "take-over-address", "close", "reopen"]
FRAGMENTS = ["of-patient", "timeline", "last-note", "now", "next-visit"]


def text(response: Any) -> str:
    return str(response.content.decode())


def url(name: str, consultation: Consultation) -> str:
    return reverse(f"consultations:{name}", args=[consultation.pk])


@pytest.fixture
def visit(world: World) -> Consultation:
    return world.consultation(closed=False)


def billed(consultation: Consultation) -> Consultation:
    billing_marks.mark_billing(consultations=[consultation], state=Consultation.Billing.BILLED)
    return consultation


@pytest.mark.parametrize("name", SHOWN + CHANGED + ["delete"])
def test_strangers_learn_and_change_nothing(stranger: Client, visit: Consultation, name: str) -> None:
    answer = stranger.post(url(name, visit)) if name in CHANGED else stranger.get(url(name, visit))

    visit.refresh_from_db()
    assert answer.headers["Location"].startswith("/sign-in/")
    assert visit.is_open


@pytest.mark.parametrize("name", FRAGMENTS)
def test_strangers_see_no_part_of_a_file(stranger: Client, visit: Consultation, name: str) -> None:
    answer = stranger.get(reverse(f"consultations:{name}", args=[visit.patient_id]))

    assert answer.headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("name", CHANGED)
def test_what_changes_something_is_never_a_get(signed_in: Client, visit: Consultation, name: str) -> None:
    assert signed_in.get(url(name, visit)).status_code == 405


@pytest.mark.parametrize("name", SHOWN)
def test_what_only_shows_takes_no_post(signed_in: Client, visit: Consultation, name: str) -> None:
    assert signed_in.post(url(name, visit)).status_code == 405


@pytest.mark.parametrize("name", SHOWN + CHANGED)
def test_an_unknown_consultation_is_not_found(signed_in: Client, name: str) -> None:
    unknown = reverse(f"consultations:{name}", args=[9999])

    assert (signed_in.post(unknown) if name in CHANGED else signed_in.get(unknown)).status_code == 404


@pytest.mark.parametrize("name", ["list", "new"])
def test_htmx_gets_the_part_and_a_browser_the_page(signed_in: Client, visit: Consultation, name: str) -> None:
    address = reverse(f"consultations:{name}")

    assert "<html" in text(signed_in.get(address))
    assert "<html" not in text(signed_in.get(address, headers=PART))


def test_a_record_and_its_part_show_the_same_consultation(signed_in: Client, visit: Consultation) -> None:
    page, part = (
        text(signed_in.get(url("consultation", visit))),
        text(signed_in.get(url("consultation", visit), headers=PART)),
    )

    assert "<html" in page
    assert "<html" not in part
    assert page.count(visit.number_label) > 1
    assert visit.number_label in part


# --- the list ------------------------------------------------------------------------------------------------------


def test_an_empty_list_says_how_a_consultation_begins(signed_in: Client) -> None:
    assert "No consultations yet" in text(signed_in.get("/consultations/"))


def test_not_invoiced_is_one_number_and_the_total_follows_the_filter(signed_in: Client, world: World) -> None:
    world.consultation()
    billed(world.consultation())
    world.consultation(closed=False)

    answer = signed_in.get("/consultations/?state=billable")

    assert {chip["label"]: chip["count"] for chip in answer.context["chips"]} == {
        "All": 3,
        "Being written": 1,
        "Not invoiced": 1,
        "Invoiced": 1,
    }
    assert answer.context["figures"]["sum"] == Decimal("132.00")


@pytest.mark.parametrize(("words", "found"), [("emery", 1), ("C-00002", 1), ("2", 1), ("nobody", 0)])
def test_a_consultation_is_found_by_patient_and_by_number(
    signed_in: Client, world: World, words: str, found: int
) -> None:
    world.consultation(
        patient=world.patient(last_name="Émery", postcode="1000", town="Lausanne", birth_on=date(1981, 1, 1))
    )
    world.consultation()

    answer = signed_in.get("/consultations/", {"q": words})

    assert len(answer.context["page"]) == found


@pytest.mark.parametrize(
    ("sort", "first"), [("", "C-00002"), ("day", "C-00001"), ("-number", "C-00002"), ("odd", "C-00002")]
)
def test_the_list_is_newest_first_unless_something_else_is_asked(
    signed_in: Client, world: World, sort: str, first: str
) -> None:
    world.consultation(treated_on=dates.today() - timedelta(days=7))
    world.consultation()

    assert signed_in.get("/consultations/", {"sort": sort}).context["page"][0].number_label == first


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_number_of_questions_however_long_it_is(
    signed_in: Client, world: World, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for _row in range(rows):
        world.consultation()
    signed_in.get("/consultations/")

    with django_assert_num_queries(6):
        signed_in.get("/consultations/", headers=PART)


def test_the_export_holds_the_filtered_rows_and_nothing_clinical(signed_in: Client, world: World) -> None:
    visit = world.consultation(patient=world.patient(last_name="=cmd", first_name="Luc"))
    visits.set_billing_facts(consultation=visit, diagnosis="Lumbago", by=world.owner)
    world.consultation()

    answer = signed_in.get("/consultations/export/?q=luc")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    values = [cell.value for cell in sheet[2]]
    assert sheet.max_row == 2
    assert "=cmd Luc" in values
    assert sheet[2][3].data_type == "s"
    assert not any("Lumbago" in str(value) for value in values)


# --- beginning -----------------------------------------------------------------------------------------------------


def test_an_appointment_opens_the_same_consultation_however_often_it_is_asked(signed_in: Client, world: World) -> None:
    appointment = world.appointment()
    address = reverse("consultations:open", args=[appointment.pk])

    first, second = signed_in.post(address), signed_in.post(address)

    consultation = Consultation.objects.get()
    assert first.headers["Location"] == second.headers["Location"] == consultation.get_absolute_url()
    assert consultation.amount == Decimal("132.00")


def test_a_free_consultation_begins_with_whom(signed_in: Client, world: World) -> None:
    patient = world.patient()

    asked = text(signed_in.get("/consultations/new/?q=tavern"))
    begun = signed_in.post(
        f"/consultations/new/?patient={patient.pk}",
        {"treated_on": "1.10.2026", "therapist": world.therapist.pk, "address": world.address.pk},
    )

    assert f"?patient={patient.pk}" in asked
    assert begun.headers["Location"] == Consultation.objects.get().get_absolute_url()


def test_a_consultation_does_not_lie_in_the_future(signed_in: Client, world: World) -> None:
    patient = world.patient()
    tomorrow = dates.today() + timedelta(days=1)

    answer = signed_in.post(
        f"/consultations/new/?patient={patient.pk}",
        {"treated_on": f"{tomorrow:%d.%m.%Y}", "therapist": world.therapist.pk, "address": world.address.pk},
    )

    assert answer.status_code == 422
    assert not Consultation.objects.exists()


# --- in the patient's file -----------------------------------------------------------------------------------------


def test_the_tab_shows_every_visit_of_this_patient_only(signed_in: Client, world: World) -> None:
    mine, other = world.consultation(), world.consultation(lines=[LineInput(Decimal(1), "1203")])

    tab = text(signed_in.get(f"/patients/{mine.patient_id}/consultations/"))

    assert mine.number_label in tab
    assert other.number_label not in tab


def test_the_file_offers_to_finish_todays_visit(signed_in: Client, world: World) -> None:
    coming = world.appointment()
    idle = world.patient(first_name="Luc")

    assert reverse("desk:finish-open", args=[coming.pk]) in text(signed_in.get(f"/patients/{coming.patient_id}/now/"))
    assert "button" not in text(signed_in.get(f"/patients/{idle.pk}/now/"))


def test_the_next_visit_is_the_first_that_still_stands(signed_in: Client, world: World) -> None:
    patient = world.patient()
    day = dates.now() + timedelta(days=7)
    world.appointment(patient=patient, starts_at=day, state="cancelled")
    later = world.appointment(patient=patient, starts_at=day + timedelta(days=7))

    part = text(signed_in.get(f"/patients/{patient.pk}/next-visit/"))

    assert later.get_absolute_url() in part
    assert "No next appointment" in text(signed_in.get(f"/patients/{world.patient(first_name='Luc').pk}/next-visit/"))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_timeline_asks_the_same_number_of_questions_however_long_it_is(
    signed_in: Client, world: World, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    patient = world.patient()
    for _row in range(rows):
        world.consultation(patient=patient)
    address = f"/patients/{patient.pk}/timeline/"
    signed_in.get(address)

    with django_assert_num_queries(6):
        signed_in.get(address)
