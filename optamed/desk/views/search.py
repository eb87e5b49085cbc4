"""The search palette, which is also a page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from optamed.core import reading
from optamed.core.htmx import page
from optamed.desk.reports import search as found


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """GET /search/?q=: patients, invoices, consultations; the part is the palette's list."""
    words = reading.words(request.GET.get("q"))
    return page(request, "desk/search.html", {"q": words, "groups": found.groups(words)}, partial="results")
