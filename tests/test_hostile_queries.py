"""Whatever somebody writes into the address bar: a page, "not found", "bad request", never a crash."""

from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from agenda.consultations.services import visits
from billing.services import payments
from mailing.services import invoice_mail
from optamed.core import dates
from optamed.practice.models import Product
from tests.factories import World
from tests.test_house import walk

PART = {"HX-Request": "true"}
HUGE = "9" * 30
ENDLESS = "9" * 5000  # more digits than Python reads at once
ODD = {
    "nothing": "",
    "letters": "abc",
    "markup": "<script>alert(1)</script>",
    "quotes": "'\";--",
    "minus": "-1",
    "zero": "0",
    "fraction": "1.5",
    "huge": HUGE,
    "endless": ENDLESS,
    "superscript": "²",
    "arabic digits": "٣",
    "nul": "a\x00b",
    "surrogate": "\udcff",
    "no such day": "2026-13-45",
    "the first day": "0001-01-01",
    "the last day": "9999-12-31",
    "a moment of the first day": "0001-01-01T00:00",
    "a moment with an odd zone": "9999-12-31T23:59+99:99",
    "percent": "%s%d%(x)s{}",
    "long": "ä" * 3000,
    "dots": "../../etc/passwd",
}
ASKED = ["q", "page", "sort", "state", "period", "therapist", "year", "day", "view", "who", "whose", "first", "last",
         "starts", "minutes", "type", "after", "patient", "invoice", "find", "postcode", "town", "canton", "on", "place",
         "preset", "iban", "holder", "slip", "next", "last_name", "first_name", "download", "consultation"]  # fmt: skip


@pytest.fixture
def urls(world: World) -> list[str]:
    """The address of every page, with a record that is there."""
    visit = visits.open_for(appointment=world.appointment(), by=world.owner)
    invoice = world.invoice(patient=visit.patient)
    invoice_mail.mail_invoice(invoice=invoice, by=world.owner)
    payments.receive(patient=visit.patient, amount=invoice.total, received_on=dates.today(), means="cash",
                     invoice=invoice, by=world.owner)  # fmt: skip
    Product.objects.create(name="Arnica C30", price=12)
    return [_url(name) for name, _view in walk(get_resolver()) if not name.startswith("admin:")]


def _url(name: str) -> str:
    """Of each kind there is a first one."""
    plain = {"practice:first-run", "practice:first-run-owner"}
    for arguments in ([], ["1"]):
        try:
            return reverse(name, args=["token"] if name in plain else arguments)
        except Exception:  # noqa: BLE001, S112  another shape
            continue
    raise AssertionError(name)


def _asked_for(names: list[str], value: str) -> dict[str, Any]:
    return dict.fromkeys(names, value)


@pytest.mark.parametrize("odd", ODD)
def test_no_page_crashes_over_an_odd_query(signed_in: Client, urls: list[str], odd: str):
    answers = {url: _status(signed_in, url, _asked_for(ASKED, ODD[odd])) for url in urls}

    assert {url: status for url, status in answers.items() if status >= 500} == {}


@pytest.mark.parametrize("name", ASKED)
def test_no_page_crashes_over_one_odd_word(signed_in: Client, urls: list[str], name: str):
    """Each alone: a list that is refused for one word must not hide what another would do."""
    listing = [url for url in urls if url.startswith(LISTS)]
    odd = ("²", ENDLESS, "a\x00b", "9999-12-31", "<script>")

    answers = {(url, value[:12]): _status(signed_in, url, {name: value}) for url in listing for value in odd}

    assert {asked: status for asked, status in answers.items() if status >= 500} == {}


LISTS = ("/patients/", "/consultations/", "/invoices/", "/payments/", "/messages/", "/agenda/", "/search/",
         "/statistics/", "/settings/", "/finish/", "/sign-in/")  # fmt: skip


def _status(browser: Client, url: str, query: dict[str, Any]) -> int:
    if "/pdf/" in url or url == "/quit/":
        return 200  # drawn by itself elsewhere, and takes no query but one
    browser.raise_request_exception = False
    return browser.get(url, query, headers=PART if "find" in url else {}).status_code


@pytest.mark.parametrize("odd", [HUGE, ENDLESS, "٣", "-1", "0"])
def test_a_record_that_cannot_be_there_is_not_found(signed_in: Client, urls: list[str], odd: str):
    signed_in.raise_request_exception = False
    asked = [url.replace("/1/", f"/{odd}/") for url in urls if "/1/" in url]

    assert {signed_in.get(url).status_code for url in asked} <= {404, 405}


def test_markup_in_a_query_stays_text(signed_in: Client, urls: list[str]):
    hostile = '"><script>alert(1)</script>'

    pages = [signed_in.get(url, _asked_for(ASKED, hostile)) for url in urls if "/pdf/" not in url]

    assert [page.request["PATH_INFO"] for page in pages if b"<script>alert(1)" in page.getvalue()] == []


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_out_of_the_house(signed_in: Client, elsewhere: str):
    answers = [
        signed_in.get("/sign-in/", {"next": elsewhere}),
        signed_in.post("/language/", {"language": "fr", "next": elsewhere}),
        signed_in.post("/theme/", {"theme": "dark"}, headers={"Referer": elsewhere}),
    ]

    assert {answer.headers["Location"] for answer in answers} == {"/"}
