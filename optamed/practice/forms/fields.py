"""Fields that several forms share."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from optamed.core import validators
from optamed.practice import postcodes
from optamed.practice.models import User


class IdentifierField(forms.CharField):
    """A number such as IBAN or GLN: typed and ``shown`` with blanks and dots as on the paper, kept plain."""

    def __init__(self, rule: Callable[[str], str], *, shown: Callable[[str], str] | None = None, **kwargs: Any) -> None:
        self.rule, self.shown = rule, shown
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("class", "tab")
        self.widget.attrs.setdefault("autocomplete", "off")
        self.widget.attrs.setdefault("spellcheck", "false")

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        return validators.clean(self.rule, typed) if typed else ""

    def prepare_value(self, value: Any) -> Any:
        """What is no valid number is shown as it was typed."""
        try:
            return self.shown(self.rule(value)) if value and self.shown else value
        except ValueError:
            return value


class PasswordField(forms.CharField):
    """A password, never shown again; blanks at the ends belong to it."""

    def __init__(self, *, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(strip=False, widget=widget, max_length=200, **kwargs)


class NewPassword(forms.Form):
    """Mixed in before a form: ``check_new_password`` judges ``password`` and its repetition."""

    def check_new_password(self, user: User, *, repeated: str = "repeated") -> None:
        password = self.cleaned_data.get("password")
        if not password:
            return
        if repeated in self.fields and password != self.cleaned_data.get(repeated):
            self.add_error(repeated, _("The two passwords differ."))
        try:
            validate_password(password, user)
        except forms.ValidationError as error:
            self.add_error("password", error)


def languages() -> Sequence[tuple[str, str]]:
    """The program's languages, each under its own name."""
    return [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]


def cantons() -> Sequence[tuple[str, str]]:
    return [("", "–"), *((canton, canton) for canton in postcodes.CANTONS)]
