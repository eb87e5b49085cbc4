"""Statistics: page, part, wrong method, stranger, secretary, an odd year; the figures agree with the lists."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing.services import cancelling, payments
from optamed.core import dates
from tests.factories import World

PART = {"HX-Request": "true"}
URL = "/statistics/"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_stranger_is_led_to_the_door(stranger: Client) -> None:
    assert stranger.get(URL).headers["Location"].startswith("/sign-in/")


def test_figures_are_only_read(signed_in: Client) -> None:
    assert signed_in.post(URL).status_code == 405


def test_they_are_a_page_and_a_part_for_the_desk_too(desk: Client) -> None:
    page, part = (text(desk.get(URL, headers=headers)) for headers in ({}, PART))

    assert ("<html" in page, 'id="figures"' in page) == (True, True)
    assert ("<html" in part, 'id="figures"' in part) == (False, True)


@pytest.mark.parametrize("year", ["", "abc", "1999", "99999", "-1", "²", "3000"])
def test_a_year_that_makes_no_sense_is_this_one(signed_in: Client, year: str) -> None:
    assert signed_in.get(URL, {"year": year}).context["figures"].year == dates.today().year


def test_an_earlier_year_is_shown_when_asked(signed_in: Client) -> None:
    assert signed_in.get(URL, {"year": "2020"}).context["figures"].year == 2020


def test_a_year_without_work_is_all_zero(signed_in: Client) -> None:
    figures = signed_in.get(URL).context["figures"]

    assert (figures.invoiced, figures.received, figures.open["open"]) == (Decimal(0),) * 3
    assert len(figures.months) == 12


def test_invoiced_and_received_stand_in_their_month(signed_in: Client, world: World) -> None:
    day = date(dates.today().year - 1, 3, 5)
    invoice = world.invoice(treated_on=day, on=day)
    payments.receive(
        patient=invoice.patient, amount=Decimal(50), received_on=date(day.year, 4, 2), means="qr", invoice=invoice,
        by=world.owner,
    )  # fmt: skip

    figures = signed_in.get(URL, {"year": day.year}).context["figures"]

    assert (figures.months[2].invoiced, figures.months[2].received) == (Decimal("132.00"), Decimal("0.00"))
    assert (figures.months[3].invoiced, figures.months[3].received) == (Decimal("0.00"), Decimal("50.00"))


def test_what_is_open_agrees_with_the_list_it_links_to(signed_in: Client, world: World) -> None:
    long_ago = dates.today() - timedelta(days=60)
    world.invoice(treated_on=long_ago, on=long_ago)
    world.invoice()
    paid = world.invoice()
    payments.receive(
        patient=paid.patient, amount=paid.total, received_on=dates.today(), means="cash", invoice=paid, by=world.owner
    )

    figures = signed_in.get(URL).context["figures"]

    for state, tile in (("open", figures.open), ("overdue", figures.overdue)):
        listed = signed_in.get(f"/invoices/?state={state}").context["figures"]
        assert (tile["count"], tile["open"]) == (listed.count, listed.open)


def test_cancelled_invoices_and_losses_do_not_count(signed_in: Client, world: World) -> None:
    cancelled, lost = world.invoice(), world.invoice()
    cancelling.cancel(invoice=cancelled, reason="Typed twice", by=world.owner)
    payments.receive(
        patient=lost.patient, amount=lost.total, received_on=dates.today(), means="loss", invoice=lost, by=world.owner
    )

    figures = signed_in.get(URL).context["figures"]

    assert (figures.invoiced, figures.received) == (Decimal("132.00"), Decimal("0.00"))


def test_the_figures_ask_the_same_number_of_questions_however_much_there_is(signed_in: Client, world: World) -> None:
    world.invoice()
    signed_in.get(URL)
    with_one = _questions(signed_in)
    world.invoice()
    world.invoice()

    assert _questions(signed_in) == with_one


def _questions(browser: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        browser.get(URL)
    return len(asked)
