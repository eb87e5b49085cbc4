"""The filters of the lists of invoices and payments."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy, pgettext_lazy

from billing.querysets import InvoiceQuerySet, PaymentQuerySet
from optamed.core import dates
from optamed.core.forms import DayField, OptaForm
from optamed.practice.models import Therapist

SPANS = {
    "last-month": gettext_lazy("Last month"),
    "month": gettext_lazy("This month"),
    "last-quarter": gettext_lazy("Last quarter"),
    "quarter": gettext_lazy("This quarter"),
    "year": gettext_lazy("This year"),
    "last-year": gettext_lazy("Last year"),
}
PERIODS = [
    ("", gettext_lazy("Any time")),
    *((name, SPANS[name]) for name in ("month", "last-month", "year", "last-year")),
]
QUARTER, YEAR = 3, 12  # months
SENDING = [
    ("", pgettext_lazy("sending", "Any way")),
    ("mail", gettext_lazy("By e-mail")),
    ("print", gettext_lazy("On paper")),
    ("to-print", gettext_lazy("Still to print")),
    ("unsent", gettext_lazy("Neither mailed nor printed")),
]


def span_of(period: str, *, today: date) -> tuple[date, date] | None:
    """First and last day of one of the ``SPANS`` by its name; None for a name that is none."""
    if period not in SPANS:
        return None
    length = QUARTER if "quarter" in period else YEAR if "year" in period else 1
    month = (today.month - 1) // length * length + 1
    start = _months(date(today.year, month, 1), -length if period.startswith("last-") else 0)
    return start, _months(start, length) - timedelta(days=1)


def _months(first: date, count: int) -> date:
    """The first of a month, so many months on or back."""
    index = first.year * 12 + first.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


class ListFilter(OptaForm):
    """Words and a period in the address of a list; what makes no sense there is taken as not said."""

    SORTS: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    NEWEST = "-date"

    q = forms.CharField(required=False, max_length=100)
    period = forms.ChoiceField(required=False, choices=PERIODS, label=gettext_lazy("Period"))
    sort = forms.CharField(required=False, max_length=20)

    def said(self, name: str) -> Any:
        if not hasattr(self, "cleaned_data"):
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
    """The list of invoices without its state, which the chips say. ``MORE`` are the filters that stand folded."""

    MORE = ("first_on", "last_on", "sending", "language", "hidden")
    SORTS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "number": ("number", "pk"),
        "date": ("issued_on", "pk"),
        "patient": ("patient__search_text", "pk"),
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
    first_on = DayField(label=pgettext_lazy("period", "From"), required=False)
    last_on = DayField(label=pgettext_lazy("period", "To"), required=False)
    sending = forms.ChoiceField(required=False, choices=SENDING, label=pgettext_lazy("invoices", "Sent"))
    language = forms.ChoiceField(
        required=False,
        choices=[("", gettext_lazy("All languages")), *settings.LANGUAGES],
        label=gettext_lazy("Language"),
    )
    hidden = forms.BooleanField(required=False, label=gettext_lazy("Hidden ones too"))

    @property
    def more(self) -> int:
        """How many of the folded filters are set."""
        return sum(bool(self.said(name)) for name in self.MORE)

    @property
    def span(self) -> tuple[date, date] | None:
        """The days that were typed, otherwise the named period; an open end reaches as far as there are days."""
        first, last = self.said("first_on"), self.said("last_on")
        return (first or date.min, last or date.max) if first or last else super().span

    def apply(self, invoices: InvoiceQuerySet) -> InvoiceQuerySet:
        found = invoices.search(self.said("q"))
        if not self.said("hidden"):
            found = found.shown()
        if therapist := self.said("therapist"):
            found = found.filter(therapist=therapist)
        if language := self.said("language"):
            found = found.filter(language=language)
        if span := self.span:
            found = found.filter(issued_on__range=span)
        return self._sent(found)

    def _sent(self, found: InvoiceQuerySet) -> InvoiceQuerySet:
        way = self.said("sending")
        if way in ("mail", "print"):
            return found.filter(delivery=way)
        if way == "to-print":
            return found.awaiting_paper()
        return found.unsent() if way else found


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


class PeriodForm(OptaForm):
    """From which day to which the invoices are taken along, last month where nobody says."""

    first_on = DayField(label=pgettext_lazy("period", "From"))
    last_on = DayField(label=pgettext_lazy("period", "To"))
    cancelled = forms.BooleanField(required=False, label=gettext_lazy("Cancelled ones too"))

    def clean(self) -> dict[str, Any]:
        super().clean()
        first, last = self.cleaned_data.get("first_on"), self.cleaned_data.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", gettext_lazy("This day lies before the first one."))
        return self.cleaned_data
