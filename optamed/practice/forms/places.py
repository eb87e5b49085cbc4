"""The practice, its addresses, its look."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from optamed.core import identifiers
from optamed.core.forms import OptaForm, OptaModelForm
from optamed.practice.forms.fields import IdentifierField, cantons, languages
from optamed.practice.models import BankAccount, Practice, PracticeAddress


class PracticeForm(OptaModelForm):
    """Facts of the practice as a whole."""

    uid = IdentifierField(
        identifiers.clean_uid,
        shown=identifiers.format_uid,
        label=_("UID"),
        required=False,
        help_text=_("Only if you have one: CHE-123.456.788."),
    )
    language = forms.ChoiceField(label=_("Language of the practice"), choices=languages)
    payment_days = forms.IntegerField(label=_("Payment term in days"), min_value=0, max_value=365)
    idle_minutes = forms.IntegerField(
        label=_("Lock after idle minutes"),
        min_value=1,
        max_value=720,
        help_text=_("Then the program asks for the password again."),
    )

    class Meta:
        model = Practice
        fields = ("name", "uid", "language", "payment_days", "idle_minutes")


def offer_accounts(field: forms.Field, kept: int | None) -> None:
    """The accounts in use, and the one that stands there even if it is archived."""
    in_use = BankAccount.objects.filter(Q(archived_at__isnull=True) | Q(pk=kept))
    field.queryset = in_use  # type: ignore[attr-defined]
    field.empty_label = _("The practice's account")  # type: ignore[attr-defined]


class AddressForm(OptaModelForm):
    """A place of work, with the GLN that insurers know it by."""

    gln = IdentifierField(
        identifiers.clean_gln,
        label=_("GLN of this place"),
        required=False,
        help_text=_("13 digits. Insurers ask for it on each invoice."),
    )
    canton = forms.ChoiceField(label=_("Canton"), choices=cantons)

    class Meta:
        model = PracticeAddress
        fields = (
            *("label", "name", "street", "house_no", "postcode", "town", "canton", "phone", "email"),
            *("gln", "account"),
        )
        help_texts = {
            "label": _("As you call it, such as “Downtown”."),
            "account": _("A therapist's own account goes before it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["postcode"].widget.attrs |= {"inputmode": "numeric", "class": "tab"}
        if "account" in self.fields:
            offer_accounts(self.fields["account"], self.instance.account_id)
        for name, kind in {"street": "address-line1", "postcode": "postal-code", "town": "address-level2"}.items():
            self.fields[name].widget.attrs["autocomplete"] = kind


class FirstAddressForm(AddressForm):
    """The first run asks for the practice and its first address at once: one name serves for all."""

    name = forms.CharField(label=_("Name of the practice"), max_length=70)

    class Meta(AddressForm.Meta):
        fields = ("name", "street", "house_no", "postcode", "town", "canton", "phone", "gln")  # type: ignore[assignment]


class ColourInput(forms.TextInput):
    """The browser's own colour picker."""

    input_type = "color"


class LookForm(OptaForm):
    """One colour recolours everything."""

    mark_required = False
    colour = forms.RegexField(
        r"^#[0-9a-fA-F]{6}$",
        label=_("Colour of the practice"),
        widget=ColourInput(attrs={"class": "form-control-color"}),
        help_text=_("It is made light or dark enough to be read on every page."),
        error_messages={"invalid": _("A colour is written as #0f766e.")},
    )
