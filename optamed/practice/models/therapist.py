"""Therapists, and the number under which insurers know each of them at each place."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from optamed.core import validators
from optamed.practice.models.account import BankAccount
from optamed.practice.models.picture import Picture
from optamed.practice.models.place import HEX_COLOUR, PracticeAddress
from optamed.practice.models.user import User
from optamed.practice.querysets import TherapistQuerySet

SERIES = RegexValidator(r"^[A-Z]{1,4}$", _("Up to four capital letters, such as CM."))


class Therapist(models.Model):
    """Who treats. An account is optional: a therapist may leave the keyboard to the desk."""

    class Vat(models.TextChoices):
        EXEMPT = "exempt", _("Exempt (healing treatment, VATA art. 21 para. 2)")
        LIABLE = "liable", _("Liable to VAT")

    class Role(models.TextChoices):
        """generalInvoiceRequest 5.0, body@role: those of it that a therapist may be."""

        THERAPIST = "naturopathictherapist", _("Complementary therapist")
        NATUROPATH = "naturopathicdoctor", _("Naturopath")
        PHYSIOTHERAPIST = "physiotherapist", _("Physiotherapist")
        ERGOTHERAPIST = "ergotherapist", _("Occupational therapist")
        NUTRITIONIST = "nutritionist", _("Dietician")
        PSYCHOLOGIST = "psychologist", _("Psychologist")
        OTHER = "other", _("Other")

    user = models.OneToOneField(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="therapist", verbose_name=_("account")
    )
    title = models.CharField(_("title"), max_length=35, blank=True)
    first_name = models.CharField(_("first name"), max_length=35)
    last_name = models.CharField(_("last name"), max_length=35)
    profession = models.CharField(_("profession"), max_length=60, blank=True)
    role = models.CharField(
        _("role on the insurer's form"), max_length=24, choices=Role.choices, default=Role.THERAPIST
    )
    gln = models.CharField(_("GLN"), max_length=13, blank=True, validators=[validators.gln])
    series = models.CharField(_("letters in the invoice number"), max_length=4, blank=True, validators=[SERIES])
    signature = models.ForeignKey(Picture, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    vat = models.CharField(_("VAT"), max_length=6, choices=Vat.choices, default=Vat.EXEMPT)
    colour = models.CharField(_("colour"), max_length=7, default="#03726a", validators=[HEX_COLOUR])
    account = models.ForeignKey(
        BankAccount, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("own account"), related_name="+"
    )
    archived_at = models.DateTimeField(null=True, editable=False)

    objects = TherapistQuerySet.as_manager()

    class Meta:
        verbose_name = _("therapist")
        verbose_name_plural = _("therapists")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["series"], condition=~Q(series=""), name="series_of_one_therapist")
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"


class TherapistPlace(models.Model):
    """A therapist at an address, with the RCC number for just this pair (SASIS: one per person and location)."""

    therapist = models.ForeignKey(Therapist, on_delete=models.CASCADE, related_name="places")
    address = models.ForeignKey(
        PracticeAddress, on_delete=models.PROTECT, related_name="therapist_places", verbose_name=_("address")
    )
    rcc = models.CharField(_("RCC number"), max_length=7, blank=True, validators=[validators.rcc])

    class Meta:
        verbose_name = _("place of a therapist")
        verbose_name_plural = _("places of a therapist")
        constraints = [
            models.UniqueConstraint(fields=["therapist", "address"], name="therapist_once_per_address"),
            models.UniqueConstraint(fields=["rcc", "address"], condition=~Q(rcc=""), name="rcc_once_per_address"),
        ]

    def __str__(self) -> str:
        return f"{self.therapist}, {self.address}"
