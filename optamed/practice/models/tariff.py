"""What can be billed: positions of Tarif 590 as dated data, own products, prices per therapist, VAT rates."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from optamed.practice.models.therapist import Therapist
from optamed.practice.querysets import TariffPositionQuerySet, VatRateQuerySet

OWN_TEXT_CODES = frozenset({"1302", "1310"})


class Unit(models.TextChoices):
    """How a position is counted."""

    PERIOD = "5min", _("per 5 min")
    FLAT = "flat", _("flat")
    PIECE = "piece", _("per piece")


class TariffPosition(models.Model):
    """An entry of Tarif 590 between two dates. Its text is binding in three languages, never changed (SASIS)."""

    tariff = models.CharField(_("tariff"), max_length=3, default="590")
    code = models.CharField(_("code"), max_length=6)
    text_fr = models.CharField(_("text in French"), max_length=350)
    text_de = models.CharField(_("text in German"), max_length=350)
    text_it = models.CharField(_("text in Italian"), max_length=350)
    hint_fr = models.TextField(_("explanation in French"), blank=True)
    hint_de = models.TextField(_("explanation in German"), blank=True)
    unit = models.CharField(_("unit"), max_length=5, choices=Unit.choices)
    chapters = models.CharField(_("chapters"), max_length=200, blank=True)
    certified_only = models.BooleanField(_("certified professions only"), default=False)
    version = models.CharField(_("version"), max_length=10)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = TariffPositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("tariff position")
        verbose_name_plural = _("tariff positions")
        ordering = ("code", "valid_from")
        constraints = [
            models.UniqueConstraint(fields=["tariff", "code", "valid_from"], name="position_once_per_start"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="position_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text_fr}"

    def text_in(self, language: str) -> str:
        """The binding text; there is none in English, so the German one stands in."""
        return {"fr": self.text_fr, "it": self.text_it}.get(language, self.text_de)

    @property
    def takes_own_text(self) -> bool:
        return self.code in OWN_TEXT_CODES

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Product(models.Model):
    """The practice's own article: a remedy (590/1310) or anything outside the tariff (999, free text)."""

    class Tariff(models.TextChoices):
        REMEDY = "1310", _("Remedy (590, 1310)")
        OTHER = "999", _("Other (999)")

    tariff = models.CharField(_("billed as"), max_length=4, choices=Tariff.choices, default=Tariff.OTHER)
    name = models.CharField(_("text on the invoice"), max_length=350)
    price = models.DecimalField(_("price in CHF"), max_digits=8, decimal_places=2)
    vat_code = models.CharField(_("VAT"), max_length=10, blank=True)
    archived_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ("name",)
        constraints = [models.CheckConstraint(condition=Q(price__gte=0), name="product_price_not_negative")]

    def __str__(self) -> str:
        return self.name


class TherapistPrice(models.Model):
    """What a therapist takes for one unit of a position, VAT contained. Without a code: for every 5-minute position."""

    therapist = models.ForeignKey(Therapist, on_delete=models.CASCADE, related_name="prices")
    code = models.CharField(_("code"), max_length=6, blank=True)
    price = models.DecimalField(_("price in CHF"), max_digits=8, decimal_places=2)

    class Meta:
        verbose_name = _("price of a therapist")
        verbose_name_plural = _("prices of a therapist")
        constraints = [
            models.UniqueConstraint(fields=["therapist", "code"], name="one_price_per_code"),
            models.CheckConstraint(condition=Q(price__gte=0), name="therapist_price_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.price}"


class VatRate(models.Model):
    """A rate in per cent from a date on (VATA art. 25): dated data, since rates change."""

    class Code(models.TextChoices):
        NORMAL = "normal", _("Normal rate")
        REDUCED = "reduced", _("Reduced rate")

    code = models.CharField(_("code"), max_length=10, choices=Code.choices)
    rate = models.DecimalField(_("rate in %"), max_digits=4, decimal_places=2)
    valid_from = models.DateField(_("valid from"))

    objects = VatRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("VAT rate")
        verbose_name_plural = _("VAT rates")
        ordering = ("code", "-valid_from")
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="vat_rate_once_per_start")]

    def __str__(self) -> str:
        return f"{self.rate} %"
