"""The lists: chips, words, sorting and pages swap their part, leave every id unique and no name in the address."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from agenda.consultations import reports as consultation_reports
from billing.services import payments
from billing.views import listing
from mailing.reports import outbox as mailing_reports
from optamed.core import dates
from patients import reports as patient_reports
from tests.e2e.test_behaviour import message_about

ON_A_PAGE = 3
NAMES = ("Aebi", "Bovet", "Crivelli", "Dubois", "Egger")


@dataclass(frozen=True)
class List:
    """A list: its address, the part that is swapped, the chip to try and what stays then, the column to sort by."""

    path: str
    part: str
    chip: str
    left: int
    sort: str


PATIENTS = List("/patients/", "patient-results", "With open amounts", 5, "Name")
CONSULTATIONS = List("/consultations/", "consultation-results", "Invoiced", 5, "Patient")
INVOICES = List("/invoices/", "invoice-rows", "Paid", 1, "Patient")
PAYMENTS = List("/payments/", "payment-rows", "TWINT", 5, "Patient")
MESSAGES = List("/messages/", "message-results", "Sent", 5, "")
LISTS = [PATIENTS, CONSULTATIONS, INVOICES, PAYMENTS, MESSAGES]
by_name = pytest.mark.parametrize("one", LISTS, ids=lambda one: one.path.strip("/"))


@pytest.fixture
def full(world, monkeypatch) -> None:
    """Five of each, on pages of three."""
    for module in (patient_reports, consultation_reports, mailing_reports):
        monkeypatch.setattr(module, "PAGE", ON_A_PAGE)
    monkeypatch.setattr(listing, "PER_PAGE", ON_A_PAGE)
    for name in NAMES:
        invoice = world.invoice(patient=world.patient(last_name=name, avs=""))
        message_about(invoice)
        paid = invoice.total if name == "Egger" else invoice.total / 2
        payments.receive(
            patient=invoice.patient,
            amount=paid,
            received_on=dates.today(),
            means="twint",
            invoice=invoice,
            by=world.owner,
        )


def rows(page: Page):
    return page.locator("main tbody tr")


def stands_well(page: Page, one: List) -> None:
    """The part is there once, every id is unique, the address tells nobody's name."""
    twice = page.evaluate(
        "() => [...document.querySelectorAll('[id]')].map(e => e.id).filter((id, at, all) => all.indexOf(id) !== at)"
    )
    assert twice == []
    assert page.locator(f"#{one.part}").count() == 1
    assert page.locator("main h1").count() == 1
    assert not any(name.lower() in page.url.lower() for name in NAMES)


@by_name
def test_a_chip_filters_and_lasts_over_a_reload(world, visitor, full, one):
    page = visitor.sign_in(world.owner.email)
    page.goto(one.path)
    expect(rows(page)).to_have_count(ON_A_PAGE)

    page.locator(".chip", has_text=re.compile(f"^{one.chip}")).click()
    expect(page.locator(".chip[aria-current=true]")).to_contain_text(one.chip)
    expect(rows(page)).to_have_count(min(one.left, ON_A_PAGE))
    stands_well(page, one)
    page.reload()
    expect(page.locator(".chip[aria-current=true]")).to_contain_text(one.chip)
    page.locator("main tbody a").first.click()
    page.wait_for_load_state()
    page.go_back()

    expect(page.locator(".chip[aria-current=true]")).to_contain_text(one.chip)
    stands_well(page, one)


@by_name
def test_words_find_while_they_are_typed_and_stay_out_of_the_address(world, visitor, full, one):
    page = visitor.sign_in(world.owner.email)
    page.goto(one.path)
    words = page.locator("main [name=q]")

    words.press_sequentially("crivelli")
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("Crivelli")
    expect(words).to_be_focused()
    stands_well(page, one)
    page.locator(".chip").first.click()
    expect(rows(page)).to_have_count(1)
    stands_well(page, one)
    words.fill("")
    expect(rows(page)).to_have_count(ON_A_PAGE)

    stands_well(page, one)


@by_name
def test_pages_are_turned_in_place(world, visitor, full, one):
    page = visitor.sign_in(world.owner.email)
    page.goto(one.path)
    first = rows(page).all_inner_texts()

    page.locator("main [rel=next]").click()
    expect(rows(page)).to_have_count(2)
    stands_well(page, one)
    assert not set(first) & set(rows(page).all_inner_texts())
    page.locator("main [rel=prev]").click()
    expect(rows(page)).to_have_count(ON_A_PAGE)

    stands_well(page, one)
    assert rows(page).all_inner_texts() == first


@pytest.mark.parametrize("one", [one for one in LISTS if one.sort], ids=lambda one: one.path.strip("/"))
def test_a_column_sorts_both_ways_and_keeps_the_words(world, visitor, full, one):
    page = visitor.sign_in(world.owner.email)
    page.goto(one.path)
    head = page.locator("th", has_text=one.sort)

    head.locator("a").click()
    expect(rows(page).first).to_contain_text("Aebi")
    expect(head).to_have_attribute("aria-sort", "ascending")
    stands_well(page, one)
    head.locator("a").click()
    expect(rows(page).first).to_contain_text("Egger")
    expect(head).to_have_attribute("aria-sort", "descending")
    stands_well(page, one)
    page.locator("main [name=q]").press_sequentially("e")
    expect(rows(page).first).to_contain_text("Egger")
    expect(head).to_have_attribute("aria-sort", "descending")
    head.locator("a").click()
    expect(rows(page).first).to_contain_text("Aebi")

    expect(page.locator("main [name=q]")).to_have_value("e")
    stands_well(page, one)


def test_a_payment_taken_back_leaves_the_list(world, visitor, full):
    page = visitor.sign_in(world.owner.email)
    page.goto(PAYMENTS.path)

    page.get_by_role("button", name="Cancel the payment").first.click()

    expect(page.locator("#payment-sums")).to_contain_text("4 payments")
    stands_well(page, PAYMENTS)
