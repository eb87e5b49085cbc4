"""Pages of the directory and of the patient's file. The other tabs of the file are pages of the apps that own them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from optamed.core import dates, excel, listing, reading
from optamed.core.htmx import came_from, page, wants_part
from optamed.practice import insurers, postcodes
from optamed.practice.access import user_of
from patients import reports
from patients.access import patient_for
from patients.forms import PatientForm
from patients.models import Patient
from patients.services import files

MOST_HITS = 8


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Every patient: searched as one types, sorted, in pages."""
    asked = reports.Asked.of(request.GET)
    figures = asked.figures()
    context = {
        "asked": asked,
        "figures": figures,
        "count": figures[asked.state],
        "page": Paginator(asked.found(), reports.PAGE).get_page(request.GET.get("page")),
        "chips": listing.chips(request, _labels(), figures, asked.state),
        "is_new": not asked.words and not figures["all"] and not figures["archived"],
        "part": wants_part(request),
    }
    answer = page(request, "patients/list.html", context, partial="patient-results")
    return listing.unremembered(answer, asked.words)


def _labels() -> dict[str, str]:
    return {"all": _("All"), "open": _("With open amounts"), "archived": _("Archived")}


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as an Excel file."""
    found = reports.Asked.of(request.GET).found()
    files.note_export(by=user_of(request))
    return excel.answer("patients.xlsx", _("Patients"), reports.headings(), reports.rows(found))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new file: a page, or a dialog from anywhere."""
    user = user_of(request)
    asked = {name: request.GET[name] for name in ("last_name", "first_name") if name in request.GET}
    form = PatientForm(request.POST or None, user=user, initial=asked | {"language": user.language})
    if form.is_valid():
        patient = files.create(**form.fields_to_save, by=user)
        messages.success(request, _("The file of %(name)s is made.") % {"name": patient.name})
        return redirect(patient)
    return _form_page(request, form, {"title": _("New patient"), "back": reverse("patients:list")})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Contact, insurance, delivery. Who saves second is shown what the first one wrote."""
    patient, user = patient_for(request, pk), user_of(request)
    form = PatientForm(request.POST or None, instance=patient, user=user)
    context: dict[str, Any] = {"title": patient.name, "patient": patient, "back": patient.get_absolute_url()}
    if form.is_valid():
        try:
            files.update(patient=patient, version=form.cleaned_data["version"] or 0, **form.fields_to_save, by=user)
        except files.StaleFileError as stale:
            context |= {"stale": stale, "theirs": form.compared_with(stale.current)}
            return _form_page(request, form, context, status=409)
        messages.success(request, _("Saved."))
        return redirect(patient)
    return _form_page(request, form, context)


def _form_page(request: HttpRequest, form: PatientForm, context: dict[str, Any], *, status: int = 0) -> HttpResponse:
    context |= {"form": form, "part": wants_part(request), "insurers": insurers.names()}
    status = status or (422 if form.is_bound else 200)
    return page(request, "patients/form.html", context, partial="patient-form", status=status)


@require_safe
def patient(request: HttpRequest, pk: int) -> HttpResponse:
    """The file's overview."""
    context = {"patient": patient_for(request, pk), "tab": "overview", "today": dates.today()}
    return page(request, "patients/overview.html", context, partial="patient-facts")


@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of the lists; the file stays."""
    archived = files.archive(patient=patient_for(request, pk), by=user_of(request))
    messages.success(request, _("The file of %(name)s is archived.") % {"name": archived.name})
    return redirect(archived)


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Back into the lists."""
    restored = files.restore(patient=patient_for(request, pk), by=user_of(request))
    messages.success(request, _("The file of %(name)s is back in the list.") % {"name": restored.name})
    return redirect(restored)


@require_POST
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """The patient's answer about e-mail, noted where the question stands."""
    asked = patient_for(request, pk)
    files.set_mail_consent(patient=asked, consent=request.POST.get("consent", ""), by=user_of(request))
    if wants_part(request):
        return page(request, "patients/overview.html", {"patient": asked}, partial="patient-facts")
    return redirect(came_from(request, otherwise=asked.get_absolute_url()))


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Options of a picker: the first few files that hold the words."""
    words = reading.words(request.GET.get("q"))
    hits = Patient.objects.active().search(words).order_by("search_text", "pk")[:MOST_HITS] if words else []
    return render(request, "patients/options.html", {"hits": hits, "words": words})


@require_safe
def place(request: HttpRequest) -> HttpResponse:
    """Town and canton of a postcode; what was typed stays where the postcode does not know better."""
    towns = postcodes.towns(request.GET.get("postcode", "").strip())
    town, canton = request.GET.get("town", ""), request.GET.get("canton", "")
    if towns and town not in [name for name, _canton in towns]:
        town = towns[0][0]
    canton = next((code for name, code in towns if name == town), canton)
    form = PatientForm(initial={"town": town, "canton": canton}, user=user_of(request))
    context = {"form": form, "towns": [name for name, _canton in towns]}
    return render(request, "patients/form.html#patient-place", context)
