"""Sign-in, passwords, recovery, and the first two steps of the first run."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from optamed.core.forms import Choices, OptaForm
from optamed.practice.forms.fields import NewPassword, PasswordField, languages
from optamed.practice.models import User

AT_LEAST = _("At least 12 characters. A short sentence is easy to remember.")


class SignInForm(OptaForm):
    """E-mail and password. The field is called username: the throttle counts by it."""

    mark_required = False
    username = forms.EmailField(label=_("E-mail"), max_length=254)
    password = PasswordField(label=_("Password"), autocomplete="current-password")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None
        self.fields["username"].widget.attrs["autocomplete"] = "username"
        self.fields["password" if self.initial.get("username") else "username"].widget.attrs["autofocus"] = True

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).lower()

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if "username" in given and "password" in given:
            user = authenticate(self.request, username=given["username"], password=given["password"])
            if not isinstance(user, User):
                raise forms.ValidationError(_("E-mail or password is wrong."), code="wrong")
            self.user = user
        return given


class RecoverForm(NewPassword, OptaForm):
    """A recovery code and the new password."""

    mark_required = False
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    code = forms.CharField(label=_("Recovery code"), max_length=40)
    password = PasswordField(label=_("New password"), autocomplete="new-password", help_text=AT_LEAST)
    repeated = PasswordField(label=_("New password, again"), autocomplete="new-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "username"
        self.fields["code"].widget.attrs |= {"autocomplete": "off", "spellcheck": "false", "class": "tab"}

    def clean(self) -> dict[str, Any]:
        self.check_new_password(User(email=self.cleaned_data.get("email", "")))
        return self.cleaned_data


class CurrentPasswordForm(OptaForm):
    """Who sits at the screen knows the password."""

    mark_required = False
    current = PasswordField(label=_("Current password"), autocomplete="current-password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_current(self) -> str:
        current = str(self.cleaned_data["current"])
        if not self.user.check_password(current):
            raise forms.ValidationError(_("This is not your current password."), code="wrong")
        return current


class ChangePasswordForm(NewPassword, CurrentPasswordForm):
    """The user's own password."""

    password = PasswordField(label=_("New password"), autocomplete="new-password", help_text=AT_LEAST)
    repeated = PasswordField(label=_("New password, again"), autocomplete="new-password")

    def clean(self) -> dict[str, Any]:
        self.check_new_password(self.user)
        return self.cleaned_data


class LanguageForm(OptaForm):
    """The language of the screen."""

    mark_required = False
    language = forms.ChoiceField(label=_("Language"), choices=languages, widget=Choices(layout="list"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = get_language()


class OwnerForm(NewPassword, OptaForm):
    """The first account."""

    mark_required = False
    name = forms.CharField(label=_("First and last name"), max_length=71)
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, help_text=_("You sign in with it. Nothing is sent to it.")
    )
    password = PasswordField(label=_("Password"), autocomplete="new-password", help_text=AT_LEAST)
    repeated = PasswordField(label=_("Password, again"), autocomplete="new-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs |= {"autocomplete": "name", "autofocus": True}
        self.fields["email"].widget.attrs["autocomplete"] = "username"

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        self.check_new_password(User(email=given.get("email", ""), name=given.get("name", "")))
        return given
