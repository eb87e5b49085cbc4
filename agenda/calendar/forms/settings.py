"""Services and working hours, as the owner sets them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.calendar.models import AppointmentType, WorkingHours
from agenda.calendar.services.hours import Span
from agenda.calendar.services.types import Service, Suggested
from optamed.core import dates
from optamed.core.forms import ClockField, MoneyField, OptaForm, OptaModelForm
from optamed.practice.models import Product, TariffPosition

SPANS_A_DAY = 2


def _known_code(code: str) -> str:
    """A code of Tarif 590 that may be used today."""
    code = code.strip()
    if code and not TariffPosition.objects.valid_on(dates.today()).filter(code=code).exists():
        raise ValidationError(_("Tarif 590 has no position %(code)s today.") % {"code": code})
    return code


class ServiceForm(OptaModelForm):
    """What can be booked."""

    class Meta:
        model = AppointmentType
        fields = ("name", "minutes", "buffer_before", "buffer_after", "is_first_visit", "missed_fee")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("buffer_before", "buffer_after", "missed_fee"):
            self.fields[name].required = False

    @property
    def service(self) -> Service:
        cleaned = self.cleaned_data
        return Service(
            name=cleaned["name"],
            minutes=cleaned["minutes"],
            buffer_before=cleaned["buffer_before"] or 0,
            buffer_after=cleaned["buffer_after"] or 0,
            is_first_visit=cleaned["is_first_visit"],
            missed_fee=cleaned["missed_fee"] or Decimal(0),
        )


class LineForm(OptaForm):
    """A code of the tariff or an own product; an empty row is left away."""

    mark_required = False

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=6,
        required=False,
        widget=forms.TextInput({"list": "tariff-codes", "autocomplete": "off", "class": "tab"}),
    )
    product = forms.ModelChoiceField(
        Product.objects.filter(archived_at=None), label=gettext_lazy("or product"), required=False, empty_label="–"
    )
    quantity = forms.DecimalField(
        label=gettext_lazy("Quantity"),
        min_value=Decimal("0.01"),
        max_digits=6,
        decimal_places=2,
        required=False,
        localize=False,
        widget=forms.TextInput({"inputmode": "decimal", "class": "tab"}),
    )

    def clean_code(self) -> str:
        return _known_code(self.cleaned_data["code"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        if cleaned["code"] and cleaned["product"]:
            self.add_error("product", _("Choose a code or a product, not both."))
        elif (cleaned["code"] or cleaned["product"]) and cleaned["quantity"] is None:
            self.add_error("quantity", _("How many?"))
        elif cleaned["quantity"] is not None and not cleaned["code"] and not cleaned["product"]:
            self.add_error("code", _("Of what? Choose a code or a product."))
        return cleaned


class _Lines(BaseFormSet[LineForm]):
    def clean(self) -> None:
        codes = [line.code for line in self.lines() if line.code]
        if len(codes) != len(set(codes)):
            # Tarif 590, notice for 1.1.2026: each code at most once per date of treatment.
            raise ValidationError(_("Each code can stand here once."))

    def lines(self) -> Iterator[Suggested]:
        for form in self.forms:
            cleaned = getattr(form, "cleaned_data", {})
            if cleaned.get("quantity") and (cleaned.get("code") or cleaned.get("product")):
                yield Suggested(cleaned["quantity"], code=cleaned.get("code", ""), product=cleaned.get("product"))


def lines_formset(service: AppointmentType | None, data: Any = None) -> _Lines:
    """The suggested lines of a service, and two empty rows."""
    made = cast("type[_Lines]", formset_factory(LineForm, formset=_Lines, extra=2, max_num=30))
    known = service.suggested_lines.all() if service else ()
    initial = [{"code": line.code, "product": line.product_id, "quantity": _plain(line.quantity)} for line in known]
    return made(data, prefix="lines", initial=initial)


def _plain(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"


class HoursForm(OptaForm):
    """A week, two spans a day; a span without times is free."""

    mark_required = False

    def __init__(self, *args: Any, rows: list[WorkingHours], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday, name in WEEKDAYS.items():
            of_day = [row for row in rows if row.weekday == weekday]
            for nth in range(max(SPANS_A_DAY, len(of_day))):
                row = of_day[nth] if nth < len(of_day) else None
                self._add(weekday, nth, str(name), row)

    def _add(self, weekday: int, nth: int, day: str, row: WorkingHours | None) -> None:
        labels = {"opens": _("%(day)s, from") % {"day": day}, "closes": _("%(day)s, until") % {"day": day}}
        for end, label in labels.items():
            field = ClockField(label=label, required=False, initial=getattr(row, end, None))
            field.widget.attrs |= {"aria-label": label, "placeholder": "–"}
            self.fields[f"{end}_{weekday}_{nth}"] = field

    def days(self) -> list[tuple[str, list[tuple[forms.BoundField, forms.BoundField]]]]:
        """For the page: each day's name with its pairs of fields."""
        return [
            (str(name), [(self[f"opens_{day}_{nth}"], self[f"closes_{day}_{nth}"]) for nth in self._spans_of(day)])
            for day, name in WEEKDAYS.items()
        ]

    def _spans_of(self, weekday: int) -> range:
        return range(sum(1 for name in self.fields if name.startswith(f"opens_{weekday}_")))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        for name in [name for name in self.fields if name.startswith("opens_")]:
            self._check_pair(name, name.replace("opens_", "closes_"), cleaned)
        return cleaned

    def _check_pair(self, opens: str, closes: str, cleaned: dict[str, Any]) -> None:
        start, end = cleaned[opens], cleaned[closes]
        if (start is None) != (end is None):
            self.add_error(opens if start is None else closes, _("A time is missing."))
        elif start is not None and end <= start:
            self.add_error(closes, _("The end is before the start."))

    def spans(self) -> list[Span]:
        """What was typed, in order."""
        cleaned = self.cleaned_data
        return sorted(
            Span(day, cleaned[f"opens_{day}_{nth}"], cleaned[f"closes_{day}_{nth}"])
            for day in WEEKDAYS
            for nth in self._spans_of(day)
            if cleaned[f"opens_{day}_{nth}"] is not None
        )


class FirstServicesForm(OptaForm):
    """What the practice takes an hour, and by which position."""

    mark_required = False

    hourly = MoneyField(label=gettext_lazy("Your price for an hour, in CHF"), min_value=Decimal(0), required=False)
    code = forms.CharField(
        label=gettext_lazy("Your main position of Tarif 590"),
        max_length=6,
        required=False,
        help_text=gettext_lazy("It is suggested for each visit; you can change it there."),
        widget=forms.TextInput({"list": "tariff-codes", "autocomplete": "off", "class": "tab"}),
    )

    def clean_code(self) -> str:
        return _known_code(self.cleaned_data["code"])


class OfferForm(OptaForm):
    """One suggested service."""

    mark_required = False

    wanted = forms.BooleanField(label=gettext_lazy("Offer"), required=False)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=5, max_value=720)
    first = forms.BooleanField(required=False, widget=forms.HiddenInput)


OfferFormSet = formset_factory(OfferForm, extra=0, max_num=10)
