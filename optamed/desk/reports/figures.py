"""The figures of a year: invoiced, received, open. They agree with the lists they link to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import ExtractMonth

from agenda.consultations.models import Consultation
from billing.models import Invoice, Payment
from optamed.core.money import ZERO
from optamed.core.spoken import written
from optamed.core.sums import total

Sums = Mapping[int, Decimal]


@dataclass(frozen=True)
class Month:
    """A row of the table and a pair of bars; amounts in CHF."""

    name: str
    short: str
    invoiced: Decimal
    received: Decimal


@dataclass(frozen=True)
class Year:
    """The figures of a calendar year, by date of invoice and of receipt."""

    year: int
    months: Sequence[Month]
    open: Mapping[str, Any]
    overdue: Mapping[str, Any]
    consultations: int

    @property
    def invoiced(self) -> Decimal:
        return sum((month.invoiced for month in self.months), ZERO)

    @property
    def received(self) -> Decimal:
        return sum((month.received for month in self.months), ZERO)


def of_year(year: int, *, today: date) -> Year:
    """Six queries, whatever the size of the practice."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    invoiced = _by_month(Invoice.objects.issued().filter(issued_on__range=(first, last)), "issued_on", "total")
    received = _by_month(Payment.objects.received().between(first, last), "received_on", "amount")
    months = [_month(date(year, number, 1), invoiced, received) for number in range(1, 13)]
    treated = Consultation.objects.filter(treated_on__range=(first, last))
    return Year(
        year=year,
        months=months,
        open=Invoice.objects.open().count_and_sums(),
        overdue=Invoice.objects.overdue(today).count_and_sums(),
        consultations=treated.count(),
    )


def _by_month(rows: "QuerySet[Any]", day: str, amount: str) -> dict[int, Decimal]:
    grouped = rows.order_by().annotate(month=ExtractMonth(day)).values("month").annotate(sum=total(amount))
    return {row["month"]: row["sum"] for row in grouped}


def _month(first: date, invoiced: Sums, received: Sums) -> Month:
    return Month(
        name=written(first, "F"),
        short=written(first, "N"),
        invoiced=invoiced.get(first.month, ZERO),
        received=received.get(first.month, ZERO),
    )
