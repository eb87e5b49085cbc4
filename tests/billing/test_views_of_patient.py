"""A patient's money: the tab of the file and the part that says what is open."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from billing.services import payments
from optamed.core import dates
from tests.factories import World

PART = {"HX-Request": "true"}


def test_the_tab_of_a_patient_shows_invoices_credit_and_what_waits(world: World, desk: Client) -> None:
    invoice = world.invoice()
    world.invoice()
    world.consultation(patient=invoice.patient)
    payments.receive(
        patient=invoice.patient, amount=Decimal(40), received_on=dates.today(), means="bank", by=world.owner
    )

    whole = desk.get(reverse("billing:of-patient", args=[invoice.patient_id]))
    part = desk.get(reverse("billing:of-patient", args=[invoice.patient_id]), headers=PART).content.decode()

    assert [row.pk for row, _badge in whole.context["rows"]] == [invoice.pk]
    assert "<html" not in part
    assert "Credit of CHF 40.00" in part
    assert "1 consultation without an invoice: CHF 132.00" in part


def test_the_open_part_lists_what_is_owed_oldest_first(world: World, desk: Client) -> None:
    someone = world.patient()
    young = world.invoice(patient=someone)
    old = world.invoice(patient=someone, on=dates.today() - timedelta(days=50))

    response = desk.get(reverse("billing:open-of-patient", args=[someone.pk]), headers=PART)

    assert [row.pk for row, _badge in response.context["rows"]] == [old.pk, young.pk]
    assert reverse("billing:pay", args=[old.pk]) in response.content.decode()


@pytest.mark.parametrize("name", ["of-patient", "open-of-patient"])
def test_the_parts_of_a_patient_are_only_read(world: World, desk: Client, name: str) -> None:
    assert desk.post(reverse(f"billing:{name}", args=[world.patient().pk])).status_code == 405


@pytest.mark.parametrize("name", ["of-patient", "open-of-patient"])
def test_a_stranger_sees_nothing_of_a_patients_money(world: World, stranger: Client, name: str) -> None:
    response = stranger.get(reverse(f"billing:{name}", args=[world.patient().pk]))

    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("practice:sign-in"))


@pytest.mark.parametrize("name", ["of-patient", "open-of-patient"])
def test_an_unknown_patient_has_no_money(signed_in: Client, name: str) -> None:
    assert signed_in.get(reverse(f"billing:{name}", args=[4711])).status_code == 404
