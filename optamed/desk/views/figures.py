"""The figures of a year, as tiles, chart and table."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from optamed.core import dates, reading
from optamed.core.htmx import page
from optamed.desk import plot
from optamed.desk.reports import figures

FIRST_YEAR = 2000


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """GET /statistics/?year=2026; without or with a wrong year, the current one."""
    today = dates.today()
    asked = reading.key(request.GET.get("year"))
    year = asked if asked and FIRST_YEAR <= asked <= today.year else today.year
    found = figures.of_year(year, today=today)
    rows = [(month.short, month.invoiced, month.received) for month in found.months]
    context = {"figures": found, "plot": plot.bars(rows), "years": [year - 1, year, year + 1], "today": today}
    return page(request, "desk/statistics.html", context, partial="figures")
