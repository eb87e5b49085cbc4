"""Texts in the pieces that the standard has for them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.request import Contact, VatLine
from billing.xml_texts import forbidden, halves, street_line, tidy
from tests.billing.requests_made import requests
from tests.billing.requests_sample import changed, request


@pytest.mark.parametrize(
    ("typed", "tidied"),
    [
        ("  Merci \n", "Merci"),
        ("a\r\nb\rc\x0bd\u2028e", "a\nb\nc\nd\ne"),
        ("a\x00\x07\x1b\x7f\x9fb", "ab"),
        ("Zoe\u0308", "Zoë"),
        ("a\tb", "a\tb"),
        ("\u200b😀", "\u200b😀"),
    ],
)
def test_invisible_controls_go_and_what_is_seen_stays(typed: str, tidied: str) -> None:
    assert tidy(request(remark=typed)).remark == tidied


def test_all_texts_are_tidied_however_deep() -> None:
    made = changed(changed(request(), "patient.contact.town", " Lausanne "), "services.1.name", "x\x00")

    found = tidy(made)

    assert (found.patient.contact.town, found.services[1].name) == ("Lausanne", "x")


def test_what_is_left_open_is_said() -> None:
    made = changed(changed(request(), "balance.vat", ()), "debitor.country", "")
    made = changed(made, "at", datetime(2026, 11, 24, 9, 15, 30, 400, tzinfo=UTC))

    found = tidy(made)

    assert found.balance.vat == (VatLine(Decimal(0), Decimal("132.00"), Decimal("0.00")),)
    assert found.debitor.country == "CH"
    assert found.at.microsecond == 0


@given(requests())
def test_tidying_twice_changes_nothing(made) -> None:
    assert tidy(tidy(made)) == tidy(made)


@given(st.text("ab ", max_size=80).map(str.strip))
def test_the_halves_of_a_company_make_the_company(company: str) -> None:
    first, second = halves(company)

    assert first + second == company
    assert (len(first) <= 35) or not second


@pytest.mark.parametrize(
    ("company", "parts"),
    [
        ("Cabinet", ("Cabinet", "")),
        ("x" * 35, ("x" * 35, "")),
        (f"{'x' * 34} yz", (f"{'x' * 34} ", "yz")),
        (f"{'x' * 35} yz", (f"{'x' * 35} yz", "")),
        ("a " * 17 + "bcd", ("a " * 17, "bcd")),
    ],
)
def test_a_company_is_cut_behind_the_last_blank_that_fits(company: str, parts: tuple[str, str]) -> None:
    assert halves(company) == parts


@pytest.mark.parametrize(
    ("street", "number", "line"),
    [
        ("Rue du Lac", "12", "Rue du Lac 12"),
        ("Rue du Lac", "", "Rue du Lac"),
        ("", "12", "12"),
        ("x" * 32, "12", f"{'x' * 32} 12"),
        ("x" * 33, "12", "x" * 33),
    ],
)
def test_the_line_of_the_street(street: str, number: str, line: str) -> None:
    assert street_line(Contact(street=street, house_no=number)) == line


@pytest.mark.parametrize(("text", "sign"), [("a\ud800", "\ud800"), ("\ufffe", "\ufffe"), ("Ω😀\n", ""), ("", "")])
def test_characters_that_no_file_can_carry(text: str, sign: str) -> None:
    assert forbidden(text) == sign
