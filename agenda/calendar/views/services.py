"""Settings: what can be booked."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agenda.calendar.access import type_for
from agenda.calendar.forms.settings import ServiceForm, lines_formset
from agenda.calendar.models import AppointmentType
from agenda.calendar.services import types
from optamed.core import dates, htmx
from optamed.practice.access import owner_required, user_of
from optamed.practice.models import TariffPosition


@require_GET
@owner_required
def services(request: HttpRequest) -> HttpResponse:
    """Every service with the lines it suggests."""
    found = AppointmentType.objects.prefetch_related("suggested_lines__product").order_by("archived_at", "pk")
    active = [one for one in found if one.archived_at is None]
    context = {"services": active, "archived": [one for one in found if one.archived_at]}
    return htmx.page(request, "calendar/services.html", context, partial="services")


@require_http_methods(["GET", "POST"])
@owner_required
def service_new(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@owner_required
def service(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, type_for(request, pk))


def _edit(request: HttpRequest, known: AppointmentType | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form, lines = ServiceForm(data, instance=known), lines_formset(known, data)
    if data is not None and form.is_valid() and lines.is_valid():
        wanted: dict[str, Any] = {"service": form.service, "lines": list(lines.lines()), "by": user_of(request)}
        if known:
            types.change(type=type_for(request, known.pk), **wanted)
        else:
            types.create(**wanted)
        messages.success(request, _("Saved."))
        return redirect("calendar:services")
    context = {"form": form, "lines": lines, "service": known, "positions": positions()}
    status = 200 if data is None else 422
    return htmx.page(request, "calendar/service.html", context, partial="service", status=status)


@require_POST
@owner_required
def service_archive(request: HttpRequest, pk: int) -> HttpResponse:
    types.archive(type=type_for(request, pk), by=user_of(request))
    messages.success(request, _("The service is no longer offered. What was booked keeps it."))
    return redirect("calendar:services")


@require_POST
@owner_required
def service_restore(request: HttpRequest, pk: int) -> HttpResponse:
    types.restore(type=type_for(request, pk), by=user_of(request))
    return redirect("calendar:services")


def positions() -> list[tuple[str, str]]:
    """Codes and texts that may be used today, for the list under a field."""
    language = get_language() or "fr"
    return [(one.code, one.text_in(language)) for one in TariffPosition.objects.valid_on(dates.today())]
