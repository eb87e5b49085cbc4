"""The calendar's page and its events."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET

from agenda.calendar import reports, stretch
from agenda.calendar.models import Appointment, WorkingHours
from agenda.calendar.stretch import Stretch
from optamed.core import dates, htmx, reading, spoken
from optamed.practice.access import default_therapist, user_of
from optamed.practice.models import Therapist, User

EVERYBODY = "all"
VIEW_NAMES = {
    "day": gettext_lazy("Day"),
    "week": gettext_lazy("Week"),
    "month": gettext_lazy("Month"),
    "list": gettext_lazy("List"),
}
LONGEST_DAYS = 62  # a month view with its edges, twice


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose calendar is looked at, remembered for the next time."""

    who: str
    therapists: Sequence[Therapist]
    chosen: Sequence[Therapist]

    @property
    def one(self) -> Therapist | None:
        return self.chosen[0] if len(self.chosen) == 1 else None


@require_GET
def week(request: HttpRequest) -> HttpResponse:
    """Day, week, month or list; the last view and therapist are remembered."""
    view = request.GET.get("view") or request.session.get("agenda_view", "week")
    view = view if view in stretch.VIEWS else "week"
    request.session["agenda_view"] = view
    day = day_of(request.GET.get("day", ""))
    return htmx.page(request, "calendar/week.html", page_context(request, view, day), partial="agenda")


@require_GET
def events(request: HttpRequest) -> HttpResponse:
    """The events between two days, both included, as the calendar's script wants them."""
    first, last = day_of(request.GET.get("first", "")), day_of(request.GET.get("last", ""))
    if not 0 <= (last - first).days <= LONGEST_DAYS:
        return JsonResponse({"events": []}, status=400)
    chosen = sight(request, user_of(request)).chosen
    found = reports.events(first=first, last=last, therapists=chosen, user=user_of(request))
    return JsonResponse({"events": found})


def day_of(text: str) -> date:
    """A day of the address line; today for anything else."""
    try:
        return reading.day(text, today=dates.today())
    except ValueError:
        return dates.today()


def sight(request: HttpRequest, user: User) -> Sight:
    """Asked for, or as last time, or the user's own calendar."""
    everybody = list(Therapist.objects.active())
    own = default_therapist_of(user, everybody)
    who = request.GET.get("who") or request.session.get("agenda_who") or (str(own.pk) if own else EVERYBODY)
    chosen = [therapist for therapist in everybody if str(therapist.pk) == who]
    if not chosen:
        who, chosen = EVERYBODY, everybody
    if request.session.get("agenda_who") != who:
        request.session["agenda_who"] = who
    return Sight(who, everybody, chosen)


def default_therapist_of(user: User, everybody: Sequence[Therapist]) -> Therapist | None:
    return next((therapist for therapist in everybody if therapist.user_id == user.pk), None)


def page_context(request: HttpRequest, view: str, day: date) -> dict[str, Any]:
    """All that the page shows beside the panel."""
    now = sight(request, user_of(request))
    page = stretch.around(view, day)
    span = [*page.days, *page.week]
    start, end = dates.day_bounds(min(span))[0], dates.day_bounds(max(span))[1]
    visits = reports.shown(start, end, now.chosen)
    rows = reports.hours_of(now.chosen)
    weekdays, hours = _frame(visits, rows)
    return {
        "sight": now,
        "page": page,
        "views": [(name, VIEW_NAMES[name]) for name in stretch.VIEWS],
        "title": title(page, weekdays),
        "day_title": day_title(page.day),
        "list": _list(page, visits),
        "strip": _strip(page, visits, weekdays),
        "hidden": [(weekday + 1) % 7 for weekday in range(7) if weekday not in weekdays],
        "hours": hours,
        "today": dates.today(),
        "resources": json.dumps([{"id": str(one.pk), "title": str(one)} for one in now.chosen]),
        "therapist": now.one or default_therapist(user_of(request)),
    }


def _frame(visits: Sequence[Appointment], rows: Sequence[WorkingHours]) -> tuple[list[int], tuple[int, int]]:
    """The weekdays and the hours that are drawn: those of the working hours, and what lies outside of them."""
    spans = [(dates.local(visit.starts_at), dates.local(visit.ends_at)) for visit in visits]
    weekdays = stretch.shown_weekdays([*(row.weekday for row in rows), *(start.weekday() for start, _ in spans)])
    opens = [*(row.opens for row in rows), *(start.time() for start, _ in spans)]
    closes = [*(row.closes for row in rows), *(end.time() for _, end in spans)]
    return weekdays, stretch.hours_shown(opens, closes)


def _list(page: Stretch, visits: Sequence[Appointment]) -> list[reports.ListDay]:
    days = set(page.days)
    kept = [visit for visit in visits if dates.local(visit.starts_at).date() in days]
    return [one for one in reports.by_day(page.days, kept) if one.appointments]


def _strip(page: Stretch, visits: Sequence[Appointment], weekdays: Sequence[int]) -> list[reports.ListDay]:
    days = [day for day in page.week if day.weekday() in {*weekdays, 5}]
    kept = [visit for visit in visits if dates.local(visit.starts_at).date() in days]
    return reports.by_day(days, kept)


def day_title(day: date) -> str:
    return spoken.day_in_words(day)


def title(page: Stretch, weekdays: Sequence[int]) -> str:
    """23–27 Nov 2026, as the view has it."""
    if page.view == "day":
        return spoken.written(page.day, pgettext("date format", "l j F Y"))
    if page.view == "month":
        return spoken.written(page.day, pgettext("date format", "F Y"))
    days = [day for day in page.days if day.weekday() in weekdays]
    first, last = days[0], days[-1]
    whole = pgettext("date format", "j M Y")
    if first.month == last.month:
        start = pgettext("date format", "j")
        return f"{spoken.written(first, start)}–{spoken.written(last, whole)}"
    part = pgettext("date format", "j M")
    return f"{spoken.written(first, part)} – {spoken.written(last, whole)}"
