"""The pure books: each invoice and receipt as debit and credit, to the Rappen, and the files of three programs."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing import bookkeeping
from billing.bookkeeping import DEFAULTS, Account, Bill, Method, Posting, Receipt
from billing.totals import totals

D = Decimal
DAY, NEXT = date(2026, 10, 13), date(2026, 11, 2)


@dataclass(frozen=True)
class Line:
    amount: Decimal
    vat_rate: Decimal | None = None


def bill(*lines: Line, total: str | None = None, discount: str = "0.00") -> Bill:
    sums = totals(lines, discount=D(discount))
    return Bill(DAY, "F-00042", "Invoice F-00042", lines, D(total) if total else sums.total, D(discount))


def receipt(amount: str, means: str = "twint", *lines: Line) -> Receipt:
    return Receipt(NEXT, "F-00042", "Payment F-00042", means, D(amount), lines=lines)


def said(postings: list[Posting]) -> list[tuple[str, str, str]]:
    entries = bookkeeping.without_vat(postings)
    return [(DEFAULTS[one.debit], DEFAULTS[one.credit], f"{one.amount}") for one in entries]


def test_an_invoice_is_owed_and_is_income() -> None:
    assert said(bookkeeping.of_bill(bill(Line(D("24.00")), Line(D("108.00"))))) == [("1100", "3400", "132.00")]


def test_what_is_rounded_up_is_a_gain_and_what_is_rounded_down_a_loss() -> None:
    up, down = bookkeeping.of_bill(bill(Line(D("10.03")))), bookkeeping.of_bill(bill(Line(D("10.02"))))

    assert said(up)[1] == ("1100", "6943", "0.02")
    assert said(down)[1] == ("6943", "1100", "0.02")


def test_a_discount_stands_against_the_income() -> None:
    found = said(bookkeeping.of_bill(bill(Line(D("132.00")), discount="12.00")))

    assert found == [("1100", "3400", "132.00"), ("3800", "1100", "12.00")]


def test_vat_is_owed_to_the_state_and_no_income() -> None:
    found = said(bookkeeping.of_bill(bill(Line(D("108.10"), D("8.1")), Line(D("50.00")))))

    assert sorted(found) == [("1100", "2200", "8.10"), ("1100", "3400", "100.00"), ("1100", "3400", "50.00")]


def test_vat_after_a_discount_is_that_of_the_invoice() -> None:
    lines = (Line(D("108.10"), D("8.1")), Line(D("102.60"), D("2.6")))
    expected = sum(share.vat for share in totals(lines, discount=D("33.35")).vat)

    found = bookkeeping.balances(bookkeeping.of_bill(bill(*lines, discount="33.35")))

    assert {one.account: -one.saldo for one in found}[Account.VAT] == expected


@pytest.mark.parametrize(
    ("means", "account"),
    [
        ("cash", "1000"), ("card", "1022"), ("twint", "1023"), ("bank", "1020"), ("qr", "1020"),
        ("loss", "3805"), ("discount", "3800"),
    ],
)  # fmt: skip
def test_each_means_has_its_account(means: str, account: str) -> None:
    assert said(bookkeeping.of_receipt(receipt("132.00", means), Method.AGREED)) == [(account, "1100", "132.00")]


def test_by_receipts_only_money_is_income() -> None:
    money = said(bookkeeping.of_receipt(receipt("108.10", "cash", Line(D("216.20"), D("8.1"))), Method.RECEIVED))
    loss = bookkeeping.of_receipt(receipt("108.10", "loss"), Method.RECEIVED)

    assert money == [("1000", "3400", "100.00"), ("1000", "2200", "8.10")]
    assert loss == []


def test_a_loss_takes_its_vat_back() -> None:
    found = said(bookkeeping.of_receipt(receipt("108.10", "loss", Line(D("108.10"), D("8.1"))), Method.AGREED))

    assert found == [("3805", "1100", "100.00"), ("2200", "1100", "8.10")]


def test_a_receipt_is_spread_over_the_rates_without_losing_a_rappen() -> None:
    lines = (Line(D("10.00"), D("8.1")), Line(D("10.00"), D("2.6")), Line(D("10.00")))

    found = bookkeeping.of_receipt(receipt("10.00", "bank", *lines), Method.RECEIVED)

    assert sum(one.amount for one in found) == D("10.00")
    assert sorted(one.amount for one in found) == [D("3.33"), D("3.33"), D("3.34")]


def test_a_reversal_leaves_nothing() -> None:
    booked = bookkeeping.of_bill(bill(Line(D("108.13"), D("8.1")), discount="10.00"))

    undone = bookkeeping.reversed_of(booked, on=NEXT, doc="S-00001", text="S-00001 cancels invoice F-00042")

    assert {one.saldo for one in bookkeeping.balances([*booked, *undone])} == {D("0.00")}
    assert {(one.on, one.doc) for one in undone} == {(NEXT, "S-00001")}


def ahead(amount: str) -> Receipt:
    return Receipt(date(2026, 12, 1), "P-00001", "Paid ahead P-00001", "twint", D(amount))


def test_money_that_is_released_gives_its_vat_back_on_that_day() -> None:
    before = receipt("108.10", "twint", Line(D("108.10"), D("8.1")))

    found = bookkeeping.of_release(before, ahead("108.10"), Method.RECEIVED, text="Cancelled: Payment F-00042")

    assert said(found) == [("3400", "1023", "100.00"), ("2200", "1023", "8.10"), ("1023", "3400", "108.10")]
    assert {one.on for one in found} == {date(2026, 12, 1)}
    assert [(one.doc, one.text) for one in found] == [
        ("F-00042", "Cancelled: Payment F-00042"), ("P-00001", "Paid ahead P-00001"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "rate"), [(Method.AGREED, D("8.1")), (Method.AGREED, None), (Method.RECEIVED, None)]
)
def test_without_vat_nothing_moves_when_money_is_released(method: Method, rate: Decimal | None) -> None:
    before = receipt("108.10", "twint", Line(D("108.10"), rate))

    assert bookkeeping.of_release(before, ahead("108.10"), method, text="Cancelled") == []


amounts = st.decimals("0.01", "9999.99", places=2)
rates = st.sampled_from([None, D("2.6"), D("3.8"), D("8.1")])
lines = st.lists(st.builds(Line, amounts, rates), min_size=1, max_size=12)
means = st.sampled_from(sorted(bookkeeping.BY_MEANS))


@given(lines, st.decimals("0.00", "1", places=2), st.lists(st.tuples(amounts, means), max_size=4))
def test_debit_and_credit_balance_whatever_happens(
    of: list[Line], share: Decimal, paid: list[tuple[Decimal, str]]
) -> None:
    whole = sum(line.amount for line in of)
    discount = f"{whole * share:.2f}"
    issued = bill(*of, discount=discount)
    for method in Method:
        found = [] if method is Method.RECEIVED else bookkeeping.of_bill(issued)
        for amount, way in paid:
            found += bookkeeping.of_receipt(receipt(f"{amount}", way, *of), method)

        entries = list(bookkeeping.without_vat(found))

        assert sum(one.saldo for one in bookkeeping.balances(found)) == 0
        assert all(one.amount > 0 and one.debit != one.credit for one in entries)
        assert all(one.vat <= one.amount for one in found)


@given(lines, st.decimals("0.00", "1", places=2))
def test_receivables_hold_the_total_and_vat_that_of_the_invoice(of: list[Line], share: Decimal) -> None:
    discount = f"{sum(line.amount for line in of) * share:.2f}"
    issued = bill(*of, discount=discount)

    saldo = {one.account: one.saldo for one in bookkeeping.balances(bookkeeping.of_bill(issued))}

    assert saldo.get(Account.RECEIVABLES, D(0)) == issued.total
    vat = sum(part.vat for part in totals(of, discount=D(discount)).vat)
    assert -saldo.get(Account.VAT, D(0)) == vat


def journal() -> list[Posting]:
    issued = bookkeeping.of_bill(bill(Line(D("1081.00"), D("8.1")), total="1081.00"))
    return [*issued, *bookkeeping.of_receipt(receipt("1081.00"), Method.AGREED)]


def test_banana_gets_gross_amounts_with_the_vat_code() -> None:
    assert bookkeeping.banana(journal(), DEFAULTS).decode().splitlines() == [
        "Date\tDoc\tDescription\tAccountDebit\tAccountCredit\tAmount\tVatCode",
        "2026-10-13\tF-00042\tInvoice F-00042\t1100\t3400\t1081.00\tV81",
        "2026-11-02\tF-00042\tPayment F-00042\t1023\t1100\t1081.00\t",
    ]


def test_cresus_gets_lines_without_headings_and_vat_as_an_entry() -> None:
    assert bookkeeping.cresus(journal(), DEFAULTS) == (
        b"13.10.2026\t1100\t3400\tF-00042\tInvoice F-00042\t1000.00\r\n"
        b"13.10.2026\t1100\t2200\tF-00042\tInvoice F-00042\t81.00\r\n"
        b"02.11.2026\t1023\t1100\tF-00042\tPayment F-00042\t1081.00\r\n"
    )


def test_other_programs_get_headings_and_semicolons() -> None:
    headings = ["Date", "Document", "Text", "Debit", "Credit", "Amount CHF", "VAT %"]

    found = bookkeeping.plain(journal(), DEFAULTS, headings).decode("utf-8-sig").splitlines()

    assert found[0] == "Date;Document;Text;Debit;Credit;Amount CHF;VAT %"
    assert found[1] == "13.10.2026;F-00042;Invoice F-00042;1100;3400;1000.00;8.1"


def test_a_name_with_tabs_and_strange_letters_breaks_no_line() -> None:
    one = Posting(DAY, "F-1", "Payment F-1,\tJán\r\nŁukasz; é", Account.CASH, Account.INCOME, D("1.00"))

    assert bookkeeping.cresus([one], DEFAULTS).split(b"\t")[4] == "Payment F-1, Ján ?ukasz; é".encode("cp1252")
    assert len(bookkeeping.banana([one], DEFAULTS).splitlines()) == 2
    assert bookkeeping.plain([one], DEFAULTS, ["a"]).splitlines()[1].count(b";") == 6


@pytest.mark.parametrize(("rate", "code"), [("8.1", "V81"), ("2.60", "V26"), ("3.8", "V38"), ("7.7", "V77")])
def test_vat_codes_are_those_of_the_swiss_table(rate: str, code: str) -> None:
    assert bookkeeping.vat_code(D(rate)) == code
