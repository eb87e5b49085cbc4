"""Therapists and the accounts of those who work with the program."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from optamed.core import identifiers
from optamed.core.forms import Choices, MoneyField, OptaForm, OptaModelForm
from optamed.practice.forms.entry import AT_LEAST
from optamed.practice.forms.fields import IdentifierField, NewPassword, PasswordField, languages
from optamed.practice.forms.places import ColourInput, offer_accounts
from optamed.practice.models import PracticeAddress, Therapist, TherapistPlace, User
from optamed.practice.services.therapists import TherapistFacts

GLN_HINT = _("Your personal number of 13 digits, such as 7601000000002.")
RCC_HINT = _("A letter and six digits, from SASIS. Insurers pay by it.")


@dataclass(frozen=True, slots=True)
class PlaceFields:
    """The two fields of an address on a therapist's page."""

    address: PracticeAddress
    works: forms.BoundField
    rcc: forms.BoundField


class TherapistForm(OptaModelForm):
    """Who treats; for each address of the practice, whether there, and under which RCC number."""

    gln = IdentifierField(identifiers.clean_gln, label=_("GLN"), required=False, help_text=GLN_HINT)

    class Meta:
        model = Therapist
        fields = (
            *("title", "first_name", "last_name", "profession", "role", "gln", "series"),
            *("vat", "account", "user", "colour"),
        )
        labels = {"user": _("Signs in as"), "account": _("Own bank account")}
        help_texts = {"series": _("Up to four, such as CM. Only where each therapist has a series of numbers.")}
        widgets = {"vat": Choices(layout="list"), "colour": ColourInput(attrs={"class": "form-control-color"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["profession"].widget.attrs["list"] = "professions"
        self.fields["series"].widget.attrs |= {"class": "tab text-uppercase", "autocapitalize": "characters"}
        self.fields["role"].required = False
        offer_accounts(self.fields["account"], self.instance.account_id)
        self.fields["user"].empty_label = _("Does not sign in")  # type: ignore[attr-defined]
        self.addresses = list(PracticeAddress.objects.active())
        self._add_places()

    def _add_places(self) -> None:
        known = {place.address_id: place for place in TherapistPlace.objects.filter(therapist=self.instance.pk)}
        for address in self.addresses:
            place = known.get(address.pk)
            works = place is not None or (self.instance.pk is None and len(self.addresses) == 1)
            self.fields[f"at_{address.pk}"] = forms.BooleanField(label=address.label, required=False, initial=works)
            self.fields[f"rcc_{address.pk}"] = IdentifierField(
                identifiers.clean_rcc,
                label=gettext("RCC number in %(place)s") % {"place": address.label},
                required=False,
                initial=place.rcc if place else "",
            )

    def clean_role(self) -> str:
        """The select offers no empty choice; a short form that leaves it out changes nothing."""
        return str(self.cleaned_data["role"] or self.instance.role)

    def clean_series(self) -> str:
        letters = str(self.cleaned_data["series"]).upper()
        if letters and Therapist.objects.filter(series=letters).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another therapist has these letters already."), code="taken")
        return letters

    @property
    def places(self) -> Iterator[PlaceFields]:
        """For the template: the fields by address."""
        for address in self.addresses:
            yield PlaceFields(address, self[f"at_{address.pk}"], self[f"rcc_{address.pk}"])

    @property
    def facts(self) -> TherapistFacts:
        """What the therapist's own row holds."""
        return cast(TherapistFacts, {name: self.cleaned_data[name] for name in self.Meta.fields})

    @property
    def chosen(self) -> Sequence[tuple[PracticeAddress, str | None]]:
        """Each address with its RCC number; None where the therapist does not work."""
        given = self.cleaned_data
        return [(one, given[f"rcc_{one.pk}"] if given[f"at_{one.pk}"] else None) for one in self.addresses]

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = self.cleaned_data
        for address in self.addresses:
            rcc = given.get(f"rcc_{address.pk}")
            taken = TherapistPlace.objects.filter(address=address, rcc=rcc).exclude(therapist=self.instance.pk)
            if rcc and taken.exists():
                self.add_error(f"rcc_{address.pk}", _("Another therapist has this RCC number at this address already."))
        return given


class FirstTherapistForm(OptaForm):
    """The first run: the owner who treats patients."""

    mark_required = False
    first_name = forms.CharField(label=_("First name"), max_length=35)
    last_name = forms.CharField(label=_("Last name"), max_length=35)
    profession = forms.CharField(
        label=_("Profession"), max_length=60, required=False, widget=forms.TextInput(attrs={"list": "professions"})
    )
    rcc = IdentifierField(identifiers.clean_rcc, label=_("RCC number"), required=False, help_text=RCC_HINT)
    gln = IdentifierField(identifiers.clean_gln, label=_("GLN"), required=False, help_text=GLN_HINT)
    hourly = MoneyField(label=_("Price per hour in CHF"), required=False, min_value=0, max_value=9999)

    def __init__(self, *args: Any, address: PracticeAddress | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if address is None:  # the number belongs to a place
            del self.fields["rcc"]


class UserForm(OptaModelForm):
    """An account with its set of roles."""

    language = forms.ChoiceField(label=_("Language"), choices=languages)

    class Meta:
        model = User
        fields = ("name", "email", "language", "is_owner", "is_therapist", "is_secretary", "is_active")
        labels = {
            "is_owner": _("Owner: settings, users, backups"),
            "is_therapist": _("Therapist: treats and reads clinical notes"),
            "is_secretary": _("Secretary: desk, calendar, invoices; no clinical notes"),
        }

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another account has this e-mail address already."), code="taken")
        return email

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = self.cleaned_data
        if not any(given.get(role) for role in ("is_owner", "is_therapist", "is_secretary")):
            self.add_error("is_secretary", _("Choose at least one role."))
        return given


class NewUserForm(NewPassword, UserForm):
    """An account with a first password, which its owner passes on by word of mouth."""

    password = PasswordField(label=_("First password"), autocomplete="new-password", help_text=AT_LEAST)

    class Meta(UserForm.Meta):
        fields = ("name", "email", "language", "is_owner", "is_therapist", "is_secretary")  # type: ignore[assignment]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        self.check_new_password(User(email=given.get("email", ""), name=given.get("name", "")))
        return given


class FreshPasswordForm(NewPassword, OptaForm):
    """A new password that an owner sets for somebody else."""

    mark_required = False
    password = PasswordField(label=_("New password"), autocomplete="new-password", help_text=AT_LEAST)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        self.check_new_password(self.user)
        return self.cleaned_data
