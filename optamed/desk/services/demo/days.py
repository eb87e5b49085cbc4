"""Weeks of work: booked, treated, invoiced, mostly paid, as it goes in a practice."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from agenda.calendar.models import Appointment, AppointmentType
from agenda.calendar.services import booking
from agenda.consultations.services import notes, visits
from billing.models import Invoice
from billing.services import drafting, invoicing, payments, printing
from optamed.core import dates
from optamed.desk.services.demo.house import House
from optamed.desk.services.demo.people import NOTES
from optamed.practice.models import Therapist
from patients.models import Patient

STARTS = [time(8), time(9), time(10), time(11), time(13, 30), time(14, 30), time(16), time(17)]
WEEKS_AHEAD = 3


@dataclass
class Diary:
    """Fills days; ``dice`` decides, so that the same seed gives the same practice."""

    house: House
    patients: list[Patient]
    dice: Random
    now: datetime

    @property
    def today(self) -> date:
        return dates.local(self.now).date()

    def fill(self, weeks: int) -> None:
        """The weeks behind us, today, and three weeks ahead that are half booked."""
        monday = self.today - timedelta(days=self.today.weekday())
        for ahead in range(-7 * weeks, 7 * WEEKS_AHEAD):
            day = monday + timedelta(days=ahead)
            if day.weekday() < 5 or day == self.today:
                self._fill_day(day)
        self._receive_money()

    def _fill_day(self, day: date) -> None:
        full = 0.85 if day <= self.today else 0.5
        for therapist, share in zip(self.house.therapists, (full, full / 2), strict=True):
            for start in STARTS:
                if self.dice.random() < share:
                    self._visit(therapist, dates.at(day, start))

    def _visit(self, therapist: Therapist, starts_at: datetime) -> None:
        patient = self.dice.choice(self.patients)
        with dates.pretend(min(starts_at - timedelta(days=10), self.now)):
            appointment = booking.book(
                patient=patient,
                therapist=therapist,
                type=self._service(patient),
                address=self.house.address,
                starts_at=starts_at,
                minutes=30 if self._is_child(patient) else 60,
                confirmed=True,
                by=self.house.owner,
            )
        if appointment.ends_at <= self.now:
            with dates.pretend(appointment.ends_at):
                self._take_place(appointment)
        elif appointment.starts_at <= self.now + timedelta(minutes=10):
            booking.arrive(appointment=appointment, by=self.house.owner)

    def _service(self, patient: Patient) -> AppointmentType:
        if self._is_child(patient):
            return self.house.short
        known = Appointment.objects.of(patient).exists()
        return self.house.usual if known else self.house.first

    def _is_child(self, patient: Patient) -> bool:
        return patient.age_on(self.today) < 12

    def _take_place(self, appointment: Appointment) -> None:
        owner = self.house.owner
        chance = self.dice.random()
        if chance < 0.04:
            booking.miss(appointment=appointment, by=owner)
            return
        visit = visits.open_for(appointment=appointment, by=owner)
        notes.save(consultation=visit, html=self.dice.choice(NOTES), version=0, by=owner)
        visits.close(consultation=visit, by=owner)
        booking.finish(appointment=appointment, by=owner)
        recent = dates.local(appointment.starts_at).date() >= self.today - timedelta(days=4)
        if recent and chance > 0.8:
            return  # to be invoiced
        self._bill(appointment)

    def _bill(self, appointment: Appointment) -> None:
        visit = appointment.consultation
        draft = drafting.draft(patient=appointment.patient, consultations=[visit], by=self.house.owner)
        # The number only: sheets of old invoices are drawn when somebody looks at them, or by the schedule.
        invoicing.number(invoice=draft, on=visit.treated_on, by=self.house.owner, mail=False)
        if visit.treated_on < self.today - timedelta(days=4):  # handed over at the desk
            printing.mark_printed(invoices=Invoice.objects.filter(pk=draft.pk), by=self.house.owner)

    def _receive_money(self) -> None:
        for invoice in Invoice.objects.open().order_by("pk").select_related("patient"):
            self._receive(invoice)

    def _receive(self, invoice: Invoice) -> None:
        chance = self.dice.random()
        paid_on = (invoice.issued_on or self.today) + timedelta(days=self.dice.randint(0, 16))
        if paid_on >= self.today or chance > 0.94:
            return
        half = chance < 0.03
        with dates.pretend(dates.at(paid_on, time(12))):
            payments.receive(
                patient=invoice.patient,
                amount=Decimal("50.00") if half else invoice.open_amount,
                received_on=paid_on,
                means=self.dice.choice(["qr", "qr", "qr", "twint", "card", "cash"]),
                invoice=invoice,
                by=self.house.owner,
            )
