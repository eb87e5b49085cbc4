"""Bank accounts, products and prices."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from optamed.core import identifiers
from optamed.core.forms import Choices, MoneyField, OptaForm, OptaModelForm
from optamed.practice.forms.fields import IdentifierField
from optamed.practice.models import (
    BankAccount,
    PracticeAddress,
    Product,
    TariffPosition,
    Therapist,
    TherapistPrice,
    VatRate,
)

SLIPS = [
    (BankAccount.Slip.SCOR, _("With an RF reference")),
    (BankAccount.Slip.QRR, _("With a QR-IBAN")),
    (BankAccount.Slip.NON, _("Without reference")),
]
SLIP_HINTS = {
    BankAccount.Slip.SCOR.value: _("Works with your IBAN. Each payment finds its invoice by itself."),
    BankAccount.Slip.QRR.value: _("If your bank has given you one."),
    BankAccount.Slip.NON.value: _("Payments are assigned by hand."),
}


class AccountForm(OptaModelForm):
    """An account for the QR-bill; the kind of IBAN decides which reference goes with it (IG QR-bill 2.3, 4.2.2)."""

    iban = IdentifierField(identifiers.clean_iban, shown=identifiers.format_iban, label=_("IBAN of the practice"))
    slip = forms.ChoiceField(
        label=_("How are payments recognised?"),
        choices=SLIPS,
        required=False,
        initial=BankAccount.Slip.SCOR,
        widget=Choices(layout="list", hints=SLIP_HINTS),
    )

    class Meta:
        model = BankAccount
        fields = ("iban", "holder", "slip", "label", "street", "house_no", "postcode", "town", "qrr_prefix")
        help_texts = {
            "label": _("As you call it, such as the bank's name."),
            "qrr_prefix": _("Only if your bank asks for it: the first digits of the QR reference."),
        }

    def clean_slip(self) -> str:
        return str(self.cleaned_data["slip"] or BankAccount.Slip.SCOR)

    def clean_qrr_prefix(self) -> str:
        prefix = "".join(str(self.cleaned_data["qrr_prefix"]).split())
        if prefix and not prefix.isdecimal():
            raise forms.ValidationError(_("The customer number has digits only."), code="digits")
        return prefix

    def clean(self) -> dict[str, Any]:
        super().clean()  # asks for the uniqueness of the IBAN
        given = self.cleaned_data
        iban, slip = given.get("iban"), given.get("slip")
        if iban and slip == BankAccount.Slip.QRR and not identifiers.is_qr_iban(iban):
            self.add_error("slip", _("This is an ordinary IBAN. A QR reference needs the QR-IBAN of your bank."))
        if iban and identifiers.is_qr_iban(iban):
            given["slip"] = BankAccount.Slip.QRR
        return given


class FirstAccountForm(AccountForm):
    """The first run: the holder is the practice at its first address."""

    class Meta(AccountForm.Meta):
        fields = ("iban", "holder", "slip", "street", "house_no", "postcode", "town")  # type: ignore[assignment]

    def __init__(self, *args: Any, address: PracticeAddress | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mark_required = False
        if address is not None:  # the holder is the practice, whose address is known
            for name in ("street", "house_no", "postcode", "town"):
                del self.fields[name]

    def clean_qrr_prefix(self) -> str:
        return ""


class ProductForm(OptaModelForm):
    """An own article."""

    vat_code = forms.ChoiceField(label=_("VAT"), required=False)

    class Meta:
        model = Product
        fields = ("name", "tariff", "price", "vat_code")
        help_texts = {"name": _("For a remedy: name, maker, quantity and form, as SASIS asks.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vat_code"].choices = [("", _("No VAT")), *VatRate.Code.choices]  # type: ignore[attr-defined]
        self.fields["price"].min_value = Decimal(0)  # type: ignore[attr-defined]


class PricesForm(OptaForm):
    """A therapist's price per hour, and the prices of single positions; an emptied one is taken away."""

    mark_required = False
    period = MoneyField(
        label=_("Price per 5 minutes in CHF"),
        required=False,
        min_value=0,
        max_value=9999,
        help_text=_("For every position that is counted in 5 minutes and has no price of its own."),
    )
    code = forms.CharField(
        label=_("Code"), required=False, max_length=6, widget=forms.TextInput(attrs={"list": "codes"})
    )
    price = MoneyField(label=_("Price in CHF"), required=False, min_value=0, max_value=9999)

    def __init__(self, *args: Any, therapist: Therapist, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = dict(
            TherapistPrice.objects.filter(therapist=therapist).values_list("code", "price").order_by("code")
        )
        self.fields["period"].initial = self.own.pop("", None)
        for code, price in self.own.items():
            self.fields[f"of_{code}"] = MoneyField(
                label=_("Price of %(code)s") % {"code": code},
                required=False,
                min_value=0,
                max_value=9999,
                initial=price,
            )

    @property
    def singles(self) -> Iterator[tuple[str, forms.BoundField]]:
        """For the template: the positions that have their own price."""
        for code in self.own:
            yield code, self[f"of_{code}"]

    @property
    def prices(self) -> Mapping[str, Decimal | None]:
        """Every price by code, the new one included."""
        given = self.cleaned_data
        found = {"": given["period"]} | {code: given[f"of_{code}"] for code in self.own}
        return found | ({given["code"]: given["price"]} if given["code"] else {})

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        if code and not TariffPosition.objects.filter(code=code).exists():
            raise forms.ValidationError(_("Tarif 590 has no position with this code."), code="unknown")
        return code

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("code") and given.get("price") is None and "price" not in self.errors:
            self.add_error("price", _("Enter the price of this position."))
        if given.get("price") is not None and not given.get("code") and "code" not in self.errors:
            self.add_error("code", _("Enter the code of this position."))
        return given
