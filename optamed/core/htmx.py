"""How views answer htmx: plain Django in the views, the manners live here (docs/htmx.md)."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import BaseStorage, Message
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeData
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from optamed.core.errors import DomainError

MOVED = frozenset({301, 302, 303, 307, 308})


def wants_part(request: HttpRequest) -> bool:
    """A history restore is an htmx request that needs the whole page."""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.history_restore_request


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, partial: str, status: int = 200
) -> HttpResponse:
    """The whole page, or its one named part for htmx. The view names the part, never the client."""
    name = f"{template}#{partial}" if wants_part(request) else template
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def done(request: HttpRequest, event: str, *, to: str) -> HttpResponse:
    """A finished dialog: the event for htmx (its dialog closes, lists reload), the next page otherwise."""
    if not wants_part(request):
        return redirect(to)
    return trigger_client_event(HttpResponse(status=204), event, {})


class HtmxManners:
    """redirect() → HX-Redirect, messages → toast, DomainError → toast or message, lost sign-in → 401.

    Stands after MessageMiddleware and HtmxMiddleware, before LoginRequiredMiddleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not getattr(request, "htmx", None):
            return response
        if response.status_code in MOVED:
            return self._moved(response)
        return self._toast(request, response)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        if wants_part(request):
            messages.error(request, told(error))  # becomes the toast on the way out
            return HttpResponse(status=409, headers={"HX-Reswap": "none"})
        if request.method in ("GET", "HEAD"):  # going back could go round in circles
            return render(request, "errors/broken_rule.html", {"error": error}, status=409)
        messages.error(request, told(error))
        return redirect(came_from(request))

    @staticmethod
    def _moved(response: HttpResponseBase) -> HttpResponse:
        sign_in = resolve_url(settings.LOGIN_URL)
        target = response.headers["Location"]
        if target.split("?")[0] == sign_in:
            # Nothing typed is lost: the page stays, and asks for the password in a dialog.
            return trigger_client_event(HttpResponse(status=401), "signin:needed", {"url": sign_in})
        moved = HttpResponse(status=204, headers={"HX-Redirect": target})
        moved.cookies = response.cookies
        return moved

    @staticmethod
    def _toast(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        said = get_messages(request)
        if (
            not isinstance(said, BaseStorage) or not said.added_new
        ):  # what an earlier request left is for the next whole page
            return response
        items = [_item(message) for message in said]
        return trigger_client_event(response, "toast", {"items": items})


def told(error: DomainError) -> str:
    """The sentence of a broken rule, with the link that mends it where there is one."""
    if not error.link:
        return error.sentence
    return format_html('{} <a href="{}">{}</a>', error.sentence, error.link, error.label or _("Mend it"))


def _item(message: Message) -> dict[str, str | bool]:
    """A toast; ``html`` where it holds a link (then every other character of it was escaped)."""
    return {"level": message.level_tag, "text": str(message), "html": isinstance(message.message, SafeData)}


def came_from(request: HttpRequest, *, otherwise: str = "/") -> str:
    """The page the user stood on, if it is one of ours."""
    referer = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure())
    return referer if ours else otherwise
