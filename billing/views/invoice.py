"""One invoice: its page, its paper, and what can be done with it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from billing import access, reports
from billing.forms import CancelForm, IssueForm
from billing.models import Invoice, Sheet
from billing.references import printed
from billing.services import invoicing, readiness
from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.core.htmx import done, page
from optamed.practice.access import user_of

# The browser's own viewer may print and save; the paper is of no origin, and nothing else may load or frame it.
PDF_POLICY = "sandbox allow-downloads allow-modals allow-scripts; default-src 'none'; frame-ancestors 'self'"
CHANGED = "invoices:changed"


@require_GET
def invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """Head, paper, sums, payments, messages, history."""
    shown, today = access.invoice_for(request, pk), dates.today()
    allocations = reports.received_for(shown)
    gaps = _gaps(shown) if shown.is_draft else []
    context = {
        "invoice": shown,
        "badge": reports.badge(shown, on=today),
        "overdue": shown.is_overdue(today),
        "reference": printed(shown.reference),
        "visits": shown.consultations.order_by("treated_on", "pk"),
        "allocations": allocations,
        "gaps": gaps,
        "blocked": any(gap.blocks for gap in gaps),
        "issue_form": IssueForm(initial={"on": today}),
        "history": reports.history(shown, allocations, on=today),
    }
    return page(request, "billing/invoice.html", context, partial="invoice")


def _gaps(draft: Invoice) -> list[readiness.Gap]:
    """Of all its visits, each sentence once."""
    found = [
        gap
        for visit in draft.consultations.select_related("patient", "therapist__account", "address")
        for gap in readiness.missing(consultation=visit)
    ]
    return sorted(dict.fromkeys(found), key=lambda gap: not gap.blocks)


@require_GET
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The stored sheet, byte for byte; of a draft a watermarked preview. ``?download`` saves it."""
    shown = access.invoice_for(request, pk)
    paper = invoicing.preview(invoice=shown) if shown.is_draft else _stored(shown)
    manner = "attachment" if "download" in request.GET else "inline"
    response = HttpResponse(paper, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'{manner}; filename="{reports.file_name(shown)}"'
    response.headers["Content-Security-Policy"] = PDF_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _stored(issued: Invoice) -> bytes:
    sheet = Sheet.objects.filter(invoice=issued, kind=Sheet.Kind.INVOICE).first()
    if sheet is None:
        invoicing.finish(invoice=issued)
        sheet = Sheet.objects.filter(invoice=issued, kind=Sheet.Kind.INVOICE).first()
    if sheet is None:
        raise DomainError(_("The paper of this invoice cannot be drawn on this computer yet."))
    return bytes(sheet.pdf)


@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the draft its number; a second click is told that it has one."""
    shown, form = access.invoice_for(request, pk), IssueForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["on"][0]))
        return redirect(shown)
    issued = invoicing.issue(invoice=shown, on=form.cleaned_data["on"], by=user_of(request))
    messages.success(request, _("Invoice %(number)s is issued.") % {"number": issued.number})
    return redirect(issued)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Cancel with a reason: a counter-document is made, the visits are free again."""
    shown, form = access.invoice_for(request, pk), CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = invoicing.cancel(invoice=shown, reason=form.cleaned_data["reason"], by=user_of(request))
        facts = {"number": shown.number, "counter": made.number}
        messages.success(request, _("Invoice %(number)s is cancelled by %(counter)s.") % facts)
        return done(request, CHANGED, to=shown.get_absolute_url())
    context = {"invoice": shown, "form": form}
    return page(request, "billing/cancel.html", context, partial="cancel", status=422 if form.is_bound else 200)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a draft: its visits are free again."""
    invoicing.delete_draft(invoice=access.invoice_for(request, pk), by=user_of(request))
    messages.success(request, _("The draft is deleted."))
    return redirect("billing:invoices")
