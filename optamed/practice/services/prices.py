"""What a therapist takes for a position of the tariff. The tariff itself has no prices."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from optamed.core import money
from optamed.journal import services as journal
from optamed.practice.models import Therapist, TherapistPrice, Unit, User

EVERY_PERIOD = ""  # the code under which the price of all 5-minute positions stands
PERIODS_PER_HOUR = 12


def price_of(*, therapist: Therapist, code: str, unit: str) -> Decimal | None:
    """CHF for one unit, VAT contained: the price of the very code, else the therapist's per 5 minutes; else None."""
    prices = dict(TherapistPrice.objects.filter(therapist=therapist).values_list("code", "price"))
    if code in prices:
        return prices[code]
    return prices.get(EVERY_PERIOD) if unit == Unit.PERIOD else None


def per_period(hourly: Decimal) -> Decimal:
    """The price of 5 minutes of an hour's price, to the Rappen."""
    return money.rappen(hourly / PERIODS_PER_HOUR)


@transaction.atomic
def set_prices(*, therapist: Therapist, prices: Mapping[str, Decimal | None], by: User) -> None:
    """Set prices by code (``EVERY_PERIOD`` for all 5-minute positions). None takes a price away, other codes stay."""
    for code, price in prices.items():
        if price is None:
            TherapistPrice.objects.filter(therapist=therapist, code=code).delete()
        else:
            TherapistPrice.objects.update_or_create(therapist=therapist, code=code, defaults={"price": price})
    journal.record(verb="priced", subject=therapist, by=by)


def set_price(*, therapist: Therapist, code: str, price: Decimal | None, by: User) -> None:
    """One of them."""
    set_prices(therapist=therapist, prices={code: price}, by=by)
