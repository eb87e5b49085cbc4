"""The first run's last step: services, prices, hours."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agenda.calendar import suggestions
from agenda.calendar.forms.settings import FirstServicesForm, OfferFormSet
from agenda.calendar.services import first_services
from agenda.calendar.services.first_services import Offer
from agenda.calendar.views.services import positions
from optamed.core import htmx
from optamed.practice.access import default_therapist, owner_required, user_of
from optamed.practice.models import PracticeAddress, Therapist, Unit
from optamed.practice.services import prices

LAST_STEP = 6


@require_http_methods(["GET", "POST"])
@owner_required
def first(request: HttpRequest) -> HttpResponse:
    """Suggested by the profession; a step that can be skipped."""
    therapist = default_therapist(user_of(request))
    address = PracticeAddress.objects.active().first()
    data = request.POST if request.method == "POST" else None
    form = FirstServicesForm(data, initial=_known(therapist))
    offers = OfferFormSet(data, prefix="offers", initial=_suggested())
    if data is not None and therapist and address and form.is_valid() and offers.is_valid():
        first_services.start(
            therapist=therapist, address=address, offers=_wanted(offers), by=user_of(request), **form.cleaned_data
        )
        messages.success(request, _("Your practice is ready."))
        return redirect("desk:today")
    context = {
        "form": form,
        "offers": offers,
        "positions": positions(),
        "missing": not (therapist and address),
        "step": LAST_STEP,
        "skip": "desk:today",
        "back": "practice:first-run-bank",
    }
    status = 200 if data is None else 422
    return htmx.page(request, "calendar/first_services.html", context, partial="first-services", status=status)


def _known(therapist: Therapist | None) -> dict[str, Any]:
    if therapist is None:
        return {}
    period = prices.price_of(therapist=therapist, code=prices.EVERY_PERIOD, unit=Unit.PERIOD)
    hourly = period * prices.PERIODS_PER_HOUR if period is not None else None
    return {"hourly": hourly, "code": suggestions.main_code(therapist.profession)}


def _suggested() -> list[dict[str, Any]]:
    names = (_("First visit"), _("Treatment"), _("Short treatment"))
    return [
        {"wanted": True, "name": name, "minutes": one.minutes, "first": one.first}
        for name, one in zip(names, suggestions.USUAL, strict=True)
    ]


def _wanted(offers: Any) -> list[Offer]:
    chosen = [form.cleaned_data for form in offers if form.cleaned_data.get("wanted")]
    return [Offer(one["name"], one["minutes"], one["first"]) for one in chosen]
