"""Bank accounts that receive the patients' money."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from optamed.core import identifiers, validators


class BankAccount(models.Model):
    """A QR-IBAN wants a QRR reference, a normal IBAN takes SCOR or none (IG QR-bill 2.3, section 4.2.2)."""

    class Slip(models.TextChoices):
        SCOR = "SCOR", _("Creditor reference (recommended)")
        QRR = "QRR", _("QR reference")
        NON = "NON", _("Without reference")

    label = models.CharField(_("short name"), max_length=40)
    iban = models.CharField(_("IBAN or QR-IBAN"), max_length=34, validators=[validators.iban], unique=True)
    slip = models.CharField(_("kind of reference"), max_length=4, choices=Slip.choices, default=Slip.SCOR)
    holder = models.CharField(_("account holder"), max_length=70)
    street = models.CharField(_("street"), max_length=70, blank=True)
    house_no = models.CharField(_("no."), max_length=16, blank=True)
    postcode = models.CharField(_("postcode"), max_length=16)
    town = models.CharField(_("town"), max_length=35)
    country = models.CharField(_("country"), max_length=2, default="CH")
    qrr_prefix = models.CharField(_("customer number of the bank"), max_length=12, blank=True)
    is_default = models.BooleanField(_("used by default"), default=False)
    archived_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        ordering = ("-is_default", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_account"
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_qr(self) -> bool:
        return identifiers.is_qr_iban(self.iban)

    @property
    def iban_in_groups(self) -> str:
        return identifiers.format_iban(self.iban)
