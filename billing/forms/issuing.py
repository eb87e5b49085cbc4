"""When an invoice is dated, which papers it gets where something is missing, and why one is cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Invoice
from billing.services import invoicing, readiness
from billing.services.readiness import Gap, Level
from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.core.forms import Choices, DayField, OptaForm

FULL, PLACEHOLDERS, LETTER = Invoice.Forms.FULL, Invoice.Forms.PLACEHOLDERS, Invoice.Forms.LETTER


@dataclass(frozen=True)
class Offer:
    """The papers an invoice can have, and those that stand chosen. One choice alone is no question."""

    choices: Sequence[tuple[str, str]]
    chosen: str

    @property
    def asks(self) -> bool:
        return len(self.choices) > 1

    @property
    def has_form(self) -> bool:
        return self.chosen != LETTER

    def answered(self, posted: str) -> str:
        """What was chosen on the page, if it can still be had."""
        return posted if posted in dict(self.choices) else self.chosen


def offer(invoice: Invoice, gaps: Sequence[Gap]) -> Offer:
    """What can be made of an invoice with these gaps; ``readiness.forms_for`` says what stands chosen.

    An invoice that is not stored yet, such as ``Invoice()``, asks what would be made where nobody chose.
    """
    rest = [gap for gap in gaps if not gap.blocks]
    chosen = str(readiness.forms_for(invoice=invoice, gaps=rest))
    levels = {gap.level for gap in rest}
    letter = (str(LETTER), str(LETTER.label))
    if invoice.currency != "CHF" or Level.NO_FORM in levels:
        return Offer([letter], LETTER)
    if Level.PLACEHOLDER in levels:
        return Offer([letter, (str(PLACEHOLDERS), _("With the standard's placeholders"))], chosen)
    if levels:
        return Offer([letter, (str(FULL), _("With the insurer's form all the same"))], chosen)
    return Offer([(chosen, str(Invoice.Forms(chosen).label))], chosen)


def dated(on: date | None) -> date:
    """The date of an invoice, today where nobody says; what the service would refuse is an error of the field."""
    day = on or dates.today()
    try:
        invoicing.refuse_impossible(day)
    except DomainError as error:
        raise forms.ValidationError(error.sentence) from error
    return day


class IssueForm(OptaForm):
    """The date of an invoice, at most 45 days ahead; today where nobody says."""

    on = DayField(label=gettext_lazy("Date of the invoice"), required=False)
    papers = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)

    def clean_on(self) -> date:
        return dated(self.cleaned_data["on"])


class PapersForm(OptaForm):
    """The papers alone, where something for the insurer is missing."""

    papers = forms.ChoiceField(
        label=gettext_lazy("Papers"), choices=Invoice.Forms.choices, widget=Choices(layout="list")
    )


class CancelForm(OptaForm):
    """Why an invoice is cancelled: kept for ever, and printed on the counter-document."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


class CorrectForm(CancelForm):
    """Why an invoice is replaced by a better one."""
