"""From lines to the amount to pay, with the VAT that is contained. The rules and their table: docs/money.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from optamed.core.money import ZERO, contained_vat, five_rappen, rappen


class Amounted(Protocol):
    """A line that knows its amount, gross and rounded, and its VAT rate in per cent. None and zero are exempt."""

    @property
    def amount(self) -> Decimal: ...

    @property
    def vat_rate(self) -> Decimal | None: ...


@dataclass(frozen=True)
class VatShare:
    """What one rate has of an invoice: ``gross`` after discount, and the ``vat`` contained in it."""

    rate: Decimal
    gross: Decimal
    vat: Decimal


@dataclass(frozen=True)
class Totals:
    """``lines`` - ``discount`` + ``rounding`` = ``total``, the amount to pay."""

    lines: Decimal
    discount: Decimal
    rounding: Decimal
    total: Decimal
    vat: tuple[VatShare, ...]


def totals(lines: Sequence[Amounted], *, discount: Decimal = ZERO, round_to_five: bool = True) -> Totals:
    """Add up an invoice in its currency.

    ``discount`` is taken off. ``round_to_five`` makes five Rappen of the amount to pay: for francs, not for euros.
    VAT is rounded once per rate, on what is paid (art. 24 VAT Act): after the discount, before the five Rappen.
    """
    subtotal = rappen(sum((line.amount for line in lines), ZERO))
    reduction = rappen(discount)
    net = subtotal - reduction
    total = five_rappen(net) if round_to_five else net
    return Totals(
        lines=subtotal,
        discount=reduction,
        rounding=total - net,
        total=total,
        vat=tuple(VatShare(rate, gross, contained_vat(gross, rate)) for rate, gross in by_rate(lines, reduction)),
    )


def by_rate(lines: Sequence[Amounted], discount: Decimal = ZERO) -> list[tuple[Decimal, Decimal]]:
    """The gross of each rate. A discount weighs on the rates by their gross; the last takes what rounding leaves."""
    gross: dict[Decimal, Decimal] = {}
    for line in lines:
        rate = line.vat_rate or ZERO
        gross[rate] = gross.get(rate, ZERO) + line.amount
    whole = sum(gross.values(), ZERO)
    left = discount
    shares = []
    for rate in sorted(gross):
        part = left if rate == max(gross) or not whole else rappen(discount * gross[rate] / whole)
        left -= part
        shares.append((rate, rappen(gross[rate] - part)))
    return shares
