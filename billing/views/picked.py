"""Which invoices are meant: the filtered list, or those of it that were ticked."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from billing.forms.lists import InvoiceFilter
from billing.models import Invoice
from billing.querysets import InvoiceQuerySet
from billing.reports import states
from optamed.core import dates, reading

FEW = 3000
STATES = {*states.INVOICE_STATES, "issued"}


def state_asked(query: QueryDict) -> str:
    """The chip in the address; all of them where it is none of ours."""
    asked = query.get("state", "")
    return asked if asked in STATES else ""


def listed(found: InvoiceQuerySet, chosen: InvoiceFilter, state: str) -> InvoiceQuerySet:
    """The rows of a list, in its order."""
    rows = found.filter(states.state_of_invoices(state, on=dates.today()))
    return rows.for_lists().order_by(*chosen.order)


def keys_of(found: InvoiceQuerySet, chosen: InvoiceFilter, state: str, *, count: int) -> "QuerySet[Invoice, int]":
    """The same rows, as keys: with the order left to an index where they are many, and sorted where they are few.

    A database that walks the order to find fifty rows walks all of it when there are ten.
    """
    rows = found.filter(states.state_of_invoices(state, on=dates.today()))
    if count < FEW:
        rows = Invoice.objects.filter(pk__in=rows.order_by().values("pk"))
    return rows.order_by(*chosen.order).values_list("pk", flat=True)


@dataclass(frozen=True)
class Picked:
    """Ticked invoices, or with ``whole`` all that the filter ``query`` finds; ``found`` is in the order of the list."""

    found: InvoiceQuerySet
    keys: tuple[int, ...]
    query: str
    whole: bool

    @property
    def issued(self) -> InvoiceQuerySet:
        """Without drafts, which have no papers."""
        return self.found.exclude(state=Invoice.State.DRAFT)


def picked(request: HttpRequest) -> Picked:
    """From the ticked boxes of a list, or from links that name invoices; what is no number of an invoice is none."""
    said = request.POST if request.method == "POST" else request.GET
    query = QueryDict(said.get("query", ""))
    keys = tuple(key for key in map(reading.key, said.getlist("invoices")) if key is not None)
    whole = said.get("all") == "1"
    chosen = InvoiceFilter(query)
    if whole:
        found = listed(chosen.apply(Invoice.objects.all()), chosen, state_asked(query))
    else:
        found = Invoice.objects.filter(pk__in=keys).for_lists().order_by(*chosen.order)
    return Picked(found, keys, query.urlencode(), whole)
