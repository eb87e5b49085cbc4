"""Where a consultation begins: from its appointment, or without one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from agenda.calendar.access import appointment_for
from agenda.consultations import forms
from agenda.consultations.services import visits
from optamed.core import reading
from optamed.core.htmx import page, wants_part
from optamed.practice.access import user_of
from patients.access import patient_for


@require_POST
def open_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """The consultation of an appointment: made once, the same one however often it is asked for."""
    return redirect(visits.open_for(appointment=appointment_for(request, pk), by=user_of(request)))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """First whom, then when, by whom and where."""
    chosen = reading.key(request.GET.get("patient"))
    if chosen is None:
        words = reading.words(request.GET.get("q"))
        context = {"words": words, "hits": forms.patients_for(words), "part": wants_part(request)}
        is_typing = request.headers.get("HX-Target") == "consultation-whom"
        partial = "consultation-whom" if is_typing else "consultation-choose"
        return page(request, "consultations/choose.html", context, partial=partial)
    patient, user = patient_for(request, chosen), user_of(request)
    form = forms.OpeningForm(request.POST or None, user=user)
    if form.is_valid():
        return redirect(visits.open_free(patient=patient, by=user, **form.cleaned_data))
    context = {"form": form, "patient": patient, "part": wants_part(request)}
    status = 422 if form.is_bound else 200
    return page(request, "consultations/new.html", context, partial="consultation-new", status=status)
