"""Records with boring defaults. Where a service makes a thing, the factory calls it."""

from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from agenda.calendar.models import Appointment, AppointmentType, SuggestedLine, WorkingHours
from agenda.consultations.models import Consultation
from agenda.consultations.services import visits
from agenda.consultations.services.lines import LineInput
from billing.models import Invoice
from billing.services import drafting, invoicing
from optamed.core import dates
from optamed.practice import reference
from optamed.practice.models import (
    BankAccount,
    Practice,
    PracticeAddress,
    TariffPosition,
    Therapist,
    TherapistPlace,
    TherapistPrice,
    User,
    VatRate,
)
from optamed.practice.services import tariff
from patients.models import Patient
from patients.services import files

PASSWORD = "a long enough password"
NORMAL_IBAN = "CH9300762011623852957"
QR_IBAN = "CH4431999123000889012"
number = count(1)


def reference_data() -> None:
    """Tariff and VAT rates, which a test with real commits leaves emptied."""
    if TariffPosition.objects.exists():
        return
    catalogue = reference.shipped_catalogue()
    tariff.import_positions(rows=catalogue.positions, version=catalogue.version)
    VatRate.objects.bulk_create(VatRate(**asdict(row)) for row in reference.VAT_RATES)


def user(**given: Any) -> User:
    fields = {"email": f"user{next(number)}@example.ch", "name": "Claire Montavel", "language": "en"} | given
    return User.objects.create_user(password=PASSWORD, **fields)


def owner(**given: Any) -> User:
    return user(**{"is_owner": True, "is_therapist": True} | given)


def secretary(**given: Any) -> User:
    return user(**{"is_secretary": True, "name": "Sara Bureau"} | given)


def practice(**given: Any) -> Practice:
    fields = {"name": "Cabinet Trois-Lacs", "language": "fr"} | given
    return Practice.objects.update_or_create(pk=1, defaults=fields)[0]


def address(**given: Any) -> PracticeAddress:
    fields = {
        "label": "Bienne",
        "name": "Cabinet Trois-Lacs",
        "street": "Quai du Bas",
        "house_no": "12",
        "postcode": "2502",
        "town": "Biel/Bienne",
        "canton": "BE",
        "phone": "032 000 00 00",
        "gln": "7601000000002",
    } | given
    return PracticeAddress.objects.create(**fields)


def account(**given: Any) -> BankAccount:
    fields = {
        "label": "Compte du cabinet",
        "iban": NORMAL_IBAN,
        "holder": "Cabinet Trois-Lacs",
        "street": "Quai du Bas",
        "house_no": "12",
        "postcode": "2502",
        "town": "Biel/Bienne",
        "is_default": True,
    } | given
    return BankAccount.objects.create(**fields)


def therapist(*, at: PracticeAddress | None = None, price: str = "12.00", **given: Any) -> Therapist:
    fields = {
        "first_name": "Claire",
        "last_name": "Montavel",
        "profession": "ostéopathe",
        "gln": "7601003000382",
    } | given
    made = Therapist.objects.create(**fields)
    place = at or PracticeAddress.objects.first() or address()
    TherapistPlace.objects.create(therapist=made, address=place, rcc=f"A{next(number):06d}")
    TherapistPrice.objects.create(therapist=made, code="", price=Decimal(price))
    return made


def hours(therapist: Therapist, at: PracticeAddress) -> None:
    """Monday to Friday, 08:00 to 12:00 and 13:30 to 18:00."""
    for weekday in range(5):
        for opens, closes in ((time(8), time(12)), (time(13, 30), time(18))):
            WorkingHours.objects.create(therapist=therapist, address=at, weekday=weekday, opens=opens, closes=closes)


def appointment_type(
    *, codes: tuple[tuple[str, int], ...] = (("1200", 2), ("1203", 9)), **given: Any
) -> AppointmentType:
    made = AppointmentType.objects.create(**{"name": "Ostéopathie", "minutes": 60} | given)
    for code, quantity in codes:
        SuggestedLine.objects.create(type=made, code=code, quantity=Decimal(quantity))
    return made


def patient(**given: Any) -> Patient:
    fields = {
        "last_name": "Tavernay",
        "first_name": "Marc",
        "birth_on": date(1974, 5, 3),
        "sex": "male",
        "language": "fr",
        "street": "Chemin des Vignes",
        "house_no": "14",
        "postcode": "2502",
        "town": "Biel/Bienne",
        "canton": "BE",
        "country": "CH",
        "email": "marc.tavernay@example.ch",
        "avs": "7569217076985",
        "insurer": "Visana",
        "mail_consent": "yes",
    } | given
    return files.create(by=None, **fields)


class World:
    """A practice ready to work: owner who treats, address, account, hours, one service."""

    def __init__(self) -> None:
        reference_data()
        self.practice = practice()
        self.address = address()
        self.account = account()
        self.owner = owner()
        self.therapist = therapist(at=self.address, user=self.owner)
        self.type = appointment_type()
        hours(self.therapist, self.address)

    def patient(self, **given: Any) -> Patient:
        return patient(**given)

    def appointment(self, *, starts_at: datetime | None = None, **given: Any) -> Appointment:
        start = starts_at or dates.at(dates.today(), time(10))
        fields = {
            "patient": given.pop("patient", None) or self.patient(),
            "therapist": self.therapist,
            "address": self.address,
            "type": self.type,
            "starts_at": start,
            "ends_at": start + timedelta(minutes=60),
            "created_by": self.owner,
        } | given
        return Appointment.objects.create(**fields)

    def consultation(self, *, closed: bool = True, **given: Any) -> Consultation:
        """A visit of 132.00: 2 × 1200 and 9 × 1203 at 12.00."""
        visit = visits.open_free(
            patient=given.pop("patient", None) or self.patient(),
            therapist=given.pop("therapist", self.therapist),
            address=self.address,
            treated_on=given.pop("treated_on", dates.today()),
            by=self.owner,
        )
        lines = given.pop("lines", [LineInput(Decimal(2), "1200"), LineInput(Decimal(9), "1203")])
        visits.set_lines(consultation=visit, lines=lines, by=self.owner)
        return visits.close(consultation=visit, by=self.owner) if closed else visit

    def draft(self, **given: Any) -> Invoice:
        visit = self.consultation(**given)
        return drafting.draft(patient=visit.patient, consultations=[visit], by=self.owner)

    def invoice(self, *, on: date | None = None, **given: Any) -> Invoice:
        """Issued, numbered, not yet drawn as PDF (``invoicing.finish`` draws it)."""
        made = self.draft(**given)
        invoicing.number(invoice=made, on=on or dates.today(), by=self.owner, mail=False)
        made.refresh_from_db()
        return made
