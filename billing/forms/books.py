"""Of which days the books are wanted, how they are booked, and whose statements."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.bookkeeping import DEFAULTS, Account, Method
from billing.forms.lists import SPANS, span_of
from billing.services.books import NAMES
from optamed.core import dates
from optamed.core.forms import Choices, DayField, MoneyField, MoneyInput, OptaForm
from optamed.core.money import ZERO

LAST_MONTH = "last-month"
ACCOUNT = RegexValidator(r"^[0-9A-Za-z.]{1,12}$", _("An account is up to twelve digits and letters, such as 1020."))
SHORT = MoneyInput({"class": "tab w-auto", "size": "9"})


class PeriodForm(OptaForm):
    """A period by its name, or from one day to another; last month where nobody says or the days make no sense."""

    mark_required = False

    period = forms.ChoiceField(required=False, choices=list(SPANS.items()))
    first_on = DayField(required=False, label=pgettext_lazy("period", "From"))
    last_on = DayField(required=False, label=pgettext_lazy("period", "To"))

    def clean(self) -> dict[str, Any]:
        super().clean()
        first, last = self.cleaned_data.get("first_on"), self.cleaned_data.get("last_on")
        if bool(first) != bool(last) and not self.errors:
            self.add_error("last_on" if first else "first_on", _("Say both days."))
        elif first and last and last < first:
            self.add_error("last_on", _("This day lies before the first one."))
        return self.cleaned_data

    @property
    def named(self) -> str:
        """The name of the period, empty where the days were typed."""
        self.full_clean()
        return "" if self._typed() else self.cleaned_data.get("period") or LAST_MONTH

    @property
    def span(self) -> tuple[date, date]:
        """Both days belong to it."""
        return span_of(self.named, today=dates.today()) or self._days()

    def _typed(self) -> bool:
        return self.is_valid() and bool(self.cleaned_data.get("first_on"))

    def _days(self) -> tuple[date, date]:
        return self.cleaned_data["first_on"], self.cleaned_data["last_on"]


class AccountsForm(OptaForm):
    """By which method and into which accounts: what the accountant's own chart says."""

    mark_required = False

    method = forms.ChoiceField(
        label=_("What is booked"),
        choices=[
            (Method.AGREED.value, _("Invoices and receipts")),
            (Method.RECEIVED.value, _("Only receipts")),
        ],
        widget=Choices(
            layout="list",
            hints={
                Method.AGREED: _("Income on the day of the invoice (agreed payments)"),
                Method.RECEIVED: _("Income on the day of the payment (received payments)"),
            },
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for account, name in NAMES.items():
            self.fields[account] = forms.CharField(label=name, max_length=12, validators=[ACCOUNT])

    @property
    def numbers(self) -> Mapping[str, str]:
        """The accounts that were typed, by their names in the pure module."""
        return {account: self.cleaned_data[account] for account in DEFAULTS}

    @property
    def account_fields(self) -> list[forms.BoundField]:
        return [self[account] for account in Account]


class LeastForm(OptaForm):
    """Statements only for those who paid so much."""

    least = MoneyField(required=False, min_value=Decimal(0), label=_("Paid at least, in CHF"), widget=SHORT)

    @property
    def amount(self) -> Decimal:
        """Zero where nobody says, or nothing that can be read."""
        return (self.cleaned_data.get("least") if self.is_valid() else None) or ZERO
