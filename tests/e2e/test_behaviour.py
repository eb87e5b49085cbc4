"""What a hand does that a test of a view cannot: double clicks, Back, keys, themes, a broken server, a large zoom."""

import re
from collections.abc import Callable, Iterator
from threading import Event
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from agenda.calendar.models import Appointment
from billing.models import Invoice
from mailing.models import Message
from optamed.core import dates, process
from tests.e2e.conftest import Visitor
from tests.e2e.test_autosave import REFUSED
from tests.e2e.test_looks import PAGES

ZOOMED = ["/", "/agenda/", "/patients/", "/consultations/", "/invoices/", "/payments/", "/messages/", "/settings/"]


@pytest.fixture
def visit(world) -> Appointment:
    """A patient who is here."""
    return world.appointment(starts_at=dates.now(), state="arrived", arrived_at=dates.now())


@pytest.fixture
def two_patients(world) -> list[str]:
    """Two files, as the list has them."""
    made = [world.patient(), world.patient(last_name="Tavernier", first_name="Anne", avs="")]
    return [one.get_absolute_url() for one in made]


@pytest.fixture
def stopped() -> Iterator[Event]:
    """A server that can be stopped from the page: set once it was."""
    asked = Event()
    process.when_asked_to_stop(asked.set)
    yield asked
    process.when_asked_to_stop(None)


def sheet_of(page: Page):
    page.locator("[data-visit] [data-primary]").click()
    expect(page.locator("#finish trix-editor")).to_be_visible()
    return page.locator("#finish")


def test_a_double_click_makes_one_invoice_and_one_message(world, visitor, visit, mail_server):
    page = visitor.sign_in(world.owner.email)

    sheet_of(page).locator("[data-primary]").dblclick()
    expect(page.locator("#toasts")).to_contain_text("F-00001")
    expect(page.locator("#dialog")).not_to_be_visible()
    page.wait_for_load_state("networkidle")

    assert Invoice.objects.count() == Message.objects.count() == 1
    expect(page.locator("#toasts [data-toast]")).to_have_count(1)


def test_back_and_reload_after_finishing_make_no_second_invoice(world, visitor, visit, mail_server):
    page = visitor.sign_in(world.owner.email)
    page.goto("/patients/")
    page.goto("/")
    sheet_of(page).locator("[data-primary]").click()
    expect(page.locator("#toasts")).to_contain_text("F-00001")

    page.reload()
    page.go_back()
    page.go_forward()

    expect(page.locator("[data-visit]")).to_contain_text("F-00001")
    assert Invoice.objects.count() == Message.objects.count() == 1


def test_the_sheet_as_a_page_of_its_own_finishes_and_leads_to_today(world, visitor, visit, mail_server):
    page = visitor.sign_in(world.owner.email)
    sheet_of(page)
    page.goto(f"/finish/{visit.pk}/")
    page.locator("trix-editor").press_sequentially("Lombalgie.")

    page.locator("#finish [data-primary]").click()
    page.wait_for_url("**/")
    expect(page.locator("#toasts")).to_contain_text("F-00001")
    page.go_back()
    expect(page.locator("#finish")).to_contain_text("F-00001")

    assert page.locator("#finish [data-primary]").count() == 0
    assert Invoice.objects.count() == Message.objects.count() == 1
    assert visit.consultation.note.html == "<div>Lombalgie.</div>"


def test_letters_lead_to_places(world, visitor, visit):
    page = visitor.sign_in(world.owner.email)
    page.goto("/patients/")

    page.keyboard.press("t")
    page.wait_for_url(lambda url: urlsplit(url).path == "/")
    page.keyboard.press("f")
    expect(page.locator("#finish trix-editor")).to_be_visible()
    page.locator("trix-editor").press_sequentially("ntf?jk")
    expect(page.locator("#finish")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#finish")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).not_to_be_visible()
    page.keyboard.press("n")

    expect(page.locator("#menu-new [role=menuitem]").first).to_be_focused()
    assert visitor.clicks == 0


@pytest.mark.parametrize("path", ["/patients/", "/consultations/", "/invoices/", "/messages/"])
def test_j_and_k_walk_through_a_list(world, visitor, mail_server, path):
    for name in ("Aebi", "Zbinden"):
        invoice = world.invoice(patient=world.patient(last_name=name, avs=""))
        message_about(invoice)
    page = visitor.sign_in(world.owner.email)
    page.goto(path)
    rows = page.locator("main tbody [data-item]")

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile(rf"{path}\d+/"))


def message_about(invoice: Invoice) -> Message:
    return Message.objects.create(
        dedup_key=f"k{invoice.pk}",
        message_id=f"<{invoice.pk}@localhost>",
        recipient="marc.tavernay@example.ch",
        subject=f"Facture {invoice.number}",
        mime=b"Subject: x\r\n\r\nx",
        patient=invoice.patient,
        invoice=invoice,
        state=Message.State.SENT,
        next_at=dates.now(),
    )


def test_the_palette_leads_to_a_patient_with_the_keyboard_alone(world, visitor, two_patients):
    page = visitor.sign_in(world.owner.email)

    page.keyboard.press("Control+k")
    page.keyboard.type("taver")
    hits = page.locator("#palette-results [role=option]")
    expect(hits).to_have_count(2)
    expect(hits.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(hits.nth(1)).to_have_attribute("aria-selected", "true")
    wanted = hits.nth(1).get_attribute("href")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**{wanted}")
    assert wanted in two_patients
    assert visitor.clicks == 0


def test_ctrl_enter_validates_from_the_note(world, visitor, visit, mail_server):
    page = visitor.sign_in(world.owner.email)
    sheet_of(page).locator("trix-editor").press_sequentially("Nuque.")
    expect(page.locator("[data-autosave-status]")).to_contain_text("Saved at")

    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("F-00001")

    assert visit.consultation.note.html == "<div>Nuque.</div>"


def test_theme_and_language_last(world, visitor):
    page = visitor.sign_in(world.owner.email)

    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="Switch to dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.locator("[data-menu=menu-language]").click()
    page.locator("#menu-language [value=de]").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.goto("/patients/")

    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    world.owner.refresh_from_db()
    assert (world.owner.theme, world.owner.language) == ("dark", "de")


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda route: route.fulfill(status=500, body="broken"), "That did not work, and it is not your fault"),
        (lambda route: route.abort(), "Not saved. OptaMed does not answer"),
    ],
    ids=["broken", "lost"],
)
def test_a_click_that_fails_says_so_and_the_next_one_works(world, visitor, visit, break_it: Callable, said: str):
    page = visitor.sign_in(world.owner.email)
    sheet = sheet_of(page)
    page.route(f"**/finish/{visit.pk}/", break_it)

    sheet.locator("[data-primary]").click()
    expect(page.locator("#toasts")).to_contain_text(said)
    assert not Invoice.objects.exists()
    page.unroute(f"**/finish/{visit.pk}/")
    sheet.locator("[data-primary]").click()
    expect(page.locator("#toasts")).to_contain_text("F-00001")
    expect(page.locator("#toasts")).not_to_contain_text(said)

    assert Invoice.objects.count() == 1
    visitor.forgive(*REFUSED)


def test_a_calendar_that_cannot_be_read_says_so(world, visitor):
    page = visitor.sign_in(world.owner.email)
    page.route("**/agenda/events/**", lambda route: route.abort())

    page.goto("/agenda/")

    expect(page.locator("#toasts")).to_contain_text("The appointments could not be read")
    visitor.forgive(*REFUSED)


def test_no_request_leaves_this_computer(world, visitor, visit):
    invoice = world.invoice(patient=visit.patient)
    asked: set[str] = set()
    visitor.context.on("request", lambda request: asked.add(request.url))
    page = visitor.sign_in(world.owner.email)
    own = [one.get_absolute_url() for one in (visit, invoice, world.draft(), world.consultation(), visit.patient)]

    for path in [*PAGES, *own]:
        page.goto(path)
        page.wait_for_load_state("networkidle")

    assert len(asked) > len(PAGES)
    parts = [urlsplit(url) for url in asked]
    assert {part.hostname for part in parts if part.scheme in {"http", "https", "ws", "wss"}} == {"localhost"}


def test_quit_says_that_it_has_stopped(world, visitor, stopped):
    page = visitor.sign_in(world.owner.email)

    page.locator("[data-menu=menu-user]").click()
    page.locator("form[action='/quit/'] button").click()
    expect(page.get_by_role("heading", name="OptaMed has stopped")).to_be_visible()

    assert stopped.wait(timeout=5)  # the answer leaves first, then the program stops


def test_at_twice_the_size_nothing_scrolls_sideways(world, browser, live_server, visit):
    world.invoice(patient=visit.patient)
    zoomed = {"viewport": {"width": 640, "height": 430}, "device_scale_factor": 2}
    visitor = Visitor(browser, live_server.url.replace("127.0.0.1", "localhost"), **zoomed)
    page = visitor.sign_in(world.owner.email)
    sideways = []

    for path in ZOOMED:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            sideways.append(path)
    visitor.context.close()

    assert sideways == []
    assert visitor.faults == []
