"""Ctrl+K: page, part, wrong method, stranger, secretary, nothing typed, nothing found."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from patients.services import files
from tests.factories import World

PART = {"HX-Request": "true"}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def found(browser: Client, words: str) -> list[str]:
    groups = browser.get("/search/", {"q": words}).context["groups"]
    return [hit.title for group in groups for hit in group.hits]


def test_a_stranger_finds_nothing(stranger: Client) -> None:
    assert stranger.get("/search/?q=tavernay").headers["Location"].startswith("/sign-in/")


def test_searching_is_a_get(signed_in: Client) -> None:
    assert signed_in.post("/search/", {"q": "tavernay"}).status_code == 405


def test_the_palette_gets_its_list_and_a_browser_the_page(signed_in: Client, world: World) -> None:
    world.patient()

    page, part = (text(signed_in.get("/search/?q=taver", headers=headers)) for headers in ({}, PART))

    assert ("<html" in page, "Tavernay Marc" in page) == (True, True)
    assert ("<html" in part, "Tavernay Marc" in part) == (False, True)


@pytest.mark.parametrize("words", ["emery", "Émery", "ÉMERY", "mery  zo", "17.3.1981", "P-00001"])
def test_a_patient_is_found_by_what_people_know(signed_in: Client, world: World, words: str) -> None:
    world.patient(last_name="Émery", first_name="Zoé", birth_on=date(1981, 3, 17))

    assert found(signed_in, words)[0] == "Émery Zoé"


@pytest.mark.parametrize(("words", "title"), [("F-00001", "F-00001"), ("c-00001", "C-00001"), ("C-1", "C-00001")])
def test_an_invoice_and_a_consultation_are_found_by_their_number(
    signed_in: Client, world: World, words: str, title: str
) -> None:
    world.invoice()

    assert title in found(signed_in, words)


@pytest.mark.parametrize("words", ["", " ", "a", "nobody has this name", "%", "C-99999", "F-"])
def test_nothing_typed_or_nobody_found_is_an_answer_too(signed_in: Client, world: World, words: str) -> None:
    world.patient()

    answer = signed_in.get("/search/", {"q": words})

    assert answer.status_code == 200
    assert list(answer.context["groups"]) == []


def test_drafts_and_archived_files_stay_away(signed_in: Client, world: World) -> None:
    draft = world.draft()
    files.archive(patient=draft.patient, by=world.owner)

    assert found(signed_in, "tavernay") == []


def test_a_secretary_searches_as_everybody_does(desk: Client, world: World) -> None:
    world.patient()

    assert found(desk, "tavernay") == ["Tavernay Marc"]


def test_the_palette_asks_the_same_number_of_questions_however_much_it_finds(signed_in: Client, world: World) -> None:
    world.invoice()
    signed_in.get("/search/?q=tavernay", headers=PART)
    with_one = _questions(signed_in)
    for _more in range(2):
        world.invoice()

    assert _questions(signed_in) == with_one


def _questions(browser: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        browser.get("/search/?q=tavernay", headers=PART)
    return len(asked)
