"""The main job, clicked: appointment → consultation → invoice with QR-bill → e-mail → payment. Typing is free."""

import re
from datetime import time, timedelta
from email import message_from_bytes

import pytest
from playwright.sync_api import Page, expect

from agenda.calendar.models import Appointment
from billing.models import Invoice, Payment
from mailing.models import Message
from mailing.services import sending
from optamed.core import dates
from patients.models import Patient
from tests.billing import samples


@pytest.fixture
def visit(world) -> Appointment:
    """A patient who has arrived. An hour ago would be yesterday, after midnight."""
    return world.appointment(starts_at=dates.now(), state="arrived", arrived_at=dates.now())


def invoice_of(visit: Appointment) -> Invoice:
    return Invoice.objects.get(consultations__appointment=visit)


def test_from_the_line_on_today_the_invoice_is_mailed_in_two_clicks(world, visitor, visit, mail_server):
    page = visitor.sign_in(world.owner.email)

    page.get_by_role("button", name="Finish", exact=True).first.click()
    expect(page.get_by_role("dialog")).to_contain_text("Marc Tavernay")
    page.get_by_role("button", name=re.compile("Validate and send")).click()
    expect(page.locator("#toasts")).to_contain_text("F-00001 leaves for marc.tavernay@example.ch")

    assert visitor.clicks == 2
    sending.send_due()
    message = Message.objects.get()
    assert message.state == Message.State.SENT
    sheet = next(
        part for part in message_from_bytes(bytes(message.mime)).walk() if part.get_content_type() == "application/pdf"
    )
    read = samples.codes(samples.pages(sheet.get_payload(decode=True))[-1])
    assert read == [invoice_of(visit).qr_payload]


def test_from_the_open_side_panel_in_two_clicks(world, visitor, visit, mail_server):
    page = visitor.sign_in(world.owner.email)
    page.goto(visit.get_absolute_url())
    visitor.count_from_here()

    page.get_by_role("button", name=re.compile("^Finish")).click()
    page.get_by_role("button", name=re.compile("Validate and send")).click()
    expect(page.locator("#toasts")).to_contain_text("F-00001")

    assert visitor.clicks == 2
    assert invoice_of(visit).is_issued


def test_with_a_payment_at_the_desk_in_three_clicks(world, visitor, visit, mail_server):
    page = visitor.sign_in(world.owner.email)

    page.get_by_role("button", name="Finish", exact=True).first.click()
    page.locator("label.opt", has_text="TWINT").click()
    page.get_by_role("button", name=re.compile("Validate and send")).click()
    expect(page.locator("#toasts")).to_contain_text("F-00001")

    assert visitor.clicks == 3
    assert Payment.objects.get().means == "twint"
    assert invoice_of(visit).is_paid


def test_the_next_appointment_costs_at_most_three_clicks_more(world, visitor, visit, mail_server):
    page = visitor.sign_in(world.owner.email)

    page.get_by_role("button", name="Finish", exact=True).first.click()
    page.locator("[name=next_at]").nth(1).locator("..").click()
    page.get_by_role("button", name=re.compile("Validate and send")).click()
    expect(page.locator("#toasts")).to_contain_text("F-00001")

    assert visitor.clicks <= 5
    assert Appointment.objects.filter(starts_at__gt=dates.now()).count() == 1


def test_what_is_typed_in_the_note_is_kept_without_a_click(world, visitor, visit):
    page = visitor.sign_in(world.owner.email)
    page.get_by_role("button", name="Finish", exact=True).first.click()

    page.locator("trix-editor").type("Lombalgie nettement mieux.")
    expect(page.locator("[data-autosave-status]")).to_contain_text("Saved at")

    note = visit.consultation.note
    note.refresh_from_db()
    assert "Lombalgie nettement mieux." in note.html


def test_sending_is_undone_within_its_grace(world, visitor, visit, mail_server, settings):
    settings.MAIL_GRACE_SECONDS = 180
    page = visitor.sign_in(world.owner.email)
    page.get_by_role("button", name="Finish", exact=True).first.click()
    page.get_by_role("button", name=re.compile("Validate and send")).click()

    page.get_by_role("button", name="Undo sending").click()
    expect(page.locator("#toasts")).to_contain_text("withdrawn")

    assert Message.objects.get().state == Message.State.CANCELLED
    assert sending.send_due() == 0


def test_services_are_changed_in_the_sheet_and_the_amount_follows(world, visitor, visit):
    page = visitor.sign_in(world.owner.email)
    page.get_by_role("button", name="Finish", exact=True).first.click()

    page.locator("[data-stepper] [data-step='1']").last.click()
    expect(page.locator("[data-lines-total]").first).to_have_text("144.00")
    page.get_by_role("button", name="Save without invoice").click()
    expect(page.locator("#toasts")).to_contain_text("without an invoice")

    assert visit.consultation.amount == 144


def new_appointment(page: Page) -> None:
    """N opens the menu in which the appointment stands first."""
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_a_known_patient_gets_an_appointment_in_three_clicks(world, visitor):
    world.patient()
    page = visitor.sign_in(world.owner.email)
    day = dates.week_of(dates.today())[0] + timedelta(days=7)

    new_appointment(page)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").first.fill("taver")
    dialog.locator("[role=option]").first.click()
    dialog.locator("[name=day]").fill(f"{day:%d.%m.%Y}")
    dialog.locator("[name=clock]").fill("09:00")
    dialog.get_by_role("button", name="Book").click()
    expect(dialog).not_to_be_visible()

    assert visitor.clicks <= 3
    assert Appointment.objects.get().starts_at == dates.at(day, time(9))


def test_a_new_patient_gets_an_appointment_in_four_clicks(world, visitor):
    page = visitor.sign_in(world.owner.email)
    day = dates.week_of(dates.today())[0] + timedelta(days=7)

    new_appointment(page)
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("New patient").click()
    dialog.locator("[name=last_name]").fill("Aebi")
    dialog.locator("[name=first_name]").fill("Malin")
    dialog.locator("[name=birth_on]").fill("24.11.1988")
    dialog.locator("[name=day]").fill(f"{day:%d.%m.%Y}")
    dialog.locator("[name=clock]").fill("10:00")
    dialog.get_by_role("button", name="Book").click()
    expect(dialog).not_to_be_visible()

    assert visitor.clicks <= 4
    assert Appointment.objects.get().patient.name == "Malin Aebi"


def test_the_payment_is_recorded_on_the_invoice_page(world, visitor):
    invoice = world.invoice()
    page = visitor.sign_in(world.owner.email)
    page.goto(invoice.get_absolute_url())

    page.get_by_role("link", name=re.compile("Record")).first.click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("Record|Save")).click()
    expect(page.locator(".badge.state-ok").first).to_be_visible()

    invoice.refresh_from_db()
    assert invoice.is_paid


@pytest.mark.parametrize("language", ["fr", "de"])
def test_the_main_job_works_on_a_phone_in_french_and_german(world, phone, visit, mail_server, language):
    world.owner.language = language
    world.owner.save()
    page = phone.sign_in(world.owner.email)

    page.locator("[data-visit] [data-primary]").click()
    page.locator("#finish [data-primary]").click()
    expect(page.locator("#toasts")).to_contain_text("F-00001")

    assert phone.clicks == 2
    assert invoice_of(visit).is_issued
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert Patient.objects.count() == 1
