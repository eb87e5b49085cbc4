"""The practice itself: an owner who treats, a colleague, a secretary, two places, an account, three services."""

from dataclasses import dataclass
from decimal import Decimal

from agenda.calendar.models import AppointmentType
from agenda.calendar.services import hours, types
from agenda.calendar.services.types import Service, Suggested
from optamed.practice.models import PracticeAddress, Therapist, User
from optamed.practice.services import accounts, addresses, practices, prices, therapists, users
from optamed.practice.services.addresses import AddressFacts

NAME = "Cabinet Trois-Lacs"
BIENNE: AddressFacts = {
    "label": "Bienne",
    "name": NAME,
    "street": "Quai du Bas",
    "house_no": "12",
    "postcode": "2502",
    "town": "Biel/Bienne",
    "canton": "BE",
    "country": "CH",
    "phone": "032 000 00 00",
    "email": "cabinet@example.ch",
    "gln": "7601000000002",
}


@dataclass(frozen=True)
class House:
    """What the days are filled with."""

    owner: User
    therapists: list[Therapist]
    address: PracticeAddress
    first: AppointmentType
    usual: AppointmentType
    short: AppointmentType


def build(*, email: str, password: str) -> House:
    """An own practice in an empty database."""
    owner = users.create(
        name="Claire Montavel", email=email, password=password, language="fr", is_owner=True, is_therapist=True, by=None
    )
    practices.set_up(name=NAME, language="fr", by=owner)
    users.create(
        name="Sara Bureau", email="sara@example.ch", password=password, language="fr", is_secretary=True, by=owner
    )
    address = addresses.create(by=owner, **BIENNE)
    accounts.create(
        label=NAME,
        iban="CH9300762011623852957",
        holder=NAME,
        street="Quai du Bas",
        house_no="12",
        postcode="2502",
        town="Biel/Bienne",
        country="CH",
        by=owner,
    )
    claire = _therapist("Claire", "Montavel", "ostéopathe", "7601003000382", "A123456", address, owner, user=owner)
    lukas = _therapist("Lukas", "Brunner", "ostéopathe", "7601003001082", "B234567", address, owner, user=None)
    return House(owner, [claire, lukas], address, *_services(owner))


def _therapist(
    first: str, last: str, profession: str, gln: str, rcc: str, address: PracticeAddress, by: User, *, user: User | None
) -> Therapist:
    made = therapists.create(first_name=first, last_name=last, profession=profession, gln=gln, user=user, by=by)
    therapists.work_at(therapist=made, address=address, rcc=rcc, by=by)
    prices.set_price(therapist=made, code=prices.EVERY_PERIOD, price=Decimal("12.00"), by=by)
    hours.set_week(therapist=made, address=address, spans=hours.USUAL, by=by)
    return made


def _services(by: User) -> tuple[AppointmentType, AppointmentType, AppointmentType]:
    def service(name: str, minutes: int, codes: dict[str, int], *, first: bool = False) -> AppointmentType:
        lines = [Suggested(Decimal(periods), code=code) for code, periods in codes.items()]
        return types.create(service=Service(name=name, minutes=minutes, is_first_visit=first), lines=lines, by=by)

    return (
        service("Première consultation", 75, {"1200": 4, "1203": 11}, first=True),
        service("Ostéopathie", 60, {"1200": 2, "1203": 9}),
        service("Ostéopathie enfant", 30, {"1203": 6}),
    )
