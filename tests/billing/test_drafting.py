"""What may be said of a draft, and what of it reaches the paper: terms, discount, euros, somebody else who pays."""

from datetime import timedelta
from decimal import Decimal

import pytest

from billing import qr_bill
from billing.document import InvoiceDocument
from billing.models import Invoice, InvoiceSettings
from billing.services import cancelling, drafting, invoicing, payments
from optamed.core import dates
from optamed.core.errors import DomainError
from tests import factories
from tests.factories import World

D = Decimal


def issued(world: World, draft: Invoice) -> Invoice:
    invoicing.number(invoice=draft, on=dates.today(), by=world.owner, mail=False)
    draft.refresh_from_db()
    return draft


def document_of(invoice: Invoice) -> InvoiceDocument:
    return InvoiceDocument.from_json(invoice.document)


@pytest.mark.parametrize(
    ("own", "patients", "days"), [(None, None, 30), (None, 60, 60), (10, 60, 10), (0, None, 0), (None, 0, 0)]
)
def test_the_term_is_the_invoices_the_patients_or_the_practices(
    world: World, own: int | None, patients: int | None, days: int
) -> None:
    draft = world.draft(patient=world.patient(payment_days=patients))
    drafting.change(invoice=draft, by=world.owner, payment_days=own)

    assert issued(world, draft).due_on == dates.today() + timedelta(days=days)


def test_a_discount_is_a_line_and_lessens_what_is_asked(world: World) -> None:
    draft = world.draft()

    drafting.change(invoice=draft, by=world.owner, discount=D("12.00"), discount_text="Rabais famille")

    letter = document_of(issued(world, draft))
    assert (letter.discount, letter.discount_text, letter.total) == (D("12.00"), "Rabais famille", D("120.00"))
    assert draft.total == draft.open_amount == D("120.00")


@pytest.mark.parametrize("discount", ["132.05", "-1.00"])
def test_a_discount_beyond_the_services_is_refused_and_nothing_changes(world: World, discount: str) -> None:
    draft = world.draft()

    with pytest.raises(DomainError):
        drafting.change(invoice=draft, by=world.owner, discount=D(discount))

    draft.refresh_from_db()
    assert (draft.discount, draft.total) == (D("0.00"), D("132.00"))


def test_a_whole_discount_leaves_an_invoice_over_nothing(world: World) -> None:
    draft = world.draft()
    drafting.change(invoice=draft, by=world.owner, discount=D("132.00"))

    invoice = issued(world, draft)

    assert (invoice.total, invoice.qr_payload, invoice.is_paid) == (D("0.00"), "", True)


def test_another_language_copies_the_texts_anew(world: World) -> None:
    draft = world.draft()

    drafting.change(invoice=draft, by=world.owner, language="de")

    assert [line.text for line in draft.lines.all()][1].startswith("Osteopathie")
    assert draft.lines.count() == 2


def test_an_issued_invoice_takes_no_wishes(world: World) -> None:
    invoice = world.invoice()

    with pytest.raises(DomainError):
        drafting.change(invoice=invoice, by=world.owner, language="de")

    invoice.refresh_from_db()
    assert invoice.language == "fr"


def test_a_euro_invoice_asks_for_euros_and_is_booked_in_francs(world: World) -> None:
    draft = world.draft()
    drafting.change(invoice=draft, by=world.owner, currency="EUR", euro_rate=D("0.9450"))

    invoice = issued(world, draft)
    letter, bill = document_of(invoice), qr_bill.read(invoice.qr_payload)

    assert (invoice.total, invoice.open_amount) == (D("132.00"), D("132.00"))
    assert [line.unit_price for line in letter.lines] == [D("12.70"), D("12.70")]
    assert (letter.currency, letter.total, letter.rounding) == ("EUR", D("139.70"), D("0.00"))
    assert (bill.currency, bill.amount) == ("EUR", D("139.70"))
    assert invoice.forms == Invoice.Forms.LETTER


@pytest.mark.parametrize("rate", [None, D("0"), D("-1")])
def test_a_euro_invoice_needs_a_rate(world: World, rate: Decimal | None) -> None:
    draft = world.draft()

    with pytest.raises(DomainError):
        drafting.change(invoice=draft, by=world.owner, currency="EUR", euro_rate=rate)


def test_a_paid_invoice_may_carry_a_slip_that_is_not_for_payment(world: World) -> None:
    InvoiceSettings.objects.create(pk=1, paid_slip=True)
    patient = world.patient()
    visit = world.consultation(patient=patient)
    payments.receive(
        patient=patient,
        amount=D("132.00"),
        received_on=dates.today(),
        means="twint",
        by=world.owner,
        consultation=visit,
    )

    invoice = issued(world, drafting.draft(patient=patient, consultations=[visit], by=world.owner))

    bill = qr_bill.read(invoice.qr_payload)
    assert (bill.amount, bill.message) == (D("0.00"), qr_bill.NOTIFICATION["fr"])
    assert invoice.open_amount == 0


@pytest.mark.parametrize(("of_therapist", "of_place"), [(True, True), (True, False), (False, True), (False, False)])
def test_the_account_is_the_therapists_the_places_or_the_practices(
    world: World, of_therapist: bool, of_place: bool
) -> None:
    own = factories.account(iban="CH5604835012345678009", label="own", holder="Claire", is_default=False)
    place = factories.account(iban="CH5800791123000889012", label="place", holder="Bienne", is_default=False)
    world.therapist.account = own if of_therapist else None
    world.therapist.save()
    world.address.account = place if of_place else None
    world.address.save()

    invoice = issued(world, world.draft(therapist=world.therapist))

    expected = own if of_therapist else place if of_place else world.account
    assert qr_bill.read(invoice.qr_payload).account == expected.iban


def test_the_remarks_of_the_visits_are_joined_once_each(world: World) -> None:
    patient = world.patient()
    held = [world.consultation(patient=patient) for _ in range(3)]
    for visit, remark in zip(held, ("Suite d’opération", "", "Suite d’opération"), strict=True):
        visit.insurer_remark = remark
        visit.save()

    draft = drafting.draft(patient=patient, consultations=held, by=world.owner)

    assert draft.remark == "Suite d’opération"


def test_a_corrected_invoice_is_a_new_draft_with_the_same_visits_and_wishes(world: World) -> None:
    draft = world.draft()
    drafting.change(invoice=draft, by=world.owner, discount=D("2.00"), payment_days=10)
    first = issued(world, draft)
    visit = first.consultations.get()

    second = cancelling.correct(invoice=first, reason="wrong name", by=world.owner)

    first.refresh_from_db()
    assert first.is_cancelled
    assert (second.is_draft, second.corrects) == (True, first)
    assert (second.consultations.get(), second.discount, second.payment_days) == (visit, D("2.00"), 10)
    assert second.total == D("130.00")


def test_only_a_cancelled_invoice_can_be_hidden_and_comes_back(world: World) -> None:
    invoice = world.invoice()
    with pytest.raises(DomainError):
        cancelling.hide(invoice=invoice, by=world.owner)
    cancelling.cancel(invoice=invoice, reason="twice", by=world.owner)

    cancelling.hide(invoice=invoice, by=world.owner)
    invoice.refresh_from_db()
    hidden = invoice.hidden_at
    cancelling.show(invoice=invoice, by=world.owner)
    invoice.refresh_from_db()

    assert hidden is not None
    assert invoice.hidden_at is None
