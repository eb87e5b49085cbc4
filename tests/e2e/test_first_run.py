"""The first run, clicked from the one-time link to Today, and the main job in the practice that comes of it."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect

from agenda.calendar.models import Appointment, AppointmentType
from billing.models import Invoice
from optamed.core import dates
from optamed.practice import first_run
from optamed.practice.models import BankAccount, Practice, TherapistPlace, TherapistPrice, User
from patients.models import Patient
from tests import factories
from tests.billing import samples
from tests.e2e.conftest import PHONE, Visitor
from tests.e2e.wizard import GLN, PLACE_GLN, RCC, Walk, choose_language, enter_owner, enter_practice, set_up

# The browser speaks English: what is read comes from the choice in the first step.
WALKS = [("fr", {}), ("de", PHONE)]


@pytest.fixture
def empty(transactional_db: None) -> str:
    """A computer on which OptaMed was just started; the one-time token."""
    factories.reference_data()
    return first_run.make(settings.FIRST_RUN_TOKEN_FILE)


def _walk(browser: Browser, live_server, token: str, language: str, **context: object) -> Iterator[Walk]:
    url = live_server.url.replace("127.0.0.1", "localhost")
    visitor = Visitor(browser, url, locale="en-GB", **context)
    yield Walk(visitor, language, token)
    visitor.context.close()
    assert visitor.faults == []


@pytest.fixture(params=WALKS, ids=["fr-wide", "de-phone"])
def walk(request, browser: Browser, live_server, empty: str) -> Iterator[Walk]:
    language, screen = request.param
    yield from _walk(browser, live_server, empty, language, **screen)


@pytest.fixture
def hurry(browser: Browser, live_server, empty: str) -> Iterator[Walk]:
    """Somebody who leaves what can be left for later."""
    yield from _walk(browser, live_server, empty, "fr")


def test_from_the_link_to_today(walk):
    codes = set_up(walk)

    owner, place, account = User.objects.get(), TherapistPlace.objects.get(), BankAccount.objects.get()
    assert (owner.is_owner, owner.is_therapist, owner.language) == (True, True, walk.language)
    assert Practice.objects.get().name == "Cabinet Trois-Lacs"
    assert (place.rcc, place.therapist.gln, place.address.gln) == (RCC, GLN, PLACE_GLN)
    assert (account.iban, account.slip) == (factories.QR_IBAN, "QRR")
    assert TherapistPrice.objects.get(code="").price == Decimal(12)
    assert AppointmentType.objects.count() == 2
    assert len(set(codes)) == len(codes) >= 8
    expect(walk.main(".empty")).to_be_visible()


def test_the_link_is_dead_afterwards_and_the_codes_are_not_shown_again(hurry):
    choose_language(hurry)
    codes = enter_owner(hurry)
    page = hurry.page

    page.goto(f"/first-run/{hurry.token}/owner/")

    page.wait_for_url("**/first-run/practice/")
    assert not any(code in page.content() for code in codes)
    hurry.visitor.context.clear_cookies()
    page.goto(f"/first-run/{hurry.token}/")
    page.wait_for_url("**/sign-in/")
    assert not settings.FIRST_RUN_TOKEN_FILE.exists()


def test_a_wrong_link_opens_nothing(hurry):
    answer = hurry.page.goto("/first-run/guessed/")

    assert answer.status == 404
    assert not hurry.page.locator("[name=name]").count()
    hurry.visitor.forgive("404")


def test_all_but_the_owner_can_wait(hurry):
    choose_language(hurry)
    enter_owner(hurry)
    later = hurry.page.get_by_role("link", name=hurry.say("Later"))

    for step in ("/therapist/", "/bank/", "/services/first/", "/"):
        later.click()
        hurry.page.wait_for_url(f"**{step}")

    expect(hurry.main("")).to_contain_text(hurry.say("Set-up"))
    assert not BankAccount.objects.exists()
    hurry.stands_well()


def test_what_is_refused_stays_in_the_form(hurry):
    choose_language(hurry)
    enter_owner(hurry)
    enter_practice(hurry)

    hurry.page.fill("[name=rcc]", "12")
    hurry.main("[data-primary]").click()

    expect(hurry.page.locator("[name=rcc][aria-invalid=true]")).to_have_value("12")
    assert not TherapistPlace.objects.exists()
    hurry.visitor.forgive("422")


def create_patient(walk: Walk) -> None:
    page = walk.page
    page.locator("[data-menu=menu-new]").click()
    page.locator("#menu-new [href='/patients/new/']").click()
    form = page.locator("#patient-form")
    for name, text in {
        "last_name": "Tavernay",
        "first_name": "Marc",
        "birth_on": "3.5.1974",
        "street": "Chemin des Vignes",
        "house_no": "14",
        "postcode": "2502",
    }.items():
        form.locator(f"[name={name}]").fill(text)
    expect(form.locator("[name=town]")).to_have_value("Biel/Bienne")
    form.locator("[name=sex]").select_option("male")
    form.locator("[name=avs]").fill("756.9217.0769.85")
    walk.stands_well()
    form.locator("[data-primary]").click()
    page.wait_for_url("**/patients/*/")


def book_now(walk: Walk) -> None:
    """A visit that began a moment ago; at night the program asks first."""
    page, now = walk.page, dates.local(dates.now())
    page.locator(".head [data-dialog][href*='/agenda/new/']").click()
    form = page.locator("#new-appointment")
    form.locator("[name=day]").fill(f"{now:%d.%m.%Y}")
    form.locator("[name=clock]").fill(f"{now:%H:%M}")
    with page.expect_response("**/agenda/new/**") as answer:
        form.locator("[data-primary]").click()
    if answer.value.status == 422:
        form.locator("[data-confirm]").click()
        walk.visitor.forgive("422")
    expect(form).to_have_count(0)


def finish(walk: Walk) -> None:
    page = walk.page
    page.goto("/")
    visit = page.locator("[data-visit]")
    visit.locator("button[type=submit]").first.click()  # began already: this is "Finish"
    sheet = page.locator("#finish")
    sheet.locator("trix-editor").type("Lombalgie.")
    expect(sheet.locator("[data-autosave-status]")).to_contain_text(walk.say("Saved at {time}").split("{")[0])
    walk.stands_well()
    sheet.locator("[data-primary]").click()
    expect(page.locator("#toasts")).to_contain_text("F-00001")
    expect(visit).to_contain_text("F-00001")


def test_the_main_job_by_hand_in_a_fresh_practice(walk):
    set_up(walk)

    create_patient(walk)
    book_now(walk)
    finish(walk)
    walk.page.locator("[data-visit] a", has_text="F-00001").first.click()
    walk.page.wait_for_url("**/invoices/*/")
    walk.stands_well()

    invoice, visit = Invoice.objects.get(), Appointment.objects.get()
    answer = walk.visitor.context.request.get(f"{invoice.get_absolute_url()}pdf/")
    assert samples.codes(samples.pages(answer.body())[-1]) == [invoice.qr_payload]
    assert factories.QR_IBAN in invoice.qr_payload
    assert (visit.state, visit.consultation.note.html) == ("done", "<div>Lombalgie.</div>")
    assert Patient.objects.get().town == "Biel/Bienne"


def test_the_sample_follows_the_choice_after_the_iban_has_changed_it(hurry):
    choose_language(hurry)
    enter_owner(hurry)
    page, slip = hurry.page, hurry.page.locator("#slip")
    page.goto("/first-run/bank/")
    page.fill("[name=iban]", factories.QR_IBAN)
    expect(page.locator("[name=slip][value=QRR]")).to_be_checked()
    page.fill("[name=iban]", factories.NORMAL_IBAN)
    expect(slip).to_contain_text("RF18")

    page.locator("label.opt:has([name=slip][value=NON])").click()

    expect(slip).not_to_contain_text("RF18")
