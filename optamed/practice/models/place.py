"""The practice and the places where it works."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from optamed.core import dates, validators
from optamed.practice.models.account import BankAccount
from optamed.practice.querysets import PracticeAddressQuerySet

HEX_COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("A colour is written as #0f766e."))


class Practice(models.Model):
    """The practice: one row. What an invoice prints is copied at issue, so changes here never touch old ones."""

    name = models.CharField(_("name of the practice"), max_length=70)
    language = models.CharField(_("language of the practice"), max_length=2, choices=settings.LANGUAGES, default="fr")
    uid = models.CharField(_("UID"), max_length=20, blank=True, validators=[validators.uid])
    colour = models.CharField(_("colour"), max_length=7, default="#03726a", validators=[HEX_COLOUR])
    payment_days = models.PositiveSmallIntegerField(_("payment term in days"), default=30)
    idle_minutes = models.PositiveSmallIntegerField(_("lock after idle minutes"), default=10)
    created_at = models.DateTimeField(default=dates.now, editable=False)

    class Meta:
        verbose_name = _("practice")
        verbose_name_plural = _("practice")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="practice_is_one_row")]

    def __str__(self) -> str:
        return self.name


class PracticeAddress(models.Model):
    """A place of work. GLN(L) of the form 5.0 belongs to it; the RCC to therapist and place together."""

    label = models.CharField(_("short name"), max_length=40)
    name = models.CharField(_("name on letters"), max_length=70)
    street = models.CharField(_("street"), max_length=35)
    house_no = models.CharField(_("no."), max_length=10, blank=True)
    postcode = models.CharField(_("postcode"), max_length=9)
    town = models.CharField(_("town"), max_length=35)
    canton = models.CharField(_("canton"), max_length=2)
    country = models.CharField(_("country"), max_length=2, default="CH")
    phone = models.CharField(_("phone"), max_length=25, blank=True)
    email = models.EmailField(_("e-mail"), max_length=80, blank=True)
    gln = models.CharField(_("GLN"), max_length=13, blank=True, validators=[validators.gln])
    account = models.ForeignKey(
        BankAccount,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account of this place"),
    )
    archived_at = models.DateTimeField(null=True, editable=False)

    objects = PracticeAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("address of the practice")
        verbose_name_plural = _("addresses of the practice")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.label

    @property
    def street_line(self) -> str:
        return f"{self.street} {self.house_no}".strip()

    @property
    def town_line(self) -> str:
        return f"{self.postcode} {self.town}"
