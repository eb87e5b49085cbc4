"""Rows that are ticked: the bar that counts, what it does, and what stays when the list comes again."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from billing.models import Invoice
from billing.services import invoicing
from billing.views import listing
from optamed.core import dates
from tests.factories import World


@pytest.fixture
def three(world: World, monkeypatch: pytest.MonkeyPatch) -> list[Invoice]:
    """Issued and drawn, on pages of two, the newest first."""
    monkeypatch.setattr(listing, "PER_PAGE", 2)
    days = [dates.today() - timedelta(days=back) for back in (0, 1, 2)]
    return [
        invoicing.finish(invoice=world.invoice(patient=world.patient(delivery="print"), on=day)) for day in days
    ]  # fmt: skip


def opened(visitor, world: World, path: str = "/invoices/") -> Page:
    visitor.sign_in(world.owner.email)
    visitor.page.goto(path)
    visitor.page.wait_for_load_state("networkidle")
    return visitor.page


def test_the_bar_says_how_many_and_how_much(visitor, world, three):
    page = opened(visitor, world)
    bar, boxes = page.locator("#invoice-bulk"), page.locator("[data-pick]")
    expect(bar).to_be_hidden()

    boxes.nth(0).check()
    expect(bar.locator("[data-said]")).to_have_text("1 invoice · open 132.00")
    boxes.nth(1).click(modifiers=["Shift"])
    expect(bar.locator("[data-said]")).to_have_text("2 invoices · open 264.00")
    bar.get_by_role("button", name="Choose all 3").click()
    expect(bar.locator("[data-said]")).to_have_text("3 invoices · open 396.00")

    bar.get_by_role("button", name="Choose none").click()
    expect(bar).to_be_hidden()
    assert page.locator("[data-pick-whole]").input_value() == ""


def test_ticks_go_by_the_keyboard_and_stay_when_the_rows_come_again(visitor, world, three):
    page = opened(visitor, world)

    page.locator("[data-pick-all]").focus()
    page.keyboard.press("Space")
    with page.expect_response(lambda answer: "sort=date" in answer.url):
        page.get_by_role("columnheader", name="Date").get_by_role("link").click()
    page.wait_for_load_state("networkidle")

    expect(page.locator("[data-pick]:checked")).to_have_count(1)  # of the two that were ticked, one is on this page
    expect(page.locator("[data-said]")).to_have_text("1 invoice · open 132.00")
    assert page.locator("[data-pick-all]").evaluate("box => box.indeterminate")


def test_all_of_the_filter_are_put_on_paper(visitor, world, three):
    page = opened(visitor, world)
    page.locator("[data-pick-all]").check()
    page.get_by_role("button", name="Choose all 3").click()

    page.locator("#invoice-bulk").get_by_role("button", name="Other actions").click()
    page.get_by_role("menuitem", name="They are on paper").click()

    expect(page.locator("#toasts")).to_contain_text("3 invoices are on paper.")
    assert Invoice.objects.filter(printed_at__isnull=False).count() == 3


def test_the_pdf_opens_beside_the_list_and_marks_nothing(visitor, world, three):
    page = opened(visitor, world, "/invoices/to-print/")

    with visitor.context.expect_page() as tab:
        page.get_by_role("button", name="Print all").click()
    tab.value.wait_for_load_state()
    before = Invoice.objects.filter(printed_at__isnull=False).count()
    page.get_by_role("button", name="They are on paper").click()

    expect(page.get_by_role("heading", name="Nothing to print")).to_be_visible()
    assert before == 0
    assert Invoice.objects.filter(printed_at__isnull=False).count() == 3


def test_more_filters_stand_in_a_panel_that_escape_closes(visitor, world, three):
    page = opened(visitor, world)
    more = page.get_by_role("button", name="More filters")

    more.click()
    page.get_by_label("Sent").select_option("mail")

    expect(page.get_by_role("heading", name="No invoice matches")).to_be_visible()
    expect(more).to_have_text("More filters1")
    page.keyboard.press("Escape")
    expect(page.locator("#more-filters")).to_be_hidden()
    expect(more).to_be_focused()
    assert page.url.endswith("/invoices/?sending=mail")


def test_no_page_of_printing_has_a_fault(measured, world, three):
    measured.sign_in(world.owner.email)

    faults = [fault for path in ("/invoices/to-print/", "/invoices/period/") for fault in measured.look(path)]
    measured.page.goto("/invoices/")
    measured.page.locator("[data-pick]").first.check()
    faults += measured._look_in("/invoices/", "light") + measured._look_in("/invoices/", "dark")
    measured.page.locator("#invoice-more").click()
    faults += measured._look_in("/invoices/ with more filters", "light")

    assert faults == []
