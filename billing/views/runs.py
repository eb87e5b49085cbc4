"""Billing many patients at once: asked for, looked through, watched, found again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from billing import jobs
from billing.forms.lists import span_of
from billing.forms.runs import IncompleteForm, NewRunForm
from billing.models import BillingRun
from billing.reports import runs as report
from billing.services import bulk
from billing.views.listing import page_of
from optamed.core import dates, reading
from optamed.core.htmx import page
from optamed.core.listing import chip_url
from optamed.practice.access import user_of
from optamed.practice.models import Therapist


def _run_for(request: HttpRequest, pk: int) -> BillingRun:
    """The run with its therapist; 404 where there is none. Every signed-in user bills."""
    user_of(request)
    return get_object_or_404(BillingRun.objects.select_related("therapist", "created_by"), pk=pk)


@require_GET
def runs(request: HttpRequest) -> HttpResponse:
    """All runs, the newest first; ``?unfinished`` is the line for other pages that says what is under way."""
    if "unfinished" in request.GET:
        return page(request, "billing/runs.html", {"unfinished": report.unfinished()}, partial="runs-unfinished")
    found = report.listed()
    rows = page_of(request, found, found.count())
    context = {"page": rows, "rows": [(run, report.badge(run)) for run in rows]}
    return page(request, "billing/runs.html", context, partial="runs-list")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """Which visits: the count follows what is typed; then the review."""
    if request.method == "POST":
        form = NewRunForm(request.POST)
        if form.is_valid():
            run = bulk.propose(on=form.cleaned_data["on"], by=user_of(request), **form.facts)
            return redirect("billing:run", run.pk)
        return _asked(request, form, status=422)
    today = dates.today()
    defaults = {"last_day": f"{today:%d.%m.%Y}", "on": f"{today:%d.%m.%Y}"}
    form = NewRunForm(request.GET or defaults)
    form.is_valid()
    return _asked(request, form, status=200)


def _asked(request: HttpRequest, form: NewRunForm, *, status: int) -> HttpResponse:
    today = dates.today()
    spans = [(_("This month"), span_of("month", today=today)), (_("Last month"), span_of("last-month", today=today))]
    context = {"form": form, "spans": spans, "today": today, "unfinished": report.unfinished()}
    return page(request, "billing/run_new.html", context, partial="run-form", status=status)


@require_GET
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """The review while it is proposed, then the progress, then the report."""
    return _shown(request, _run_for(request, pk))


def _shown(request: HttpRequest, billing_run: BillingRun) -> HttpResponse:
    proposed = billing_run.state == BillingRun.State.PROPOSED
    asked = request.GET.get("state", "")
    current = asked if asked in report.kinds_of(billing_run) else ""
    chips = report.chips(billing_run, current=current)
    found = report.items(billing_run, current=current)
    context: dict[str, Any] = {
        "run": billing_run,
        "badge": report.badge(billing_run),
        "figures": report.figures(billing_run),
        "chips": [(chip, chip_url(request, chip.key)) for chip in chips],
        "page": page_of(request, found, next((chip.count for chip in chips if chip.current), 0)),
        "aside": report.left_aside(billing_run) if proposed else None,
        "several_therapists": Therapist.objects.count() > 1,
        "query": request.GET.urlencode(),
    }
    template = "billing/run_review.html" if proposed else "billing/run.html"
    return page(request, template, context, partial="run-part")


@require_POST
def items(request: HttpRequest, pk: int) -> HttpResponse:
    """Ticks of the review, or what is made of the incomplete ones; htmx gets the figures that follow."""
    billing_run = _run_for(request, pk)
    if "incomplete" in request.POST:
        wished = IncompleteForm(request.POST).wished
        bulk.look_again(run=billing_run, incomplete=wished, by=user_of(request))
    else:
        shown, kept = _keys(request, "shown"), _keys(request, "keep")
        bulk.keep(run=billing_run, shown=shown, kept=kept, by=user_of(request))
    if getattr(request, "htmx", None):
        return _shown(request, billing_run)
    return redirect("billing:run", pk)


def _keys(request: HttpRequest, name: str) -> set[int]:
    return {key for value in request.POST.getlist(name) if (key := reading.key(value)) is not None}


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin, or go on after a pause; clicked twice it is one run."""
    billing_run = bulk.start(run=_run_for(request, pk), by=user_of(request))
    if billing_run.state == BillingRun.State.RUNNING:
        jobs.work_off(billing_run.pk)
    return redirect("billing:run", pk)


@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop after the invoice that is being made."""
    bulk.pause(run=_run_for(request, pk), by=user_of(request))
    return redirect("billing:run", pk)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue nothing more of it."""
    bulk.drop(run=_run_for(request, pk), by=user_of(request))
    messages.success(request, _("Nothing more of this run is issued."))
    return redirect("billing:runs")
