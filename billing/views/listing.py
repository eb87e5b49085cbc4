"""What the lists of billing have in common: pages of fifty, and an address that names nobody."""

from typing import TypeVar
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from optamed.core.htmx import wants_part

PER_PAGE = 50
Kind = TypeVar("Kind", bound=Model)
Row = TypeVar("Row")  # a record, or only its key


def page_of(request: HttpRequest, rows: "QuerySet[Kind, Row]", count: int) -> Page[Row]:
    """The asked page, or the nearest there is; the rows were counted before and are not counted again."""
    paginator = Paginator(rows, PER_PAGE)
    paginator.count = count
    return paginator.get_page(request.GET.get("page"))


def without_words(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The address bar shows the filter but never the words that were searched: a name has no place in the history."""
    if not wants_part(request):
        return response
    said = [(name, value) for name, values in request.GET.lists() for value in values if value and name != "q"]
    response.headers["HX-Replace-Url"] = f"{request.path}?{urlencode(said)}" if said else request.path
    return response
