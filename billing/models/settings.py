"""How this practice bills: the look of its letters, its slips, its numbers, and what is made and sent by itself."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from optamed.practice.models import Picture
from patients.papers import DEFAULT_MAIL, DEFAULT_PRINT

MOST_OFFSET = Decimal("10.0")  # mm; printers are out by a few at most
OFFSET = [MinValueValidator(-MOST_OFFSET), MaxValueValidator(MOST_OFFSET)]


class InvoiceSettings(models.Model):
    """One row. What a letter shows is copied onto the invoice at issue, so changes here never touch old ones."""

    class Window(models.TextChoices):
        RIGHT = "right", _("Window on the right")
        LEFT = "left", _("Window on the left")

    class SlipPage(models.TextChoices):
        SAME = "same", _("Below the letter")
        OWN = "own", _("On a page of its own")

    class Pattern(models.TextChoices):
        PLAIN = "plain", _("One series: F-00042")
        YEAR = "year", _("A series per year: F-2026-00042")
        THERAPIST = "therapist", _("A series per therapist: F-CM-00042")

    class Incomplete(models.TextChoices):
        LETTER = "letter", _("Only the patient's invoice")
        PLACEHOLDERS = "placeholders", _("The standard's placeholders for what is missing")

    logo = models.ForeignKey(Picture, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    has_accent = models.BooleanField(_("the practice's colour as accent"), default=True)
    window = models.CharField(_("address"), max_length=5, choices=Window.choices, default=Window.RIGHT)
    slip_page = models.CharField(_("QR-bill"), max_length=4, choices=SlipPage.choices, default=SlipPage.SAME)
    slip_lines = models.BooleanField(_("lines around the QR-bill"), default=True)
    paid_slip = models.BooleanField(_("a QR-bill that is not for payment on paid invoices"), default=False)
    offset_x = models.DecimalField(
        _("shift to the right in mm"), max_digits=3, decimal_places=1, default=Decimal("0.0"), validators=OFFSET
    )
    offset_y = models.DecimalField(
        _("shift down in mm"), max_digits=3, decimal_places=1, default=Decimal("0.0"), validators=OFFSET
    )
    mail_papers = models.CharField(_("by e-mail"), max_length=40, default=DEFAULT_MAIL)
    print_papers = models.CharField(_("on paper"), max_length=40, default=DEFAULT_PRINT)
    pattern = models.CharField(_("numbers"), max_length=9, choices=Pattern.choices, default=Pattern.PLAIN)
    when_incomplete = models.CharField(
        _("when the insurer would refuse the form"),
        max_length=12,
        choices=Incomplete.choices,
        default=Incomplete.LETTER,
    )
    euro_rate = models.DecimalField(_("CHF for one euro"), max_digits=7, decimal_places=4, null=True, blank=True)
    nightly_run = models.BooleanField(_("prepare the invoices each night"), default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="invoice_settings_are_one_row")]

    def __str__(self) -> str:
        return self.pattern

    @classmethod
    def current(cls) -> "InvoiceSettings":
        """The row, or the defaults where nobody changed any."""
        return cls.objects.select_related("logo").filter(pk=1).first() or cls(pk=1)


class LetterText(models.Model):
    """The words around the lines of an invoice, in one language."""

    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, unique=True)
    before = models.TextField(_("before the services"), max_length=600, blank=True)
    after = models.TextField(_("after the amount"), max_length=600, blank=True)
    footer = models.CharField(_("at the foot of the page"), max_length=200, blank=True)

    def __str__(self) -> str:
        return self.language
