"""Money received."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from billing.models import Invoice, Payment
from optamed.core import money
from optamed.core.forms import Choices, ConfirmableWarnings, MoneyField, OptaForm, PastDayField
from patients.models import Patient

ICONS = {
    Payment.Means.CASH: "banknote",
    Payment.Means.CARD: "credit-card",
    Payment.Means.TWINT: "smartphone",
    Payment.Means.BANK: "landmark",
    Payment.Means.QR: "qr-code",
    Payment.Means.LOSS: "circle-x",
    Payment.Means.DISCOUNT: "percent",
}


class PaymentForm(ConfirmableWarnings, OptaForm):
    """Money received; more than is open is asked about once, and becomes the patient's credit."""

    confirm_label = gettext_lazy("Record all the same")

    amount = MoneyField(label=gettext_lazy("Amount in CHF"), max_digits=10, min_value=Decimal("0.01"))
    received_on = PastDayField(label=gettext_lazy("Received on"))
    means = forms.ChoiceField(
        label=pgettext_lazy("payment", "Means"),
        choices=Payment.Means.choices,
        widget=Choices(layout="grid", icons={str(means): icon for means, icon in ICONS.items()}),
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=140, required=False)

    def __init__(self, *args: Any, owed: Decimal | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owed = owed

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        amount = cleaned.get("amount")
        if amount is not None and self.owed is not None and amount > self.owed:
            self._more_than_owed(amount, self.owed, cleaned.get("means", ""))
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """What the service wants to know of the money itself."""
        return {name: self.cleaned_data[name] for name in ("amount", "received_on", "means", "note")}

    def _more_than_owed(self, amount: Decimal, owed: Decimal, means: str) -> None:
        if means in Payment.NO_CASH:
            self.add_error("amount", _("More than what is open cannot be written off."))
            return
        rest = {"rest": money.swiss(amount - owed)}
        self.warn("credit", _("CHF %(rest)s more than is open: the rest becomes the patient's credit.") % rest)


class NewPaymentForm(PaymentForm):
    """Money from a patient for one of the open invoices, or ahead of one."""

    invoice = forms.ModelChoiceField(
        Invoice.objects.none(),
        label=gettext_lazy("For"),
        required=False,
        blank=True,  # a set of radio buttons has no empty choice otherwise
        empty_label=gettext_lazy("No invoice: keep it as credit"),
        widget=Choices(layout="list"),
    )
    field_order = ("invoice", "amount", "received_on", "means", "note")

    def __init__(self, *args: Any, patient: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Invoice]", self.fields["invoice"])
        field.queryset = Invoice.objects.of(patient).open().order_by("due_on", "pk")
        field.label_from_instance = _owing  # type: ignore[method-assign, assignment]
        field.widget.attrs |= self._amount_follows(patient)

    @staticmethod
    def _amount_follows(patient: Patient) -> dict[str, str]:
        """Another invoice chosen: what is open on it stands in the field of the amount."""
        address = f"{reverse('billing:payment-new')}?patient={patient.pk}"
        return {"hx-get": address, "hx-select": "#id_amount", "hx-target": "#id_amount", "hx-swap": "outerHTML"}

    def clean(self) -> dict[str, Any]:
        invoice = self.cleaned_data.get("invoice")
        self.owed = invoice.open_amount if invoice else None
        return super().clean()


def _owing(invoice: Invoice) -> str:
    facts = {"number": invoice.number, "amount": money.swiss(invoice.open_amount), "day": f"{invoice.due_on:%d.%m.%Y}"}
    return _("%(number)s: CHF %(amount)s open, payable until %(day)s") % facts
