"""The one form of a patient: three fields must be filled, everything else can wait."""

import copy
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from optamed.core import identifiers, validators
from optamed.core.forms import ConfirmableWarnings, OptaModelForm, PastDayField
from optamed.practice import postcodes
from optamed.practice.access import may_read_notes
from optamed.practice.models import User
from patients import papers
from patients.models import Patient

# Always filled: a browser offers no empty choice, and a short form that leaves them out takes what stands or the usual.
FILLED = ("language", "country", "delivery", "mail_consent")
CLINICAL = ("safety_note", "safety_for_reception")
PAPERS = [(paper, gettext_lazy(label)) for paper, label in papers.LABELS.items()]


class PatientForm(ConfirmableWarnings, OptaModelForm):
    """Warns about a file of the same name and birth date; the warning can be confirmed."""

    confirm_label = gettext_lazy("Save as a separate file")

    birth_on = PastDayField(label=gettext_lazy("Birth date"))
    canton = forms.ChoiceField(
        label=gettext_lazy("Canton"), required=False, choices=[("", "–"), *((code, code) for code in postcodes.CANTONS)]
    )
    payment_days = forms.IntegerField(
        label=gettext_lazy("Payment term in days"), required=False, min_value=0, max_value=365
    )
    papers = forms.MultipleChoiceField(
        label=gettext_lazy("Papers"),
        choices=PAPERS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: as the practice does."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Patient
        fields = (
            "last_name",
            "first_name",
            "birth_on",
            "sex",
            "title",
            "language",
            "street",
            "house_no",
            "postcode",
            "town",
            "canton",
            "country",
            "mobile",
            "phone",
            "email",
            "avs",
            "insurer",
            "insured_no",
            "card_no",
            "delivery",
            "payment_days",
            "papers",
            "mail_consent",
            "safety_note",
            "safety_for_reception",
            "remark",
        )
        widgets = {
            "remark": forms.Textarea(attrs={"rows": 3}),
            "mobile": forms.TextInput(attrs={"inputmode": "tel"}),
            "phone": forms.TextInput(attrs={"inputmode": "tel"}),
            "avs": forms.TextInput(attrs={"inputmode": "numeric", "class": "tab", "placeholder": "756.1234.5678.97"}),
            "insurer": forms.TextInput(attrs={"list": "insurers"}),
        }
        help_texts = {"card_no": gettext_lazy("The 20 digits on the insurance card.")}
        labels = {"delivery": gettext_lazy("Sending")}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        if kept := kwargs.get("instance"):
            # What is typed goes onto a copy: the page's head goes on showing what is stored.
            kwargs["instance"] = copy.copy(kept)
            kwargs["initial"] = {"version": kept.version, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.fields["avs"].label = _("AVS number")
        if self.instance.avs:
            self.initial["avs"] = self.instance.avs_in_groups
        self.initial["papers"] = papers.chosen(self.instance.papers)
        self.fields["payment_days"].widget = forms.TextInput(
            attrs={"inputmode": "numeric", "class": "tab", "placeholder": _("As the practice")}
        )
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")
        for name in FILLED:
            self.fields[name].required = False
        if not self.instance.pk:
            self.fields["last_name"].widget.attrs["autofocus"] = True
        self.fields["sex"].choices = [("", "–"), *Patient.Sex.choices]  # type: ignore[attr-defined]
        if not may_read_notes(user):
            for name in CLINICAL:
                del self.fields[name]

    def clean_avs(self) -> str:
        typed = self.cleaned_data["avs"]
        return validators.clean(identifiers.clean_avs, typed) if typed else ""

    def clean_papers(self) -> str:
        return papers.stored(self.cleaned_data["papers"])

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in FILLED:
            cleaned[name] = cleaned.get(name) or self.initial.get(name) or getattr(Patient(), name)
        known = ("last_name", "first_name", "birth_on")
        if all(cleaned.get(name) for name in known) and any(name in self.changed_data for name in known):
            self._warn_of_namesakes(cleaned)
        return cleaned

    def _warn_of_namesakes(self, cleaned: dict[str, Any]) -> None:
        twins = Patient.objects.namesakes(
            last_name=cleaned["last_name"], first_name=cleaned["first_name"], birth_on=cleaned["birth_on"]
        ).exclude(pk=self.instance.pk)
        for twin in twins[:3]:
            link = format_html('<a href="{}">{}</a>', twin.get_absolute_url(), f"{twin.name}, {twin.number_label}")
            sentence = _("There is already a file with this name and birth date: {file}.")
            self.warn(f"namesake-{twin.pk}", format_html(sentence, file=link))

    @property
    def fields_to_save(self) -> dict[str, Any]:
        """What the service takes: everything but the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def compared_with(self, current: Patient) -> list[tuple[str, str]]:
        """Label and stored value of each field in which another window was first."""
        names = [name for name in self.fields_to_save if getattr(current, name) != self.cleaned_data[name]]
        return [(str(self.fields[name].label), _shown(current, name)) for name in names]


def _shown(patient: Patient, name: str) -> str:
    if name == "papers":
        return ", ".join(_(papers.LABELS[paper]) for paper in papers.chosen(patient.papers)) or "–"
    display = getattr(patient, f"get_{name}_display", None)
    value = display() if display else getattr(patient, name)
    return f"{value:%d.%m.%Y}" if name == "birth_on" else str(value) or "–"
