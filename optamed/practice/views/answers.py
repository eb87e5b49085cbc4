"""How a form of the settings is answered: what is wrong is said and nothing typed lost, or it is saved."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from optamed.core.errors import DomainError

F = TypeVar("F", bound=forms.BaseForm)


def settle(form: F, save: Callable[[F], object]) -> bool:
    """Whether the form was valid and saved. A broken rule becomes the form's error, and what was typed stays."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        save(form)
    except DomainError as error:
        form.add_error(None, error.sentence)
        return False
    return True


def saved(request: HttpRequest, to: str, sentence: str = "") -> HttpResponse:
    """Back to the list, with a word that it worked."""
    messages.success(request, sentence or _("Saved."))
    return redirect(to)


def show(request: HttpRequest, template: str, form: forms.BaseForm, **context: Any) -> HttpResponse:
    """The form's page, 422 where something is wrong with it."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)
