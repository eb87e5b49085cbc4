"""Settings: who works when and where."""

from typing import TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agenda.calendar.forms.settings import HoursForm
from agenda.calendar.models import WorkingHours
from agenda.calendar.services import hours as hours_service
from optamed.core import htmx
from optamed.core.errors import DomainError
from optamed.practice.access import owner_required, user_of
from optamed.practice.models import PracticeAddress, Therapist

T = TypeVar("T", Therapist, PracticeAddress)


@require_http_methods(["GET", "POST"])
@owner_required
def hours(request: HttpRequest) -> HttpResponse:
    """?therapist= ?place=: the week of one therapist at one place."""
    therapists, places = list(Therapist.objects.active()), list(PracticeAddress.objects.active())
    therapist = _asked(therapists, request.GET.get("therapist", ""))
    place = _asked(places, request.GET.get("place", ""))
    context = {"therapists": therapists, "places": places, "therapist": therapist, "place": place}
    if therapist is None or place is None:
        return htmx.page(request, "calendar/hours.html", context, partial="hours")
    form = HoursForm(request.POST if request.method == "POST" else None, rows=_rows(therapist, place))
    if form.is_bound and form.is_valid() and _saved(request, form, therapist, place):
        messages.success(request, _("The working hours are saved."))
        return redirect(f"{reverse('calendar:hours')}?therapist={therapist.pk}&place={place.pk}")
    status = 422 if form.is_bound else 200
    return htmx.page(request, "calendar/hours.html", context | {"form": form}, partial="hours", status=status)


def _asked(all_: list[T], pk: str) -> T | None:
    return next((one for one in all_ if str(one.pk) == pk), all_[0] if all_ else None)


def _rows(therapist: Therapist, place: PracticeAddress) -> list[WorkingHours]:
    return list(WorkingHours.objects.filter(therapist=therapist, address=place, valid_from=None, valid_to=None))


def _saved(request: HttpRequest, form: HoursForm, therapist: Therapist, place: PracticeAddress) -> bool:
    """A broken rule stands above the form: nothing typed is lost."""
    try:
        hours_service.set_week(therapist=therapist, address=place, spans=form.spans(), by=user_of(request))
    except DomainError as error:
        form.add_error(None, error.sentence)
        return False
    return True
