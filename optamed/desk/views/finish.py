"""The sheet "Finish": note, services, payment, next visit, send."""

from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from agenda.calendar import access as calendar_access
from agenda.calendar import reports as calendar_reports
from agenda.calendar.models import Appointment
from agenda.consultations import forms as consultation_forms
from agenda.consultations.access import may_read_note
from agenda.consultations.models import Consultation
from agenda.consultations.services import notes, visits
from agenda.consultations.views.reading import read_once
from agenda.consultations.views.record import last_note
from billing.forms.issuing import offer
from billing.models import Invoice
from billing.services import photograph, readiness
from optamed.core import dates
from optamed.core.htmx import done, page
from optamed.desk.forms import FinishForm
from optamed.desk.services import finishing
from optamed.desk.services.finishing import Outcome, Wish
from optamed.practice import access
from optamed.practice.models import User

TEMPLATE = "desk/finish.html"
NEXT_IN = timedelta(days=14)
IN_LANGUAGE = {
    "fr": gettext_lazy("in French"),
    "de": gettext_lazy("in German"),
    "it": gettext_lazy("in Italian"),
    "en": gettext_lazy("in English"),
}


@require_POST
def open_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /finish/<appointment>/open/: the consultation exists from here on; the sheet in the dialog, or its page."""
    appointment = calendar_access.appointment_for(request, pk)
    consultation = visits.open_for(appointment=appointment, by=access.user_of(request))
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("desk:finish", pk=pk)
    return page(request, TEMPLATE, _context(request, appointment, consultation), partial="sheet")


@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """GET the sheet as a page; POST validates: ``bill=no`` saves without an invoice."""
    appointment = calendar_access.appointment_for(request, pk)
    consultation = Consultation.objects.filter(appointment=appointment).first()
    if consultation is None:
        return redirect(appointment)
    if request.method != "POST":
        return page(request, TEMPLATE, _context(request, appointment, consultation), partial="sheet")
    form = FinishForm(request.POST, proposals=_proposals(appointment))
    lines = consultation_forms.lines_formset(consultation, data=request.POST)
    if not (form.is_valid() and lines.is_valid()):
        context = _context(request, appointment, consultation) | _typed(form, lines)
        return page(request, TEMPLATE, context, partial="sheet", status=422)
    wish = _wish(request, form, lines, consultation)
    try:
        outcome = finishing.finish(appointment=appointment, wish=wish, by=access.user_of(request))
    except notes.StaleNoteError as stale:
        context = _context(request, appointment, consultation) | _typed(form, lines)
        context |= {"theirs": stale.current.html, "version": stale.current.version}
        return page(request, TEMPLATE, context, partial="sheet", status=409)
    messages.success(request, _said(outcome))
    return done(request, "agenda:changed", to="/")


@require_POST
def save_note(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /finish/<appointment>/note/: the autosave of the sheet; 409 gives both texts where another was first."""
    appointment = calendar_access.appointment_for(request, pk)
    user = access.user_of(request)
    consultation = visits.open_for(appointment=appointment, by=user)
    form = FinishForm(request.POST, proposals=_proposals(appointment))
    form.is_valid()
    given = form.note_input
    if not may_read_note(user, consultation):
        return JsonResponse({})
    if given is None:
        return JsonResponse({}, status=422)
    try:
        note = notes.save(consultation=consultation, html=given.html, version=given.version, by=user)
    except notes.StaleNoteError as stale:
        return JsonResponse({"version": stale.current.version, "theirs": stale.current.html}, status=409)
    return JsonResponse({"version": note.version})


def _wish(request: HttpRequest, form: FinishForm, lines: Any, consultation: Consultation) -> Wish:
    writes = may_read_note(access.user_of(request), consultation)
    offered = offer(_billed(consultation), readiness.missing(consultation=consultation))
    return Wish(
        lines=consultation_forms.line_inputs(lines),
        note=form.note_input if writes else None,
        means=form.cleaned_data["means"],
        next_at=form.next_start,
        bill=request.POST.get("bill") != "no",
        forms=offered.answered(form.cleaned_data["papers"]),
    )


def _billed(consultation: Consultation) -> Invoice:
    """Its invoice, or what one would be: a draft that was made before says what was chosen there."""
    patient = consultation.patient
    delivery = Invoice.Delivery.MAIL if patient.gets_mail else Invoice.Delivery.PRINT
    return finishing.invoice_of(consultation) or Invoice(
        patient=patient, language=patient.language, delivery=delivery, recipient_email=patient.email
    )


def _context(request: HttpRequest, appointment: Appointment, consultation: Consultation) -> dict[str, Any]:
    user: User = access.user_of(request)
    reads = may_read_note(user, consultation)
    now = dates.now()
    last = visits.last_of(patient=appointment.patient, besides=consultation) if reads else None
    if reads:
        read_once(request, consultation)
    note = consultation.note if reads else None
    gaps = readiness.missing(consultation=consultation)
    invoice = _billed(consultation)
    offered = offer(invoice, gaps)
    return {
        "appointment": appointment,
        "consultation": consultation,
        "patient": appointment.patient,
        "note": note,
        "text": note.html if note else "",
        "version": note.version if note else None,
        "last_note": last_note(request, last),
        "form": FinishForm(proposals=_proposals(appointment)),
        "lines": consultation_forms.lines_formset(consultation),
        "gaps": gaps,
        "offer": offered,
        "papers": offered.chosen,
        "due_on": dates.local(now).date() + timedelta(days=photograph.payment_days(invoice)),
        "leaves_at": now + timedelta(seconds=settings.MAIL_GRACE_SECONDS),
        "invoice": invoice if invoice.pk else None,
        "sending": invoice,
        "sends": invoice.delivery == invoice.Delivery.MAIL and bool(invoice.recipient_email),
        "in_language": IN_LANGUAGE[invoice.language],
    }


def _typed(form: FinishForm, lines: Any) -> dict[str, Any]:
    """What was sent, the note included: an answer that asks for something else loses nothing."""
    typed: dict[str, Any] = {"form": form, "lines": lines}
    if "note" in form.data:
        typed |= {"text": notes.clean(str(form["note"].value())), "version": form["version"].value()}
    if form.data.get("papers"):
        typed["papers"] = form.data["papers"]
    return typed


def _proposals(appointment: Appointment) -> list[datetime]:
    wall = dates.local(appointment.starts_at)
    around = time(wall.hour, wall.minute)
    return calendar_reports.proposals(
        therapist=appointment.therapist,
        type=appointment.type,
        after_day=wall.date() + NEXT_IN,
        around=around,
        address=appointment.address,
    )


def _said(outcome: Outcome) -> str:
    """What happened, in one sentence."""
    if outcome.invoice is None:
        return _("Consultation %(number)s is saved, without an invoice.") % {
            "number": outcome.consultation.number_label
        }
    names = {"number": outcome.invoice.number, "recipient": outcome.invoice.recipient_email}
    if outcome.message is not None:
        return _("Invoice %(number)s leaves for %(recipient)s.") % names
    return _("Invoice %(number)s is issued. It is ready to be printed.") % names
