"""Settings: the practice, its addresses, its colour."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from optamed.practice import access, postcodes
from optamed.practice.access import owner_required, user_of
from optamed.practice.forms.places import AddressForm, LookForm, PracticeForm
from optamed.practice.models import PracticeAddress
from optamed.practice.services import addresses, practices, setup
from optamed.practice.views.answers import saved, settle, show
from optamed.practice.views.shell import DEFAULT_COLOUR


@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """Where everything is found; for an owner with what is still missing for a valid invoice."""
    missing = setup.missing() if user_of(request).is_owner else []
    return render(request, "practice/settings.html", {"missing": missing})


@require_http_methods(["GET", "POST"])
@owner_required
def practice(request: HttpRequest) -> HttpResponseBase:
    form = PracticeForm(request.POST or None, instance=access.practice_or_none())
    if settle(form, lambda valid: practices.set_up(by=user_of(request), **valid.cleaned_data)):
        return saved(request, "practice:practice")
    return show(request, "practice/practice.html", form)


@require_safe
@owner_required
def address_list(request: HttpRequest) -> HttpResponse:
    every = PracticeAddress.objects.all()
    lists = {
        "addresses": [one for one in every if not one.archived_at],
        "archived": [one for one in every if one.archived_at],
    }
    return render(request, "practice/addresses.html", lists)


@require_http_methods(["GET", "POST"])
@owner_required
def address_new(request: HttpRequest) -> HttpResponseBase:
    practice_now = access.practice_or_none()
    form = AddressForm(request.POST or None, initial={"name": practice_now.name if practice_now else ""})
    if settle(form, lambda valid: addresses.create(by=user_of(request), **valid.cleaned_data)):
        return saved(request, "practice:addresses")
    return show(request, "practice/address.html", form)


@require_http_methods(["GET", "POST"])
@owner_required
def address_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    address = get_object_or_404(PracticeAddress, pk=pk)
    form = AddressForm(request.POST or None, instance=address)
    if settle(form, lambda valid: addresses.update(address=address, by=user_of(request), **valid.cleaned_data)):
        return saved(request, "practice:addresses")
    return show(request, "practice/address.html", form, address=address)


@require_POST
@owner_required
def address_archive(request: HttpRequest, pk: int) -> HttpResponse:
    addresses.archive(address=get_object_or_404(PracticeAddress, pk=pk), by=user_of(request))
    return saved(request, "practice:addresses", _("Archived. It stays on what it was used for."))


@require_POST
@owner_required
def address_restore(request: HttpRequest, pk: int) -> HttpResponse:
    addresses.restore(address=get_object_or_404(PracticeAddress, pk=pk), by=user_of(request))
    return saved(request, "practice:addresses", _("Back in use."))


@require_GET
@owner_required
def town(request: HttpRequest) -> HttpResponse:
    """Town and canton of a postcode, for the form of an address."""
    found = postcodes.towns(request.GET.get("postcode", ""))
    typed = {"town": request.GET.get("town", ""), "canton": request.GET.get("canton", "")}
    first = {"town": found[0][0], "canton": found[0][1]} if found else typed
    if typed["town"] in [name for name, _canton in found]:
        first["town"] = typed["town"]
    form = AddressForm(initial=first)
    return render(
        request, "practice/address_fields.html#town", {"form": form, "towns": [name for name, _canton in found]}
    )


@require_http_methods(["GET", "POST"])
@owner_required
def look(request: HttpRequest) -> HttpResponseBase:
    practice_now = access.practice_or_none()
    form = LookForm(request.POST or None, initial={"colour": practice_now.colour if practice_now else DEFAULT_COLOUR})
    if settle(form, lambda valid: practices.set_up(by=user_of(request), colour=valid.cleaned_data["colour"])):
        return saved(request, "practice:look")
    return show(request, "practice/look.html", form)
