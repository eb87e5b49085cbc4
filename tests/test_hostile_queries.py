"""Whatever somebody writes into the address bar: a page, "not found", "bad request", never a crash."""

from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from agenda.consultations.services import visits
from billing.services import payments
from mailing.services import outbox
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
         "starts", "minutes", "type", "after", "patient", "invoice", "find", "postcode", "town", "canton", "on",
         "place", "preset", "iban", "holder", "slip", "next", "last_name", "first_name", "download",
         "paper", "window", "from", "until", "to", "method", "names", "sent", "language", "hidden", "all", "visits",
         "invoices", "first_day", "last_day", "therapy", "series", "offset_x", "offset_y", "slip_page", "at_least",
         "format"]  # fmt: skip


@pytest.fixture
def urls(world: World) -> list[str]:
    """The address of every page, with a record that is there."""
    visit = visits.open_for(appointment=world.appointment(), by=world.owner)
    invoice = world.invoice(patient=visit.patient)
    outbox.enqueue(kind="invoice", dedup_key="1", recipient="marc@example.ch", subject="Facture", text="Bonjour",
                   invoice=invoice, by=world.owner)  # fmt: skip
    payments.receive(patient=visit.patient, amount=invoice.total, received_on=dates.today(), means="cash",
                     invoice=invoice, by=world.owner)  # fmt: skip
    Product.objects.create(name="Arnica C30", price=12)
    return [_url(name) for name, _view in walk(get_resolver()) if not name.startswith("admin:")]


def _url(name: str) -> str:
    """Of each kind there is a first one."""
    plain = {"practice:first-run", "practice:first-run-owner"}
    for arguments in ([], ["1"], ["1", "form"]):
        try:
            return reverse(name, args=["token"] if name in plain else arguments)
        except Exception:  # noqa: BLE001, S112  another shape
            continue
    raise AssertionError(name)


def _asked_for(names: list[str], value: str) -> dict[str, Any]:
    return dict.fromkeys(names, value)


@pytest.mark.parametrize("odd", ["letters", "markup", "endless", "superscript", "nul", "the last day"])
def test_no_page_crashes_over_an_odd_query(signed_in: Client, urls: list[str], odd: str):
    answers = {url: _status(signed_in, url, _asked_for(ASKED, ODD[odd])) for url in urls}

    assert {url: status for url, status in answers.items() if status >= 500} == {}


LISTS = {
    "/patients/": ["q", "page", "sort", "state"],
    "/patients/export/": ["q", "sort", "state"],
    "/patients/find/": ["q"],
    "/patients/1/consultations/": ["page"],
    "/patients/1/invoices/": ["page"],
    "/consultations/": ["q", "page", "sort", "state"],
    "/consultations/export/": ["q", "sort", "state"],
    "/consultations/new/": ["q", "patient"],
    "/consultations/1/positions/": ["find"],
    "/invoices/": ["q", "page", "sort", "state", "period", "therapist"],
    "/invoices/export/": ["q", "sort", "state", "period", "therapist"],
    "/invoices/new/": ["patient", "page"],
    "/payments/": ["q", "page", "sort", "state", "period"],
    "/payments/new/": ["q", "patient"],
    "/payments/new/?patient=1": ["invoice"],
    "/messages/": ["q", "page", "state"],
    "/agenda/": ["day", "view", "who"],
    "/agenda/events/": ["first", "last", "who"],
    "/agenda/new/": ["starts", "minutes", "type", "therapist", "patient", "after"],
    "/search/": ["q"],
    "/statistics/": ["year"],
    "/settings/tariff/": ["q", "on", "page"],
    "/settings/hours/": ["therapist", "place"],
    "/sign-in/": ["next"],
    "/": ["whose"],
}


@pytest.mark.parametrize("url", LISTS)
def test_no_list_crashes_over_one_odd_word(signed_in: Client, urls: list[str], url: str):
    """Each alone: a list that is refused for one word must not hide what another would do."""
    answers = {
        (name, odd): _status(signed_in, url, {**_known(url), name: value})
        for name in LISTS[url]
        for odd, value in ODD.items()
    }

    assert {asked: status for asked, status in answers.items() if status >= 500} == {}


def _known(url: str) -> dict[str, str]:
    return {"patient": "1"} if url.endswith("?patient=1") else {}


def _status(browser: Client, url: str, query: dict[str, Any]) -> int:
    if "/pdf/" in url or url == "/quit/":
        return 200  # drawn by itself elsewhere, and takes no query but one
    browser.raise_request_exception = False
    return browser.get(url.partition("?")[0], query, headers=PART if "find" in url else {}).status_code


@pytest.mark.parametrize("odd", [HUGE, ENDLESS, "٣", "-1", "0"])
def test_a_record_that_cannot_be_there_is_not_found(signed_in: Client, urls: list[str], odd: str):
    signed_in.raise_request_exception = False
    asked = [url.replace("/1/", f"/{odd}/") for url in urls if "/1/" in url]

    assert {signed_in.get(url).status_code for url in asked} <= {404, 405}


def test_markup_in_a_query_stays_text(signed_in: Client, urls: list[str]):
    hostile = '"><script>alert(1)</script>'

    pages = [signed_in.get(url, _asked_for(ASKED, hostile)) for url in urls if "/pdf/" not in url]

    assert [page.request["PATH_INFO"] for page in pages if b"<script>alert(1)" in page.getvalue()] == []


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_out_of_the_house(signed_in: Client, elsewhere: str):
    answers = [
        signed_in.get("/sign-in/", {"next": elsewhere}),
        signed_in.post("/language/", {"language": "fr", "next": elsewhere}),
        signed_in.post("/theme/", {"theme": "dark"}, headers={"Referer": elsewhere}),
    ]

    assert {answer.headers["Location"] for answer in answers} == {"/"}


# --- the same in forms -----------------------------------------------------------------------------------------------

FIELDS = {
    "/finish/1/": ["lines-0-quantity", "lines-0-unit_price", "lines-0-product", "lines-0-code", "means", "next_at",
                   "other_day", "other_clock", "version", "note", "lines-TOTAL_FORMS"],
    "/finish/1/note/": ["version", "note"],
    "/consultations/1/note/": ["version", "note"],
    "/consultations/1/lines/": ["lines-0-quantity", "lines-0-unit_price", "lines-0-product", "lines-TOTAL_FORMS"],
    "/consultations/1/lines/draft/": ["lines-0-quantity", "lines-0-unit_price", "lines-0-product", "add"],
    "/consultations/1/facts/": ["law", "reason", "accident_on", "diagnosis"],
    "/agenda/new/": ["day", "clock", "minutes", "therapist", "patient", "type", "address", "birth_on", "words"],
    "/agenda/1/move/": ["day", "clock", "minutes", "therapist", "version"],
    "/agenda/1/back/": ["confirmed"],
    "/agenda/1/consent/": ["consent"],
    "/patients/new/": ["birth_on", "last_name", "avs", "email", "country", "language"],
    "/patients/1/edit/": ["birth_on", "version", "last_name"],
    "/invoices/new/": ["visits"],
    "/invoices/1/pay/": ["amount", "received_on", "means"],
    "/invoices/1/issue/": ["on"],
    "/payments/new/?patient=1": ["amount", "received_on", "means", "invoice"],
    "/settings/prices/1/": ["period", "code", "price"],
    "/settings/products/new/": ["price", "vat_code", "tariff"],
    "/settings/practice/": ["payment_days", "idle_minutes", "uid"],
    "/settings/accounts/new/": ["iban", "slip", "qrr_prefix"],
    "/settings/services/new/": ["minutes", "missed_fee", "lines-0-quantity", "lines-0-product", "lines-TOTAL_FORMS"],
    "/settings/hours/": ["opens_0_0", "closes_0_0"],
    "/language/": ["language", "next"],
}  # fmt: skip
WHOLE = {
    "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "lines-0-code": "1203", "lines-0-quantity": "1",
    "lines-0-unit_price": "12", "version": "0", "note": "", "day": "24.11.2026", "clock": "10:00", "minutes": "60",
    "amount": "10", "received_on": "1.1.2026", "means": "cash", "last_name": "A", "first_name": "B",
    "birth_on": "1.1.1980", "law": "VVG", "reason": "disease", "opens_0_0": "8:00", "closes_0_0": "12:00",
}  # fmt: skip
NUMBERS = {
    "forty digits": "9" * 40,
    "not a number": "NaN",
    "endless": "Infinity",
    "exponent": "1e400",
    "tiny": "1e-400",
}


@pytest.mark.parametrize("url", FIELDS)
def test_no_form_crashes_over_one_odd_field(signed_in: Client, urls: list[str], url: str):
    signed_in.raise_request_exception = False
    few = {
        name: ODD[name]
        for name in ("markup", "endless", "superscript", "nul", "the first day", "the last day", "minus")
    }
    answers = {
        (name, odd): signed_in.post(url, WHOLE | {name: value}).status_code
        for name in FIELDS[url]
        for odd, value in (few | NUMBERS).items()
    }

    assert {sent: status for sent, status in answers.items() if status >= 500} == {}
