"""The list of invoices, its Excel file, and the invoice that is made from visits."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agenda.consultations.models import Consultation
from billing import access
from billing.forms.lists import InvoiceFilter
from billing.forms.runs import WaitingFilter
from billing.models import Invoice
from billing.querysets import InvoiceQuerySet
from billing.reports import states, waiting
from billing.services import drafting, kinds, printing
from billing.views.listing import page_of, without_words
from billing.views.picked import keys_of, listed, state_asked
from optamed.core import dates, excel
from optamed.core.htmx import page
from optamed.core.listing import chip_url
from optamed.practice.access import user_of
from optamed.practice.models import Therapist


@require_GET
def invoices(request: HttpRequest) -> HttpResponse:
    """All invoices, by state, words, therapist, period and way; totals follow."""
    today, state, chosen = dates.today(), state_asked(request.GET), InvoiceFilter(request.GET)
    found = chosen.apply(Invoice.objects.all())
    figures = states.invoice_figures(found, state=state, on=today)
    keys = page_of(request, keys_of(found, chosen, state, count=figures.count), figures.count)
    rows = Invoice.objects.for_lists().in_bulk(list(keys))  # apart: what is sorted stands in an index, the rows do not
    context = {
        "filter": chosen,
        "state": state,
        "figures": figures,
        "chips": [(chip, chip_url(request, chip.key)) for chip in figures.chips],
        "page": keys,
        "rows": [states.row_of(rows[key], on=today) for key in keys if key in rows],
        "several_therapists": Therapist.objects.count() > 1,
        "query": request.GET.urlencode(),
    }
    return without_words(request, page(request, "billing/invoices.html", context, partial="invoice-list"))


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, as an Excel file."""
    chosen = InvoiceFilter(request.GET)
    rows = listed(chosen.apply(Invoice.objects.all()), chosen, state_asked(request.GET))
    printing.note_export(what="invoices", by=user_of(request))
    headings = [
        _("Number"), _("Date"), _("Patient"), _("Recipient"), _("Therapist"), _("Language"), _("Payable until"),
        _("State"), _("Sent"), _("Printed on"), _("Reference"), _("Total"), pgettext("amount", "Open"),
    ]  # fmt: skip
    return excel.answer(f"{_('Invoices')} {dates.today()}.xlsx", _("Invoices"), headings, _cells(rows))


def _cells(rows: InvoiceQuerySet) -> Iterator[list[Any]]:
    today = dates.today()
    for invoice in rows.iterator(chunk_size=1000):
        row = states.row_of(invoice, on=today)
        yield [
            invoice.number or "",
            invoice.issued_on or "",
            invoice.patient.list_name,
            row.recipient,
            str(invoice.therapist),
            invoice.get_language_display(),
            invoice.due_on or "",
            row.badge.label,
            row.sent.label if row.sent else "",
            dates.local(invoice.printed_at).date() if invoice.printed_at else "",
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
    return redirect(drafting.draft(patient=visit.patient, consultations=[visit], by=user_of(request)))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """Visits without an invoice, patient by patient; those that are ticked come on one."""
    if request.method == "POST":
        return _from_visits(request)
    chosen = WaitingFilter(request.GET)
    found = chosen.apply(Consultation.objects.billable())
    figures = waiting.figures(found)
    rows = page_of(request, waiting.patients_of(found), figures["patients"])
    context = {
        "filter": chosen,
        "page": rows,
        "groups": waiting.of_patients(found, rows),
        "figures": figures,
        "several_therapists": Therapist.objects.count() > 1,
        "query": request.GET.urlencode(),
    }
    return without_words(request, page(request, "billing/new.html", context, partial="visits"))


def _from_visits(request: HttpRequest) -> HttpResponse:
    """One draft; where the visits differ, first the question, then one per kind."""
    visits = access.ticked_visits_for(request)
    if not visits:
        messages.error(request, _("Choose at least one consultation."))
        return redirect("billing:invoice-new")
    groups = kinds.split(visits)
    if len(groups) > 1 and "kinds" not in request.POST and len({visit.patient_id for visit in visits}) == 1:
        heads, rows = waiting.table(groups)
        context = {"patient": visits[0].patient, "heads": heads, "kinds": rows}
        return page(request, "billing/new_kinds.html", context, partial="kinds")
    made = kinds.draft_each(patient=visits[0].patient, consultations=visits, by=user_of(request))
    if len(made) == 1:
        return redirect(made[0])
    messages.success(request, _("%(count)d drafts were made.") % {"count": len(made)})
    return redirect(f"{reverse('billing:invoices')}?state=draft")
