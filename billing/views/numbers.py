"""The register of numbers: what a tax office asks for, and what shows that nothing was lost."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from billing.reports import register as numbers
from billing.services import printing
from billing.views.listing import page_of
from optamed.core import dates, excel, reading
from optamed.core.htmx import page
from optamed.practice.access import user_of


def _asked(request: HttpRequest) -> tuple[list[str], str, int | None]:
    """The series there are, the one in the address or the first, and the year."""
    every = numbers.series()
    asked = request.GET.get("series", "")
    return every, asked if asked in every else every[0], reading.key(request.GET.get("year", ""))


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """A series in order, by year, with what is missing said above it."""
    user_of(request)
    every, prefix, year = _asked(request)
    standing = numbers.standing(prefix)
    found = numbers.numbered(prefix, year, longest=standing.reached)
    rows = page_of(request, found, found.count() if year else standing.count)
    context = {
        "series": [(name, _address(name, None), name == prefix) for name in every],
        "years": [(one, _address(prefix, one), one == year) for one in numbers.years()],
        "whole": _address(prefix, None),
        "prefix": prefix,
        "year": year,
        "standing": standing,
        "page": rows,
        "rows": list(numbers.rows_of(rows, on=dates.today())),
        "query": _address(prefix, year),
    }
    return page(request, "billing/numbers.html", context, partial="numbers")


def _address(prefix: str, year: int | None) -> str:
    asked = {"series": prefix} | ({"year": year} if year else {})
    return f"?{urlencode(asked)}"


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The series of the page, of the year or whole, as an Excel file."""
    _every, prefix, year = _asked(request)
    printing.note_export(what="the register of numbers", by=user_of(request))
    headings = [
        _("Number"), _("Date"), _("Patient"), _("Total"), _("State"), pgettext("register", "What became of it"),
    ]  # fmt: skip
    name = f"{_('Register of numbers')} {prefix} {dates.today()}.xlsx"
    return excel.answer(name, _("Register of numbers"), headings, _cells(prefix, year))


def _cells(prefix: str, year: int | None) -> Iterator[list[Any]]:
    longest = numbers.standing(prefix).reached
    found = numbers.numbered(prefix, year, longest=longest).iterator(chunk_size=1000)
    for row in numbers.rows_of(found, on=dates.today()):
        yield [row.number, row.on, row.patient, row.total, row.badge.label, row.story]
