"""Settings: therapists, and the accounts of those who work with the program."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from optamed.practice import professions
from optamed.practice.access import owner_required, practice_or_none, user_of
from optamed.practice.forms.people import FreshPasswordForm, NewUserForm, TherapistForm, UserForm
from optamed.practice.models import Therapist, User
from optamed.practice.services import therapists, users
from optamed.practice.views.answers import saved, settle, show


@require_safe
@owner_required
def therapist_list(request: HttpRequest) -> HttpResponse:
    every = Therapist.objects.select_related("user").prefetch_related("places__address")
    active = [one for one in every if not one.archived_at]
    archived = [one for one in every if one.archived_at]
    return render(request, "practice/therapists.html", {"therapists": active, "archived": archived})


@require_http_methods(["GET", "POST"])
@owner_required
def therapist_new(request: HttpRequest) -> HttpResponseBase:
    form = TherapistForm(request.POST or None, initial={"colour": therapists.next_colour()})
    if settle(form, lambda valid: _save_therapist(valid, None, user_of(request))):
        return saved(request, "practice:therapists")
    return _therapist_page(request, form)


@require_http_methods(["GET", "POST"])
@owner_required
def therapist_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    therapist = get_object_or_404(Therapist, pk=pk)
    form = TherapistForm(request.POST or None, instance=therapist)
    if settle(form, lambda valid: _save_therapist(valid, therapist, user_of(request))):
        return saved(request, "practice:therapists")
    return _therapist_page(request, form, therapist)


@require_POST
@owner_required
def therapist_archive(request: HttpRequest, pk: int) -> HttpResponse:
    therapists.archive(therapist=get_object_or_404(Therapist, pk=pk), by=user_of(request))
    return saved(request, "practice:therapists", _("Archived. It stays on what it was used for."))


@require_POST
@owner_required
def therapist_restore(request: HttpRequest, pk: int) -> HttpResponse:
    therapists.restore(therapist=get_object_or_404(Therapist, pk=pk), by=user_of(request))
    return saved(request, "practice:therapists", _("Back in use."))


@require_safe
@owner_required
def user_list(request: HttpRequest) -> HttpResponse:
    return render(request, "practice/users.html", {"users": User.objects.order_by("-is_active", "name", "pk")})


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@owner_required
def user_new(request: HttpRequest) -> HttpResponseBase:
    practice = practice_or_none()
    form = NewUserForm(request.POST or None, initial={"language": practice.language if practice else "fr"})
    if settle(form, lambda valid: users.create(by=user_of(request), **valid.cleaned_data)):
        return saved(request, "practice:users", _("The account is made. Pass the first password on by word of mouth."))
    return show(request, "practice/user.html", form)


@require_http_methods(["GET", "POST"])
@owner_required
def user_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    account = get_object_or_404(User, pk=pk)
    form = UserForm(request.POST or None, instance=account)
    if settle(form, lambda valid: users.update(user=account, by=user_of(request), **valid.cleaned_data)):
        return saved(request, "practice:users")
    return show(request, "practice/user.html", form, account=account)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@owner_required
def user_password(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A new password for somebody who forgot it; their sessions end."""
    account = get_object_or_404(User.objects.exclude(pk=user_of(request).pk), pk=pk)
    form = FreshPasswordForm(request.POST or None, user=account)
    password = form.data.get("password", "")
    if settle(form, lambda _valid: users.set_password(user=account, password=password, by=user_of(request))):
        return saved(request, "practice:users", _("The new password is set."))
    return show(request, "practice/user_password.html", form, account=account)


def _save_therapist(form: TherapistForm, therapist: Therapist | None, by: User) -> None:
    """The therapist's own row, then each place."""
    therapists.save(therapist=therapist, facts=form.facts, places=form.chosen, by=by)


def _therapist_page(request: HttpRequest, form: TherapistForm, therapist: Therapist | None = None) -> HttpResponse:
    names = professions.names(get_language() or "fr")
    return show(request, "practice/therapist.html", form, therapist=therapist, professions=names)
