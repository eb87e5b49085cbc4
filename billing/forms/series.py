"""The settings of an invoice's number: pattern, letters, and where each series goes on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import numbering
from billing.models import InvoiceSettings
from billing.services import style
from optamed.core.forms import Choices, OptaForm
from optamed.practice.models import Therapist
from optamed.practice.models.therapist import SERIES
from optamed.practice.services import counters

HIGHEST_NUMBER = 999_999  # six digits of it stand in a QR reference


@dataclass(frozen=True, slots=True)
class Row:
    """A series of numbers on the page: what the next invoice will be called, and the fields that change it."""

    title: str
    label: str
    start: forms.BoundField
    letters: forms.BoundField | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The series of a pattern; they are shown by the pattern's ``radio`` (its id)."""

    radio: str
    pattern: str
    rows: Sequence[Row]


class LettersField(forms.CharField):
    """Up to four capital letters, however they were typed."""

    widget = forms.TextInput(attrs={"class": "tab text-uppercase", "autocomplete": "off"})
    default_validators = [SERIES]

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").upper()


class NumbersForm(OptaForm):
    """The pattern, the letters of each therapist, and at which number each series goes on."""

    mark_required = False
    pattern = forms.ChoiceField(
        label=gettext_lazy("Numbers"), choices=InvoiceSettings.Pattern.choices, widget=Choices(layout="list")
    )

    def __init__(self, data: Any = None, *, on: date) -> None:
        super().__init__(data, initial={"pattern": style.current().pattern})
        self.on = on
        self.therapists: Sequence[Therapist] = list(Therapist.objects.active())
        self._add_start("start", self._series("plain"))
        self._add_start("start_year", self._series("year"))
        for one in self.therapists:
            self._add_letters(one)
            self._add_start(f"start_{one.pk}", self._by_therapist(one, one.series))

    def _series(self, pattern: str, letters: str = "") -> numbering.Series:
        return numbering.series_of(pattern, on=self.on, letters=letters)

    def _by_therapist(self, therapist: Therapist, letters: str) -> numbering.Series:
        return self._series("therapist", _letters(therapist, letters))

    def _add_letters(self, therapist: Therapist) -> None:
        field = LettersField(
            label=_("Letters of %(name)s") % {"name": therapist}, initial=therapist.series, max_length=4, required=False
        )
        field.widget.attrs["placeholder"] = _letters(therapist, "")
        self.fields[f"letters_{therapist.pk}"] = field

    def _add_start(self, name: str, series: numbering.Series) -> None:
        self.fields[name] = forms.IntegerField(
            label=_("Next number of %(series)s") % {"series": series.prefix},
            initial=counters.next_of(name=series.counter),
            required=False,
            min_value=1,
            max_value=HIGHEST_NUMBER,
            widget=forms.TextInput(attrs={"class": "tab", "inputmode": "numeric", "autocomplete": "off"}),
        )

    @property
    def groups(self) -> Iterator[Group]:
        """For the template: the series of each pattern."""
        rows = {
            "plain": [self._row(_("All invoices"), "start", self._series("plain"))],
            "year": [self._row(_("Invoices of %(year)s") % {"year": self.on.year}, "start_year", self._series("year"))],
            "therapist": [
                self._row(str(one), f"start_{one.pk}", self._by_therapist(one, one.series), f"letters_{one.pk}")
                for one in self.therapists
            ],
        }
        for place, (pattern, _label) in enumerate(InvoiceSettings.Pattern.choices):
            yield Group(f"id_pattern_{place}", str(pattern), rows[str(pattern)])

    def _row(self, title: str, start: str, series: numbering.Series, letters: str = "") -> Row:
        following = series.label(counters.next_of(name=series.counter))
        return Row(title, following, self[start], self[letters] if letters else None)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        self._forgive_what_is_hidden()
        if given.get("pattern") == InvoiceSettings.Pattern.THERAPIST:
            self._check_letters()
        for name, series in self._wished():
            if (wished := given.get(name)) and wished < (following := counters.next_of(name=series.counter)):
                self.add_error(name, _("Numbers can only go up. The next one is %(number)s.") % {"number": following})
        return given

    def _forgive_what_is_hidden(self) -> None:
        """The fields of another pattern are neither seen nor saved."""
        seen = {"pattern", *(name for name, _series in self._wished())}
        seen |= {name.replace("start", "letters") for name in seen}
        for name in [name for name in self.errors if name not in seen]:
            del self.errors[name]

    def _check_letters(self) -> None:
        """Nobody else has them, an archived therapist neither; no letters at all mean the initials."""
        seen = {one.series: one for one in Therapist.objects.exclude(archived_at=None) if one.series}
        for one in self.therapists:
            letters = _letters(one, str(self.cleaned_data.get(f"letters_{one.pk}", "")))
            if letters in seen:
                taken = _("%(name)s has the letters %(letters)s already.") % {"name": seen[letters], "letters": letters}
                self.add_error(f"letters_{one.pk}", taken)
            seen.setdefault(letters, one)

    def _wished(self) -> Iterator[tuple[str, numbering.Series]]:
        """The series of the chosen pattern, by the field that says where it goes on."""
        match self.cleaned_data.get("pattern"):
            case InvoiceSettings.Pattern.PLAIN:
                yield "start", self._series("plain")
            case InvoiceSettings.Pattern.YEAR:
                yield "start_year", self._series("year")
            case InvoiceSettings.Pattern.THERAPIST:
                for one in self.therapists:
                    letters = str(self.cleaned_data.get(f"letters_{one.pk}", ""))
                    yield f"start_{one.pk}", self._by_therapist(one, letters)

    @property
    def letters(self) -> dict[Therapist, str]:
        """What each therapist's series is called from now on; only where that is the pattern."""
        if self.cleaned_data["pattern"] != InvoiceSettings.Pattern.THERAPIST:
            return {}
        return {one: str(self.cleaned_data[f"letters_{one.pk}"]) for one in self.therapists}

    @property
    def starts(self) -> dict[str, int]:
        """The next number by counter, where somebody wrote another one."""
        wished = [(name, series.counter) for name, series in self._wished() if name in self.changed_data]
        return {counter: self.cleaned_data[name] for name, counter in wished if self.cleaned_data[name]}


def _letters(therapist: Therapist, own: str) -> str:
    return numbering.letters_of(own, therapist.first_name, therapist.last_name, therapist.pk)
