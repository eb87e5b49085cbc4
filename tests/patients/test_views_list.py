"""The directory: search, chips, sorting, pages, export, picker."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from patients.models import Patient
from patients.services import files
from tests.factories import World

PART = {"HX-Request": "true"}


def text(response: Any) -> str:
    return str(response.content.decode())


def test_an_empty_practice_is_shown_the_next_step(signed_in: Client) -> None:
    page = text(signed_in.get("/patients/"))

    assert "No patients yet" in page
    assert "Create the first patient" in page


def test_the_search_finds_without_accents_and_keeps_names_out_of_the_history(signed_in: Client, world: World) -> None:
    world.patient(last_name="Émery", first_name="Élodie")
    world.patient(last_name="Zbinden", first_name="Ana")

    response = signed_in.get("/patients/?q=emery", headers=PART)

    assert "Émery Élodie" in text(response)
    assert "Zbinden" not in text(response)
    assert response.headers["HX-Push-Url"] == "false"


def test_a_search_without_hits_says_so_and_escapes_what_was_typed(signed_in: Client, world: World) -> None:
    world.patient()

    page = text(signed_in.get("/patients/", {"q": "<script>alert(1)</script>"}))

    assert "Nobody found" in page
    assert "<script>alert(1)" not in page


def test_chips_count_what_the_search_leaves_and_the_total_follows(signed_in: Client, world: World) -> None:
    files.note_open_amount(patient=world.patient(), amount=Decimal("132.00"))
    files.archive(patient=world.patient(first_name="Luc"), by=world.owner)

    response = signed_in.get("/patients/?state=open")

    assert [chip["count"] for chip in response.context["chips"]] == [1, 1, 1]
    assert response.context["figures"]["owed"] == Decimal("132.00")


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("name", "Aebi"),
        ("-name", "Zbinden"),
        ("birth", "Zbinden"),
        ("-open", "Zbinden"),
        ("nonsense", "Aebi"),
        ("", "Aebi"),
    ],
)
def test_the_list_sorts_by_what_is_asked_and_by_name_otherwise(
    signed_in: Client, world: World, sort: str, first: str
) -> None:
    world.patient(last_name="Aebi", birth_on=date(1990, 1, 1))
    old = world.patient(last_name="Zbinden", birth_on=date(1950, 1, 1))
    files.note_open_amount(patient=old, amount=Decimal("5.00"))

    response = signed_in.get("/patients/", {"sort": sort})

    assert response.context["page"][0].last_name == first


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_database_the_same_number_of_questions_however_long_it_is(
    signed_in: Client, world: World, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for number in range(rows):
        world.patient(first_name=f"Marc {number}")
    signed_in.get("/patients/")

    with django_assert_num_queries(6):
        signed_in.get("/patients/", headers=PART)


def test_a_page_beyond_the_end_shows_the_last_one(signed_in: Client, world: World) -> None:
    world.patient()

    assert signed_in.get("/patients/?page=99").context["page"].number == 1


def test_the_picker_offers_a_few_active_files(signed_in: Client, world: World) -> None:
    for number in range(10):
        world.patient(first_name=f"Marc {number}")
    files.archive(patient=Patient.objects.all()[0], by=world.owner)

    options = text(signed_in.get("/patients/find/?q=tavern"))

    assert options.count('role="option"') == 8
    assert "Marc 0" not in options
    assert 'role="option"' not in text(signed_in.get("/patients/find/"))


def test_the_export_holds_the_filtered_rows_and_no_formula(signed_in: Client, world: World) -> None:
    world.patient(last_name="=1+1", first_name="Luc")
    world.patient(last_name="Zbinden", first_name="Ana")

    response = signed_in.get("/patients/export/?q=luc")

    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    rows = list(sheet.iter_rows(min_row=2))
    assert response.headers["Content-Disposition"] == 'attachment; filename="patients.xlsx"'
    assert len(rows) == 1
    assert (rows[0][1].value, rows[0][1].data_type) == ("=1+1", "s")
