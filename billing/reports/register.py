"""The register of numbers: every series in order, what became of each number, and whether one is missing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, IntegerField, Max, Min, QuerySet, Value, Window
from django.db.models.functions import Cast, Lag, StrIndex, Substr
from django.utils.translation import gettext as _

from billing import numbering
from billing.models import Cancellation, Invoice
from billing.numbering import LETTER, STORNO, Series, Span
from billing.reports import states
from billing.reports.states import Badge
from optamed.practice.models import Counter

MOST_GAPS = 20  # named; where more are missing, their number says enough
SIX_DIGITS = 100_000
NEWEST = "-issued_on"


@dataclass(frozen=True, slots=True)
class Row:
    """A number that was given: to whom, when, over how much in CHF, and what became of it."""

    number: str
    on: date
    patient: str
    link: str
    total: Decimal
    badge: Badge
    story: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers that are not there, first and last."""

    first: str
    last: str
    count: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What a series holds; ``reached`` is its highest serial, ``gaps`` name the first of the ``missing`` numbers."""

    first: str
    last: str
    reached: int
    count: int
    missing: int
    gaps: Sequence[Gap]


def series() -> list[str]:
    """The prefixes in use, invoices first: F, F-2026, F-CM, S. F is always there."""
    names = Counter.objects.filter(last__gt=0).values_list("name", flat=True)
    counted = {behind.prefix for name in names if (behind := numbering.series_behind(name))}
    found = counted - {STORNO}
    return [*sorted(found or {LETTER}), *([STORNO] if STORNO in counted else [])]


def numbered(prefix: str, year: int | None, *, longest: int = 0) -> QuerySet[Any]:
    """Invoices or counter-documents of a series in order, with ``serial``; those of a year by their own date.

    ``longest`` is the highest serial: up to five digits the index of the numbers gives the order.
    """
    rows: QuerySet[Any]
    if prefix == STORNO:
        rows = Cancellation.objects.select_related("invoice__patient")
        dated = "cancelled_on__year"
    else:
        invoices = Invoice.objects.exclude(number=None).select_related("patient", "cancellation")
        rows = invoices.prefetch_related("corrected_by").defer("document", "qr_payload")
        dated = "issued_on__year"
    mine = _of_series(rows, prefix)
    return (mine.filter(**{dated: year}) if year else mine).order_by("number" if longest < SIX_DIGITS else "serial")


def years() -> list[int]:
    """From the first to the last invoice, the newest first."""
    dated = Invoice.objects.exclude(issued_on=None)
    first, last = (dated.order_by(order).values_list("issued_on", flat=True).first() for order in ("issued_on", NEWEST))
    return list(range(last.year, first.year - 1, -1)) if first and last else []


def standing(prefix: str) -> Standing:
    """Whether a series is whole: counted first, and looked through only where the count does not fit."""
    rows = _of_series(Cancellation.objects.all() if prefix == STORNO else Invoice.objects.all(), prefix).order_by()
    sums = rows.aggregate(first=Min("serial"), last=Max("serial"), count=Count("pk"))
    if not sums["count"]:
        return Standing("", "", 0, 0, 0, [])
    one = Series(prefix)
    counter = Counter.objects.filter(name=one.counter).first() or Counter()
    first, reached = sums["first"], sums["last"]
    end = max(reached, counter.last)
    skipped = [(low, high) for low, high in counter.skipped if low > first]  # the rest lies before the first number
    missing = end - first + 1 - sums["count"] - sum(high - low + 1 for low, high in skipped)
    spans = numbering.unexplained(_missing(rows, given=counter.last, reached=reached), skipped) if missing else []
    gaps = [Gap(one.label(low), one.label(high), high - low + 1) for low, high in spans[:MOST_GAPS]]
    return Standing(one.label(first), one.label(reached), reached, sums["count"], missing, gaps)


def rows_of(found: Iterable[Any], *, on: date) -> Iterator[Row]:
    """What the page and the file show of each."""
    for one in found:
        yield _of_cancellation(one) if isinstance(one, Cancellation) else _of_invoice(one, on=on)


def _of_invoice(invoice: Invoice, *, on: date) -> Row:
    return Row(
        number=str(invoice),
        on=invoice.issued_on or on,
        patient=invoice.patient.list_name,
        link=invoice.get_absolute_url(),
        total=invoice.total,
        badge=states.badge(invoice, on=on),
        story=_story(invoice) if invoice.is_cancelled else "",
    )


def _story(invoice: Invoice) -> str:
    counter = invoice.cancellation.number
    new = next((other.number for other in invoice.corrected_by.all() if other.number), None)
    if new:
        return _("Cancelled by %(counter)s, replaced by %(number)s") % {"counter": counter, "number": new}
    return _("Cancelled by %(counter)s") % {"counter": counter}


def _of_cancellation(done: Cancellation) -> Row:
    return Row(
        number=done.number,
        on=done.cancelled_on,
        patient=done.invoice.patient.list_name,
        link=done.invoice.get_absolute_url(),
        total=-done.invoice.total,
        badge=Badge("none", "ban", _("Counter-document")),
        story=_("Takes back %(number)s: %(reason)s") % {"number": done.invoice.number, "reason": done.reason},
    )


def _missing(rows: QuerySet[Any], *, given: int, reached: int) -> list[Span]:
    """Between two numbers that follow each other, and after the last where more were taken."""
    stepped = rows.annotate(before=Window(Lag("serial"), order_by=F("serial").asc()))
    jumps = stepped.filter(serial__gt=F("before") + 1).order_by("serial").values_list("before", "serial")
    found = [(before + 1, serial - 1) for before, serial in jumps]
    return [*found, (reached + 1, given)] if given > reached else found


def _of_series(rows: QuerySet[Any], prefix: str) -> QuerySet[Any]:
    """Those whose number has digits alone after the prefix; five digits and more are compared as numbers."""
    mine: QuerySet[Any] = rows.filter(number__startswith=f"{prefix}-")
    rest = Substr("number", len(prefix) + 2)
    plain: QuerySet[Any] = mine.alias(dash=StrIndex(rest, Value("-"))).filter(dash=0)
    counted: QuerySet[Any] = plain.annotate(serial=Cast(rest, IntegerField()))
    return counted
