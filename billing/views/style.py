"""Settings: how invoices look, what they say, which papers go out, how they are numbered. The owner's alone."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from billing.forms.series import NumbersForm
from billing.forms.style import LookForm, PapersForm, PictureForm, TextForm, text_forms
from billing.reports import sample_letter
from billing.services import style
from billing.views.answers import pdf_answer
from optamed.core import dates
from optamed.core.htmx import page, wants_part
from optamed.practice.access import owner_required, practice_or_none, user_of
from optamed.practice.models import Picture, Therapist
from optamed.practice.views.answers import saved, settle, show

LOOK, TEXTS = "billing/style.html", "billing/style_texts.html"
CHANGED = "style:changed"  # the preview follows


@require_http_methods(["GET", "HEAD", "POST"])
@owner_required
def look(request: HttpRequest) -> HttpResponseBase:
    """Window, slip, accents; htmx asks for the preview of a choice that is not saved yet."""
    given = request.POST if request.method == "POST" else request.GET
    form = LookForm(given if "window" in given else None, instance=style.current())
    if request.method == "POST" and settle(form, lambda valid: style.save(by=user_of(request), **valid.facts)):
        return saved(request, "billing:style")
    status = 422 if request.method == "POST" else 200
    return page(request, LOOK, _look_context(request, form), partial="look-preview", status=status)


@dataclass(frozen=True, slots=True)
class Pictured:
    """A logo or signature on the page: its picture as data, where it is sent, and the field for another one."""

    title: str
    source: str
    target: str
    form: PictureForm


def _look_context(request: HttpRequest, form: LookForm, refused: PictureForm | None = None) -> dict[str, Any]:
    """``refused`` is the picture that was just sent to this address, with what is wrong about it."""
    now = style.current()
    signing = Therapist.objects.active().select_related("signature")
    return {
        "form": form,
        "shown": form.shown,
        "style": now,
        "logo": _pictured(request, _("Logo"), now.logo, refused),
        "signatures": [_pictured(request, str(one), one.signature, refused, one.pk) for one in signing],
        "part": wants_part(request),
        "tab": "billing:style",
    }


def _pictured(
    request: HttpRequest, name: str, picture: Picture | None, refused: PictureForm | None, pk: int | None = None
) -> Pictured:
    """Of the practice, or of the therapist with this key."""
    target = reverse("billing:style-signature", args=[pk]) if pk else reverse("billing:style-logo")
    fresh = PictureForm(label=name if pk else _("Picture"), auto_id=f"{'signature' if pk else 'logo'}-{pk or 0}-%s")
    title = _("Signature of %(name)s") % {"name": name} if pk else name
    return Pictured(title, _source(picture), target, refused if refused and target == request.path else fresh)


def _source(picture: Picture | None) -> str:
    return f"data:{picture.mime};base64,{b64encode(bytes(picture.data)).decode()}" if picture else ""


@require_POST
@owner_required
def logo(request: HttpRequest) -> HttpResponse:
    """Put a logo there, or take it away."""
    by = user_of(request)
    return _picture(
        request,
        store=lambda data: style.set_logo(data=data, by=by),
        remove=lambda: style.remove_logo(by=by),
        part="look-logo",
        label=_("Picture"),
    )


@require_POST
@owner_required
def signature(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a therapist's signature there, or take it away."""
    by, therapist = user_of(request), get_object_or_404(Therapist, pk=pk)
    return _picture(
        request,
        store=lambda data: style.set_signature(therapist=therapist, data=data, by=by),
        remove=lambda: style.remove_signature(therapist=therapist, by=by),
        part="look-signatures",
        label=str(therapist),
    )


def _picture(
    request: HttpRequest, *, store: Callable[[bytes], object], remove: Callable[[], object], part: str, label: str
) -> HttpResponse:
    """What is typed beside it stays: htmx swaps the one part, and the preview follows."""
    form = PictureForm(request.POST, request.FILES, label=label)
    if "remove" in request.POST:
        remove()
    elif not settle(form, lambda valid: store(valid.content)):
        context = _look_context(request, LookForm(instance=style.current()), form)
        return page(request, LOOK, context, partial=part, status=422)
    messages.success(request, _("Saved."))
    if not wants_part(request):
        return redirect("billing:style")
    context = _look_context(request, LookForm(instance=style.current()))
    return trigger_client_event(page(request, LOOK, context, partial=part), CHANGED, {})


@require_http_methods(["GET", "HEAD", "POST"])
@owner_required
def texts(request: HttpRequest) -> HttpResponseBase:
    """What stands before and after the lines, and at the foot, in each language."""
    given = text_forms(request.POST or request.GET or None)
    sent = {code: form for code, form in given.items() if form.is_bound}
    if request.method == "POST" and all(form.is_valid() for form in sent.values()):
        style.set_texts(texts={code: form.words for code, form in sent.items()}, by=user_of(request))
        return saved(request, "billing:style-texts")
    asked = request.GET.get("language", "")
    language = asked if asked in given else _language()
    context = {
        "forms": list(given.values()),
        "language": language,
        "query": "&".join(filter(None, [f"language={language}", given[language].query])),
        "tab": "billing:style-texts",
    }
    return page(request, TEXTS, context, partial="text-preview", status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@owner_required
def papers(request: HttpRequest) -> HttpResponseBase:
    """Which papers go out, what is made when something is missing, euros, the night."""
    form = PapersForm(request.POST or None, instance=style.current())
    if settle(form, lambda valid: style.save(by=user_of(request), **valid.facts)):
        return saved(request, "billing:style-papers")
    return show(request, "billing/style_papers.html", form, tab="billing:style-papers")


@require_http_methods(["GET", "HEAD", "POST"])
@owner_required
def numbers(request: HttpRequest) -> HttpResponseBase:
    """How invoices are numbered, and where each series goes on."""
    form = NumbersForm(request.POST or None, on=dates.today())
    if settle(form, lambda valid: _number(valid, request)):
        return saved(request, "billing:style-numbers")
    return show(request, "billing/style_numbers.html", form, tab="billing:style-numbers")


def _number(form: NumbersForm, request: HttpRequest) -> None:
    pattern = form.cleaned_data["pattern"]
    style.set_numbers(pattern=pattern, letters=form.letters, starts=form.starts, by=user_of(request))


@require_GET
@never_cache
@owner_required
def preview(request: HttpRequest) -> HttpResponse:
    """The sample invoice as PDF, with what stands in the query; what is not named, or makes no sense, as stored."""
    asked = request.GET.get("language", "")
    language = asked if asked in text_forms() else _language()
    look_form = LookForm(request.GET if "window" in request.GET else None, instance=style.current())
    words = TextForm(request.GET, language=language)
    drawn = sample_letter.render(look_form.shown, words=words.shown)
    return pdf_answer(drawn, "preview.pdf", inline=True)


def _language() -> str:
    practice = practice_or_none()
    return practice.language if practice else "fr"
