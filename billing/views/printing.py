"""Papers of several invoices: as one PDF or a ZIP, on paper at last, mailed, hidden; those of a period."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from billing.forms.lists import PERIODS, InvoiceFilter, PeriodForm, span_of
from billing.models import Invoice
from billing.reports import states
from billing.services import archives, printing
from billing.views.answers import pdf_answer
from billing.views.invoice import CHANGED
from billing.views.picked import Picked, picked
from optamed.core import dates
from optamed.core.htmx import came_from, done, page
from optamed.practice.access import user_of

AT_ONCE = 8  # more sheets than these are drawn with a bar that moves
BATCH = 100  # of those who still get paper


@require_http_methods(["GET", "HEAD", "POST"])
def bundle(request: HttpRequest) -> HttpResponse:
    """One PDF in page order. Sheets that are missing are drawn first, in steps that can be watched and left."""
    asked = picked(request)
    printing.refuse_too_many(count=asked.issued.count())
    printing.refuse_too_many_copies(count=printing.copies_in(invoices=asked.issued))
    missing = asked.issued.without_paper().count()
    if "draw" in request.POST and missing:
        missing = printing.draw_some(invoices=asked.issued)
    elif missing <= AT_ONCE and "draw" not in request.POST:
        content = printing.bundle(invoices=asked.issued)
        printing.note_export(what="invoices", by=user_of(request))
        return pdf_answer(content, f"{_('Invoices')} {dates.today()}.pdf", inline=True)
    return _progress(request, asked, missing)


def _progress(request: HttpRequest, asked: Picked, missing: int) -> HttpResponse:
    count = asked.issued.count()
    context = {"picked": asked, "count": count, "drawn": count - missing, "missing": missing}
    return page(request, "billing/printing_progress.html", context, partial="progress")


@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: HttpRequest) -> HttpResponseBase:
    """A ZIP that leaves while it is written: the browser's own download shows how far it is, and can stop it."""
    parts = archives.archive(invoices=picked(request).issued)
    printing.note_export(what="invoices", by=user_of(request))
    response = StreamingHttpResponse(parts, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{_("Invoices")} {dates.today()}.zip"'
    return response


@require_GET
def to_print(request: HttpRequest) -> HttpResponse:
    """Who still gets paper, the oldest first: a batch that is printed, and then said to be on paper."""
    waiting = Invoice.objects.awaiting_paper()
    count, today = waiting.count(), dates.today()
    batch = waiting.for_lists().order_by("issued_on", "pk")[:BATCH]
    rows = [states.row_of(invoice, on=today) for invoice in batch]
    context = {"rows": rows, "count": count, "more": count - len(rows), "query": "sort=date"}
    return page(request, "billing/to_print.html", context, partial="to-print")


@require_POST
def printed(request: HttpRequest) -> HttpResponseBase:
    """Said by hand, since nobody knows whether the printer had paper; and taken back."""
    asked, by = picked(request).found, user_of(request)
    if "undo" in request.POST:
        count = printing.unmark_printed(invoices=asked, by=by)
        said = ngettext("%(count)s invoice is still to print.", "%(count)s invoices are still to print.", count)
    else:
        count = printing.mark_printed(invoices=asked, by=by)
        said = ngettext("%(count)s invoice is on paper.", "%(count)s invoices are on paper.", count)
    return _told(request, said % {"count": count} if count else _("Nothing changed."))


@require_POST
def mail(request: HttpRequest) -> HttpResponseBase:
    """By e-mail, each once: what was mailed before, or has no address, is named and stays."""
    became = printing.want_mail(invoices=picked(request).found, by=user_of(request))
    sentences = [
        (became.wanted, ngettext("%(n)s invoice leaves by e-mail.", "%(n)s invoices leave by e-mail.", became.wanted)),
        (became.before, ngettext("%(n)s was mailed before.", "%(n)s were mailed before.", became.before)),
        (
            became.without_address,
            ngettext("%(n)s has no e-mail address.", "%(n)s have no e-mail address.", became.without_address),
        ),
    ]
    said = [sentence % {"n": number} for number, sentence in sentences if number]
    return _told(request, " ".join(said) or _("A draft is not sent. Issue the invoice first."))


@require_POST
def hide(request: HttpRequest) -> HttpResponseBase:
    """Cancelled ones leave the list; all others stay where they are."""
    count = printing.hide(invoices=picked(request).found, by=user_of(request))
    said = ngettext("%(count)s cancelled invoice is hidden.", "%(count)s cancelled invoices are hidden.", count)
    return _told(request, said % {"count": count} if count else _("Only cancelled invoices can be hidden."))


def _told(request: HttpRequest, sentence: str) -> HttpResponseBase:
    messages.success(request, sentence)
    return done(request, CHANGED, to=came_from(request, otherwise=reverse("billing:invoices")))


@require_GET
def period(request: HttpRequest) -> HttpResponse:
    """The invoices from one day to another as one PDF, a ZIP or an Excel file; last month where nobody says."""
    last = dates.today().replace(day=1) - timedelta(days=1)
    form = PeriodForm(request.GET if "first_on" in request.GET else _days(last.replace(day=1), last))
    context: dict[str, Any] = {"form": form, "spans": _spans()}
    if form.is_valid():
        said = form.cleaned_data
        state = "" if said["cancelled"] else "issued"
        query = _days(said["first_on"], said["last_on"]) | {"state": state, "sort": "date"}
        found = InvoiceFilter(query).apply(Invoice.objects.exclude(state=Invoice.State.DRAFT))
        context["figures"] = states.invoice_figures(found, state=state, on=dates.today())
        context["query"] = urlencode(query)
        context["is_too_much"] = context["figures"].count > printing.MOST
    return page(request, "billing/period.html", context, partial="period", status=200 if form.is_valid() else 422)


def _spans() -> list[tuple[object, str]]:
    """The usual periods as links."""
    spans = [(label, span_of(name, today=dates.today())) for name, label in PERIODS]
    return [(label, urlencode(_days(*span))) for label, span in spans if span]


def _days(first: date, last: date) -> dict[str, str]:
    return {"first_on": f"{first:%d.%m.%Y}", "last_on": f"{last:%d.%m.%Y}"}
