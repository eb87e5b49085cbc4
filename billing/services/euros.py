"""A euro invoice: the books stay in francs, the paper asks for euros at the rate it prints."""

from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from billing.document import InvoiceDocument, Line
from billing.totals import totals
from optamed.core import money
from optamed.core.errors import DomainError


def converted(document: InvoiceDocument, *, rate: Decimal | None) -> InvoiceDocument:
    """The document in euros. ``rate`` is CHF for one euro. Prices are converted, then added up, without five Rappen.

    What was paid at the desk in francs is converted as a whole. DomainError without a rate.
    """
    if not rate or rate <= 0:
        raise DomainError(_("A euro invoice needs the rate: how many francs is one euro?"))
    lines = tuple(_line(line, rate) for line in document.lines)
    sums = totals(lines, discount=in_euros(document.discount, rate), round_to_five=False)
    paid = in_euros(document.already_paid, rate)
    settled = document.amount_due <= 0
    return replace(
        document,
        currency="EUR",
        euro_rate=rate,
        lines=lines,
        discount=sums.discount,
        rounding=sums.rounding,
        total=sums.total,
        already_paid=sums.total if settled else min(paid, sums.total),
        amount_due=money.ZERO if settled else max(sums.total - paid, money.ZERO),
        vat=sums.vat,
    )


def in_euros(francs: Decimal, rate: Decimal) -> Decimal:
    """To the cent."""
    return money.rappen(francs / rate)


def _line(line: Line, rate: Decimal) -> Line:
    price = in_euros(line.unit_price, rate)
    return replace(line, unit_price=price, amount=money.line_amount(line.quantity, price))
