"""The first run: language, owner, practice, therapist, bank.

Each step is saved at once; each but the first two can be left for later.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from optamed.practice import first_run, professions
from optamed.practice.access import owner_required, user_of
from optamed.practice.forms.entry import LanguageForm, OwnerForm
from optamed.practice.forms.money import FirstAccountForm
from optamed.practice.forms.people import FirstTherapistForm
from optamed.practice.forms.places import FirstAddressForm
from optamed.practice.models import BankAccount, PracticeAddress, Therapist, User
from optamed.practice.services import beginning
from optamed.practice.views import slips
from optamed.practice.views.answers import settle
from optamed.practice.views.passwords import BACKEND
from optamed.practice.views.shell import remember_language

TokenView = Callable[[HttpRequest, str], HttpResponseBase]
PRACTICE, THERAPIST, BANK = "practice:first-run-practice", "practice:first-run-therapist", "practice:first-run-bank"
SERVICES = "calendar:first-services"


def with_token(view: TokenView) -> TokenView:
    """Whoever has the launcher's link, as long as there is no owner; afterwards the way on, or the door."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponseBase:
        if User.objects.exists():
            return redirect(_next_step(request))
        if not first_run.matches(settings.FIRST_RUN_TOKEN_FILE, token):
            raise Http404
        return view(request, token)

    return guarded


@login_not_required
@require_http_methods(["GET", "POST"])
@with_token
def language(request: HttpRequest, token: str) -> HttpResponseBase:
    form = LanguageForm(request.POST or None)
    if form.is_bound and form.is_valid():
        response = redirect("practice:first-run-owner", token)
        remember_language(response, form.cleaned_data["language"])
        return response
    return _page(request, "language", 1, form)


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@with_token
def owner(request: HttpRequest, token: str) -> HttpResponseBase:
    """The owner's account. Answers with the recovery codes, which are shown this once: no redirect could carry them."""
    form = OwnerForm(request.POST or None)
    if not (form.is_bound and form.is_valid()):
        return _page(request, "owner", 2, form, token=token)
    given = form.cleaned_data
    made, codes = beginning.make_owner(
        name=given["name"], email=given["email"], password=given["password"], language=get_language() or "fr"
    )
    login(request, made, backend=BACKEND)
    return render(request, "practice/first_run/codes.html", {"codes": codes, "step": 2, "next_url": PRACTICE})


@require_http_methods(["GET", "POST"])
@owner_required
def practice(request: HttpRequest) -> HttpResponseBase:
    """The practice and its first address; shown again with what was saved when the step is visited twice."""
    address = PracticeAddress.objects.active().first()
    form = FirstAddressForm(request.POST or None, instance=address)
    by = user_of(request)
    if settle(form, lambda valid: beginning.place(address=address, by=by, **valid.cleaned_data)):
        return redirect(THERAPIST)
    return _page(request, "practice", 3, form, skip=THERAPIST)


@require_http_methods(["GET", "POST"])
@owner_required
def therapist(request: HttpRequest) -> HttpResponseBase:
    """The owner as a therapist."""
    user = user_of(request)
    address = PracticeAddress.objects.active().first()
    known = Therapist.objects.active().first()
    form = FirstTherapistForm(request.POST or None, address=address, initial=_so_far(known, user))
    if settle(form, lambda valid: beginning.therapist(known=known, address=address, by=user, **valid.cleaned_data)):
        return redirect(BANK)
    names = professions.names(get_language() or "fr")
    return _page(request, "therapist", 4, form, skip=BANK, back=PRACTICE, professions=names)


@require_http_methods(["GET", "POST"])
@owner_required
def bank(request: HttpRequest) -> HttpResponseBase:
    """Where the patients pay."""
    account = BankAccount.objects.filter(archived_at__isnull=True).first()
    address = PracticeAddress.objects.active().first()
    initial = {} if account else {"holder": address.name if address else user_of(request).name}
    form = FirstAccountForm(request.POST or None, address=address, instance=account, initial=initial)
    by = user_of(request)
    if settle(form, lambda valid: beginning.account(account=account, address=address, by=by, **valid.cleaned_data)):
        return redirect(SERVICES)
    return _page(request, "bank", 5, form, skip=SERVICES, back=THERAPIST, slip=slips.sample(form, address))


def _next_step(request: HttpRequest) -> str:
    """A first run that was left is taken up where it stands."""
    if not (isinstance(request.user, User) and request.user.is_owner):
        return settings.LOGIN_URL
    if not PracticeAddress.objects.exists():
        return PRACTICE
    if not Therapist.objects.exists():
        return THERAPIST
    return "desk:today" if BankAccount.objects.exists() else BANK


def _so_far(known: Therapist | None, user: User) -> dict[str, Any]:
    """What is known of the therapist: the owner's own name at first."""
    if known is None:
        first, _blank, last = user.name.partition(" ")
        return {"first_name": first, "last_name": last}
    place = known.places.first()
    price = known.prices.filter(code="").values_list("price", flat=True).first()
    facts = {name: getattr(known, name) for name in ("first_name", "last_name", "profession", "gln")}
    return facts | {"rcc": place.rcc if place else "", "hourly": None if price is None else price * 12}


def _page(request: HttpRequest, name: str, step: int, form: object, **context: object) -> HttpResponse:
    bound = getattr(form, "is_bound", False)
    context |= {"form": form, "step": step}
    return render(request, f"practice/first_run/{name}.html", context, status=422 if bound else 200)
