"""What can still be chosen on a draft: its words, who pays, what is taken off, in which money."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from billing.models import Invoice, InvoiceSettings
from billing.qr_bill import MOST
from billing.qr_text import QrBillError, clean
from billing.services import insurer_requests, photograph
from optamed.core import money
from optamed.core.forms import Choices, MoneyField, OptaForm

LONGEST_TERM = 365  # days
PARTY = ("name", "street", "house_no", "postcode", "town", "country")
WANTED = ("name", "postcode", "town", "country")
# What form 5.0 holds of each; a QR-bill takes more (billing.qr_bill.MOST).
FORM_MOST: Mapping[str, int] = {"name": 35, "street": 35, "house_no": 10, "postcode": 9, "town": 35}
TYPED = (*PARTY, "recipient_email", "payment_days", "discount", "discount_text", "euro_rate", "remark")
PATIENT, OTHER = "patient", "other"
CURRENCIES = [("CHF", gettext_lazy("Swiss francs")), ("EUR", gettext_lazy("Euros"))]
WHO = [(PATIENT, pgettext_lazy("recipient", "The patient")), (OTHER, gettext_lazy("Another person or company"))]


class RateField(forms.DecimalField):
    """Francs for one euro, with up to four places and a dot or a comma."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=7, decimal_places=4, min_value=Decimal("0.0001"), **kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class DraftForm(OptaForm):
    """All wishes of a draft. What a QR-bill or the insurer's form cannot hold is refused here, beside its field."""

    mark_required = False

    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    payment_days = forms.IntegerField(
        label=gettext_lazy("Payable within days"), required=False, min_value=0, max_value=LONGEST_TERM
    )
    delivery = forms.ChoiceField(
        label=gettext_lazy("Way of sending"),
        choices=Invoice.Delivery.choices,
        widget=Choices(icons={"mail": "mail", "print": "printer"}),
    )
    recipient_email = forms.EmailField(label=gettext_lazy("E-mail for this invoice"), max_length=80, required=False)
    also_file = forms.BooleanField(label=gettext_lazy("Write it into the patient's file too"), required=False)
    who = forms.ChoiceField(label=gettext_lazy("The invoice goes to"), choices=WHO, widget=Choices())
    name = forms.CharField(label=gettext_lazy("Name of the person or company"), max_length=200, required=False)
    street = forms.CharField(label=gettext_lazy("Street"), max_length=200, required=False)
    house_no = forms.CharField(label=gettext_lazy("No."), max_length=50, required=False)
    postcode = forms.CharField(label=gettext_lazy("Postcode"), max_length=50, required=False)
    town = forms.CharField(label=gettext_lazy("Town"), max_length=200, required=False)
    country = forms.RegexField(
        label=gettext_lazy("Country"),
        regex=r"^\s*[A-Za-z]{2}\s*$",
        required=False,
        error_messages={"invalid": gettext_lazy("A country is two letters, such as CH.")},
    )
    discount = MoneyField(label=gettext_lazy("Discount in CHF"), required=False, min_value=0, max_digits=8)
    discount_text = forms.CharField(label=gettext_lazy("Text of the discount"), max_length=60, required=False)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=CURRENCIES, widget=Choices())
    euro_rate = RateField(label=gettext_lazy("CHF for one euro"), required=False)
    papers = forms.ChoiceField(
        label=gettext_lazy("Papers"), choices=Invoice.Forms.choices, widget=Choices(layout="list")
    )
    remark = forms.CharField(
        label=gettext_lazy("Remark for the insurer"),
        max_length=insurer_requests.MOST_REMARK,
        required=False,
        widget=forms.Textarea,
    )

    def __init__(self, data: Any = None, *, invoice: Invoice) -> None:
        self.invoice = invoice
        super().__init__(data, initial=stored(invoice))
        usual = photograph.payment_days(Invoice(patient=invoice.patient))
        self.fields["payment_days"].widget.attrs |= {"placeholder": usual, "inputmode": "numeric", "class": "tab"}
        self.fields["remark"].widget.attrs["rows"] = 3
        self.fields["euro_rate"].widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "class": "tab"}
        for name in PARTY:
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).strip().upper()

    def clean_discount(self) -> Decimal:
        discount: Decimal = self.cleaned_data["discount"] or money.ZERO
        services = sum((line.amount for line in self.invoice.lines.all()), money.ZERO)
        if discount > services:
            raise ValidationError(
                _("The discount is larger than the services of CHF %(amount)s.") % {"amount": money.swiss(services)}
            )
        return discount

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("who") == OTHER:
            self._check_recipient(cleaned)
        if cleaned.get("currency") == "EUR" and "euro_rate" in cleaned and not cleaned["euro_rate"]:
            self.add_error("euro_rate", _("A euro invoice needs the rate: how many francs is one euro?"))
        if cleaned.get("also_file") and not cleaned.get("recipient_email") and "recipient_email" in cleaned:
            self.add_error("recipient_email", _("Write the address that goes into the file."))
        return cleaned

    def _check_recipient(self, cleaned: dict[str, Any]) -> None:
        for name in PARTY:
            if name not in cleaned:
                continue
            if sentence := self._wrong_with(name, cleaned[name]):
                self.add_error(name, ValidationError(sentence, code="" if cleaned[name] else "required"))

    def _wrong_with(self, name: str, value: str) -> str:
        """Empty where bank and insurer can read it."""
        if not value:
            return _("Another recipient needs this.") if name in WANTED else ""
        try:
            text = clean(value, name)
        except QrBillError as error:
            return _(error.sentence) % error.values if error.values else _(error.sentence)
        most, sentence = MOST.get(name, (len(text), ""))
        if len(text) > most:
            return _(sentence)
        if self._has_form and len(text) > FORM_MOST.get(name, len(text)):
            facts = {"most": FORM_MOST[name], "count": len(text)}
            return _("The insurer's form holds %(most)d characters, these are %(count)d.") % facts
        return ""

    @property
    def _has_form(self) -> bool:
        """Euro invoices have no form for the insurer."""
        euros = self.cleaned_data.get("currency") == "EUR"
        return not euros and self.cleaned_data.get("papers") != Invoice.Forms.LETTER

    @property
    def wishes(self) -> dict[str, Any]:
        """What ``drafting.change`` takes."""
        facts = self.cleaned_data
        in_euros = facts["currency"] == "EUR"
        same = ("language", "payment_days", "delivery", "recipient_email", "discount", "discount_text", "remark")
        return {name: facts[name] for name in same} | {
            "recipient": {name: facts[name] for name in PARTY} if facts["who"] == OTHER else {},
            "currency": facts["currency"],
            "euro_rate": facts["euro_rate"] if in_euros else None,
            "forms": Invoice.Forms.LETTER if in_euros else facts["papers"],
        }

    @property
    def noted(self) -> list[forms.BoundField]:
        """What is looked at while it is typed; a field that is only still empty is no fault yet."""
        for name, faults in self.errors.as_data().items():
            if name in self.fields and all(fault.code == "required" for fault in faults):
                self.errors[name].clear()
        return [self[name] for name in TYPED]

    @property
    def remark_count(self) -> int:
        return len(str(self["remark"].value() or ""))


def stored(invoice: Invoice) -> dict[str, Any]:
    """A draft's wishes as the form shows them."""
    party = {"country": "CH"} | {name: invoice.recipient[name] for name in PARTY if name in invoice.recipient}
    same = ("language", "payment_days", "delivery", "recipient_email", "discount_text", "currency", "remark")
    return (
        {name: getattr(invoice, name) for name in same}
        | party
        | {
            "who": OTHER if invoice.recipient else PATIENT,
            "papers": invoice.forms,
            "discount": invoice.discount or None,
            "euro_rate": _plain(invoice.euro_rate or InvoiceSettings.current().euro_rate),
        }
    )


def _plain(rate: Decimal | None) -> str:
    return f"{rate.normalize():f}" if rate else ""
