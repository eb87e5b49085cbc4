"""What an accountant books: invoices and receipts as debit and credit, and the files that other programs read.

Two methods (VATA art. 39): ``agreed`` books an invoice when it is issued, ``received`` only the money. All money goes
to and from receivables under the first, so that account at any time holds what is open less the patients' credit.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from billing.totals import Amounted, VatShare, by_rate, totals
from optamed.core.money import ZERO, contained_vat, rappen


class Account(StrEnum):
    """The accounts that billing touches."""

    CASH = "cash"
    BANK = "bank"
    CARD = "card"
    TWINT = "twint"
    RECEIVABLES = "receivables"
    VAT = "vat"
    INCOME = "income"
    DISCOUNTS = "discounts"
    LOSSES = "losses"
    ROUNDING = "rounding"


class Method(StrEnum):
    """When something is booked."""

    AGREED = "agreed"
    RECEIVED = "received"


# The Swiss chart of accounts for small businesses; card and TWINT stand beside the bank until they are paid out.
DEFAULTS: Mapping[Account, str] = {
    Account.CASH: "1000",
    Account.BANK: "1020",
    Account.CARD: "1022",
    Account.TWINT: "1023",
    Account.RECEIVABLES: "1100",
    Account.VAT: "2200",
    Account.INCOME: "3400",
    Account.DISCOUNTS: "3800",
    Account.LOSSES: "3805",
    Account.ROUNDING: "6943",
}
BY_MEANS: Mapping[str, Account] = {
    "cash": Account.CASH,
    "card": Account.CARD,
    "twint": Account.TWINT,
    "bank": Account.BANK,
    "qr": Account.BANK,
    "loss": Account.LOSSES,
    "discount": Account.DISCOUNTS,
}
RESULT = frozenset({Account.INCOME, Account.DISCOUNTS, Account.LOSSES})  # the side that bears the VAT
WRITTEN_OFF = frozenset({Account.DISCOUNTS, Account.LOSSES})
BANANA = ("Date", "Doc", "Description", "AccountDebit", "AccountCredit", "Amount", "VatCode")
Numbers = Mapping[Account, str]


@dataclass(frozen=True)
class Posting:
    """One debit against one credit, in CHF, above zero. ``vat`` of ``rate`` per cent is contained in ``amount``."""

    on: date
    doc: str
    text: str
    debit: Account
    credit: Account
    amount: Decimal
    rate: Decimal = ZERO
    vat: Decimal = ZERO


@dataclass(frozen=True)
class Balance:
    """What an account moved in a period."""

    account: Account
    debit: Decimal
    credit: Decimal

    @property
    def saldo(self) -> Decimal:
        """Debit less credit."""
        return self.debit - self.credit


@dataclass(frozen=True)
class Bill:
    """An issued invoice in CHF. What ``total`` has beside ``lines`` less ``discount`` is rounding."""

    on: date
    doc: str
    text: str
    lines: Sequence[Amounted]
    total: Decimal
    discount: Decimal = ZERO


@dataclass(frozen=True)
class Receipt:
    """A part of a payment, and what it stands for: ``lines`` where they bear VAT, none for money paid ahead."""

    on: date
    doc: str
    text: str
    means: str
    amount: Decimal
    lines: Sequence[Amounted] = ()
    discount: Decimal = ZERO


def of_bill(bill: Bill) -> list[Posting]:
    """Income gross per rate of VAT, the discount against it, the rounding. The VAT adds up to that of the invoice."""
    sums = totals(bill.lines, discount=bill.discount)
    gross = dict(by_rate(bill.lines))
    found = []
    for share in sums.vat:
        vat = contained_vat(gross[share.rate], share.rate)
        income = _posting(bill, (Account.RECEIVABLES, Account.INCOME), gross[share.rate], share.rate, vat)
        taken = gross[share.rate] - share.gross
        discount = _posting(bill, (Account.DISCOUNTS, Account.RECEIVABLES), taken, share.rate, vat - share.vat)
        found += [income, discount]
    rounding = bill.total - (sums.lines - sums.discount)
    found.append(_posting(bill, (Account.RECEIVABLES, Account.ROUNDING), rounding))
    return [posting for posting in found if posting.amount]


def of_receipt(receipt: Receipt, method: Method) -> list[Posting]:
    """The money; a loss or discount takes its VAT back (VATA art. 41), and is nothing where only receipts count."""
    account = BY_MEANS[receipt.means]
    if method is Method.AGREED and account not in WRITTEN_OFF:
        return [_posting(receipt, (account, Account.RECEIVABLES), receipt.amount)]
    if method is Method.RECEIVED and account in WRITTEN_OFF:
        return []
    against = Account.RECEIVABLES if method is Method.AGREED else Account.INCOME
    return [
        _posting(receipt, (account, against), part, rate, contained_vat(part, rate))
        for rate, part in _spread(receipt.amount, totals(receipt.lines, discount=receipt.discount).vat)
        if part
    ]


def of_release(before: Receipt, after: Receipt, method: Method, *, text: str) -> list[Posting]:
    """Money whose invoice is cancelled: on the day of ``after`` the receipt is reversed, and booked anew as paid ahead.

    Only where VAT was booked with it: otherwise nothing moves, since receivables hold credit too, and income is income.
    """
    booked = of_receipt(before, method)
    if not any(posting.vat for posting in booked):
        return []
    return [*reversed_of(booked, on=after.on, doc=before.doc, text=text), *of_receipt(after, method)]


def reversed_of(postings: Iterable[Posting], *, on: date, doc: str, text: str) -> list[Posting]:
    """The same the other way round, on another day: a storno."""
    return [
        replace(posting, on=on, doc=doc, text=text, debit=posting.credit, credit=posting.debit) for posting in postings
    ]


def without_vat(postings: Iterable[Posting]) -> Iterator[Posting]:
    """Entries that nothing is contained in any more: the VAT is one of its own."""
    for posting in postings:
        if posting.amount != posting.vat:
            yield replace(posting, amount=posting.amount - posting.vat, vat=ZERO)
        if posting.vat:
            yield _vat_of(posting)


def balances(postings: Iterable[Posting]) -> list[Balance]:
    """Each account that moved, in the order of the chart; debits and credits are equal over all."""
    debit: dict[Account, Decimal] = {}
    credit: dict[Account, Decimal] = {}
    for posting in without_vat(postings):
        debit[posting.debit] = debit.get(posting.debit, ZERO) + posting.amount
        credit[posting.credit] = credit.get(posting.credit, ZERO) + posting.amount
    return [
        Balance(account, debit.get(account, ZERO), credit.get(account, ZERO))
        for account in Account
        if account in debit or account in credit
    ]


def rows(postings: Iterable[Posting], numbers: Numbers) -> Iterator[tuple[date, str, str, str, str, Decimal, Decimal]]:
    """The journal as a table: day, document, text, debit, credit, amount in CHF, rate of VAT in per cent."""
    for one in without_vat(postings):
        yield one.on, one.doc, one.text, numbers[one.debit], numbers[one.credit], one.amount, one.rate


def banana(postings: Iterable[Posting], numbers: Numbers) -> bytes:
    """Banana Accounting, "text file with column headers": tabs, 2026-11-24, 1234.50, UTF-8.

    Amounts are gross with the VAT code of the Swiss table (V81 for 8.1 %), from which Banana takes the VAT itself.
    """
    lines = [BANANA]
    for one in postings:
        code = vat_code(one.rate) if one.rate else ""
        amount = f"{one.amount:.2f}"
        lines.append((f"{one.on}", one.doc, one.text, numbers[one.debit], numbers[one.credit], amount, code))
    return _table(lines, mark="\t", end="\n").encode()


def cresus(postings: Iterable[Posting], numbers: Numbers) -> bytes:
    """Crésus Comptabilité, file of entries: no headings, tabs, CR LF, Windows' letters, VAT as entries of its own.

    Date, debit, credit, document, text, amount. A letter that Windows-1252 lacks becomes a question mark.
    """
    lines = [
        (f"{on:%d.%m.%Y}", debit, credit, doc, text, f"{amount:.2f}")
        for on, doc, text, debit, credit, amount, _rate in rows(postings, numbers)
    ]
    return _table(lines, mark="\t", end="\r\n").encode("cp1252", errors="replace")


def plain(postings: Iterable[Posting], numbers: Numbers, headings: Sequence[str]) -> bytes:
    """The journal for any other program: semicolons, headings, UTF-8 with the mark that Excel looks for."""
    lines: list[Sequence[str]] = [headings]
    for on, doc, text, debit, credit, amount, rate in rows(postings, numbers):
        lines.append((f"{on:%d.%m.%Y}", doc, text, debit, credit, f"{amount:.2f}", f"{rate:.1f}" if rate else ""))
    return _table(lines, mark=";", end="\r\n").encode("utf-8-sig")


def vat_code(rate: Decimal) -> str:
    """V81 for 8.1 %, V26 for 2.6 %: the codes of Banana's Swiss table for gross amounts."""
    return f"V{rate * 10:.0f}"


def _posting(
    source: Bill | Receipt,
    sides: tuple[Account, Account],
    amount: Decimal,
    rate: Decimal = ZERO,
    vat: Decimal = ZERO,
) -> Posting:
    """Debit and credit of an amount; one below zero goes the other way round."""
    debit, credit = sides
    if amount < 0:
        debit, credit, amount, vat = credit, debit, -amount, -vat
    return Posting(source.on, source.doc, source.text, debit, credit, rappen(amount), rate, vat)


def _vat_of(posting: Posting) -> Posting:
    """The VAT that is contained, on the side of the result, which bears it."""
    debit = Account.VAT if posting.debit in RESULT else posting.debit
    credit = Account.VAT if posting.credit in RESULT else posting.credit
    return replace(posting, debit=debit, credit=credit, amount=posting.vat, vat=ZERO)


def _spread(amount: Decimal, shares: Sequence[VatShare]) -> list[tuple[Decimal, Decimal]]:
    """An amount over the rates of VAT by their gross; the last takes what rounding leaves."""
    whole = sum((share.gross for share in shares), ZERO)
    if not whole:
        return [(ZERO, amount)]
    left, parts = amount, []
    for share in shares[:-1]:
        part = rappen(amount * share.gross / whole)
        left -= part
        parts.append((share.rate, part))
    return [*parts, (shares[-1].rate, left)]


def _table(lines: Iterable[Sequence[str]], *, mark: str, end: str) -> str:
    """Lines of cells; what would break a cell is a blank."""
    return "".join(f"{mark.join(_cell(cell, mark) for cell in line)}{end}" for line in lines)


def _cell(text: str, mark: str) -> str:
    return " ".join(text.replace(mark, " ").split())
