"""What is typed about a consultation: its lines, its facts for the insurer, and where a free one begins."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.consultations.models import Consultation, ConsultationLine
from agenda.consultations.services import lines as line_rules
from agenda.consultations.services.lines import LineInput
from optamed.core import dates, money, reading
from optamed.core.errors import DomainError
from optamed.core.forms import MoneyField, OptaForm, OptaModelForm, PastDayField
from optamed.practice.access import default_therapist
from optamed.practice.models import PracticeAddress, Product, TariffPosition, Therapist, Unit, User
from optamed.practice.services import prices
from patients.models import Patient

PREFIX = "lines"
CLINICAL = ("diagnosis", "diagnosis_type", "diagnosis_code")
USUAL = ("reimbursement", "diagnosis_type")
FOLDED = ("case_no", "contract_no", "approval_no", "approval_on", "diagnosis_code")
MINUTES_PER_PERIOD = 5


class LineForm(OptaForm):
    """One line: a code of the tariff, a product, or a text of one's own. A quantity of 0 takes the line away."""

    code = forms.CharField(label=gettext_lazy("Code"), required=False, max_length=6)
    product = forms.IntegerField(label=gettext_lazy("Product"), required=False, widget=forms.HiddenInput)
    own_text = forms.CharField(label=gettext_lazy("Text"), required=False, max_length=350)
    quantity = forms.DecimalField(
        label=gettext_lazy("Quantity"),
        required=False,
        min_value=0,
        max_digits=8,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    unit_price = MoneyField(label=gettext_lazy("Price"), required=False, min_value=0, max_digits=8)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        said = cleaned.get("code") or cleaned.get("product") or cleaned.get("own_text")
        if said and cleaned.get("quantity") is None and not self.errors:
            self.add_error("quantity", _("How many?"))
        return cleaned

    # Given by the formset.
    position: TariffPosition | None = None
    article: Product | None = None

    @property
    def own(self) -> dict[str, Any]:
        """The line's values as they stand on the screen."""
        return {name: self[name].value() for name in self.fields}

    @property
    def is_blank(self) -> bool:
        values = self.own
        return not (values["code"] or values["product"] or values["own_text"])

    @property
    def takes_text(self) -> bool:
        """Free text of tariff 999, and the two codes of the tariff that want one."""
        return self.article is None and (self.position is None or self.position.takes_own_text)

    @property
    def unit(self) -> str:
        return str(self.position.unit) if self.position and not self.article else str(Unit.PIECE)

    @property
    def unit_label(self) -> str:
        return str(Unit(self.unit).label)

    @property
    def shown_quantity(self) -> Decimal:
        return _decimal(self.fields["quantity"], self["quantity"].value())

    @property
    def quantity_text(self) -> str:
        return f"{self.shown_quantity.normalize():f}"

    @property
    def amount(self) -> Decimal:
        return money.line_amount(self.shown_quantity, _decimal(self.fields["unit_price"], self["unit_price"].value()))

    @property
    def line_input(self) -> LineInput | None:
        """What the service takes, or nothing for an empty line."""
        values = self.cleaned_data
        quantity = values.get("quantity")
        if not quantity or not (values.get("code") or values.get("product") or values.get("own_text")):
            return None
        return LineInput(
            quantity=quantity,
            code=values["code"],
            product=self.article,
            own_text=values["own_text"],
            unit_price=values["unit_price"],
        )


class LinesFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """The lines of one consultation. Valid only if the rules of the tariff hold for all of them together."""

    def __init__(self, data: Any = None, *, consultation: Consultation, initial: Any = None) -> None:
        self.consultation = consultation
        super().__init__(data, prefix=PREFIX, initial=initial)
        self._know()

    def _know(self) -> None:
        """Two queries give every line its position and its product."""
        own = [form.own for form in self.forms]
        codes = {str(values["code"]) for values in own if values["code"]}
        keys = {key for values in own if (key := reading.key(str(values["product"] or "")))}
        day = self.consultation.treated_on
        positions = {found.code: found for found in TariffPosition.objects.valid_on(day).filter(code__in=codes)}
        products = {str(found.pk): found for found in Product.objects.filter(pk__in=keys)}
        for form, values in zip(self.forms, own, strict=True):
            form.article = products.get(str(values["product"]))
            form.position = positions.get(str(values["code"]))

    @property
    def filled(self) -> list[LineForm]:
        """The lines to show: the spare one at the end is for a browser without JavaScript."""
        return [form for form in self.forms if not form.is_blank]

    @property
    def spare(self) -> list[LineForm]:
        return [form for form in self.forms if form.is_blank]

    @property
    def total(self) -> Decimal:
        return sum((form.amount for form in self.filled), money.ZERO)

    @property
    def minutes(self) -> int:
        periods = sum(form.shown_quantity for form in self.filled if form.unit == Unit.PERIOD)
        return int(periods * MINUTES_PER_PERIOD)

    def clean(self) -> None:
        if any(self.errors):
            return
        try:
            line_rules.build(consultation=self.consultation, lines=line_inputs(self))
        except DomainError as error:
            raise ValidationError(error.sentence) from error


def lines_formset(consultation: Consultation, data: Any = None) -> LinesFormSet:
    """The lines editor: of what is stored, or of what was sent."""
    stored = [] if data is not None else [_stored(line) for line in consultation.lines.order_by("pk")]
    return _formset(consultation, data, stored)


def _formset(consultation: Consultation, data: Any, initial: list[dict[str, Any]]) -> LinesFormSet:
    made: Any = forms.formset_factory(LineForm, formset=LinesFormSet, extra=1, max_num=line_rules.MAX_LINES + 1)
    formset: LinesFormSet = made(data, initial=initial, consultation=consultation)
    return formset


def line_inputs(formset: LinesFormSet) -> list[LineInput]:
    """What the service takes, of a formset that was validated."""
    found = [form.line_input for form in formset.forms]
    return [line for line in found if line is not None]


def with_added(formset: LinesFormSet, added: str) -> LinesFormSet:
    """The editor with one more line: ``code:1203``, ``product:4``, ``text:…``. A code that is there grows by one."""
    kind, _colon, value = added.partition(":")
    shown = [form.own for form in formset.filled if form.shown_quantity]
    twin = next((values for values in shown if kind == "code" and str(values["code"]) == value), None)
    if twin is not None:
        twin["quantity"] = _decimal(formset.forms[0].fields["quantity"], twin["quantity"]) + 1
    else:
        shown.append(_fresh(formset.consultation, kind, value))
    return _formset(formset.consultation, None, shown)


def _fresh(consultation: Consultation, kind: str, value: str) -> dict[str, Any]:
    if kind == "product":
        product = Product.objects.filter(pk=reading.key(value) or 0).first()
        return {"product": value, "quantity": 1, "unit_price": product.price if product else None}
    if kind == "text":
        return {"own_text": value[:350], "quantity": 1}
    position = TariffPosition.objects.valid_on(consultation.treated_on).filter(code=value).first()
    unit = position.unit if position else Unit.PERIOD
    return {
        "code": value,
        "quantity": 1,
        "unit_price": prices.price_of(therapist=consultation.therapist, code=value, unit=unit),
    }


def _stored(line: ConsultationLine) -> dict[str, Any]:
    is_product = line.product_id is not None
    return {
        "code": "" if is_product else line.code,
        "product": line.product_id,
        "own_text": "" if is_product else line.own_text,
        "quantity": line.quantity.normalize() if line.quantity % 1 else int(line.quantity),
        "unit_price": line.unit_price,
    }


def _decimal(field: forms.Field, value: Any) -> Decimal:
    """A value as it stands on the screen, 0 where it makes no sense yet."""
    try:
        return Decimal(field.clean(value) or 0)
    except ValidationError:
        return Decimal(0)


class FactsForm(OptaModelForm):
    """What the insurer reads beside the lines. The diagnosis is shown to those who treat only."""

    mark_required = False

    class Meta:
        model = Consultation
        fields = (
            *("law", "reason", "accident_on", "therapy", "diagnosis", "insurer_remark"),
            *("case_no", "reimbursement", "contract_no", "approval_no", "approval_on"),
            *("diagnosis_type", "diagnosis_code"),
        )
        field_classes = {"accident_on": PastDayField}
        widgets = {"insurer_remark": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, reads: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The insurer pays first: no form for that yet. What stands there stays.
        offered = {Consultation.Reimbursement.TG, self.instance.reimbursement}
        kinds = [(value, label) for value, label in Consultation.Reimbursement.choices if value in offered]
        self.fields["reimbursement"].choices = kinds  # type: ignore[attr-defined]
        for name in USUAL:  # a short form that leaves them out changes nothing
            self.fields[name].required = False
        if not reads:
            for name in CLINICAL:
                del self.fields[name]

    @property
    def is_unusual(self) -> bool:
        """Whether a field behind the fold has something to say."""
        folded = [self[name] for name in (*FOLDED, *USUAL) if name in self.fields]
        return any(field.errors or (field.value() and field.name in FOLDED) for field in folded)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in USUAL:
            if name in cleaned:
                cleaned[name] = cleaned[name] or self.initial[name]
        if cleaned.get("reason") == Consultation.Reason.ACCIDENT and not cleaned.get("accident_on"):
            self.add_error("accident_on", _("An accident needs its date."))
        kind, code = cleaned.get("diagnosis_type"), cleaned.get("diagnosis_code")
        if kind in Consultation.WITHOUT_CODE and code:
            self.add_error("diagnosis_type", _("Say which kind of code this is."))
        if kind and kind not in Consultation.WITHOUT_CODE and not code and "diagnosis_code" not in self.errors:
            self.add_error("diagnosis_code", _("Enter the code, or choose your own words."))
        return cleaned


class OpeningForm(OptaForm):
    """A consultation without an appointment: when, by whom, where."""

    treated_on = PastDayField(label=gettext_lazy("Date of treatment"))
    therapist = forms.ModelChoiceField(
        label=gettext_lazy("Therapist"), queryset=Therapist.objects.none(), empty_label=None
    )
    address = forms.ModelChoiceField(
        label=gettext_lazy("Address"), queryset=PracticeAddress.objects.none(), empty_label=None
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data, initial={"treated_on": dates.today(), "therapist": default_therapist(user)})
        self.fields["therapist"].queryset = Therapist.objects.active()  # type: ignore[attr-defined]
        self.fields["address"].queryset = PracticeAddress.objects.active()  # type: ignore[attr-defined]


class ReasonForm(OptaForm):
    """Why something is taken away."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


def positions_for(consultation: Consultation, words: str) -> Sequence[TariffPosition]:
    """Codes that may be used on the day of treatment and hold the words."""
    return list(TariffPosition.objects.valid_on(consultation.treated_on).search(words)[:8])


def products_for(words: str) -> Sequence[Product]:
    return list(Product.objects.filter(archived_at__isnull=True, name__icontains=words)[:4])


def patients_for(words: str) -> Sequence[Patient]:
    return list(Patient.objects.active().search(words).order_by("search_text", "pk")[:8]) if words else []
