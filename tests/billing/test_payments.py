"""Receiving money and taking a payment back."""

from datetime import timedelta
from decimal import Decimal

import pytest

from agenda.consultations.services.lines import LineInput
from billing.models import Allocation, Invoice, Payment
from billing.reports import history
from billing.services import balances, cancelling, drafting, invoicing, payments
from optamed.core import dates
from optamed.core.errors import DomainError


def pay(world, amount: str, **given) -> Payment:
    target = given.get("invoice") or given.get("consultation")
    facts = {
        "patient": target.patient if target else None,
        "received_on": dates.today(),
        "means": "qr",
        "by": world.owner,
    }
    return payments.receive(amount=Decimal(amount), **facts | given)


def open_of(invoice: Invoice) -> Decimal:
    invoice.refresh_from_db()
    return invoice.open_amount


def test_a_full_payment_closes_the_invoice_and_the_patients_column(world):
    invoice = world.invoice()

    pay(world, "132.00", invoice=invoice)

    invoice.patient.refresh_from_db()
    assert (open_of(invoice), invoice.is_paid, invoice.patient.open_amount) == (0, True, 0)


def test_two_halves_close_it_too(world):
    invoice = world.invoice()

    pay(world, "100.00", invoice=invoice)
    half = open_of(invoice)
    pay(world, "32.00", invoice=invoice)

    assert half == Decimal("32.00")
    assert open_of(invoice) == 0


def test_what_is_too_much_becomes_the_patients_credit(world):
    invoice = world.invoice()

    payment = pay(world, "150.00", invoice=invoice)

    assert payment.allocations.get().amount == Decimal("132.00")
    assert balances.credit_of(patient=invoice.patient) == Decimal("18.00")


def test_a_loss_closes_an_invoice_and_is_not_counted_as_received(world):
    invoice = world.invoice()

    pay(world, "132.00", invoice=invoice, means="loss")

    assert open_of(invoice) == 0
    assert not Payment.objects.received().exists()
    assert balances.credit_of(patient=invoice.patient) == 0


def test_a_loss_or_a_discount_is_never_more_than_what_is_open(world):
    invoice = world.invoice()

    with pytest.raises(DomainError, match="cannot be more"):
        pay(world, "132.05", invoice=invoice, means="discount")


def test_cancelling_a_payment_opens_the_invoice_again_and_works_once(world):
    invoice = world.invoice()
    payment = pay(world, "132.00", invoice=invoice)

    payments.cancel(payment=payment, by=world.owner)

    assert open_of(invoice) == Decimal("132.00")
    with pytest.raises(DomainError, match="already cancelled"):
        payments.cancel(payment=payment, by=world.owner)


def test_a_payment_on_a_visit_that_was_invoiced_since_needs_the_invoice_cancelled_first(world):
    visit = world.consultation()
    payment = pay(world, "132.00", consultation=visit)

    drafting.draft(patient=visit.patient, consultations=[visit], by=world.owner)

    with pytest.raises(DomainError, match="Cancel the invoice first"):
        payments.cancel(payment=payment, by=world.owner)


def test_a_billed_visit_and_a_draft_take_no_payment(world):
    draft = world.draft()

    with pytest.raises(DomainError, match="Record the payment there"):
        pay(world, "1.00", consultation=draft.consultations.get())
    with pytest.raises(DomainError, match="Only an issued"):
        pay(world, "1.00", invoice=draft)


@pytest.mark.parametrize("amount", ["0.00", "-5.00", "0.004"])
def test_a_payment_is_above_zero(world, amount):
    with pytest.raises(DomainError, match="above zero"):
        pay(world, amount, invoice=world.invoice())


def test_a_payment_does_not_lie_in_the_future(world):
    with pytest.raises(DomainError, match="future"):
        pay(world, "1.00", invoice=world.invoice(), received_on=dates.today() + timedelta(days=1))


def test_a_cancelled_payment_is_recorded_again_once(world):
    invoice = world.invoice()
    payment = payments.cancel(payment=pay(world, "132.00", invoice=invoice), by=world.owner)

    payments.again(payment=payment, by=world.owner)

    assert open_of(invoice) == Decimal("0.00")
    with pytest.raises(DomainError, match="already recorded"):
        payments.again(payment=payment, by=world.owner)


def test_a_payment_that_stands_is_not_recorded_again(world):
    payment = pay(world, "132.00", invoice=world.invoice())

    with pytest.raises(DomainError, match="already recorded"):
        payments.again(payment=payment, by=world.owner)


def test_a_visit_is_paid_to_the_five_rappen_its_invoice_will_have(world):
    visit = world.consultation(lines=[LineInput(Decimal(11), "1203", unit_price=Decimal("10.83"))])

    payment = pay(world, "119.15", consultation=visit)

    assert payment.allocations.get().amount == Decimal("119.15")
    draft = drafting.draft(patient=visit.patient, consultations=[visit], by=world.owner)
    invoicing.number(invoice=draft, on=dates.today(), by=world.owner, mail=False)
    assert open_of(draft) == Decimal("0.00")


@pytest.mark.parametrize(("means", "credit", "stands"), [("cash", "50.00", True), ("loss", "0.00", False)])
def test_a_cancelled_invoice_turns_money_into_credit_and_takes_a_loss_along(
    world, means: str, credit: str, stands: bool
) -> None:
    invoice = world.invoice()
    payment = payments.receive(
        patient=invoice.patient, amount=Decimal(50), received_on=dates.today(), means=means, invoice=invoice, by=None
    )

    cancelling.cancel(invoice=invoice, reason="wrong", by=world.owner)

    payment.refresh_from_db()
    assert balances.credit_of(patient=invoice.patient) == Decimal(credit)
    assert (payment.cancelled_at is None) is stands


def test_money_of_a_cancelled_invoice_is_released_and_counts_nowhere(world) -> None:
    invoice = world.invoice()
    payment = pay(world, "50.00", invoice=invoice)

    cancelling.cancel(invoice=invoice, reason="wrong", by=world.owner)

    part = payment.allocations.get()
    assert (part.invoice, part.amount, part.released_at is not None) == (invoice, Decimal("50.00"), True)
    assert not Allocation.objects.standing().exists()
    assert not history.received_for(invoice)
    assert not Payment.objects.search(invoice.number).exists()
    assert [list(one.allocations.all()) for one in Payment.objects.for_lists()] == [[]]


def test_a_cancelled_payment_still_says_what_it_was_for_when_its_invoice_is_cancelled(world) -> None:
    invoice = world.invoice()
    payment = payments.cancel(payment=pay(world, "50.00", invoice=invoice), by=world.owner)

    cancelling.cancel(invoice=invoice, reason="wrong", by=world.owner)

    assert payment.allocations.held().get().invoice == invoice


@pytest.mark.parametrize("first", ["payment", "invoice"])
def test_a_cancelled_payment_whose_invoice_is_cancelled_too_is_recorded_again_as_credit(world, first: str) -> None:
    invoice = world.invoice()
    payment = pay(world, "50.00", invoice=invoice)
    if first == "payment":
        payments.cancel(payment=payment, by=world.owner)
        cancelling.cancel(invoice=invoice, reason="wrong", by=world.owner)
    else:
        cancelling.cancel(invoice=invoice, reason="wrong", by=world.owner)
        payments.cancel(payment=payment, by=world.owner)

    payments.again(payment=payment, by=world.owner)

    assert balances.credit_of(patient=invoice.patient) == Decimal("50.00")


def test_the_list_of_payments_reads_no_document(world) -> None:
    pay(world, "50.00", invoice=world.invoice())

    part = Payment.objects.for_lists().get().allocations.all()[0]

    assert {"document", "qr_payload"} <= part.invoice.get_deferred_fields()
