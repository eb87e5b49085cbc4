"""Coming in and going out. Wrong tries are throttled per e-mail and computer."""

from datetime import timedelta
from typing import Any

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from optamed.core import dates
from optamed.core.htmx import page, wants_part
from optamed.practice.forms.entry import SignInForm
from optamed.practice.models import User
from optamed.practice.services import users

TEMPLATE = "practice/sign_in.html"


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The door. A page whose session ended asks for it, too, and shows its form in a dialog."""
    if request.method == "GET" and request.user.is_authenticated:
        return redirect(next_page(request))
    form = SignInForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid() and form.user:
        login(request, form.user)
        users.note_sign_in(user=form.user)
        return redirect(next_page(request))
    return _door(request, form, status=422 if form.is_bound else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("practice:sign-in")


@login_not_required
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """The admin's own door has no throttle: it is ours that counts."""
    if request.user.is_authenticated:  # signed in and sent here all the same: no owner
        raise PermissionDenied
    return redirect(f"{resolve_url(settings.LOGIN_URL)}?next=/admin/")


def locked_out(
    request: HttpRequest, _response: HttpResponseBase | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """Too many wrong tries: says when the next one counts (AXES_LOCKOUT_CALLABLE)."""
    again_at = dates.local(dates.now() + (get_cool_off(request) or timedelta()))
    sentence = _("Too many wrong tries. Please try again at %(time)s.") % {"time": f"{again_at:%H:%M}"}
    form = SignInForm(request=request, initial={"username": (credentials or {}).get("username", "")})
    return _door(request, form, status=422 if wants_part(request) else 429, locked=sentence)


def next_page(request: HttpRequest) -> str:
    """Where the user wanted to go, if that is a page of ours; otherwise Today."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours and wanted.startswith("/") else resolve_url(settings.LOGIN_REDIRECT_URL)


def _door(request: HttpRequest, form: SignInForm, *, status: int, **context: Any) -> HttpResponse:
    context |= {"form": form, "next": request.POST.get("next") or request.GET.get("next") or ""}
    context["is_new"] = not User.objects.exists()
    return page(request, TEMPLATE, context, partial="signin", status=status)
