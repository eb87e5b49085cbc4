"""The home page: today's visits and what waits to be settled."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agenda.calendar import access as calendar_access
from optamed.core import dates
from optamed.core.htmx import page, wants_part
from optamed.desk.reports import today as reports
from optamed.desk.services import finishing
from optamed.practice import access
from optamed.practice.models import Therapist
from optamed.practice.services import setup


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """GET /?whose=all shows every therapist's visits, otherwise one's own. The part "visits" reloads itself."""
    user, day = access.user_of(request), dates.today()
    own = access.therapist_of(user)
    therapist = None if request.GET.get("whose") == "all" else own
    rows = reports.visits_of(day, therapist=therapist, now=dates.now())
    context = {
        "day": day,
        "rows": rows,
        "headline": reports.headline(rows),
        "own": own,
        "everybody": therapist is None,
        "several": Therapist.objects.active().count() > 1,
    }
    if not wants_part(request):
        checks = setup.checklist()
        context |= {
            "unbilled": reports.Unbilled(),
            "todos": reports.to_settle(day),
            "birthdays": reports.birthdays(day),
            "checks": checks,
            "checks_done": sum(check.done for check in checks),
            "next_check": next((check for check in checks if not check.done), None),
        }
    return page(request, "desk/today.html", context, partial="visits")


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """POST /today/<appointment>/undo/: the mail is withdrawn; the invoice page offers to cancel the invoice."""
    appointment = calendar_access.appointment_for(request, pk)
    invoice = finishing.undo(appointment=appointment, by=access.user_of(request))
    said = _("The message was withdrawn. Invoice %(number)s stands; cancel it if it is wrong.")
    messages.success(request, said % {"number": invoice.number})
    return redirect(reverse("billing:invoice", args=[invoice.pk]))
