"""A note that is being written survives a lost server, an ended session, a second window and a closed dialog."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Dialog, Page, expect

from agenda.consultations.models import Consultation
from billing.models import Invoice
from mailing.models import Message
from optamed.core import dates
from tests import factories

NOTE = "**/note/"
REFUSED = ("Failed to load resource", "Response Status Error", "htmx:")  # what the console says of a refused request


@pytest.fixture
def record(world) -> Consultation:
    """A consultation whose note is still empty."""
    return world.consultation(closed=False)


def open_note(page: Page, record: Consultation) -> Page:
    page.goto(record.get_absolute_url())
    expect(page.locator("trix-editor[contenteditable]")).to_be_visible()
    return page


def write(page: Page, text: str) -> None:
    page.locator("trix-editor").press_sequentially(text)


def status(page: Page):
    return page.locator("[data-autosave-status]")


def kept(record: Consultation) -> str:
    record.note.refresh_from_db()
    return record.note.html


def is_kept(page: Page, record: Consultation, html: str) -> bool:
    """Whether the note comes to stand in the database within five seconds."""
    for _turn in range(100):
        if kept(record) == html:
            return True
        page.wait_for_timeout(50)
    return False


def sign_in_again(page: Page, email: str) -> None:
    asked = page.locator("#signin")
    expect(asked).to_be_visible()
    asked.locator("[name=username]").fill(email)
    asked.locator("[name=password]").fill(factories.PASSWORD)
    asked.locator("[name=password]").press("Enter")
    expect(asked).not_to_be_visible()


def test_while_the_server_is_lost_it_says_so_and_saves_when_it_is_back(world, visitor, record):
    page = open_note(visitor.sign_in(world.owner.email), record)
    page.route(NOTE, lambda route: route.abort())

    write(page, "Épaule droite.")
    expect(status(page)).to_have_text("Not saved, trying again")
    assert kept(record) == ""
    page.unroute(NOTE)
    expect(status(page)).to_contain_text("Saved at", timeout=20_000)

    assert kept(record) == "<div>Épaule droite.</div>"
    visitor.forgive(*REFUSED)


def test_a_broken_server_is_said_too(world, visitor, record):
    page = open_note(visitor.sign_in(world.owner.email), record)
    page.route(NOTE, lambda route: route.fulfill(status=500, body="broken"))

    write(page, "Nuque.")
    expect(status(page)).to_have_text("Not saved, trying again")
    page.unroute(NOTE)
    expect(status(page)).to_contain_text("Saved at", timeout=20_000)

    assert kept(record) == "<div>Nuque.</div>"
    visitor.forgive(*REFUSED)


def test_a_closed_tab_with_unsaved_text_warns(world, visitor, record):
    page = open_note(visitor.sign_in(world.owner.email), record)
    page.route(NOTE, lambda route: route.abort())
    asked: list[str] = []
    write(page, "Hanche.")

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.close(run_before_unload=True)
    expect(status(page)).to_have_text("Not saved, trying again")

    assert asked == ["beforeunload"]
    visitor.forgive(*REFUSED)


def test_when_the_session_has_ended_the_page_asks_in_place_and_goes_on(world, visitor, record):
    page = open_note(visitor.sign_in(world.owner.email), record)
    Session.objects.all().delete()

    write(page, "Genou gauche.")
    sign_in_again(page, world.owner.email)
    expect(status(page)).to_contain_text("Saved at")
    write(page, " Mieux.")
    expect(page.locator("trix-editor")).to_have_text("Genou gauche. Mieux.")
    page.keyboard.press("Tab")

    assert is_kept(page, record, "<div>Genou gauche. Mieux.</div>")
    visitor.forgive(*REFUSED)


def test_when_the_session_has_ended_finishing_asks_and_then_finishes_once(world, visitor):
    visit = world.appointment(starts_at=dates.now(), state="arrived", arrived_at=dates.now())
    page = visitor.sign_in(world.owner.email)
    page.locator("[data-visit] [data-primary]").click()
    write(page, "Dernière phrase.")
    Session.objects.all().delete()

    page.locator("#finish [data-primary]").click()
    sign_in_again(page, world.owner.email)
    expect(page.locator("#toasts")).to_contain_text("F-00001")
    expect(page.locator("#finish")).to_have_count(0)

    assert Invoice.objects.count() == Message.objects.count() == 1
    assert visit.consultation.note.html == "<div>Dernière phrase.</div>"
    visitor.forgive(*REFUSED)


def test_the_caret_is_back_where_it_was_after_a_look_elsewhere(world, visitor, record):
    page = open_note(visitor.sign_in(world.owner.email), record)
    write(page, "Genou gauche.")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-find")).to_be_focused()

    page.keyboard.press("Escape")
    expect(page.locator("#palette")).not_to_be_visible()
    page.keyboard.type(" Mieux.")

    expect(page.locator("trix-editor")).to_have_text("Genou gauche. Mieux.")


@pytest.mark.parametrize(
    ("choice", "left"),
    [
        ("Keep both", "<div>Le soir.</div><div>Le matin.</div>"),
        ("Keep mine", "<div>Le soir.</div>"),
        ("Take the other", "<div>Le matin.</div>"),
    ],
)
def test_of_two_windows_the_second_is_shown_both_texts(world, visitor, record, choice, left):
    first = open_note(visitor.sign_in(world.owner.email), record)
    second = open_note(visitor.context.new_page(), record)
    write(first, "Le matin.")
    expect(status(first)).to_contain_text("Saved at")

    write(second, "Le soir.")
    conflict = second.locator(".conflict")
    expect(conflict).to_contain_text("Le matin.")
    expect(second.locator("trix-editor")).to_contain_text("Le soir.")
    conflict.get_by_role("button", name=choice).click()
    expect(status(second)).to_contain_text("Saved at")

    expect(conflict).to_have_count(0)
    assert kept(record) == left
    visitor.forgive(*REFUSED)


def test_escape_closes_the_sheet_and_what_was_just_typed_is_kept(world, visitor):
    visit = world.appointment(starts_at=dates.now(), state="arrived", arrived_at=dates.now())
    page = visitor.sign_in(world.owner.email)
    page.locator("[data-visit] [data-primary]").click()

    write(page, "Encore une chose.")
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).not_to_be_visible()

    assert is_kept(page, visit.consultation, "<div>Encore une chose.</div>")
    assert not Invoice.objects.exists()


def test_the_sheet_of_a_second_window_waits_for_the_choice(world, visitor):
    visit = world.appointment(starts_at=dates.now(), state="arrived", arrived_at=dates.now())
    page = visitor.sign_in(world.owner.email)
    page.locator("[data-visit] [data-primary]").click()
    expect(page.locator("#finish trix-editor")).to_be_visible()
    other = open_note(visitor.context.new_page(), visit.consultation)
    write(other, "Le matin.")
    expect(status(other)).to_contain_text("Saved at")
    write(page, "Le soir.")
    expect(page.locator(".conflict")).to_be_visible()

    page.locator("#finish [data-primary]").click()
    expect(page.locator(".conflict button").first).to_be_focused()
    assert not Invoice.objects.exists()
    page.locator(".conflict").get_by_role("button", name="Keep both").click()
    expect(page.locator(".conflict")).to_have_count(0)
    page.locator("#finish [data-primary]").click()
    expect(page.locator("#toasts")).to_contain_text("F-00001")

    assert visit.consultation.note.html == "<div>Le soir.</div><div>Le matin.</div>"
    visitor.forgive(*REFUSED)
