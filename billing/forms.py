"""What people type about invoices and payments: filters of the lists, money received, reasons."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar, cast

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from billing.models import Invoice, Payment
from billing.querysets import InvoiceQuerySet, PaymentQuerySet
from optamed.core import dates, money
from optamed.core.forms import Choices, ConfirmableWarnings, DayField, MoneyField, OptaForm, PastDayField
from optamed.practice.models import Therapist
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
PERIODS = [
    ("", gettext_lazy("Any time")),
    ("month", gettext_lazy("This month")),
    ("last-month", gettext_lazy("Last month")),
    ("year", gettext_lazy("This year")),
    ("last-year", gettext_lazy("Last year")),
]


def span_of(period: str, *, today: date) -> tuple[date, date] | None:
    """First and last day of a period by its name; None for a name that is none."""
    first = today.replace(day=1)
    before = first - timedelta(days=1)
    spans = {
        "month": (first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)),
        "last-month": (before.replace(day=1), before),
        "year": (date(today.year, 1, 1), date(today.year, 12, 31)),
        "last-year": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    }
    return spans.get(period)


class ListFilter(OptaForm):
    """Words and a period in the address of a list; what makes no sense there is taken as not said."""

    SORTS: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    NEWEST = "-date"

    q = forms.CharField(required=False, max_length=100)
    period = forms.ChoiceField(required=False, choices=PERIODS, label=gettext_lazy("Period"))
    sort = forms.CharField(required=False, max_length=20)

    def said(self, name: str) -> Any:
        self.full_clean()
        return self.cleaned_data.get(name) or ""

    @property
    def span(self) -> tuple[date, date] | None:
        return span_of(self.said("period"), today=dates.today())

    @property
    def order(self) -> list[str]:
        """The columns to sort by; the newest first where nobody says."""
        asked = self.said("sort")
        key = asked if asked.removeprefix("-") in self.SORTS else self.NEWEST
        sign = "-" if key.startswith("-") else ""
        return [f"{sign}{column}" for column in self.SORTS[key.removeprefix("-")]]


class InvoiceFilter(ListFilter):
    """The list of invoices without its state, which the chips say."""

    SORTS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "number": ("number", "pk"),
        "date": ("issued_on", "pk"),
        "patient": ("patient__last_name", "patient__first_name", "pk"),
        "due": ("due_on", "pk"),
        "total": ("total", "pk"),
        "open": ("open_amount", "pk"),
    }

    therapist = forms.ModelChoiceField(
        Therapist.objects.all(),
        required=False,
        label=gettext_lazy("Therapist"),
        empty_label=gettext_lazy("All therapists"),
    )

    def apply(self, invoices: InvoiceQuerySet) -> InvoiceQuerySet:
        found = invoices.search(self.said("q"))
        if therapist := self.said("therapist"):
            found = found.filter(therapist=therapist)
        if span := self.span:
            found = found.filter(issued_on__range=span)
        return found


class PaymentFilter(ListFilter):
    """The list of payments without its means, which the chips say."""

    SORTS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "date": ("received_on", "pk"),
        "patient": ("patient__last_name", "patient__first_name", "pk"),
        "amount": ("amount", "pk"),
    }

    def apply(self, payments: PaymentQuerySet) -> PaymentQuerySet:
        words = self.said("q")
        found = payments.search(words) if words else payments
        return found.between(*self.span) if self.span else found


class IssueForm(OptaForm):
    """The date of an invoice: today where nobody says."""

    on = DayField(label=gettext_lazy("Date of the invoice"), required=False)

    def clean_on(self) -> date:
        on: date | None = self.cleaned_data["on"]
        return on or dates.today()


class CancelForm(OptaForm):
    """Why an invoice is cancelled: printed on nothing, kept for ever."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


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
