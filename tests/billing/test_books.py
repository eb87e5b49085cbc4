"""The books of a period against what really happened: invoices, cancellations, payments, credits, euros."""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agenda.consultations.services.lines import LineInput
from billing import bookkeeping
from billing.bookkeeping import DEFAULTS, Method, Posting
from billing.models import Invoice, Payment
from billing.reports import books
from billing.services import balances, cancelling, drafting, invoicing, payments
from optamed.core import dates, money
from optamed.core.sums import total
from optamed.practice.models import Product
from tests.factories import World

D = Decimal
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
OCTOBER, NOVEMBER, LATER = date(2026, 10, 13), date(2026, 11, 3), date(2026, 11, 20)


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 24, 9, tzinfo=dates.ZONE), tick=False):
        yield


def on_day(day: date):
    return dates.pretend(dates.at(day, time(10)))


def issued(world: World, on: date = OCTOBER, **given) -> Invoice:
    with on_day(on):
        return world.invoice(on=on, treated_on=on, **given)


def paid(
    world: World, invoice: Invoice | None, amount: str = "132", means: str = "twint", on=OCTOBER, **given
) -> Payment:
    patient = invoice.patient if invoice else given.pop("patient")
    with on_day(on):
        return payments.receive(
            patient=patient, amount=D(amount), received_on=on, means=means, invoice=invoice, by=world.owner, **given
        )


def cancelled(world: World, invoice: Invoice, on: date = OCTOBER) -> None:
    with on_day(on):
        cancelling.cancel(invoice=invoice, reason="wrong", by=world.owner)


def october(**wishes) -> books.Book:
    return books.book(first=FIRST, last=LAST, **wishes)


def november_book(**wishes) -> books.Book:
    return books.book(first=date(2026, 11, 1), last=date(2026, 11, 30), **wishes)


def ever(**wishes) -> books.Book:
    return books.book(first=date(2026, 1, 1), last=date(2026, 12, 31), **wishes)


def saldi(book: books.Book) -> dict[str, Decimal]:
    return {DEFAULTS[one.account]: one.saldo for one in book.balances}


def said(postings: list[Posting]) -> list[tuple[str, str, str, str]]:
    return [(one.doc, DEFAULTS[one.debit], DEFAULTS[one.credit], f"{one.amount}") for one in postings]


def test_an_invoice_and_its_payment_stand_in_the_journal(world: World) -> None:
    invoice = issued(world)
    paid(world, invoice)

    book = october()

    assert said(book.postings) == [("F-00001", "1100", "3400", "132.00"), ("F-00001", "1023", "1100", "132.00")]
    assert [one.text for one in book.postings] == ["Invoice F-00001", "Payment F-00001, TWINT"]
    assert (book.standing.amount, book.received.amount) == (D("132.00"), D("132.00"))


def test_drafts_and_other_months_stay_away(world: World) -> None:
    issued(world, on=NOVEMBER)
    world.draft()

    assert october().is_empty
    assert october().postings == []


def test_names_stand_there_only_where_they_are_wanted(world: World) -> None:
    paid(world, issued(world))

    without = " ".join(one.text for one in october().postings)
    named = [one.text for one in october(with_names=True).postings]

    assert "Tavernay" not in without
    assert named == ["Invoice F-00001, Marc Tavernay", "Payment F-00001, TWINT, Marc Tavernay"]


def test_a_cancelled_invoice_is_reversed_on_the_day_it_is_cancelled(world: World) -> None:
    cancelled(world, issued(world), on=NOVEMBER)

    before, after = october(), november_book()

    assert said(before.postings) == [("F-00001", "1100", "3400", "132.00")]
    assert said(after.postings) == [("S-00001", "3400", "1100", "132.00")]
    assert after.postings[0].on == NOVEMBER
    assert (before.standing.amount, before.voided.amount, after.cancelled.amount) == (D(0), D("132.00"), D("132.00"))
    assert set(saldi(ever()).values()) == {D(0)}


def test_a_cancelled_payment_is_reversed_on_the_day_it_is_cancelled(world: World) -> None:
    payment = paid(world, issued(world))
    with on_day(NOVEMBER):
        payments.cancel(payment=payment, by=world.owner)

    assert said(october().postings)[1] == ("F-00001", "1023", "1100", "132.00")
    assert said(november_book().postings) == [("F-00001", "1100", "1023", "132.00")]
    assert october().received.amount == D(0)
    assert saldi(ever())["1100"] == D("132.00")


def test_money_at_the_desk_is_booked_under_the_number_of_the_visit(world: World) -> None:
    with on_day(OCTOBER):
        visit = world.consultation(treated_on=OCTOBER)
    paid(world, None, patient=visit.patient, consultation=visit, means="cash")

    assert said(october().postings) == [(visit.number_label, "1000", "1100", "132.00")]


def test_what_is_too_much_is_booked_as_paid_ahead(world: World) -> None:
    invoice = issued(world)
    paid(world, invoice, "150")

    assert said(october().postings)[1:] == [
        ("F-00001", "1023", "1100", "132.00"),
        (invoice.patient.number_label, "1023", "1100", "18.00"),
    ]


def test_losses_and_discounts_are_never_received(world: World) -> None:
    paid(world, issued(world), means="loss")
    paid(world, issued(world), "32", means="discount")

    book = october()

    assert book.received.amount == D(0)
    assert book.written_off == books.Sum(2, D("164.00"))
    assert (saldi(book)["3805"], saldi(book)["3800"]) == (D("132.00"), D("32.00"))


def test_by_receipts_only_money_counts(world: World) -> None:
    paid(world, issued(world), "100")
    paid(world, issued(world), means="loss")

    assert said(october(method=Method.RECEIVED).postings) == [("F-00001", "1023", "3400", "100.00")]


def test_the_discount_of_an_invoice_and_its_rounding_balance(world: World) -> None:
    with on_day(OCTOBER):
        draft = world.draft(treated_on=OCTOBER)
        drafting.change(invoice=draft, by=world.owner, discount=D("10.02"))
        invoicing.number(invoice=draft, on=OCTOBER, by=world.owner, mail=False)
    draft.refresh_from_db()

    found = saldi(october())

    assert found["1100"] == draft.total
    assert (found["3400"], found["3800"], found["6943"]) == (D("-132.00"), D("10.02"), D("-0.02"))
    assert sum(found.values()) == 0


def test_a_euro_invoice_stands_in_the_books_in_francs(world: World) -> None:
    with on_day(OCTOBER):
        draft = world.draft(treated_on=OCTOBER)
        drafting.change(invoice=draft, by=world.owner, currency="EUR", euro_rate=D("0.9300"))
        invoicing.number(invoice=draft, on=OCTOBER, by=world.owner, mail=False)
    draft.refresh_from_db()

    found = saldi(october())

    assert found["1100"] == draft.total
    assert abs(found["3400"]) == D("132.00")
    assert sum(found.values()) == 0


def remedies(world: World) -> Invoice:
    """54.05 with 8.1 % and 26.65 with 2.6 % of VAT: 4.05 and 0.68 of 80.70."""
    oil = Product.objects.create(name="Huile", price=D("54.05"), vat_code="normal")
    tea = Product.objects.create(name="Tisane", price=D("26.65"), vat_code="reduced")
    return issued(world, lines=[LineInput(D(1), product=oil), LineInput(D(1), product=tea)])


def test_vat_is_booked_by_rate_and_taken_back_with_a_loss(world: World) -> None:
    invoice = remedies(world)
    agreed = saldi(october())

    paid(world, invoice, "80.70", means="loss")

    assert (agreed["1100"], agreed["3400"], agreed["2200"]) == (D("80.70"), D("-75.97"), D("-4.73"))
    assert (saldi(october())["1100"], saldi(october())["2200"]) == (D(0), D(0))


def test_vat_of_receipts_follows_the_money(world: World) -> None:
    paid(world, remedies(world), "80.70", means="cash")

    assert saldi(october(method=Method.RECEIVED)) == {"1000": D("80.70"), "3400": D("-75.97"), "2200": D("-4.73")}


def test_vat_of_money_at_the_desk_is_that_of_the_visit(world: World) -> None:
    oil = Product.objects.create(name="Huile", price=D("108.10"), vat_code="normal")
    with on_day(OCTOBER):
        visit = world.consultation(treated_on=OCTOBER, lines=[LineInput(D(1), product=oil)])
    paid(world, None, "108.10", patient=visit.patient, consultation=visit)

    assert saldi(october(method=Method.RECEIVED)) == {"1023": D("108.10"), "3400": D("-100.00"), "2200": D("-8.10")}


def test_money_on_a_cancelled_invoice_is_paid_ahead_from_that_day_on_and_its_vat_taken_back(world: World) -> None:
    invoice = remedies(world)
    paid(world, invoice, "80.70", means="cash")
    cancelled(world, invoice, on=NOVEMBER)

    before, after = october(method=Method.RECEIVED), november_book(method=Method.RECEIVED)

    assert saldi(before) == {"1000": D("80.70"), "3400": D("-75.97"), "2200": D("-4.73")}
    assert saldi(after) == {"1000": D(0), "3400": D("-4.73"), "2200": D("4.73")}
    assert {one.on for one in after.postings} == {NOVEMBER}
    number = invoice.patient.number_label
    assert [one.text for one in after.postings] == [
        "Cancelled: Payment F-00001, Cash", "Cancelled: Payment F-00001, Cash", f"Paid ahead {number}, Cash",
    ]  # fmt: skip
    assert [one.doc for one in november_book().postings] == ["S-00001", "S-00001"]


def test_a_loss_on_an_invoice_that_is_cancelled_later_keeps_its_vat_in_its_month(world: World) -> None:
    invoice = remedies(world)
    paid(world, invoice, "80.70", means="loss")
    closed = october().postings

    cancelled(world, invoice, on=NOVEMBER)

    assert october().postings == closed
    assert saldi(october())["2200"] == D(0)
    assert saldi(november_book()) == {"1100": D(0), "2200": D(0), "3400": D("75.97"), "3805": D("-75.97")}


def test_what_was_paid_ahead_is_reversed_as_paid_ahead(world: World) -> None:
    invoice = remedies(world)
    payment = paid(world, invoice, "80.70", means="cash")
    cancelled(world, invoice, on=NOVEMBER)
    with on_day(LATER):
        payments.cancel(payment=payment, by=world.owner)

    undone = books.book(first=LATER, last=LATER, method=Method.RECEIVED)

    number = invoice.patient.number_label
    assert said(undone.postings) == [(number, "3400", "1000", "80.70")]
    assert set(saldi(ever(method=Method.RECEIVED)).values()) == {D(0)}


prices = st.decimals("0.50", "400", places=2)
wares = st.lists(st.tuples(prices, st.sampled_from(["", "normal", "reduced"])), min_size=1, max_size=3)
receipts = st.lists(st.tuples(st.integers(1, 130), st.sampled_from(Payment.Means.values), st.booleans()), max_size=3)


@given(wares, receipts)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_exported_stays_as_it_was_whatever_is_cancelled_later(
    world: World, of: list[tuple[Decimal, str]], wanted: list[tuple[int, str, bool]]
) -> None:
    products = [Product.objects.create(name="Huile", price=price, vat_code=code) for price, code in of]
    invoice = issued(world, lines=[LineInput(D(1), product=product) for product in products])
    undone = []
    for share, means, is_undone in wanted:
        invoice.refresh_from_db()
        most = min(share, 100) if means in Payment.NO_CASH else share
        amount = money.rappen(invoice.open_amount * most / 100)
        if amount > 0:
            made = paid(world, invoice, f"{amount}", means=means)
            undone += [made] if is_undone and made.is_cash else []
    closed = [october(method=method).postings for method in Method]

    cancelled(world, invoice, on=NOVEMBER)
    after = [books.book(first=NOVEMBER, last=NOVEMBER, method=method).postings for method in Method]
    with on_day(LATER):
        for made in undone:
            payments.cancel(payment=made, by=world.owner)

    assert [october(method=method).postings for method in Method] == closed
    assert [books.book(first=NOVEMBER, last=NOVEMBER, method=method).postings for method in Method] == after
    received = D(Payment.objects.received().aggregate(sum=total("amount"))["sum"])
    agreed, by_receipts = saldi(ever()), saldi(ever(method=Method.RECEIVED))
    assert agreed.get("1100") == -received
    assert by_receipts.get("3400", D(0)) == -received
    assert agreed.get("2200", D(0)) == by_receipts.get("2200", D(0)) == 0
    assert sum(agreed.values()) == sum(by_receipts.values()) == 0


def test_receivables_are_what_is_open_less_what_was_paid_ahead(world: World) -> None:
    patient = world.patient()
    first, second, third = (issued(world, patient=patient) for _ in range(3))
    paid(world, first, "150")
    paid(world, second, "100", means="card")
    paid(world, second, "2", means="discount", on=NOVEMBER)
    paid(world, third, "132", means="qr")
    cancelled(world, third, on=NOVEMBER)
    payments.cancel(payment=paid(world, None, "20", patient=patient), by=world.owner)

    owed = balances.of_patient(patient=patient) - balances.credit_of(patient=patient)

    assert saldi(ever())["1100"] == owed
    assert sum(saldi(ever()).values()) == 0


def test_a_month_is_read_in_a_fixed_number_of_queries(world: World) -> None:
    counts = []
    for _ in range(2):
        for _ in range(2):
            paid(world, issued(world))
            cancelled(world, issued(world))
            gone = issued(world)
            paid(world, gone)
            cancelled(world, gone)
        with CaptureQueriesContext(connection) as queries:
            october()
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_vat_is_looked_up_only_for_what_was_paid_and_in_chunks(world: World, monkeypatch) -> None:
    for _ in range(3):
        paid(world, remedies(world), "80.70", means="cash")
    at_once = october(method=Method.RECEIVED).postings
    monkeypatch.setattr(books, "CHUNK", 1)

    with CaptureQueriesContext(connection) as of_nothing:
        november_book()
    in_chunks = october(method=Method.RECEIVED).postings

    assert not [one["sql"] for one in of_nothing if "line" in one["sql"]]
    assert in_chunks == at_once
    assert len(at_once) == 6


def test_the_files_hold_what_the_journal_holds(world: World) -> None:
    paid(world, issued(world), "50")

    postings = october().postings

    amounts = [line.split("\t")[5] for line in bookkeeping.banana(postings, DEFAULTS).decode().splitlines()[1:]]
    assert amounts == ["132.00", "50.00"]
