"""Finish: one step from "the patient leaves" to "the invoice is sent", that can be taken back."""

from datetime import time, timedelta
from decimal import Decimal

import pytest

from agenda.calendar.models import Appointment
from agenda.calendar.services import booking
from agenda.consultations.models import Consultation
from agenda.consultations.services.lines import LineInput
from agenda.consultations.services.notes import StaleNoteError
from billing.document import InvoiceDocument
from billing.models import Invoice, Payment
from billing.services import cancelling, drafting, invoicing
from mailing.models import Message
from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.desk.services import finishing
from optamed.desk.services.finishing import NoteInput, Wish
from optamed.practice.models import BankAccount

LINES = [LineInput(Decimal(2), "1200"), LineInput(Decimal(9), "1203")]


def finish(world, appointment: Appointment, **given) -> finishing.Outcome:
    return finishing.finish(appointment=appointment, wish=Wish(**{"lines": LINES} | given), by=world.owner)


def test_the_visit_is_closed_invoiced_and_its_mail_is_queued(world):
    appointment = world.appointment()

    outcome = finish(world, appointment, note=NoteInput("<div>Better.</div>", 0))

    appointment.refresh_from_db()
    assert appointment.state == Appointment.State.DONE
    assert outcome.consultation.note.html == "<div>Better.</div>"
    assert (outcome.invoice.number, outcome.invoice.total) == ("F-00001", Decimal("132.00"))
    assert (outcome.message.recipient, outcome.message.state) == ("marc.tavernay@example.ch", Message.State.QUEUED)


def test_asked_twice_it_finds_the_first_invoice(world):
    appointment = world.appointment()

    first, second = finish(world, appointment), finish(world, appointment)

    assert first.invoice == second.invoice
    assert (Invoice.objects.count(), Message.objects.count()) == (1, 1)


def test_a_payment_at_the_desk_leaves_nothing_to_pay(world):
    outcome = finish(world, world.appointment(), means="twint")

    assert outcome.invoice.is_paid
    assert Payment.objects.get().amount == Decimal("132.00")


def test_without_invoice_the_visit_waits_to_be_invoiced(world):
    outcome = finish(world, world.appointment(), bill=False)

    assert outcome.invoice is None
    assert Consultation.objects.billable().get() == outcome.consultation


def test_the_next_visit_is_booked_with_it(world):
    next_at = dates.at(dates.week_of(dates.today())[0] + timedelta(days=14), time(9))

    outcome = finish(world, world.appointment(), next_at=next_at)

    assert (outcome.next_visit.starts_at, outcome.next_visit.minutes) == (next_at, 60)


def test_a_patient_who_wants_paper_gets_no_mail(world):
    outcome = finish(world, world.appointment(patient=world.patient(delivery="print")))

    assert outcome.invoice is not None
    assert not Message.objects.exists()


def test_what_makes_the_invoice_wrong_stops_it_and_the_note_is_kept(world):
    BankAccount.objects.all().delete()
    appointment = world.appointment()

    with pytest.raises(DomainError, match="no bank account"):
        finish(world, appointment, note=NoteInput("<div>Kept.</div>", 0))

    visit = Consultation.objects.get()
    assert visit.note.html == "<div>Kept.</div>"
    assert (visit.state, Invoice.objects.count()) == (Consultation.State.OPEN, 0)


def test_a_stale_note_stops_everything_before_it_begins(world):
    appointment = world.appointment()
    finish(world, appointment, note=NoteInput("<div>one</div>", 0), bill=False)

    with pytest.raises(StaleNoteError):
        finish(world, appointment, note=NoteInput("<div>two</div>", 0))

    assert not Invoice.objects.exists()


def test_undo_withdraws_the_mail_and_leaves_the_invoice(world, settings):
    settings.MAIL_GRACE_SECONDS = 180
    appointment = world.appointment()
    finish(world, appointment)

    invoice = finishing.undo(appointment=appointment, by=world.owner)

    assert Message.objects.get().state == Message.State.CANCELLED
    assert invoice.is_issued
    assert cancelling.cancel(invoice=invoice, reason="Wrong services", by=world.owner).number == "S-00001"


def test_what_has_left_is_not_undone(world):
    appointment = world.appointment()
    finish(world, appointment)
    Message.objects.update(state=Message.State.SENT)

    with pytest.raises(DomainError, match="already left"):
        finishing.undo(appointment=appointment, by=world.owner)


# --- what is left to pay -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("price", ["10.83", "10.84", "10.87", "12.00"])
def test_paid_at_the_desk_is_paid_to_the_five_rappen_of_the_invoice(world, price):
    world.therapist.prices.update(price=Decimal(price))
    appointment = world.appointment()

    outcome = finish(world, appointment, means="cash", lines=[LineInput(Decimal(11), "1203")])

    assert outcome.invoice.is_paid
    assert Payment.objects.get().amount == outcome.invoice.total
    assert InvoiceDocument.from_json(outcome.invoice.document).amount_due == 0


def test_a_visit_that_was_paid_before_is_not_paid_twice(world):
    appointment = world.appointment()
    finish(world, appointment, bill=False, means="twint")

    outcome = finish(world, appointment, means="cash")

    assert outcome.invoice.is_paid
    assert Payment.objects.count() == 1


def test_money_for_a_draft_that_was_there_before_is_taken_on_the_invoice(world):
    appointment = world.appointment()
    visit = finish(world, appointment, bill=False).consultation
    drafting.draft(patient=visit.patient, consultations=[visit], by=world.owner)

    outcome = finish(world, appointment, means="cash")

    outcome.invoice.refresh_from_db()
    assert outcome.invoice.is_paid


# --- which papers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("forms", "requests"), [("letter", 0), ("placeholders", 1), ("", 0)])
def test_the_papers_that_were_chosen_are_made(world, forms, requests):
    appointment = world.appointment(patient=world.patient(avs=""))

    outcome = finish(world, appointment, forms=forms)

    assert outcome.invoice.requests.count() == requests


def test_what_a_draft_holds_already_stays_where_nobody_chose(world):
    appointment = world.appointment()
    visit = finish(world, appointment, bill=False).consultation
    draft = drafting.draft(patient=visit.patient, consultations=[visit], by=world.owner)
    drafting.change(invoice=draft, by=world.owner, forms="letter", delivery="print")

    outcome = finish(world, appointment)

    assert (outcome.invoice.forms, outcome.message) == ("letter", None)


# --- a first try that failed, a second window ------------------------------------------------------------------------


def test_other_services_than_those_of_a_draft_are_refused_not_forgotten(world):
    appointment = world.appointment()
    visit = finish(world, appointment, bill=False).consultation
    drafting.draft(patient=visit.patient, consultations=[visit], by=world.owner)

    with pytest.raises(DomainError, match="is on an invoice"):
        finish(world, appointment, lines=[LineInput(Decimal(3), "1203")])


def test_the_next_visit_is_booked_once_even_if_the_first_try_failed_after_it(world, monkeypatch):
    appointment = world.appointment()
    next_at = dates.at(dates.week_of(dates.today())[0] + timedelta(days=14), time(9))
    draw = invoicing.pdf.render
    monkeypatch.setattr(invoicing.pdf, "render", _no_room)
    with pytest.raises(OSError, match="disk"):
        finish(world, appointment, next_at=next_at)
    monkeypatch.setattr(invoicing.pdf, "render", draw)

    outcome = finish(world, appointment, next_at=next_at)

    assert outcome.invoice.number == "F-00001"
    assert Appointment.objects.filter(starts_at=next_at).count() == 1


def _no_room(*_args, **_kwargs):
    raise OSError("disk full")


def test_a_visit_that_was_taken_back_is_done_again_when_it_is_finished_again(world):
    appointment = world.appointment()
    finish(world, appointment)
    booking.take_back(appointment=appointment, by=world.owner)

    finish(world, appointment)

    appointment.refresh_from_db()
    assert appointment.state == Appointment.State.DONE


def test_a_second_window_that_still_sees_the_patient_waiting_changes_nothing(world):
    appointment = world.appointment()
    old_window = Appointment.objects.get(pk=appointment.pk)
    finish(world, appointment)

    outcome = finish(world, old_window)

    assert outcome.invoice.number == "F-00001"
    assert Invoice.objects.count() == 1
