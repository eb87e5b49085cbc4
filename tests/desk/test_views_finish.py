"""The sheet Finish: page, part, wrong method, stranger, secretary, invalid, already done, another window."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agenda.calendar.models import Appointment
from agenda.consultations.models import Consultation
from agenda.consultations.services import notes, visits
from billing.models import Invoice, InvoiceSettings, Payment
from mailing.models import Message
from optamed.core import dates
from optamed.journal.models import PendingEntry
from tests.factories import World

PART = {"HX-Request": "true"}
SHEET = {
    "lines-TOTAL_FORMS": "2",
    "lines-INITIAL_FORMS": "0",
    "lines-0-code": "1200",
    "lines-0-quantity": "2",
    "lines-0-unit_price": "12.00",
    "lines-1-code": "1203",
    "lines-1-quantity": "9",
    "lines-1-unit_price": "12.00",
    "means": "",
    "next_at": "",
    "note": "<div>Better.</div>",
    "version": "0",
}


@pytest.fixture
def visit(world: World) -> Appointment:
    """Opened, and nothing written yet."""
    appointment = world.appointment(state="arrived", arrived_at=dates.now())
    visits.open_for(appointment=appointment, by=world.owner)
    return appointment


def url(visit: Appointment, name: str = "finish") -> str:
    return reverse(f"desk:{name}", args=[visit.pk])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def note_of(visit: Appointment) -> str:
    return Consultation.objects.get(appointment=visit).note.html


def sheet(**changed: str) -> dict[str, str]:
    return SHEET | changed


# --- who and how ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["finish", "finish-open", "finish-note"])
def test_strangers_learn_and_change_nothing(stranger: Client, visit: Appointment, name: str) -> None:
    answer = stranger.post(url(visit, name), SHEET)

    assert answer.headers["Location"].startswith("/sign-in/")
    assert note_of(visit) == ""
    assert not Invoice.objects.exists()


@pytest.mark.parametrize("name", ["finish-open", "finish-note"])
def test_what_changes_something_is_never_a_get(signed_in: Client, visit: Appointment, name: str) -> None:
    assert signed_in.get(url(visit, name)).status_code == 405


@pytest.mark.parametrize("name", ["finish", "finish-open", "finish-note"])
def test_an_unknown_visit_is_not_found(signed_in: Client, name: str) -> None:
    assert signed_in.post(reverse(f"desk:{name}", args=[999])).status_code == 404


def test_the_sheet_is_a_page_and_a_part(signed_in: Client, visit: Appointment) -> None:
    page, part = text(signed_in.get(url(visit))), text(signed_in.get(url(visit), headers=PART))

    assert ("<html" in page, 'id="finish"' in page) == (True, True)
    assert ("<html" in part, 'id="finish"' in part) == (False, True)
    assert "CHF <span data-lines-total>132.00</span>" in part


def test_opening_makes_the_consultation_once_and_shows_the_sheet(signed_in: Client, world: World) -> None:
    appointment = world.appointment()

    part, page = (signed_in.post(url(appointment, "finish-open"), headers=headers) for headers in (PART, {}))

    assert 'id="finish"' in text(part)
    assert page.headers["Location"] == url(appointment)
    assert Consultation.objects.count() == 1


def test_a_visit_that_was_never_opened_leads_to_its_appointment(signed_in: Client, world: World) -> None:
    appointment = world.appointment()

    assert signed_in.get(url(appointment)).headers["Location"] == appointment.get_absolute_url()


@pytest.mark.parametrize("state", ["cancelled", "late_cancelled"])
def test_a_visit_that_was_called_off_has_no_consultation(signed_in: Client, world: World, state: str) -> None:
    appointment = world.appointment(state=state)

    answer = signed_in.post(url(appointment, "finish-open"), headers=PART)

    assert answer.status_code == 409
    assert "already cancelled" in answer.headers["HX-Trigger"]
    assert not Consultation.objects.exists()


def test_a_visit_of_tomorrow_is_not_finished_today(signed_in: Client, world: World) -> None:
    appointment = world.appointment(starts_at=dates.now() + timedelta(days=1))

    answer = signed_in.post(url(appointment, "finish-open"), headers=PART)

    assert answer.status_code == 409
    assert "still to come" in answer.headers["HX-Trigger"]


# --- validate ------------------------------------------------------------------------------------------------------


def test_validate_and_send_closes_invoices_and_queues_the_mail(signed_in: Client, visit: Appointment) -> None:
    answer = signed_in.post(url(visit), SHEET, headers=PART)

    assert answer.status_code == 204
    said = json.loads(answer.headers["HX-Trigger"])
    assert "agenda:changed" in said
    assert "F-00001 leaves for marc.tavernay@example.ch" in said["toast"]["items"][0]["text"]
    assert note_of(visit) == "<div>Better.</div>"
    assert (Invoice.objects.get().number, Message.objects.count()) == ("F-00001", 1)


def test_without_htmx_it_leads_back_to_today(signed_in: Client, visit: Appointment) -> None:
    answer = signed_in.post(url(visit), SHEET, follow=True)

    assert answer.redirect_chain == [("/", 302)]
    assert "F-00001 leaves for" in text(answer)


def test_a_double_click_makes_one_invoice_and_one_mail(signed_in: Client, visit: Appointment) -> None:
    first, second = (signed_in.post(url(visit), SHEET, headers=PART) for _click in range(2))

    assert (first.status_code, second.status_code) == (204, 204)
    assert (Invoice.objects.count(), Message.objects.count()) == (1, 1)


def test_a_visit_that_is_invoiced_says_so_instead_of_asking(signed_in: Client, visit: Appointment) -> None:
    signed_in.post(url(visit), SHEET)

    shown = text(signed_in.get(url(visit)))

    assert "This visit is on invoice F-00001." in shown
    assert "Validate" not in shown


def test_without_invoice_the_money_is_recorded_all_the_same(signed_in: Client, visit: Appointment) -> None:
    answer = signed_in.post(url(visit), sheet(bill="no", means="twint"), headers=PART)

    assert "is saved, without an invoice" in answer.headers["HX-Trigger"]
    assert Consultation.objects.get().paid_amount == Decimal("132.00")
    assert not Invoice.objects.exists()


def test_the_next_visit_is_booked_at_a_time_that_was_proposed(signed_in: Client, visit: Appointment) -> None:
    proposed = signed_in.get(url(visit)).context["form"].fields["next_at"].choices[1][0]

    signed_in.post(url(visit), sheet(next_at=proposed))

    assert Appointment.objects.exclude(pk=visit.pk).get().starts_at.isoformat() == proposed


def test_what_the_insurer_misses_is_told_once_with_a_choice_that_is_made(
    signed_in: Client, visit: Appointment, world: World
) -> None:
    InvoiceSettings.objects.create(pk=1, when_incomplete="placeholders")
    visit.patient.avs = ""
    visit.patient.save()

    shown = text(signed_in.get(url(visit)))

    assert "AVS number is missing" in shown
    assert 'name="papers" value="placeholders" checked' in shown
    assert shown.count("data-primary") == 1


@pytest.mark.parametrize(("chosen", "requests"), [("letter", 0), ("placeholders", 1)])
def test_two_clicks_make_the_papers_that_stand_chosen(
    signed_in: Client, visit: Appointment, chosen: str, requests: int
) -> None:
    visit.patient.avs = ""
    visit.patient.save()

    answer = signed_in.post(url(visit), sheet(papers=chosen), headers=PART)

    assert answer.status_code == 204
    assert Invoice.objects.get().requests.count() == requests


def test_a_choice_of_papers_comes_back_with_what_was_typed_wrong(signed_in: Client, visit: Appointment) -> None:
    visit.patient.avs = ""
    visit.patient.save()

    answer = signed_in.post(url(visit), sheet(papers="placeholders", means="gold"), headers=PART)

    assert 'name="papers" value="placeholders" checked' in text(answer)


def test_without_a_form_nothing_is_asked(signed_in: Client, visit: Appointment) -> None:
    visit.patient.sex = ""
    visit.patient.save()

    shown = text(signed_in.get(url(visit)))

    assert "Only the patient's invoice is made." in shown
    assert 'name="papers"' not in shown


def test_the_term_of_the_patient_stands_in_the_sheet(signed_in: Client, visit: Appointment) -> None:
    visit.patient.payment_days = 10
    visit.patient.save()

    assert f"payable until {dates.today() + timedelta(days=10):%d.%m.%Y}" in text(signed_in.get(url(visit)))


# --- what is wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"lines-0-quantity": "many"},
        {"lines-0-code": "9999"},
        {"means": "gold"},
        {"next_at": "2026-01-01T00:00:00+00:00"},
        {"other_day": "1.1.2027"},
        {"other_clock": "10:00"},
        {"other_day": "31.2.2027", "other_clock": "10:00"},
        {"lines-TOTAL_FORMS": "x"},
    ],
)
def test_what_is_wrong_comes_back_with_all_that_was_typed(
    signed_in: Client, visit: Appointment, wrong: dict[str, str]
) -> None:
    answer = signed_in.post(url(visit), sheet(**wrong), headers=PART)

    assert answer.status_code == 422
    assert 'id="finish"' in text(answer)
    assert "&lt;div&gt;Better.&lt;/div&gt;" in text(answer)
    assert not Invoice.objects.exists()


def test_a_broken_rule_is_told_and_nothing_but_the_note_is_kept(
    signed_in: Client, visit: Appointment, world: World
) -> None:
    world.account.delete()

    answer = signed_in.post(url(visit), sheet(means="cash"), headers=PART)

    assert (answer.status_code, answer.headers["HX-Reswap"]) == (409, "none")
    assert "no bank account" in answer.headers["HX-Trigger"]
    visit.refresh_from_db()
    assert (visit.state, note_of(visit)) == (Appointment.State.ARRIVED, "<div>Better.</div>")
    assert not Payment.objects.exists()


def test_a_name_that_no_qr_bill_can_hold_is_told_before_anything_is_done(
    signed_in: Client, visit: Appointment, world: World
) -> None:
    visit.patient.last_name = "Иванова"
    visit.patient.save()
    proposed = signed_in.get(url(visit)).context["form"].fields["next_at"].choices[1][0]

    answer = signed_in.post(url(visit), sheet(next_at=proposed, means="card"), headers=PART)

    assert answer.status_code == 204  # paid at the desk: no slip, nothing to refuse
    assert Invoice.objects.get().is_paid


def test_where_a_slip_is_printed_that_name_stops_it_and_leaves_no_half_a_visit(
    signed_in: Client, visit: Appointment
) -> None:
    visit.patient.last_name = "Иванова"
    visit.patient.save()
    proposed = signed_in.get(url(visit)).context["form"].fields["next_at"].choices[1][0]

    answer = signed_in.post(url(visit), sheet(next_at=proposed), headers=PART)

    assert answer.status_code == 409
    assert "Latin letters" in answer.headers["HX-Trigger"]
    visit.refresh_from_db()
    assert (visit.state, Invoice.objects.count(), Appointment.objects.count()) == (Appointment.State.ARRIVED, 0, 1)


# --- two windows ---------------------------------------------------------------------------------------------------


def test_a_stale_note_stops_it_and_shows_both_texts(signed_in: Client, visit: Appointment, world: World) -> None:
    consultation = Consultation.objects.get()
    notes.save(consultation=consultation, html="<div>From the other window.</div>", version=0, by=world.owner)

    answer = signed_in.post(url(visit), SHEET, headers=PART)

    shown = text(answer)
    assert answer.status_code == 409
    assert "From the other window." in shown
    assert "&lt;div&gt;Better.&lt;/div&gt;" in shown
    assert 'name="version" value="1"' in shown
    assert not Invoice.objects.exists()


def test_saving_again_after_looking_at_both_goes_through(signed_in: Client, visit: Appointment, world: World) -> None:
    consultation = Consultation.objects.get()
    notes.save(consultation=consultation, html="<div>From the other window.</div>", version=0, by=world.owner)

    answer = signed_in.post(url(visit), sheet(version="1"), headers=PART)

    assert answer.status_code == 204
    assert note_of(visit) == "<div>Better.</div>"


def test_the_autosave_answers_with_the_next_version(signed_in: Client, visit: Appointment) -> None:
    answer = signed_in.post(url(visit, "finish-note"), SHEET)

    assert answer.json() == {"version": 1}
    assert note_of(visit) == "<div>Better.</div>"


def test_the_autosave_of_an_old_window_gets_both_texts(signed_in: Client, visit: Appointment, world: World) -> None:
    notes.save(consultation=Consultation.objects.get(), html="<div>first</div>", version=0, by=world.owner)

    answer = signed_in.post(url(visit, "finish-note"), SHEET)

    assert answer.status_code == 409
    assert answer.json() == {"version": 1, "theirs": "<div>first</div>"}


@pytest.mark.parametrize("odd", [{"version": "odd"}, {"version": ""}, {"note": "a\x00b"}, {"version": "-1"}])
def test_an_autosave_that_cannot_be_read_is_not_accepted(
    signed_in: Client, visit: Appointment, odd: dict[str, str]
) -> None:
    answer = signed_in.post(url(visit, "finish-note"), sheet(**odd))

    assert answer.status_code == 422
    assert note_of(visit) == ""


# --- the secretary -------------------------------------------------------------------------------------------------


def test_a_secretary_finishes_without_the_note(desk: Client, visit: Appointment, world: World) -> None:
    notes.save(consultation=Consultation.objects.get(), html="<div>clinical</div>", version=0, by=world.owner)

    shown = text(desk.get(url(visit)))
    answer = desk.post(url(visit), SHEET, headers=PART)

    assert ("clinical" in shown, 'name="note"' in shown) == (False, False)
    assert answer.status_code == 204
    assert note_of(visit) == "<div>clinical</div>"
    assert Invoice.objects.get().number == "F-00001"


def test_the_autosave_of_a_secretary_writes_nothing(desk: Client, visit: Appointment) -> None:
    answer = desk.post(url(visit, "finish-note"), SHEET)

    assert answer.json() == {}
    assert note_of(visit) == ""


def test_reading_the_note_and_the_last_one_is_journalled_once(
    signed_in: Client, visit: Appointment, world: World
) -> None:
    last = world.consultation(patient=visit.patient, treated_on=dates.today() - timedelta(days=7))
    notes.save(consultation=last, html="<div>last time</div>", version=0, by=world.owner)
    PendingEntry.objects.all().delete()

    for _look in range(2):
        assert "last time" in text(signed_in.get(url(visit)))

    read = PendingEntry.objects.filter(verb="read").values_list("subject_id", flat=True)
    assert sorted(read) == sorted([Consultation.objects.get(appointment=visit).pk, last.pk])
