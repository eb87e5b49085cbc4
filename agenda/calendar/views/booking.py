"""New appointment and move: forms that are dialogs in the calendar, pages elsewhere."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agenda.calendar import reports
from agenda.calendar.access import appointment_for
from agenda.calendar.forms.booking import BookingForm, MoveForm
from agenda.calendar.models import Appointment, AppointmentType
from agenda.calendar.services import booking, newcomers
from agenda.calendar.views.panel import CHANGED
from optamed.core import dates, htmx, reading
from optamed.practice.access import default_therapist, user_of
from optamed.practice.models import PracticeAddress, Therapist
from patients.models import Patient

NEWCOMER = ("last_name", "first_name", "birth_on", "mobile")
TWO_WEEKS = timedelta(days=14)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """?patient= ?therapist= ?starts=2026-11-24T10:00 ?minutes= ?after=<appointment>: what is known already."""
    before = _before(request)
    form = BookingForm(request.POST) if request.method == "POST" else BookingForm(initial=_known(request, before))
    if form.is_bound and form.is_valid():
        appointment = _book(request, form)
        messages.success(request, _said(appointment))
        return htmx.done(request, CHANGED, to=appointment.get_absolute_url())
    context = {"form": form, "picked": _picked(form), "proposals": _proposals(before), **_choices(form)}
    context["part"] = htmx.wants_part(request)
    status = 422 if form.is_bound else 200
    return htmx.page(request, "calendar/new.html", context, partial="new-appointment", status=status)


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """The form, and what dragging in the calendar posts: an unusual time answers with the form and its warnings."""
    appointment = appointment_for(request, pk)
    form = MoveForm(request.POST if request.method == "POST" else None, appointment=appointment)
    if form.is_bound and form.is_valid():
        cleaned = form.cleaned_data
        wanted = {name: cleaned[name] for name in ("starts_at", "ends_at", "therapist", "version")}
        wanted["note"] = cleaned["note"] if "note" in form.data else None  # dragging does not know the note
        booking.move(appointment=appointment, confirmed=form.confirmed, by=user_of(request), **wanted)
        return htmx.done(request, CHANGED, to=appointment.get_absolute_url())
    context = {"form": form, "appointment": appointment, "part": htmx.wants_part(request)}
    status = 422 if form.is_bound else 200
    return htmx.page(request, "calendar/move.html", context, partial="move-appointment", status=status)


def _book(request: HttpRequest, form: BookingForm) -> Appointment:
    cleaned, user = form.cleaned_data, user_of(request)
    wanted: dict[str, Any] = {
        name: cleaned[name] for name in ("therapist", "type", "address", "starts_at", "minutes", "note")
    }
    wanted["confirmed"] = form.confirmed
    if form.is_newcomer:
        return newcomers.book(by=user, **{name: cleaned[name] for name in NEWCOMER}, **wanted)
    return booking.book(patient=cleaned["patient"], by=user, **wanted)


def _said(appointment: Appointment) -> str:
    sentence = _("%(patient)s is booked for %(day)s at %(clock)s.")
    start = dates.local(appointment.starts_at)
    return sentence % {"patient": appointment.patient, "day": f"{start:%d.%m.%Y}", "clock": f"{start:%H:%M}"}


def _before(request: HttpRequest) -> Appointment | None:
    """The visit after which another one is wanted."""
    pk = reading.key(request.GET.get("after"))
    return None if pk is None else appointment_for(request, pk)


def _known(request: HttpRequest, before: Appointment | None) -> dict[str, Any]:
    start = _start(request.GET.get("starts", ""))
    has_clock = start is not None and "T" in request.GET["starts"]
    known: dict[str, Any] = {"day": start.date() if start else None}
    known["clock"] = start.time() if start and has_clock else None
    if before:
        known |= {
            "patient": before.patient,
            "type": before.type,
            "therapist": before.therapist,
            "address": before.address,
        }
    else:
        therapist = _therapist(request)
        known |= {
            "patient": _patient(request.GET.get("patient")),
            "therapist": therapist,
            "type": _type(request.GET.get("type")),
            "address": reports.place_of(therapist, start.date() if start else dates.today()) if therapist else None,
        }
    if minutes := request.GET.get("minutes", ""):
        known["minutes"] = minutes
    return known


def _start(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None


def _therapist(request: HttpRequest) -> Therapist | None:
    asked = Therapist.objects.active().filter(pk=reading.key(request.GET.get("therapist")) or 0).first()
    return asked or default_therapist(user_of(request))


def _type(pk: str | None) -> AppointmentType | None:
    offered = AppointmentType.objects.active()
    asked = offered.filter(pk=reading.key(pk) or 0).first()
    return asked or offered.filter(is_first_visit=False).first() or offered.first()


def _patient(pk: str | None) -> Patient | None:
    return Patient.objects.active().filter(pk=reading.key(pk) or 0).first()


def _picked(form: BookingForm) -> Patient | None:
    value = form["patient"].value()
    if isinstance(value, Patient):
        return value
    return _patient(str(value or ""))


def _proposals(before: Appointment | None) -> list[datetime]:
    if before is None:
        return []
    start = dates.local(before.starts_at)
    return reports.proposals(
        therapist=before.therapist,
        type=before.type,
        address=before.address,
        after_day=_later(start.date()),
        around=time(start.hour, start.minute),
    )


def _later(day: date) -> date:
    return max(day, dates.today()) + TWO_WEEKS


def _choices(form: BookingForm) -> dict[str, Any]:
    """What a practice with one therapist or one place is not asked; it goes along unseen."""
    return {
        "several_therapists": Therapist.objects.active().count() > 1,
        "several_places": PracticeAddress.objects.active().count() > 1,
        "chosen": {name: _key(form, name) for name in ("type", "therapist", "address")},
    }


def _key(form: BookingForm, name: str) -> str:
    value = form[name].value()
    return str(getattr(value, "pk", value) or "")
