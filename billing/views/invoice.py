"""One invoice: its page, its papers, and what can be done with it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from billing import access, file_names
from billing.forms.drafts import DraftForm
from billing.forms.issuing import CancelForm, CorrectForm, IssueForm, PapersForm, offer
from billing.models import InsurerRequest, Invoice, Sheet
from billing.services import cancelling, drafting, insurer_requests, invoicing, printing, readiness
from billing.views.answers import pdf_answer
from billing.views.invoice_page import context_of
from optamed.core.errors import DomainError
from optamed.core.htmx import done, page
from optamed.practice.access import user_of
from optamed.practice.models import User
from patients import papers
from patients.services import files

CHANGED = "invoices:changed"
TEMPLATE = "billing/invoice.html"
AS_PRINTED = "print"  # all papers that this practice prints, one after the other


@require_GET
def invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """Head, papers, sums, payments, messages, history. ``?paper=`` puts one paper in sight."""
    shown = access.invoice_for(request, pk)
    return page(request, TEMPLATE, context_of(request, shown), partial="invoice")


@require_GET
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter with its QR-bill. ``?download`` saves it."""
    return _answer(request, access.invoice_for(request, pk), papers.INVOICE)


@require_GET
def paper(request: HttpRequest, pk: int, paper: str) -> HttpResponse:
    """A stored paper, byte for byte; of a draft a preview as of ``?on=``. Copies and bundles are put together."""
    return _answer(request, access.invoice_for(request, pk), paper)


def _answer(request: HttpRequest, shown: Invoice, paper: str) -> HttpResponse:
    content = _preview(request, shown, paper) if shown.is_draft else _issued(shown, paper)
    ending = ".pdf" if paper in (papers.INVOICE, AS_PRINTED) else f"-{paper}.pdf"
    name = file_names.of_invoice(shown.number, shown.pk, ending=ending)
    return pdf_answer(content, name, inline="download" not in request.GET)


def _preview(request: HttpRequest, draft: Invoice, paper: str) -> bytes:
    """``?on=`` is the day as it was typed; one that cannot be, or none, is today."""
    if paper not in (papers.INVOICE, papers.FORM, papers.ANNEX):
        raise Http404
    asked = IssueForm(request.GET)
    return drafting.preview(invoice=draft, paper=paper, on=asked.cleaned_data["on"] if asked.is_valid() else None)


def _issued(issued: Invoice, paper: str) -> bytes:
    if paper == AS_PRINTED:
        return printing.bundle(invoices=[issued])
    if paper not in (*papers.ORDER, Sheet.Kind.STORNO):
        raise Http404
    return printing.paper(invoice=issued, paper=paper)


@require_GET
def xml(request: HttpRequest, pk: int) -> HttpResponse:
    """The frozen request to the insurer, as it was made; ``?kind=storno`` the one that takes it back."""
    shown = access.invoice_for(request, pk)
    kind = InsurerRequest.Kind.STORNO if request.GET.get("kind") == "storno" else InsurerRequest.Kind.INVOICE
    frozen = insurer_requests.frozen(invoice=shown, kind=kind)
    if frozen is None:
        raise DomainError(_("Of this invoice no file for the insurer was made."))
    invoicing.note_request_left(invoice=shown, by=user_of(request))
    response = HttpResponse(frozen.xml.encode(), content_type="application/xml")
    ending = "-storno.xml" if kind == InsurerRequest.Kind.STORNO else ".xml"
    name = file_names.of_invoice(shown.number, shown.pk, ending=ending)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def options(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The wishes of a draft. ``?check`` answers with what is wrong beside each field, and keeps nothing."""
    draft = access.invoice_for(request, pk)
    if not draft.is_draft:
        raise DomainError(_("This invoice was already issued. What it says stays as it is."))
    if request.POST.get("part") == "papers":
        return _choose_papers(request, draft)
    form = DraftForm(request.POST or None, invoice=draft)
    context = {"invoice": draft, "form": form}
    if "check" in request.GET:
        return page(request, "billing/options.html", context, partial="option-notes")
    if form.is_valid():
        return _changed(request, draft, form)
    return page(request, "billing/options.html", context, partial="options", status=422 if form.is_bound else 200)


def _choose_papers(request: HttpRequest, draft: Invoice) -> HttpResponse:
    form = PapersForm(request.POST)
    if form.is_valid():
        drafting.change(invoice=draft, by=user_of(request), forms=form.cleaned_data["papers"])
    return done(request, CHANGED, to=draft.get_absolute_url())


def _changed(request: HttpRequest, draft: Invoice, form: DraftForm) -> HttpResponse:
    by, email = user_of(request), form.cleaned_data["recipient_email"]
    drafting.change(invoice=draft, by=by, **form.wishes)
    if form.cleaned_data["also_file"]:
        files.update(patient=draft.patient, version=draft.patient.version, by=by, email=email)
    return done(request, CHANGED, to=draft.get_absolute_url())


@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the draft its number; a second click is told that it has one."""
    shown, form, by = access.invoice_for(request, pk), IssueForm(request.POST), user_of(request)
    if not shown.is_draft:  # another window was first: here is what it made
        messages.warning(request, _("This invoice was already issued."))
        return redirect(shown)
    if not form.is_valid():
        return page(request, TEMPLATE, context_of(request, shown, issue_form=form), partial="invoice", status=422)
    _settle(shown, form.cleaned_data["papers"], by)
    mail = request.POST.get("mail") == "yes"
    issued = invoicing.issue(invoice=shown, on=form.cleaned_data["on"], by=by, mail=mail)
    sentence = _("Invoice %(number)s is issued and leaves by e-mail.") if mail else _("Invoice %(number)s is issued.")
    messages.success(request, sentence % {"number": issued.number})
    return redirect(issued)


def _settle(draft: Invoice, wanted: str, by: User) -> None:
    """Nothing leaves that would be wrong; which papers are made is written down before the number is given."""
    gaps = readiness.of_invoice(invoice=draft)
    readiness.refuse(gaps)
    forms = offer(draft, gaps).answered(wanted)
    if forms != draft.forms:
        drafting.change(invoice=draft, by=by, forms=forms)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Cancel with a reason: a counter-document is made, the visits are free again."""
    shown, form = access.invoice_for(request, pk), CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = cancelling.cancel(invoice=shown, reason=form.cleaned_data["reason"], by=user_of(request))
        facts = {"number": shown.number, "counter": made.number}
        messages.success(request, _("Invoice %(number)s is cancelled by %(counter)s.") % facts)
        return done(request, CHANGED, to=shown.get_absolute_url())
    context = {"invoice": shown, "form": form}
    return page(request, "billing/cancel.html", context, partial="cancel", status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Cancel, and open a new draft of the same visits with the same wishes."""
    shown, form = access.invoice_for(request, pk), CorrectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = cancelling.correct(invoice=shown, reason=form.cleaned_data["reason"], by=user_of(request))
        facts = {"number": shown.number}
        messages.success(request, _("Invoice %(number)s is cancelled. This draft takes its place.") % facts)
        return redirect(made)
    context = {"invoice": shown, "form": form}
    return page(request, "billing/correct.html", context, partial="correct", status=422 if form.is_bound else 200)


@require_POST
def hide(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of the lists; the register of numbers goes on naming it."""
    shown = access.invoice_for(request, pk)
    cancelling.hide(invoice=shown, by=user_of(request))
    messages.success(request, _("Invoice %(number)s no longer stands in the lists.") % {"number": shown.number})
    return done(request, CHANGED, to=shown.get_absolute_url())


@require_POST
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Back into the lists."""
    shown = access.invoice_for(request, pk)
    cancelling.show(invoice=shown, by=user_of(request))
    messages.success(request, _("Invoice %(number)s stands in the lists again.") % {"number": shown.number})
    return done(request, CHANGED, to=shown.get_absolute_url())


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a draft: its visits are free again."""
    drafting.delete_draft(invoice=access.invoice_for(request, pk), by=user_of(request))
    messages.success(request, _("The draft is deleted."))
    return redirect("billing:invoices")
