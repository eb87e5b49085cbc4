"""The page of one consultation, and what is done with it as a whole."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda.consultations import forms
from agenda.consultations.access import consultation_for, may_read_note
from agenda.consultations.models import Consultation, Note
from agenda.consultations.services import notes, visits
from agenda.consultations.views.reading import read_once
from optamed.core import reading
from optamed.core.htmx import page, wants_part
from optamed.practice.access import user_of


def context_of(request: HttpRequest, consultation: Consultation, **more: Any) -> dict[str, Any]:
    """What every part of the page needs; the note only for who may read it."""
    reads = may_read_note(user_of(request), consultation)
    return {
        "consultation": consultation,
        "patient": consultation.patient,
        "reads": reads,
        "note": consultation.note if reads else None,
        "can_change": consultation.is_open and not consultation.is_billed,
        "part": wants_part(request),
    } | more


def last_note(request: HttpRequest, last: Consultation | None) -> Note | None:
    """The note that may be taken over; it stands on the page, so it counts as read."""
    if last is None or not last.note.html:
        return None
    read_once(request, last)
    return last.note


@require_safe
def consultation(request: HttpRequest, pk: int) -> HttpResponse:
    """Note, services, facts for the insurer."""
    shown = consultation_for(request, pk)
    context = context_of(request, shown)
    if context["reads"]:
        read_once(request, shown)
        last = visits.last_of(patient=shown.patient, besides=shown)
        context |= {"last": last, "last_note": last_note(request, last)}
    context |= {
        "formset": forms.lines_formset(shown),
        "facts": forms.FactsForm(instance=shown, reads=context["reads"]),
        "moved_to": visits.moved_to(consultation=shown),
    }
    return page(request, "consultations/consultation.html", context, partial="consultation")


@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """The autosave of the note. 409 gives what another window saved first: both texts are shown."""
    written, user = consultation_for(request, pk), user_of(request)
    version = reading.key(request.POST.get("version"))
    if not may_read_note(user, written):
        return JsonResponse({}, status=403)
    if version is None:
        return JsonResponse({}, status=422)
    try:
        saved = notes.save(consultation=written, html=request.POST.get("note", ""), version=version, by=user)
    except notes.StaleNoteError as stale:
        return JsonResponse({"version": stale.current.version, "theirs": stale.current.html}, status=409)
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"version": saved.version})
    return redirect(written)


@require_POST
def take_over_address(request: HttpRequest, pk: int) -> HttpResponse:
    """The visit gets the practice's address of today."""
    moved = visits.take_over_address(consultation=consultation_for(request, pk), by=user_of(request))
    messages.success(request, _("The address of today is taken over."))
    return redirect(moved)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """The visit is done."""
    closed = visits.close(consultation=consultation_for(request, pk), by=user_of(request))
    messages.success(request, _("Consultation %(number)s is done.") % {"number": closed.number_label})
    return redirect(closed)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to being written."""
    reopened = visits.reopen(consultation=consultation_for(request, pk), by=user_of(request))
    messages.success(request, _("Consultation %(number)s can be changed again.") % {"number": reopened.number_label})
    return redirect(reopened)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Only with a reason, and only what is neither invoiced nor paid."""
    gone = consultation_for(request, pk)
    form = forms.ReasonForm(request.POST or None)
    if form.is_valid():
        patient, label = gone.patient, gone.number_label
        visits.delete(consultation=gone, reason=form.cleaned_data["reason"], by=user_of(request))
        messages.success(request, _("Consultation %(number)s is deleted.") % {"number": label})
        return redirect(patient)
    context = context_of(request, gone, form=form)
    status = 422 if form.is_bound else 200
    return page(request, "consultations/delete.html", context, partial="consultation-delete", status=status)
