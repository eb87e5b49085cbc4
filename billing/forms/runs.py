"""Which visits a billing run takes, and which visits of one patient are looked for."""

from datetime import date
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from agenda.consultations.models import Consultation
from agenda.consultations.querysets import ConsultationQuerySet
from billing.forms.issuing import dated
from billing.forms.lists import PERIODS, span_of
from billing.models import Invoice, InvoiceSettings
from billing.services import bulk_plan
from optamed.core import dates, reading
from optamed.core.forms import DayField, OptaForm
from optamed.core.text import fold
from optamed.practice.models import Therapist


class NewRunForm(OptaForm):
    """Period, therapist, therapy, and the date of the invoices; nothing said means all of it, dated today."""

    first_day = DayField(label=_("Treated from"), required=False)
    last_day = DayField(label=_("Treated until"), required=False)
    therapist = forms.ModelChoiceField(
        Therapist.objects.all(), required=False, label=_("Therapist"), empty_label=_("All therapists")
    )
    therapy = forms.ChoiceField(required=False, label=_("Therapy"))
    on = DayField(label=_("Date of the invoices"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        therapies = Consultation.objects.billable().exclude(therapy="").order_by("therapy")
        known = therapies.values_list("therapy", flat=True).distinct()
        self.fields["therapy"].choices = [("", _("All therapies")), *((name, name) for name in known)]  # type: ignore[attr-defined]
        if not known:
            del self.fields["therapy"]
        if Therapist.objects.count() <= 1:
            del self.fields["therapist"]

    def clean_on(self) -> date:
        return dated(self.cleaned_data["on"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("first_day"), said.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day comes before the first one."))
        elif not self.errors and not self.figures["count"]:
            self.add_error(None, _("No consultation of this period waits for an invoice."))
        return said

    @property
    def facts(self) -> dict[str, Any]:
        """What ``bulk.propose`` wants to know, without the date."""
        said = getattr(self, "cleaned_data", {})
        wanted = {name: said.get(name) for name in ("first_day", "last_day", "therapist")}
        return wanted | {"therapy": said.get("therapy") or ""}

    @cached_property
    def figures(self) -> dict[str, Any]:
        """How many visits these answers take, and their amount in CHF."""
        return bulk_plan.asked(**self.facts).billable().count_and_amount()


class IncompleteForm(OptaForm):
    """What is made where the insurer's form lacks a number that has a placeholder."""

    incomplete = forms.ChoiceField(choices=InvoiceSettings.Incomplete.choices)

    @property
    def wished(self) -> str:
        """As ``Invoice.forms`` says it; empty for nonsense."""
        choices = {
            InvoiceSettings.Incomplete.LETTER: Invoice.Forms.LETTER,
            InvoiceSettings.Incomplete.PLACEHOLDERS: Invoice.Forms.PLACEHOLDERS,
        }
        return choices[self.cleaned_data["incomplete"]] if self.is_valid() else ""


class WaitingFilter(OptaForm):
    """The visits without invoice by the patient's name, therapist and period; nonsense is taken as not said."""

    q = forms.CharField(required=False, max_length=100)
    patient = forms.CharField(required=False, max_length=100)
    therapist = forms.ModelChoiceField(
        Therapist.objects.all(), required=False, label=_("Therapist"), empty_label=_("All therapists")
    )
    period = forms.ChoiceField(required=False, choices=PERIODS, label=_("Period"))

    def said(self, name: str) -> Any:
        self.full_clean()
        return self.cleaned_data.get(name) or ""

    def apply(self, visits: ConsultationQuerySet) -> ConsultationQuerySet:
        found = visits
        if "patient" in self.data:
            found = found.filter(patient_id=reading.key(self.said("patient")) or 0)
        for word in fold(self.said("q")).split():
            found = found.filter(patient__search_text__contains=word)
        if therapist := self.said("therapist"):
            found = found.filter(therapist=therapist)
        if span := span_of(self.said("period"), today=dates.today()):
            found = found.filter(treated_on__range=span)
        return found
