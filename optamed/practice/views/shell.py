"""What surrounds every page: language, theme, colours, the sign of life, and the end."""

import hashlib

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import activate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from optamed.core import palette, process
from optamed.core.errors import DomainError
from optamed.core.htmx import came_from
from optamed.practice import access
from optamed.practice.models import Practice, Therapist, User
from optamed.practice.services import users
from optamed.practice.views.sign_in import next_page

DEFAULT_COLOUR = Practice().colour


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The language of the screen: a user's is kept with the account, a stranger's in a cookie."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        raise BadRequest
    response = redirect(next_page(request) if request.POST.get("next") else came_from(request))
    if isinstance(request.user, User):
        users.set_language(user=request.user, language=chosen)
    else:
        remember_language(response, chosen)
    return response


def remember_language(response: HttpResponse, chosen: str) -> None:
    """For who has no account yet, or has not signed in."""
    activate(chosen)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=365 * 24 * 60 * 60,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("theme", "")
    if chosen not in User.Theme.values:
        raise BadRequest
    users.set_theme(user=access.user_of(request), theme=chosen)
    return redirect(next_page(request) if request.POST.get("next") else came_from(request))


@login_not_required
@require_safe
def theme_css(request: HttpRequest) -> HttpResponse:
    """The practice's colour and the therapists', as a style sheet: asked for on each page, sent when it changed."""
    practice = access.practice_or_none()
    therapists = dict(Therapist.objects.values_list("pk", "colour"))
    sheet = palette.css(practice.colour if practice else DEFAULT_COLOUR, therapists)
    etag = f'"{hashlib.sha256(sheet.encode()).hexdigest()[:16]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    response = HttpResponse(sheet, content_type="text/css; charset=utf-8", headers=headers)
    return get_conditional_response(request, etag=etag, response=response) or response


@login_not_required
@require_GET
def health(_request: HttpRequest) -> JsonResponse:
    """A sign of life. The nonce tells this very program from another one on its port."""
    return JsonResponse({"program": "OptaMed", "nonce": process.NONCE, "version": settings.VERSION})


@require_POST
def quit_program(request: HttpRequest) -> HttpResponse:
    """Stop the program on this computer; where a host runs it, a browser may not."""
    access.user_of(request)
    if not process.ask_to_stop():
        raise DomainError(_("OptaMed runs on a server here. It is stopped there, not in the browser."))
    return render(request, "practice/stopped.html")
