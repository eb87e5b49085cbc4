"""Changing the password, and the way back in with a recovery code."""

from axes.handlers.proxy import AxesProxyHandler
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from optamed.core.errors import DomainError
from optamed.practice.access import user_of
from optamed.practice.forms.entry import ChangePasswordForm, CurrentPasswordForm, RecoverForm
from optamed.practice.models import User
from optamed.practice.services import recovery, users
from optamed.practice.views.answers import saved
from optamed.practice.views.sign_in import locked_out

BACKEND = "django.contrib.auth.backends.ModelBackend"
RECOVER = "practice/recover.html"
PASSWORD = "practice/password.html"  # noqa: S105  a template's name


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponseBase:
    """The user's own password; other sessions end, this one stays."""
    user = user_of(request)
    form = ChangePasswordForm(request.POST or None, user=user)
    if form.is_bound and form.is_valid():
        users.set_password(user=user, password=form.cleaned_data["password"], by=user)
        update_session_auth_hash(request, user)
        return saved(request, "practice:password", _("Your password is changed. Other sessions have ended."))
    return _password_page(request, user, form=form)


@sensitive_post_parameters()
@require_POST
def recovery_codes(request: HttpRequest) -> HttpResponseBase:
    """New recovery codes, shown once, for whoever knows the password."""
    user = user_of(request)
    renewal = CurrentPasswordForm(request.POST, user=user, prefix="renewal")
    if not renewal.is_valid():
        return _password_page(request, user, renewal=renewal)
    return render(request, "practice/codes.html", {"codes": recovery.renew(user=user, by=user)})


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def recover(request: HttpRequest) -> HttpResponseBase:
    """A new password with a recovery code. Wrong codes count as wrong passwords do."""
    form = RecoverForm(request.POST or None)
    if not form.is_bound or not form.is_valid():
        return render(request, RECOVER, {"form": form}, status=422 if form.is_bound else 200)
    credentials = {"username": form.cleaned_data["email"].lower()}
    if not AxesProxyHandler.is_allowed(request, credentials):
        return locked_out(request, None, credentials)
    user = _redeemed(request, form, credentials)
    if user is None:
        return render(request, RECOVER, {"form": form}, status=422)
    login(request, user, backend=BACKEND)
    users.note_sign_in(user=user)
    messages.success(request, _("Your new password is set. The code is used up."))
    return redirect("desk:today")


def _redeemed(request: HttpRequest, form: RecoverForm, credentials: dict[str, str]) -> User | None:
    given = form.cleaned_data
    try:
        return recovery.redeem(email=given["email"], code=given["code"], password=given["password"])
    except DomainError as error:
        user_login_failed.send(sender=__name__, credentials=credentials, request=request)
        form.add_error("code", error.sentence)
        return None


def _password_page(
    request: HttpRequest,
    user: User,
    *,
    form: ChangePasswordForm | None = None,
    renewal: CurrentPasswordForm | None = None,
) -> HttpResponse:
    bound = any(one is not None and one.is_bound for one in (form, renewal))
    context = {
        "form": form or ChangePasswordForm(user=user),
        "renewal": renewal or CurrentPasswordForm(user=user, prefix="renewal"),
        "codes_left": user.recovery_codes.filter(used_at__isnull=True).count(),
    }
    return render(request, PASSWORD, context, status=422 if bound else 200)
