"""Money recorded, listed and taken back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from billing.models import Allocation, Invoice, Payment
from billing.services import balances, payments
from optamed.core import dates
from tests.factories import World, patient

PART = {"HX-Request": "true"}


def typed(**given: str) -> dict[str, str]:
    return {"amount": "132.00", "received_on": f"{dates.today():%d.%m.%Y}", "means": "cash", "note": ""} | given


def pay_url(invoice: Invoice) -> str:
    return reverse("billing:pay", args=[invoice.pk])


def paid(world: World, invoice: Invoice, amount: str = "132", means: str = "cash") -> Payment:
    return payments.receive(
        patient=invoice.patient, amount=Decimal(amount), received_on=dates.today(), means=means,
        invoice=invoice, by=world.owner,
    )  # fmt: skip


def test_the_dialog_knows_what_is_open_and_today(world: World, desk: Client) -> None:
    invoice = world.invoice()
    paid(world, invoice, "50")

    whole, part = desk.get(pay_url(invoice)), desk.get(pay_url(invoice), headers=PART)

    assert "<html" in whole.content.decode()
    assert part.content.decode().startswith('<div id="pay"')
    assert 'value="82.00"' in part.content.decode()
    assert f'value="{dates.today():%d.%m.%Y}"' in part.content.decode()


def test_a_payment_closes_the_invoice_and_tells_the_lists(world: World, desk: Client) -> None:
    invoice = world.invoice()

    response = desk.post(pay_url(invoice), typed(), headers=PART)

    invoice.refresh_from_db()
    assert response.status_code == 204
    assert {"payments:changed", "invoices:changed", "toast"} <= set(
        response.headers["HX-Trigger"].replace('"', " ").split()
    )
    assert invoice.is_paid


def test_without_htmx_the_invoice_comes_back_with_a_sentence(world: World, desk: Client) -> None:
    invoice = world.invoice()

    response = desk.post(pay_url(invoice), typed(amount="132.5", confirmed="credit"), follow=True)

    assert response.redirect_chain == [(invoice.get_absolute_url(), 302)]
    assert "CHF 132.50 recorded." in response.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "0"},
        {"amount": "-5"},
        {"amount": "abc"},
        {"amount": "1.005"},
        {"means": "barter"},
        {"received_on": "x"},
    ],
)
def test_what_is_wrong_is_said_at_its_field(world: World, desk: Client, wrong: dict[str, str]) -> None:
    response = desk.post(pay_url(world.invoice()), typed(**wrong), headers=PART)

    assert response.status_code == 422
    assert set(response.context["form"].errors) == set(wrong)
    assert not Payment.objects.exists()


def test_money_of_tomorrow_is_refused(world: World, desk: Client) -> None:
    tomorrow = f"{dates.today() + timedelta(days=1):%d.%m.%Y}"

    response = desk.post(pay_url(world.invoice()), typed(received_on=tomorrow), headers=PART)

    assert response.status_code == 422
    assert not Payment.objects.exists()


def test_too_much_is_asked_about_once_and_becomes_credit(world: World, desk: Client) -> None:
    invoice = world.invoice()

    asked = desk.post(pay_url(invoice), typed(amount="150"), headers=PART)
    confirmed = desk.post(pay_url(invoice), typed(amount="150", confirmed="credit"), headers=PART)

    assert asked.status_code == 422
    assert "CHF 18.00 more than is open" in asked.content.decode()
    assert confirmed.status_code == 204
    assert balances.credit_of(patient=invoice.patient) == Decimal("18.00")


@pytest.mark.parametrize("means", ["loss", "discount"])
def test_more_than_what_is_open_is_never_written_off(world: World, desk: Client, means: str) -> None:
    response = desk.post(pay_url(world.invoice()), typed(amount="150", means=means, confirmed="credit"), headers=PART)

    assert response.status_code == 422
    assert not Payment.objects.exists()


def test_a_draft_takes_no_payment(world: World, desk: Client) -> None:
    response = desk.post(pay_url(world.draft()), typed(), headers=PART)

    assert response.status_code == 409
    assert not Payment.objects.exists()


def test_the_means_of_last_time_is_remembered(world: World, desk: Client) -> None:
    desk.post(pay_url(world.invoice()), typed(means="card"))

    form = desk.get(pay_url(world.invoice())).context["form"]

    assert form.initial["means"] == "card"


def test_a_visit_can_be_paid_before_it_is_invoiced(world: World, desk: Client) -> None:
    visit = world.consultation()

    response = desk.post(reverse("billing:pay-consultation", args=[visit.pk]), typed(amount="100"), headers=PART)

    visit.refresh_from_db()
    assert response.status_code == 204
    assert visit.paid_amount == Decimal("100.00")


def test_a_new_payment_begins_with_who_owes(world: World, desk: Client) -> None:
    world.invoice(patient=patient(last_name="Schuldig"))
    patient(last_name="Quitt")

    first = desk.get("/payments/new/").content.decode()
    searched = desk.get("/payments/new/", {"q": "quitt"}, headers=PART).content.decode()

    assert "Schuldig" in first
    assert "Quitt" not in first
    assert "Quitt" in searched
    assert "Schuldig" not in searched


def test_a_new_payment_goes_on_the_chosen_invoice(world: World, desk: Client) -> None:
    someone = world.patient()
    old, young = world.invoice(patient=someone), world.invoice(patient=someone)
    path = f"/payments/new/?patient={someone.pk}"

    form = desk.get(path).context["form"]
    response = desk.post(path, typed(invoice=str(young.pk)), headers=PART)

    young.refresh_from_db()
    assert form.initial["invoice"] == old
    assert response.status_code == 204
    assert young.is_paid


@pytest.mark.parametrize(("chosen", "amount"), [("second", "82.00"), ("", None), ("x", None)])
def test_the_amount_follows_the_chosen_invoice(world: World, desk: Client, chosen: str, amount: str | None) -> None:
    someone = world.patient()
    world.invoice(patient=someone)
    second = world.invoice(patient=someone)
    paid(world, second, "50")

    answer = desk.get(
        "/payments/new/", {"patient": someone.pk, "invoice": str(second.pk) if chosen == "second" else chosen}
    )

    assert answer.context["form"].initial["amount"] == (Decimal(amount) if amount else None)


def test_a_new_payment_without_invoice_is_credit(world: World, desk: Client) -> None:
    someone = world.patient()

    page = desk.get(f"/payments/new/?patient={someone.pk}").content.decode()
    desk.post(f"/payments/new/?patient={someone.pk}", typed(amount="40", invoice=""), headers=PART)

    assert "No invoice: keep it as credit" in page
    assert balances.credit_of(patient=someone) == Decimal("40.00")


def test_an_invoice_of_somebody_else_cannot_be_chosen(world: World, desk: Client) -> None:
    foreign = world.invoice()
    someone = world.patient()

    response = desk.post(f"/payments/new/?patient={someone.pk}", typed(invoice=str(foreign.pk)), headers=PART)

    assert response.status_code == 422
    assert not Payment.objects.exists()


def test_an_unknown_patient_is_not_found(world: World, desk: Client) -> None:
    assert desk.get("/payments/new/?patient=4711").status_code == 404


def test_the_list_counts_only_money_that_came_in(world: World, desk: Client) -> None:
    paid(world, world.invoice(), "100", "twint")
    paid(world, world.invoice(), "32", "loss")
    payments.cancel(payment=paid(world, world.invoice(), "50", "twint"), by=world.owner)

    every = desk.get("/payments/").context
    twint = desk.get("/payments/", {"state": "twint"}).context
    cancelled = desk.get("/payments/", {"state": "cancelled"}).context

    assert (every["figures"].count, every["figures"].total) == (2, Decimal("100.00"))
    assert (twint["figures"].count, twint["figures"].total) == (1, Decimal("100.00"))
    assert (cancelled["figures"].count, cancelled["figures"].total) == (1, Decimal("50.00"))


def test_searching_two_words_in_payments_counts_each_once(world: World, desk: Client) -> None:
    invoice = world.invoice(patient=patient(last_name="Büchi", first_name="Zoé"))
    paid(world, invoice, "20")
    paid(world, world.invoice(), "30")

    found = desk.get("/payments/", {"q": f"zoe {invoice.number}"}).context

    assert (found["figures"].count, found["figures"].total) == (1, Decimal("20.00"))


def test_an_empty_list_offers_the_first_payment(desk: Client) -> None:
    page = desk.get("/payments/").content.decode()

    assert "No payments yet" in page


def test_cancelling_opens_the_invoice_again_and_can_be_undone(world: World, desk: Client) -> None:
    invoice = world.invoice()
    payment = paid(world, invoice)

    cancelled = desk.post(reverse("billing:payment-cancel", args=[payment.pk]), headers=PART)
    invoice.refresh_from_db()
    open_between = invoice.open_amount
    undone = desk.post(reverse("billing:payment-again", args=[payment.pk]), headers=PART)

    invoice.refresh_from_db()
    assert cancelled.status_code == undone.status_code == 204
    assert open_between == Decimal("132.00")
    assert invoice.is_paid
    assert Allocation.objects.filter(payment__cancelled_at__isnull=True).count() == 1


def test_undoing_twice_records_once(world: World, desk: Client) -> None:
    payment = paid(world, world.invoice())
    payments.cancel(payment=payment, by=world.owner)
    path = reverse("billing:payment-again", args=[payment.pk])

    desk.post(path, headers=PART)
    second = desk.post(path, headers=PART)

    assert second.status_code == 409
    assert Payment.objects.standing().count() == 1


def test_a_standing_payment_is_not_recorded_again(world: World, desk: Client) -> None:
    payment = paid(world, world.invoice())

    response = desk.post(reverse("billing:payment-again", args=[payment.pk]), headers=PART)

    assert response.status_code == 409
    assert Payment.objects.count() == 1


def test_cancelling_twice_is_told(world: World, desk: Client) -> None:
    payment = paid(world, world.invoice())
    path = reverse("billing:payment-cancel", args=[payment.pk])

    desk.post(path)
    second = desk.post(path, headers=PART)

    assert second.status_code == 409


@pytest.mark.parametrize("name", ["payment-cancel", "payment-again"])
def test_what_changes_a_payment_is_never_a_get(world: World, desk: Client, name: str) -> None:
    payment = paid(world, world.invoice())

    assert desk.get(reverse(f"billing:{name}", args=[payment.pk])).status_code == 405
