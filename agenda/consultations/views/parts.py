"""Lines and facts of a consultation: small forms of its page, each saved by itself."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agenda.consultations import forms
from agenda.consultations.access import consultation_for
from agenda.consultations.services import visits
from agenda.consultations.views.record import context_of
from optamed.core import reading
from optamed.core.htmx import page, wants_part
from optamed.practice.access import user_of

PAGE = "consultations/consultation.html"


@require_POST
def lines(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the lines; the part comes back with what was stored, or with what is wrong."""
    consultation = consultation_for(request, pk)
    formset = forms.lines_formset(consultation, data=request.POST)
    if not formset.is_valid():
        context = context_of(request, consultation, formset=formset)
        context["facts"] = forms.FactsForm(instance=consultation, reads=context["reads"])
        return page(request, PAGE, context, partial="consultation-lines", status=422)
    saved = visits.set_lines(consultation=consultation, lines=forms.line_inputs(formset), by=user_of(request))
    messages.success(request, _("The services are saved."))
    if not wants_part(request):
        return redirect(saved)
    context = context_of(request, saved, formset=forms.lines_formset(saved))
    return page(request, PAGE, context, partial="consultation-lines")


@require_POST
def lines_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor with one more line, not saved yet: it may stand in any form that has the editor."""
    consultation = consultation_for(request, pk)
    formset = forms.lines_formset(consultation, data=request.POST)
    grown = forms.with_added(formset, request.POST.get("add", ""))
    return render(
        request, "consultations/lines_editor.html#lines-editor", context_of(request, consultation, formset=grown)
    )


@require_safe
def positions(request: HttpRequest, pk: int) -> HttpResponse:
    """What may be added: codes valid on the day of treatment, own products, a text of one's own."""
    consultation = consultation_for(request, pk)
    words = reading.words(request.GET.get("find"))
    found = {
        "positions": forms.positions_for(consultation, words) if words else [],
        "products": forms.products_for(words) if words else [],
        "words": words,
    }
    return render(request, "consultations/positions.html", context_of(request, consultation, **found))


@require_POST
def facts(request: HttpRequest, pk: int) -> HttpResponse:
    """Save law, reason, accident, therapy, diagnosis, remark."""
    consultation = consultation_for(request, pk)
    context = context_of(request, consultation)
    form = forms.FactsForm(request.POST, instance=consultation, reads=context["reads"])
    if not form.is_valid():
        context |= {"facts": form, "formset": forms.lines_formset(consultation)}
        return page(request, PAGE, context, partial="consultation-facts", status=422)
    saved = visits.set_billing_facts(consultation=consultation, by=user_of(request), **form.cleaned_data)
    messages.success(request, _("Saved."))
    if not wants_part(request):
        return redirect(saved)
    context |= {"facts": forms.FactsForm(instance=saved, reads=context["reads"])}
    return page(request, PAGE, context, partial="consultation-facts")
