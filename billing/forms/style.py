"""The settings of invoices: look, texts, papers, and the pictures."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import InvoiceSettings, LetterText
from billing.services import style
from optamed.core.forms import Choices, OptaForm, OptaModelForm
from optamed.practice.forms.fields import languages
from patients import papers

PAPERS = [(paper, gettext_lazy(label)) for paper, label in papers.LABELS.items()]
PICTURES = "image/png,image/jpeg"
EURO_RATES = (Decimal("0.5"), Decimal(2))


class MillimetreField(forms.DecimalField):
    """A shift in mm to a tenth, as people write it: 1,5 and −0.5 too."""

    widget = forms.TextInput(attrs={"class": "tab", "autocomplete": "off"})
    default_error_messages = {"invalid": gettext_lazy("Write millimetres as 1.5 or -1.5.")}

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str):
            value = value.replace(",", ".").replace("−", "-").removesuffix("mm") or "0"
        return super().to_python(value)


class LookForm(OptaModelForm):
    """Layout of the letter and its slip. ``shown`` is what the preview draws: all of it that makes sense."""

    mark_required = False
    offset_x = MillimetreField(
        label=gettext_lazy("To the right"), max_digits=3, decimal_places=1, min_value=-10, max_value=10
    )
    offset_y = MillimetreField(label=gettext_lazy("Down"), max_digits=3, decimal_places=1, min_value=-10, max_value=10)

    class Meta:
        model = InvoiceSettings
        fields = ("window", "has_accent", "slip_page", "slip_lines", "paid_slip", "offset_x", "offset_y")
        labels = {
            "window": gettext_lazy("Window of your envelopes"),
            "has_accent": gettext_lazy("Accents in the colour of the practice"),
            "slip_lines": gettext_lazy("Lines to cut along. Without them for perforated paper."),
            "paid_slip": gettext_lazy("Paid invoices too: a QR-bill over 0.00 that is not for payment"),
        }
        widgets = {"window": Choices(), "slip_page": Choices()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["window"].choices = [  # type: ignore[attr-defined]
            (InvoiceSettings.Window.LEFT, _("Left")),
            (InvoiceSettings.Window.RIGHT, _("Right")),
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "reset" in self.data:
            for name in ("offset_x", "offset_y"):
                self.errors.pop(name, None)
                given[name] = Decimal(0)
        return given

    @property
    def facts(self) -> style.StyleFacts:
        return cast(style.StyleFacts, {name: self.cleaned_data[name] for name in self.Meta.fields})

    @property
    def query(self) -> str:
        """What was typed, for the address of the preview; empty for what is stored."""
        return _query(self)

    @property
    def shown(self) -> InvoiceSettings:
        if self.is_bound:
            self.is_valid()  # puts what is right onto the instance; the rest stays as it is stored
        return cast(InvoiceSettings, self.instance)


class PictureForm(OptaForm):
    """A logo or a signature; what is in the file is judged by the service."""

    mark_required = False
    picture = forms.FileField(
        widget=forms.FileInput(attrs={"accept": PICTURES}),
        help_text=gettext_lazy("PNG or JPEG, at most 5 MB. Choose a file or drop it here."),
        error_messages={
            "required": gettext_lazy("Choose a picture first."),
            "empty": gettext_lazy("This file is empty."),
        },
    )

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["picture"].label = label

    @property
    def content(self) -> bytes:
        return bytes(self.cleaned_data["picture"].read())


class LinesField(forms.CharField):
    """Several lines; a browser sends each end of line as two characters, which counts as one here."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class TextForm(OptaForm):
    """The words of the letter in one language, which is the form's prefix."""

    before = LinesField(
        label=gettext_lazy("Before the services"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    after = LinesField(
        label=gettext_lazy("After the amount"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    footer = forms.CharField(label=gettext_lazy("At the foot of each page"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, language: str) -> None:
        self.language = language
        self.stored = style.text_in(language)
        initial = {name: getattr(self.stored, name) for name in ("before", "after", "footer")}
        sent = data if data and f"{language}-before" in data else None
        super().__init__(sent, prefix=language, initial=initial)
        for name in self.fields:
            self.fields[name].widget.attrs["lang"] = language

    @property
    def words(self) -> style.Words:
        return cast(style.Words, self.cleaned_data)

    @property
    def query(self) -> str:
        return _query(self)

    @property
    def shown(self) -> LetterText:
        """What the preview draws: all of it that makes sense, the stored text otherwise."""
        given = self.cleaned_data if self.is_bound and (self.is_valid() or self.cleaned_data) else {}
        kept = {name: given.get(name, getattr(self.stored, name)) for name in self.fields}
        return LetterText(language=self.language, **kept)

    @property
    def language_name(self) -> str:
        return dict(languages())[self.language]

    @property
    def is_empty(self) -> bool:
        return not any(self.initial.values())


def _query(form: forms.BaseForm) -> str:
    names = [form.add_prefix(name) for name in form.fields]
    return urlencode([(name, form.data[name]) for name in names if name in form.data])


def text_forms(data: Any = None) -> Mapping[str, TextForm]:
    """By language, in the program's order."""
    return {code: TextForm(data, language=code) for code, _name in languages()}


class PapersForm(OptaModelForm):
    """What goes out by default, and what happens by itself."""

    mark_required = False
    mail_papers = forms.MultipleChoiceField(
        label=gettext_lazy("With an e-mail"),
        choices=PAPERS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one paper for e-mails.")},
    )
    print_papers = forms.MultipleChoiceField(
        label=gettext_lazy("When printed"),
        choices=PAPERS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one paper to print.")},
    )

    class Meta:
        model = InvoiceSettings
        fields = ("mail_papers", "print_papers", "when_incomplete", "nightly_run", "euro_rate")
        labels = {
            "when_incomplete": gettext_lazy("When something is missing for the insurer"),
            "nightly_run": gettext_lazy(
                "Prepare the invoices of finished visits each night, to be checked in the morning"
            ),
        }
        help_texts = {"euro_rate": gettext_lazy("Only for invoices in euros, such as 0.9450.")}
        widgets = {
            "when_incomplete": Choices(layout="list"),
            "euro_rate": forms.TextInput(attrs={"class": "tab", "inputmode": "decimal", "autocomplete": "off"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("mail_papers", "print_papers"):
            self.initial[name] = papers.chosen(getattr(self.instance, name))
        if self.instance.euro_rate is not None:
            self.initial["euro_rate"] = f"{self.instance.euro_rate:.4f}"

    def clean_mail_papers(self) -> str:
        return papers.stored(self.cleaned_data["mail_papers"])

    def clean_print_papers(self) -> str:
        return papers.stored(self.cleaned_data["print_papers"])

    def clean_euro_rate(self) -> Decimal | None:
        rate: Decimal | None = self.cleaned_data["euro_rate"]
        least, most = EURO_RATES
        if rate is not None and not least <= rate <= most:
            raise forms.ValidationError(_("How many francs is one euro? A rate lies between 0.50 and 2.00."))
        return rate

    @property
    def facts(self) -> style.StyleFacts:
        return cast(style.StyleFacts, dict(self.cleaned_data))
