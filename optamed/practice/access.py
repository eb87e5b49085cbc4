"""Who may do what: load and authorise in one step."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from optamed.practice.models import Practice, Therapist, User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def user_of(request: HttpRequest) -> User:
    """The signed-in user. LoginRequiredMiddleware has seen to it that there is one."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def owner_required(view: View[P]) -> View[P]:
    """Settings, users, backups, the journal: the owner's alone."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not user_of(request).is_owner:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def practice_or_none() -> Practice | None:
    return Practice.objects.filter(pk=1).first()


def practice_of(request: HttpRequest) -> Practice | None:
    """The practice, read once per request."""
    if not hasattr(request, "_practice"):
        request._practice = practice_or_none()  # type: ignore[attr-defined]  # noqa: SLF001
    found: Practice | None = request._practice  # type: ignore[attr-defined]  # noqa: SLF001
    return found


def the_practice() -> Practice:
    """The one practice; 404 before the first run is through."""
    return get_object_or_404(Practice, pk=1)


def therapist_of(user: User) -> Therapist | None:
    """The therapist behind an account, if the account treats patients."""
    return Therapist.objects.active().filter(user=user).first()


def may_read_notes(user: User) -> bool:
    """Clinical notes are for those who treat; an owner who does not treat and a secretary never see them.

    Reading another therapist's note wants their sharing, which comes with the consultations' own page.
    """
    return user.is_active and user.is_therapist


def default_therapist(user: User) -> Therapist | None:
    """Whose calendar and prices are meant when nobody says: the user's own, otherwise the first."""
    return therapist_of(user) or Therapist.objects.active().first()
