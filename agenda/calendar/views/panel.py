"""A visit: its panel in the calendar, its page, and what comes next for it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agenda.calendar.access import appointment_for, safety_note_for
from agenda.calendar.forms.booking import CancelForm
from agenda.calendar.models import Appointment
from agenda.calendar.services import booking
from agenda.calendar.services.concerns import NeedsConfirmationError
from agenda.calendar.views.agenda import day_title, page_context
from optamed.core import dates, htmx
from optamed.practice.access import may_read_notes, user_of
from patients.access import patient_for
from patients.services import files

CHANGED = "agenda:changed"


@require_GET
def appointment(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel alone for htmx; the calendar of that week with the panel open otherwise."""
    return _answer(request, appointment_for(request, pk))


@require_POST
def arrive(request: HttpRequest, pk: int) -> HttpResponse:
    found = appointment_for(request, pk)
    booking.arrive(appointment=found, by=user_of(request))
    return _done(request, found)


@require_POST
def miss(request: HttpRequest, pk: int) -> HttpResponse:
    found = appointment_for(request, pk)
    booking.miss(appointment=found, by=user_of(request))
    return _done(request, found)


@require_POST
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """One step back; a cancelled visit whose place is taken asks first."""
    found = appointment_for(request, pk)
    confirmed = request.POST.get("confirmed", "").split(",")
    try:
        booking.take_back(appointment=found, confirmed=confirmed, by=user_of(request))
    except NeedsConfirmationError as error:
        return _answer(request, found, concerns=error.concerns, status=422)
    return _done(request, found)


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Why, and whether too late."""
    found = appointment_for(request, pk)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        booking.cancel(appointment=found, by=user_of(request), **form.cleaned_data)
        messages.success(request, _("The visit is cancelled."))
        return _done(request, found)
    context = {"appointment": found, "form": form, "part": htmx.wants_part(request)}
    status = 422 if form.is_bound else 200
    return htmx.page(request, "calendar/cancel.html", context, partial="cancel", status=status)


@require_POST
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer to "May we write by e-mail?", asked where the patient stands."""
    found = appointment_for(request, pk)
    files.set_mail_consent(patient=found.patient, consent=request.POST.get("consent", ""), by=user_of(request))
    return _done(request, found)


@require_GET
def of_patient(request: HttpRequest, pk: int) -> HttpResponse:
    """The patient's file, tab of the appointments: those to come, then those that were."""
    patient = patient_for(request, pk)
    found = list(Appointment.objects.of(patient).for_lists().order_by("-starts_at", "-pk"))
    now = dates.now()
    context = {
        "patient": patient,
        "tab": "appointments",
        "key": str(patient.pk),
        "coming": [one for one in reversed(found) if one.starts_at >= now and one.is_standing],
        "past": [one for one in found if one.starts_at < now or not one.is_standing],
    }
    return htmx.page(request, "calendar/of_patient.html", context, partial="appointments")


def _done(request: HttpRequest, found: Appointment) -> HttpResponse:
    return htmx.done(request, CHANGED, to=found.get_absolute_url())


def _answer(request: HttpRequest, found: Appointment, *, status: int = 200, **more: Any) -> HttpResponse:
    context = panel_context(request, found) | more
    if not htmx.wants_part(request):
        context |= page_context(request, "week", day_of(found))
    return htmx.page(request, "calendar/week.html", context, partial="panel", status=status)


def day_of(found: Appointment) -> date:
    return dates.local(found.starts_at).date()


def panel_context(request: HttpRequest, found: Appointment) -> dict[str, Any]:
    """What the panel says of a visit, with its neighbours of the day for the arrows."""
    day = day_of(found)
    same_day = Appointment.objects.standing().on_day(day).filter(therapist=found.therapist_id)
    order = list(same_day.order_by("starts_at", "pk").values_list("pk", flat=True))
    at = order.index(found.pk) if found.pk in order else -1
    user = user_of(request)
    return {
        "appointment": found,
        "day_words": day_title(day),
        "previous": order[at - 1] if at > 0 else None,
        "next": order[at + 1] if 0 <= at < len(order) - 1 else None,
        "age": found.patient.age_on(dates.today()),
        "safety_note": safety_note_for(user, found.patient),
        "asks_consent": bool(found.patient.email) and found.patient.mail_consent == "unknown",
        "may_read_notes": may_read_notes(user),
    }
