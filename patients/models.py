"""The patient. Lengths are those of form 5.0 (35) so that an invoice never fails on them."""

from datetime import date

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from optamed.core import dates, identifiers, validators
from patients.querysets import PatientQuerySet

COUNTRY = RegexValidator(r"^[A-Z]{2}$", _("A country is two letters, such as CH."))


class Patient(models.Model):
    """A person with a file. ``last_visit_on`` and ``open_amount`` are written from the right, through services here;
    ``birthday`` (1124 for 24 November) and ``search_text`` follow from what was typed.
    """

    class Sex(models.TextChoices):
        FEMALE = "female", _("Woman")
        MALE = "male", _("Man")

    class MailConsent(models.TextChoices):
        UNKNOWN = "unknown", _("Not asked yet")
        YES = "yes", _("Agrees")
        NO = "no", _("Does not agree")

    class Delivery(models.TextChoices):
        MAIL = "mail", _("By e-mail")
        PRINT = "print", _("On paper")

    number = models.PositiveIntegerField(_("number"), unique=True, editable=False)
    title = models.CharField(_("title"), max_length=35, blank=True)
    last_name = models.CharField(_("last name"), max_length=35)
    first_name = models.CharField(_("first name"), max_length=35)
    birth_on = models.DateField(_("birth date"))
    sex = models.CharField(_("sex"), max_length=6, choices=Sex.choices, blank=True)
    language = models.CharField(_("language of letters"), max_length=2, choices=settings.LANGUAGES, default="fr")
    street = models.CharField(_("street"), max_length=35, blank=True)
    house_no = models.CharField(_("no."), max_length=10, blank=True)
    postcode = models.CharField(_("postcode"), max_length=9, blank=True)
    town = models.CharField(_("town"), max_length=35, blank=True)
    canton = models.CharField(_("canton"), max_length=2, blank=True)
    country = models.CharField(_("country"), max_length=2, default="CH", validators=[COUNTRY])
    phone = models.CharField(_("phone"), max_length=25, blank=True)
    mobile = models.CharField(_("mobile"), max_length=25, blank=True)
    email = models.EmailField(_("e-mail"), max_length=80, blank=True)
    avs = models.CharField(_("AVS number"), max_length=16, blank=True, validators=[validators.avs])
    insurer = models.CharField(_("insurer"), max_length=35, blank=True)
    insured_no = models.CharField(_("insured number"), max_length=35, blank=True)
    card_no = models.CharField(_("card number"), max_length=35, blank=True)
    delivery = models.CharField(_("invoices"), max_length=5, choices=Delivery.choices, default=Delivery.MAIL)
    payment_days = models.PositiveSmallIntegerField(_("payment term in days"), null=True, blank=True)
    papers = models.CharField(_("papers of the invoice"), max_length=40, blank=True)
    mail_consent = models.CharField(
        _("consent to e-mail"), max_length=7, choices=MailConsent.choices, default=MailConsent.UNKNOWN
    )
    safety_note = models.CharField(_("safety note"), max_length=200, blank=True)
    safety_for_reception = models.BooleanField(_("visible to reception"), default=False)
    remark = models.TextField(_("remark"), blank=True)
    search_text = models.TextField(editable=False)
    birthday = models.PositiveSmallIntegerField(editable=False, db_index=True)
    last_visit_on = models.DateField(_("last visit"), null=True, editable=False)
    open_amount = models.DecimalField(_("open"), max_digits=10, decimal_places=2, default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=dates.now, editable=False)
    archived_at = models.DateTimeField(null=True, editable=False)

    objects = PatientQuerySet.as_manager()

    class Meta:
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        ordering = ("search_text", "pk")  # it begins with the folded name: Émery stands before Favre
        indexes = [
            models.Index(fields=["search_text"], name="patient_by_name"),
            models.Index(fields=["birth_on"], name="patient_by_birth"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("patients:patient", args=[self.pk])

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def list_name(self) -> str:
        return f"{self.last_name} {self.first_name}"

    @property
    def initials(self) -> str:
        return f"{self.first_name[:1]}{self.last_name[:1]}".upper()

    @property
    def number_label(self) -> str:
        return f"P-{self.number:05d}"

    @property
    def street_line(self) -> str:
        return f"{self.street} {self.house_no}".strip()

    @property
    def town_line(self) -> str:
        return f"{self.postcode} {self.town}".strip()

    @property
    def avs_in_groups(self) -> str:
        return identifiers.format_avs(self.avs)

    @property
    def gets_mail(self) -> bool:
        """Wished, possible, and not refused: who was not asked yet gets an e-mail, with a word to the user."""
        return self.delivery == self.Delivery.MAIL and bool(self.email) and self.mail_consent != self.MailConsent.NO

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def age(self) -> int:
        return self.age_on(dates.today())

    @property
    def best_phone(self) -> str:
        return self.mobile or self.phone

    @property
    def phone_link(self) -> str:
        """What stands behind ``tel:``."""
        return "".join(sign for sign in self.best_phone if sign.isdigit() or sign == "+")

    def age_on(self, day: date) -> int:
        return dates.age_on(self.birth_on, day)
