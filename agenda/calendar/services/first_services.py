"""The first run's last step: a few services, the therapist's price, usual working hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from agenda.calendar import suggestions
from agenda.calendar.models import AppointmentType, WorkingHours
from agenda.calendar.services import hours, types
from optamed.practice.models import PracticeAddress, Therapist, User
from optamed.practice.services import prices


@dataclass(frozen=True, slots=True)
class Offer:
    """A service as the practice wants it; minutes."""

    name: str
    minutes: int
    is_first_visit: bool = False


@transaction.atomic
def start(
    *,
    therapist: Therapist,
    address: PracticeAddress,
    offers: Sequence[Offer],
    code: str,
    hourly: Decimal | None,
    by: User,
) -> list[AppointmentType]:
    """The services that do not exist yet by name, billed by ``code``; the price of five minutes from ``hourly`` (CHF).

    Usual working hours where the therapist has none, so that the calendar can be used at once.
    """
    known = set(AppointmentType.objects.active().values_list("name", flat=True))
    made = [_make(offer, code, by) for offer in offers if offer.name not in known]
    if hourly is not None:
        prices.set_prices(therapist=therapist, prices={prices.EVERY_PERIOD: prices.per_period(hourly)}, by=by)
    if not WorkingHours.objects.filter(therapist=therapist).exists():
        hours.set_week(therapist=therapist, address=address, spans=hours.USUAL, by=by)
    return made


def _make(offer: Offer, code: str, by: User) -> AppointmentType:
    service = types.Service(name=offer.name, minutes=offer.minutes, is_first_visit=offer.is_first_visit)
    codes = suggestions.codes_for(code, offer.minutes, first=offer.is_first_visit)
    lines = [types.Suggested(Decimal(one.periods), code=one.code) for one in codes]
    return types.create(service=service, lines=lines, by=by)
