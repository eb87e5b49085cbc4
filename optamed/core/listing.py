"""What every list does with its address: filters as chips, and no names in the browser's history."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse


def chip_url(request: HttpRequest, state: str) -> str:
    """The list under another chip, from its first page, with everything else as it is."""
    query = request.GET.copy()
    query.pop("page", None)
    query["state"] = state
    return f"?{query.urlencode()}"


def chips(
    request: HttpRequest, labels: Mapping[str, str], counts: Mapping[str, int], current: str
) -> list[dict[str, Any]]:
    """For components/chips.html: each state with its name and how many it holds."""
    return [
        {"label": label, "url": chip_url(request, state), "count": counts[state], "current": state == current}
        for state, label in labels.items()
    ]


def unremembered(response: HttpResponse, words: str) -> HttpResponse:
    """A list that was searched leaves the address bar as it is: the words may be a name."""
    if words:
        response.headers["HX-Push-Url"] = "false"
    return response
