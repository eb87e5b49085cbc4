"""The list of invoices, its Excel file, and the invoice that is made from visits."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agenda.consultations.models import Consultation
from billing import access, reports
from billing.forms import InvoiceFilter
from billing.models import Invoice
from billing.querysets import InvoiceQuerySet
from billing.services import invoicing
from billing.views.listing import page_of, without_words
from optamed.core import dates, excel, reading
from optamed.core.htmx import page
from optamed.core.listing import chip_url
from optamed.practice.access import user_of
from optamed.practice.models import Therapist


def state_asked(query: QueryDict) -> str:
    """The chip in the address; all of them where it is none of ours."""
    asked = query.get("state", "")
    return asked if asked in reports.INVOICE_STATES else ""


def _listed(found: InvoiceQuerySet, chosen: InvoiceFilter, state: str) -> InvoiceQuerySet:
    rows = found.filter(reports.state_of_invoices(state, on=dates.today()))
    return rows.for_lists().order_by(*chosen.order)


@require_GET
def invoices(request: HttpRequest) -> HttpResponse:
    """All invoices, by state, words, therapist and period; totals follow."""
    today, state, chosen = dates.today(), state_asked(request.GET), InvoiceFilter(request.GET)
    found = chosen.apply(Invoice.objects.all())
    figures = reports.invoice_figures(found, state=state, on=today)
    rows = page_of(request, _listed(found, chosen, state), figures.count)
    context = {
        "filter": chosen,
        "state": state,
        "figures": figures,
        "chips": [(chip, chip_url(request, chip.key)) for chip in figures.chips],
        "page": rows,
        "rows": [(invoice, reports.badge(invoice, on=today)) for invoice in rows],
        "several_therapists": Therapist.objects.count() > 1,
        "today": today,
        "query": request.GET.urlencode(),
    }
    return without_words(request, page(request, "billing/invoices.html", context, partial="invoice-list"))


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, as an Excel file."""
    chosen = InvoiceFilter(request.GET)
    found = chosen.apply(Invoice.objects.all())
    rows = _listed(found, chosen, state_asked(request.GET))
    invoicing.note_export(by=user_of(request))
    headings = [
        _("Number"), _("Date"), _("Patient"), _("Therapist"), _("Payable until"), _("State"),
        _("Reference"), _("Total"), pgettext("amount", "Open"),
    ]  # fmt: skip
    return excel.answer(f"{_('Invoices')} {dates.today()}.xlsx", _("Invoices"), headings, _cells(rows))


def _cells(rows: InvoiceQuerySet) -> Iterator[list[Any]]:
    today = dates.today()
    for invoice in rows.iterator(chunk_size=1000):
        yield [
            invoice.number or "",
            invoice.issued_on or "",
            invoice.patient.list_name,
            str(invoice.therapist),
            invoice.due_on or "",
            reports.badge(invoice, on=today).label,
            invoice.reference,
            invoice.total,
            invoice.open_amount,
        ]


@require_POST
def from_consultation(request: HttpRequest, pk: int) -> HttpResponse:
    """The invoice of a visit: the one that holds it already, otherwise a new draft."""
    visit = access.billable_visit_for(request, pk)
    if held := Invoice.objects.filter(billed__consultation=visit, billed__live=True).first():
        return redirect(held)
    return redirect(invoicing.draft(patient=visit.patient, consultations=[visit], by=user_of(request)))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """Visits without an invoice, patient by patient; those that are ticked come on one."""
    if request.method == "POST":
        return _from_visits(request)
    by_patient = ("patient__last_name", "patient_id", "treated_on", "pk")
    waiting = Consultation.objects.billable().for_lists().order_by(*by_patient)
    if "patient" in request.GET:
        waiting = waiting.filter(patient_id=reading.key(request.GET["patient"]) or 0)
    figures = waiting.order_by().count_and_amount()
    context = {"page": page_of(request, waiting, figures["count"]), "figures": figures}
    return page(request, "billing/new.html", context, partial="visits")


def _from_visits(request: HttpRequest) -> HttpResponse:
    visits = access.ticked_visits_for(request)
    if not visits:
        messages.error(request, _("Choose at least one consultation."))
        return redirect("billing:invoice-new")
    return redirect(invoicing.draft(patient=visits[0].patient, consultations=visits, by=user_of(request)))
