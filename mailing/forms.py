"""The settings of a mailbox as they are typed."""

import ssl
from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mailing import presets, smtp_line
from mailing.models import MailAccount
from mailing.presets import Preset
from mailing.services.accounts import Draft
from mailing.smtp_dialogue import Security
from optamed.core.forms import Choices, OptaForm

CAPTIONS = {
    "gmail": _("and Google Workspace"),
    "microsoft365": _("your own domain"),
    "infomaniak": _("ik.me, your own domain"),
    "hostpoint": _("your own domain"),
    "proton": _("on this computer"),
    "other": _("any server"),
}
PASSWORD_LABELS = {"app": _("App password"), "bridge": _("Password shown by Bridge")}
SERVER_FIELDS = ("host", "port", "security", "username", "certificate")


class MailForm(OptaForm):
    """Provider, address, password; the server's own fields follow the provider and may be changed."""

    preset = forms.ChoiceField(label=_("Provider"))
    address = forms.EmailField(label=_("E-mail address"), max_length=254)
    display_name = forms.CharField(label=_("Name shown to the patient"), max_length=80, required=False)
    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    host = forms.CharField(label=_("Server"), max_length=253, required=False)
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, required=False)
    security = forms.ChoiceField(label=_("Encryption"), choices=MailAccount.Security.choices, required=False)
    username = forms.CharField(
        label=_("User name"), max_length=254, required=False, help_text=_("Only if it is not the e-mail address.")
    )
    certificate = forms.CharField(
        label=_("Certificate of the server"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("Only for Proton Bridge or a server of your own: the text of its certificate (PEM)."),
    )

    mark_required = False

    def __init__(self, *args: Any, account: MailAccount | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        preset = cast("forms.ChoiceField", self.fields["preset"])
        preset.choices = [(each.key, each.label or _("Other")) for each in presets.all_presets()]
        preset.widget = Choices(layout="grid", hints=captions())
        preset.widget.choices = preset.choices
        if account:
            self.fields["password"].widget.attrs["placeholder"] = _("Unchanged")

    @property
    def chosen(self) -> Preset:
        """The provider that is chosen now."""
        return presets.preset(str(self["preset"].value() or ""))

    @property
    def password_label(self) -> Any:
        """What this provider calls the password."""
        return PASSWORD_LABELS.get(self.chosen.secret, self.fields["password"].label)

    @property
    def takes_password(self) -> bool:
        return self.chosen.secret != "none"  # noqa: S105  the kind of password

    @property
    def is_open(self) -> bool:
        """Whether the server's fields are shown at once: they must be filled in, or are wrong."""
        return not self["host"].value() or any(name in self.errors for name in SERVER_FIELDS)

    def clean_certificate(self) -> str:
        """A PEM that can be read."""
        pem = str(self.cleaned_data["certificate"]).strip()
        try:
            smtp_line.tls_context(pem)
        except (ssl.SSLError, ValueError):
            raise ValidationError(
                _("This is not a certificate. It starts with “-----BEGIN CERTIFICATE-----”.")
            ) from None
        return pem

    def clean(self) -> dict[str, Any]:
        """What is left empty follows the provider."""
        data = self.cleaned_data
        preset = presets.preset(data.get("preset", ""))
        defaults = {"host": preset.host, "port": preset.port, "security": preset.security}
        data |= {name: data.get(name) or value for name, value in defaults.items()}
        if not data["host"]:
            self.add_error("host", _("Enter the name of the server, such as mail.example.ch."))
        return data

    def draft(self) -> Draft:
        """What the services want; only after is_valid()."""
        data = self.cleaned_data
        security: Security = "tls" if data["security"] == MailAccount.Security.TLS else "starttls"
        return Draft(**{name: data[name] for name in self.fields if name != "security"}, security=security)


def captions() -> Mapping[str, Any]:
    """The small line under each provider."""
    own = {each.key: ", ".join(each.domains[:2]) for each in presets.all_presets()}
    return own | CAPTIONS


def initial_for(account: MailAccount | None, *, preset: Preset, address: str, name: str) -> dict[str, Any]:
    """What the page shows first: the mailbox as it is, or the provider of the user's address."""
    if account:
        names = ("preset", "address", "display_name", *SERVER_FIELDS)
        values = {each: getattr(account, each) for each in names}
        return values | {"username": "" if account.username == account.address else account.username}
    return {"address": address, "display_name": name} | server_of(preset)


def server_of(preset: Preset) -> dict[str, Any]:
    """The server's fields of a provider."""
    return {"preset": preset.key, "host": preset.host, "port": preset.port, "security": preset.security}
