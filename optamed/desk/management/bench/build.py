"""The reference practice: at scale 1, 10,000 patients, 100,000 visits, 80,000 invoices, five therapists."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from random import Random
from typing import Any

from django.db import models, transaction

from agenda.calendar.models import Appointment
from agenda.consultations.models import Consultation, ConsultationLine, Note
from billing.models import Allocation, BilledConsultation, Invoice, InvoiceLine, Payment
from optamed.core import dates
from optamed.core.text import fold
from optamed.desk.services.demo import house, people
from optamed.practice.models import Counter, TariffPosition, Therapist, User
from optamed.practice.services import therapists as therapist_services
from patients.models import Patient

OWNER = ("bench@optamed.example", "bench-optamed-2026")
YEARS = 10
# As long as those of a real invoice: the rows of a table are read past them.
DOCUMENT, PAYLOAD = "{}".ljust(3_000), "SPC".ljust(300)
AMOUNT = Decimal("132.00")
NOTE = people.NOTES[0]
BATCH = 2000
WAITING = 40  # visits not yet invoiced


class Builder:
    """Bulk rows, one kind after the other. ``scale`` 1 is the reference practice."""

    def __init__(self, scale: float) -> None:
        self.dice = Random(7)  # noqa: S311  a benchmark is no secret
        self.patients = max(int(10_000 * scale), 20)
        self.visits = self.patients * 10
        self.today = dates.today()

    def build(self) -> None:
        """Fill an empty database."""
        home = house.build(email=OWNER[0], password=OWNER[1])
        self.owner, self.home = home.owner, home
        self.therapists = [*home.therapists, *self._more_therapists(home)]
        with transaction.atomic():
            self._people()
            self._appointments()
            self._consultations()
            self._invoices()
            self._payments()
            for name, last in (("P", self.patients), ("C", self.visits), ("F", self.billed)):
                Counter.objects.update_or_create(name=name, defaults={"last": last})

    def _more_therapists(self, home: house.House) -> list[Therapist]:
        made = []
        for number in range(3):
            one = therapist_services.create(first_name="Nadia", last_name=f"Zbinden {number}", by=home.owner)
            therapist_services.work_at(therapist=one, address=home.address, rcc=f"C{number:06d}", by=home.owner)
            made.append(one)
        return made

    def _people(self) -> None:
        store(Patient, (self._person(number) for number in range(1, self.patients + 1)))
        self.patient_ids = list(Patient.objects.order_by("pk").values_list("pk", flat=True))

    def _person(self, number: int) -> Patient:
        fields = people.patient(self.dice, number, self.today)
        one = Patient(number=number, last_visit_on=self.today, **fields)
        words = f"{one.last_name} {one.first_name} {one.birth_on:%d.%m.%Y} {one.number_label} {one.email} {one.town}"
        one.search_text = f" {fold(words)} "
        one.birthday = 100 * one.birth_on.month + one.birth_on.day
        return one

    def _when(self, number: int) -> datetime:
        """Spread over ten years, the newest last, on the hour."""
        days = int(YEARS * 365 * (1 - number / self.visits))
        return dates.at(self.today - timedelta(days=days), time(8 + number % 9))

    def _appointments(self) -> None:
        store(Appointment, (self._appointment(number) for number in range(self.visits)))
        self.appointment_ids = list(Appointment.objects.order_by("pk").values_list("pk", flat=True))

    def _appointment(self, number: int) -> Appointment:
        start = self._when(number)
        return Appointment(
            patient_id=self.patient_ids[number % self.patients],
            therapist=self.therapists[number % 5],
            address=self.home.address,
            type=self.home.usual,
            starts_at=start,
            ends_at=start + timedelta(minutes=60),
            state=Appointment.State.DONE,
            created_by=self.owner,
        )

    def _consultations(self) -> None:
        self.position = TariffPosition.objects.valid_on(self.today).get(code="1203")
        store(Consultation, (self._consultation(number) for number in range(self.visits)))
        self.consultation_ids = list(Consultation.objects.order_by("pk").values_list("pk", flat=True))
        store(Note, (Note(consultation_id=pk, html=NOTE, version=1, author=self.owner) for pk in self.consultation_ids))
        store(ConsultationLine, self._lines())

    def _consultation(self, number: int) -> Consultation:
        return Consultation(
            number=number + 1,
            patient_id=self.patient_ids[number % self.patients],
            therapist=self.therapists[number % 5],
            appointment_id=self.appointment_ids[number],
            treated_on=self._day(number),
            address=self.home.address,
            address_text=house.BIENNE,
            state=Consultation.State.CLOSED,
            billing_state=Consultation.Billing.FREE if self._is_waiting(number) else Consultation.Billing.BILLED,
            amount=AMOUNT,
        )

    def _lines(self) -> Iterator[ConsultationLine]:
        for pk in self.consultation_ids:
            for code, quantity in (("1200", 2), ("1203", 9)):
                yield ConsultationLine(
                    consultation_id=pk, position=self.position, code=code, quantity=quantity, unit_price=Decimal(12)
                )

    def _day(self, number: int) -> date:
        return dates.local(self._when(number)).date()

    def _has_own_invoice(self, number: int) -> bool:
        """Four visits of five; the fifth stands on the invoice of the patient's visit before or after it."""
        return (number + number // self.patients) % 5 != 0 and not self._is_waiting(number)

    def _is_waiting(self, number: int) -> bool:
        """The newest visits are not invoiced yet."""
        return number >= self.visits - WAITING

    @property
    def billed(self) -> int:
        return sum(1 for number in range(self.visits) if self._has_own_invoice(number))

    def _together(self, invoices: dict[int, int]) -> Iterator[BilledConsultation]:
        for number in range(self.visits - WAITING):
            near = (number, number - self.patients, number + self.patients)
            home = next((one for one in near if one in invoices), None)
            if home is None:
                continue
            yield BilledConsultation(invoice_id=invoices[home], consultation_id=self.consultation_ids[number])

    def _invoices(self) -> None:
        numbers = [number for number in range(self.visits) if self._has_own_invoice(number)]
        store(Invoice, (self._invoice(serial, number) for serial, number in enumerate(numbers, 1)))
        self.invoice_ids = list(Invoice.objects.order_by("pk").values_list("pk", flat=True))
        pairs = list(zip(self.invoice_ids, numbers, strict=True))
        store(BilledConsultation, self._together({number: pk for pk, number in pairs}))
        store(InvoiceLine, (self._invoice_line(pk, number) for pk, number in pairs))

    def _invoice(self, serial: int, number: int) -> Invoice:
        day = self._day(number)
        is_open = number > self.visits * 0.99
        return Invoice(
            patient_id=self.patient_ids[number % self.patients],
            therapist=self.therapists[number % 5],
            state=Invoice.State.ISSUED,
            number=f"F-{serial:05d}",
            issued_on=day,
            issued_at=self._when(number),
            due_on=day + timedelta(days=30),
            language="fr",
            total=AMOUNT,
            open_amount=AMOUNT if is_open else Decimal(0),
            document=DOCUMENT,
            qr_payload=PAYLOAD,
            delivery=Invoice.Delivery.MAIL,
            mail_wanted=True,
            mail_state=Invoice.Mail.SENT,
        )

    def _invoice_line(self, pk: int, number: int) -> InvoiceLine:
        return InvoiceLine(
            invoice_id=pk,
            consultation_id=self.consultation_ids[number],
            treated_on=self._day(number),
            tariff="590",
            code="1203",
            text="Ostéopathie, par période de 5 min.",
            quantity=11,
            unit_price=Decimal(12),
        )

    def _payments(self) -> None:
        paid = Invoice.objects.filter(open_amount=0).order_by("pk").values_list("pk", "patient_id", "issued_on")
        rows = list(paid)
        store(Payment, (self._payment(patient, day or self.today) for _, patient, day in rows))
        ids = Payment.objects.order_by("pk").values_list("pk", flat=True)
        pairs = zip(ids, rows, strict=True)
        store(Allocation, (Allocation(payment_id=pk, invoice_id=row[0], amount=AMOUNT) for pk, row in pairs))

    def _payment(self, patient: int, day: date) -> Payment:
        return Payment(
            patient_id=patient, amount=AMOUNT, received_on=day, means=Payment.Means.QR, created_by=self.owner
        )


def store(model: type[models.Model], rows: Iterable[Any]) -> None:
    """In batches, so that memory stays flat."""
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        model._default_manager.bulk_create(batch)  # noqa: SLF001  Django's own way to a model's manager


def owner() -> User:
    return User.objects.get(email=OWNER[0])
