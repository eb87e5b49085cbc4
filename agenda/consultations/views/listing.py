"""The list of consultations."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from agenda.consultations import reports
from agenda.consultations.services import reads
from optamed.core import excel, listing
from optamed.core.htmx import page, wants_part
from optamed.practice.access import user_of


@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    """Every consultation; "not invoiced" is one number."""
    asked = reports.Asked.of(request.GET)
    figures = asked.figures()
    context = {
        "asked": asked,
        "figures": figures,
        "count": figures[asked.state],
        "page": Paginator(asked.found(), reports.PAGE).get_page(request.GET.get("page")),
        "chips": listing.chips(request, _labels(), figures, asked.state),
        "is_new": not asked.words and not figures["all"],
        "part": wants_part(request),
    }
    answer = page(request, "consultations/list.html", context, partial="consultation-results")
    return listing.unremembered(answer, asked.words)


def _labels() -> dict[str, str]:
    return {
        "all": pgettext("consultations", "All"),
        "open": _("Being written"),
        "billable": _("Not invoiced"),
        "billed": pgettext("consultation", "Invoiced"),
    }


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as an Excel file, without anything clinical."""
    found = reports.Asked.of(request.GET).found()
    reads.note_export(by=user_of(request))
    return excel.answer("consultations.xlsx", _("Consultations"), reports.headings(), reports.rows(found))
