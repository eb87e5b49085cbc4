"""What Today says: the visits of a day with their invoices, and what waits. Every figure links to its list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agenda.calendar.models import Appointment
from agenda.consultations.models import Consultation
from billing.models import BillingRun, Invoice
from billing.reports import runs
from billing.reports.states import Badge
from billing.reports.states import badge as invoice_badge
from mailing.models import Message
from optamed.core import dates, money
from optamed.core.sums import total
from optamed.practice.models import Therapist
from patients.models import Patient

BIRTHDAYS_AHEAD = 7
SHOWN = 8


@dataclass
class Visit:
    """A line of Today: an appointment with what became of it."""

    appointment: Appointment
    consultation: Consultation | None
    invoice: Invoice | None
    message: Message | None
    now: datetime
    overdue: Decimal = money.ZERO
    is_next: bool = False

    @property
    def patient(self) -> Patient:
        return self.appointment.patient

    @property
    def is_leaving(self) -> bool:
        """The mail is in its minutes of grace and can be taken back."""
        return (
            self.message is not None and self.message.state == Message.State.QUEUED and self.message.next_at > self.now
        )

    @property
    def badge(self) -> Badge | None:
        """The state of the visit's invoice."""
        return invoice_badge(self.invoice, on=dates.local(self.now).date()) if self.invoice else None

    @property
    def is_past(self) -> bool:
        return not self.appointment.is_open

    @property
    def is_new_patient(self) -> bool:
        return self.appointment.type.is_first_visit

    @property
    def birthday_age(self) -> int | None:
        """The age that is reached today, if today is the birthday."""
        day = dates.local(self.appointment.starts_at).date()
        birth = self.patient.birth_on
        return dates.age_on(birth, day) if (birth.month, birth.day) == (day.month, day.day) else None


def visits_of(day: date, *, therapist: Therapist | None, now: datetime) -> list[Visit]:
    """The standing appointments of a day and those that were missed, in a fixed number of queries."""
    appointments = Appointment.objects.on_day(day).standing().for_lists()
    if therapist is not None:
        appointments = appointments.filter(therapist=therapist)
    found = list(appointments)
    consultations = {visit.appointment_id: visit for visit in Consultation.objects.filter(appointment__in=found)}
    invoices = _invoices_of(consultations.values())
    messages = _messages_of(invoices.values())
    overdue = _overdue_of(day, found)
    rows = []
    for appointment in found:
        consultation = consultations.get(appointment.pk)
        invoice = invoices.get(consultation.pk) if consultation else None
        message = messages.get(invoice.pk) if invoice else None
        owed = overdue.get(appointment.patient_id, money.ZERO)
        rows.append(Visit(appointment, consultation, invoice, message, now, owed))
    _mark_next(rows)
    return rows


def _overdue_of(day: date, appointments: Iterable[Appointment]) -> dict[int, Decimal]:
    """What each patient of the day owes past its date, in CHF."""
    patients = {appointment.patient_id for appointment in appointments}
    late = Invoice.objects.overdue(day).filter(patient__in=patients).order_by()
    return {row["patient"]: row["owed"] for row in late.values("patient").annotate(owed=total("open_amount"))}


def _mark_next(rows: list[Visit]) -> None:
    """The visit that carries the page's one primary action: who has arrived, otherwise who comes next."""
    waiting = [row for row in rows if row.appointment.state == Appointment.State.ARRIVED]
    coming = [row for row in rows if row.appointment.state == Appointment.State.BOOKED]
    for row in (waiting or coming)[:1]:
        row.is_next = True


def _invoices_of(consultations: Iterable[Consultation]) -> dict[int, Invoice]:
    live = Invoice.objects.filter(billed__consultation__in=list(consultations), billed__live=True).defer("document")
    return {
        pk: invoice
        for invoice in live.prefetch_related("billed")
        for pk in (b.consultation_id for b in invoice.billed.all())
    }


def _messages_of(invoices: Iterable[Invoice]) -> dict[int, Message]:
    newest: dict[int, Message] = {}
    for message in Message.objects.filter(invoice__in=list(invoices)).defer("mime").order_by("pk"):
        if message.invoice_id is not None:
            newest[message.invoice_id] = message
    return newest


@dataclass(frozen=True)
class Todo:
    """A line of "to settle": a sentence, its figures, and the list that proves them."""

    icon: str
    level: str
    title: str
    detail: str
    url: str
    count: int | None = None
    amount: Decimal | None = None


def to_settle(today: date) -> list[Todo]:
    """Trouble first, then money; what is in order is left out."""
    found = [_messages_in_trouble(), _overdue(today), _open(), _being_written(today)]
    return [*(todo for todo in found[:1] if todo), *map(_run, runs.unfinished()), *(todo for todo in found[1:] if todo)]


def _run(run: BillingRun) -> Todo:
    """A billing run that waits for a look, or is not through yet. Its figures come with ``runs.unfinished``."""
    figures: Any = run
    url, amount = reverse("billing:run", args=[run.pk]), figures.items_amount
    if run.state == BillingRun.State.PROPOSED:
        sentence = ngettext(
            "%(count)d invoice is ready to review", "%(count)d invoices are ready to review", figures.n_items
        )
        ready = sentence % {"count": figures.n_items}
        return Todo("list-checks", "info", ready, _("Prepared by night"), url, amount=amount)
    detail = _("%(done)d of %(all)d issued") % {"done": figures.n_issued, "all": figures.n_items}
    if run.state == BillingRun.State.PAUSED:
        return Todo("clock", "warn", _("Invoices paused"), detail, url, amount=amount)
    return Todo("loader-circle", "info", _("Invoices under way"), detail, url, amount=amount)


def _messages_in_trouble() -> Todo | None:
    count = Message.objects.filter(state__in=Message.TROUBLED).count()
    detail = _("Refused, or perhaps sent")
    url = f"{reverse('mailing:messages')}?state=troubled"
    return Todo("mail-x", "bad", _("Messages not sent"), detail, url, count) if count else None


def _overdue(today: date) -> Todo | None:
    sums = Invoice.objects.overdue(today).count_and_sums()
    url = f"{reverse('billing:invoices')}?state=overdue"
    detail = _("Past the date until which they were payable")
    return (
        Todo("triangle-alert", "bad", _("Overdue invoices"), detail, url, sums["count"], sums["open"])
        if sums["count"]
        else None
    )


def _open() -> Todo | None:
    sums = Invoice.objects.open().count_and_sums()
    url = f"{reverse('billing:invoices')}?state=open"
    detail = _("Overdue ones included")
    return (
        Todo("hourglass", "muted", _("Open invoices"), detail, url, sums["count"], sums["open"])
        if sums["count"]
        else None
    )


def _being_written(today: date) -> Todo | None:
    count = Consultation.objects.being_written().filter(treated_on__lt=today).count()
    url = f"{reverse('consultations:list')}?state=open"
    return (
        Todo("pencil", "warn", _("Consultations not finished"), _("From earlier days"), url, count) if count else None
    )


@dataclass(frozen=True)
class Birthday:
    """Who has a birthday on which of the coming days, and the age that is reached."""

    patient: Patient
    on: date
    age: int
    is_today: bool


def birthdays(today: date) -> list[Birthday]:
    """Today and the six days after it, in this order."""
    days = [today + timedelta(days=ahead) for ahead in range(BIRTHDAYS_AHEAD)]
    patients = Patient.objects.active().with_birthday_on(days)
    found = [_birthday(patient, days) for patient in patients]
    return sorted(found, key=lambda birthday: birthday.on)[:SHOWN]


def _birthday(patient: Patient, days: list[date]) -> Birthday:
    """The day among these on which it is kept: the date itself, or 28 February for the 29th."""
    key = (patient.birth_on.month, patient.birth_on.day)
    on = next((day for day in days if (day.month, day.day) == key), None)
    kept = on or next(day for day in days if (day.month, day.day) == (2, 28))
    return Birthday(patient, kept, kept.year - patient.birth_on.year, kept == days[0])


class Unbilled:
    """The visits without invoice: one number on Today, and the first of them."""

    def __init__(self) -> None:
        self.all = Consultation.objects.billable()

    @cached_property
    def sums(self) -> dict[str, Any]:
        return self.all.count_and_amount()

    @cached_property
    def rows(self) -> list[Consultation]:
        return list(self.all.for_lists().newest_first()[:SHOWN])


def headline(rows: list[Visit]) -> str:
    """7 appointments, 2 done."""
    done = sum(1 for row in rows if row.appointment.state == Appointment.State.DONE)
    booked = ngettext("%(count)d appointment", "%(count)d appointments", len(rows)) % {"count": len(rows)}
    finished = ngettext("%(count)d done", "%(count)d done", done) % {"count": done}
    return f"{booked}, {finished}" if rows else _("No appointments today")
