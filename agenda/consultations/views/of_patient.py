"""What a patient's file shows of consultations: a tab, and small parts that load by themselves."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agenda.consultations import reports
from agenda.consultations.models import Consultation
from agenda.consultations.views.reading import read_once
from optamed.core.htmx import page
from optamed.practice.access import may_read_notes, user_of
from patients.access import patient_for


@require_safe
def of_patient(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab: every visit of a patient."""
    patient = patient_for(request, pk)
    visits = Consultation.objects.of(patient).for_lists().newest_first()
    context = {
        "patient": patient,
        "tab": "consultations",
        "page": Paginator(visits, reports.PAGE).get_page(request.GET.get("page")),
        "figures": visits.count_and_amount(),
    }
    return page(request, "consultations/of_patient.html", context, partial="patient-consultations")


@require_safe
def timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest visits, with the beginning of their notes for who may read them."""
    patient = patient_for(request, pk)
    reads = may_read_notes(user_of(request))
    moments = [
        {"visit": visit, "text": reports.plain(visit.note.html) if reads else ""} for visit in reports.timeline(patient)
    ]
    if any(moment["text"] for moment in moments):
        read_once(request, patient)
    current = reports.current_visit(patient)
    context = {"patient": patient, "moments": moments, "current": current}
    return render(request, "consultations/timeline.html", context)


@require_safe
def last_note(request: HttpRequest, pk: int) -> HttpResponse:
    """What was noted last time, for who may read it; nothing for others."""
    patient = patient_for(request, pk)
    if not may_read_notes(user_of(request)):
        return HttpResponse("")
    noted = Consultation.objects.of(patient).exclude(note__html="").select_related("note", "therapist")
    last = noted.newest_first().first()
    if last is not None:
        read_once(request, last)
    return render(request, "consultations/last_note.html", {"last": last, "patient": patient})


@require_safe
def now(request: HttpRequest, pk: int) -> HttpResponse:
    """The primary action of a patient's file, by the state of today's visit."""
    patient = patient_for(request, pk)
    return render(request, "consultations/now.html", {"patient": patient, "current": reports.current_visit(patient)})


@require_safe
def next_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """When the patient comes next, or that nothing is booked."""
    patient = patient_for(request, pk)
    return render(request, "consultations/next_visit.html", {"patient": patient, "next": reports.next_visit(patient)})
