"""Money is Decimal, two places, half up; five Rappen only on the amount to pay (docs/money.md has the tables)."""

from decimal import ROUND_HALF_UP, Decimal

Z2 = Decimal("0.01")
ZERO = Decimal("0.00")
FIVE_RAPPEN = Decimal("0.05")
THOUSANDS = "\u2019"


def rappen(amount: Decimal) -> Decimal:
    """Round to 0.01, half up (commercial rounding; half even would lose 20 of 2,000 small amounts)."""
    return amount.quantize(Z2, rounding=ROUND_HALF_UP)


def five_rappen(amount: Decimal) -> Decimal:
    """Round to 0.05, half up: the smallest coin, used on the amount to pay alone."""
    return rappen((amount / FIVE_RAPPEN).quantize(Decimal(1), rounding=ROUND_HALF_UP) * FIVE_RAPPEN)


def line_amount(quantity: Decimal, price: Decimal) -> Decimal:
    """Quantity × price, rounded once."""
    return rappen(quantity * price)


def contained_vat(gross: Decimal, rate: Decimal) -> Decimal:
    """The VAT inside a gross amount; ``rate`` in per cent (8.1)."""
    return rappen(gross * rate / (100 + rate))


def swiss(amount: Decimal) -> str:
    """1’234.50, with a minus sign in front where due."""
    return f"{rappen(amount):,.2f}".replace(",", THOUSANDS)
