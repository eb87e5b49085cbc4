"""Questions about the practice, in the user's words."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:  # the models import these questions; ruff does not see the names in the brackets
    from optamed.practice.models import PracticeAddress, TariffPosition, Therapist, VatRate  # noqa: F401


class PracticeAddressQuerySet(models.QuerySet["PracticeAddress"]):
    def active(self) -> "PracticeAddressQuerySet":
        return self.filter(archived_at__isnull=True)


class TherapistQuerySet(models.QuerySet["Therapist"]):
    def active(self) -> "TherapistQuerySet":
        return self.filter(archived_at__isnull=True)


class TariffPositionQuerySet(models.QuerySet["TariffPosition"]):
    def valid_on(self, day: date) -> "TariffPositionQuerySet":
        """Positions that may be used for a treatment of this day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)

    def search(self, words: str) -> "TariffPositionQuerySet":
        """By code, or by words of any of the three texts."""
        found = self
        for word in words.split():
            named = Q(text_fr__icontains=word) | Q(text_de__icontains=word) | Q(text_it__icontains=word)
            found = found.filter(Q(code__startswith=word) | named)
        return found


class VatRateQuerySet(models.QuerySet["VatRate"]):
    def rate_on(self, code: str, day: date) -> Decimal:
        """The rate in per cent on a day; 0 without a code."""
        rates = self.filter(code=code, valid_from__lte=day).order_by("-valid_from")
        return rates.values_list("rate", flat=True).first() or Decimal(0)
