"""Forms as the house renders them: accessible fields, Swiss days, times and amounts, warnings that can be confirmed.

``{{ form.name.as_field_group }}`` gives label, control, hint and error (templates/components/field.html).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import ModelFormMetaclass
from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.template import TemplateDoesNotExist
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from optamed.core import dates, money, reading

Sentence = str | Promise
PLACES = 2  # of an amount of money

BY_WIDGET: Sequence[tuple[type[forms.Widget], str, str]] = (
    (forms.CheckboxSelectMultiple, "checks", "form-check-input"),
    (forms.RadioSelect, "choices", ""),
    (forms.CheckboxInput, "check", "form-check-input"),
    (forms.Select, "select", "form-select"),
    (forms.Textarea, "text", "form-control"),
    (forms.Widget, "input", "form-control"),
)


class OptaRenderer(TemplatesSetting):
    """Looks in our templates first, then in Django's own for its widgets."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    def __init__(self) -> None:
        self._django = DjangoTemplates()

    def get_template(self, template_name: str) -> Any:
        try:
            return super().get_template(template_name)
        except TemplateDoesNotExist:
            return self._django.get_template(template_name)


class OptaBoundField(forms.BoundField):
    """A field that knows its classes, and what a screen reader should be told."""

    def _look(self, widget: forms.Widget) -> tuple[str, str]:
        return next((kind, classes) for kind_of, kind, classes in BY_WIDGET if isinstance(widget, kind_of))

    @property
    def kind(self) -> str:
        """Which part of components/field.html draws it."""
        return self._look(self.field.widget)[0]

    @property
    def must(self) -> bool:
        """Whether the label is marked as required."""
        return self.field.required and getattr(self.form, "mark_required", True)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        if widget.is_hidden:
            return attrs
        kind, classes = self._look(widget)
        own = [widget.attrs.get("class", ""), attrs.get("class", ""), classes]
        attrs["class"] = " ".join(name for name in [*own, "is-bad" if self.errors and classes else ""] if name)
        if kind in ("choices", "checks"):
            attrs.pop("aria-invalid", None)  # belongs to the group, not to each choice
        return {name: value for name, value in attrs.items() if value != ""}


class _Typed(forms.TextInput):
    """For days, times and amounts: the browser's own pickers speak the browser's language, not the user's."""

    defaults: Mapping[str, Any] = {}

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **self.defaults, **(attrs or {})})

    def shown(self, value: Any) -> str:
        return str(value)

    def format_value(self, value: Any) -> str | None:
        if value in (None, ""):
            return None
        return value if isinstance(value, str) else self.shown(value)


class DayInput(_Typed):
    defaults = {"inputmode": "numeric", "class": "tab", "placeholder": _("dd.mm.yyyy")}

    def shown(self, value: date) -> str:
        return f"{value:%d.%m.%Y}"


class ClockInput(_Typed):
    defaults = {"inputmode": "numeric", "class": "tab", "placeholder": _("hh:mm")}

    def shown(self, value: time) -> str:
        return f"{value:%H:%M}"


class MoneyInput(_Typed):
    defaults = {"inputmode": "decimal", "class": "tab"}

    def shown(self, value: Any) -> str:
        return money.swiss(Decimal(value))


class Choices(forms.RadioSelect):
    """A radio set as buttons: ``row`` beside each other, ``list`` below each other with a hint, ``grid`` in columns.

    ``hints`` and ``icons`` go by the choice's value.
    """

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        layout: str = "row",
        hints: Mapping[str, Sentence] | None = None,
        icons: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(attrs)
        self.layout, self.hints, self.icons = layout, hints or {}, icons or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        return option | {"hint": self.hints.get(str(value), ""), "icon": self.icons.get(str(value), "")}


class DayField(forms.DateField):
    """A day as people write it; two digits of a year mean the nearer century."""

    widget = DayInput
    default_error_messages = {"invalid": _("Write the day as 24.11.2026.")}
    past = False

    def to_python(self, value: Any) -> date | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value or None)
        try:
            return reading.day(value, today=dates.today(), past=self.past)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class PastDayField(DayField):
    """A day that is over, such as a birth date: 24.11.47 is 1947."""

    default_error_messages = {"future": _("This day is still to come.")}
    past = True

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and value > dates.today():
            raise ValidationError(self.error_messages["future"], code="future")


class ClockField(forms.TimeField):
    """A time of day as people write it."""

    widget = ClockInput
    default_error_messages = {"invalid": _("Write the time as 10:07.")}

    def to_python(self, value: Any) -> time | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value or None)
        try:
            return reading.clock(value)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class MoneyField(forms.DecimalField):
    """An amount with at most two places, as people write it."""

    widget = MoneyInput
    default_error_messages = {"invalid": _("Write the amount as 1’234.50.")}

    def __init__(self, *, max_digits: int = 12, decimal_places: int = PLACES, **kwargs: Any) -> None:
        super().__init__(max_digits=max_digits, decimal_places=decimal_places, **kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        try:
            return reading.amount(value)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


def swiss_field(column: "models.Field[Any, Any]", **kwargs: Any) -> forms.Field | None:
    """The form field of a column: days, times and amounts as above, everything else as Django has it."""
    form_class: type[forms.Field] | None = None
    if isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField):
        form_class = DayField
    elif isinstance(column, models.TimeField):
        form_class = ClockField
    elif isinstance(column, models.DecimalField) and column.decimal_places == PLACES:
        form_class = MoneyField
    if form_class and not column.choices:
        kwargs.setdefault("form_class", form_class)
    return column.formfield(**kwargs)


class _SwissMeta(ModelFormMetaclass):
    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> Any:
        if (meta := attrs.get("Meta")) and not hasattr(meta, "formfield_callback"):
            meta.formfield_callback = staticmethod(swiss_field)
        return super().__new__(mcs, name, bases, attrs)


class OptaForm(forms.Form):
    """The base of every form without a model; ``mark_required = False`` leaves the stars away."""

    bound_field_class = OptaBoundField
    mark_required = True


class OptaModelForm(forms.ModelForm, metaclass=_SwissMeta):  # type: ignore[type-arg]
    """The base of every form on a model."""

    bound_field_class = OptaBoundField
    mark_required = True


@dataclass(frozen=True, slots=True)
class Warned:
    """Something unusual that the user may confirm."""

    code: str
    sentence: Sentence


class ConfirmableWarnings(forms.BaseForm):
    """Mixed in before a form: ``clean()`` calls ``warn()``; the form is valid once ``confirmed`` names every code.

    ``{% include "components/warnings.html" %}`` shows the sentences with the button that confirms them.
    """

    confirm_label: Sentence = _("Save anyway")

    def warn(self, code: str, sentence: Sentence) -> None:
        """Ask before going on; the code is a word without spaces or commas."""
        if not hasattr(self, "_warned"):
            self._warned: dict[str, Warned] = {}
        self._warned[code] = Warned(code, sentence)

    def full_clean(self) -> None:
        self._warned = {}
        super().full_clean()

    def is_valid(self) -> bool:
        return super().is_valid() and not self.unconfirmed

    @property
    def unconfirmed(self) -> Sequence[Warned]:
        """What still waits for a yes."""
        if not self.is_bound or self.errors:
            return []
        confirmed = self._confirmed()
        return [warned for warned in self._warned.values() if warned.code not in confirmed]

    @property
    def codes(self) -> str:
        """The value of the button that confirms."""
        return ",".join(sorted({*self._confirmed(), *self._warned}))

    def _confirmed(self) -> set[str]:
        return set((self.data.get(self.add_prefix("confirmed")) or "").split(",")) - {""}
