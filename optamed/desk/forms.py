"""The sheet of Finish: note, payment, next visit. The services come as a formset of the consultations app."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agenda.calendar.services import booking
from billing.models import Payment
from optamed.core import spoken
from optamed.core.forms import Choices, ClockField, DayField, OptaForm
from optamed.desk.services.finishing import NoteInput

ICONS = {"": "receipt-text", "twint": "smartphone", "card": "credit-card", "cash": "banknote"}


class FinishForm(OptaForm):
    """How it is paid, when the patient comes again, which papers are made; the note where the user may write one."""

    means = forms.ChoiceField(label=_("Payment"), required=False, widget=Choices(icons=ICONS))
    next_at = forms.ChoiceField(label=_("Next appointment"), required=False, widget=Choices())
    other_day = DayField(label=_("Other day"), required=False)
    other_clock = ClockField(label=_("Time"), required=False)
    papers = forms.CharField(required=False, max_length=12)
    note = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, proposals: Sequence[datetime] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        desk = [(means.value, means.label) for means in Payment.DESK]
        self.fields["means"].choices = [("", _("By invoice")), *desk]  # type: ignore[attr-defined]
        offered = [(start.isoformat(), spoken.short_moment(start)) for start in proposals]
        self.fields["next_at"].choices = [("", _("None")), *offered]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or {}
        if bool(facts.get("other_day")) != bool(facts.get("other_clock")):
            self.add_error("other_clock", _("Another appointment needs its day and its time."))
        return facts

    @property
    def next_start(self) -> datetime | None:
        """The next visit: another day and time go before a proposal."""
        facts = self.cleaned_data
        if facts["other_day"] and facts["other_clock"]:
            return booking.start_at(facts["other_day"], facts["other_clock"])
        return datetime.fromisoformat(facts["next_at"]) if facts["next_at"] else None

    @property
    def note_input(self) -> NoteInput | None:
        """None where the note is not part of the sheet, as for a secretary, or cannot be read."""
        note, version = self.cleaned_data.get("note"), self.cleaned_data.get("version")
        return None if note is None or version is None else NoteInput(note, version)
