"""Opening, filling, closing a consultation."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from agenda.calendar.models import Appointment
from agenda.calendar.services import booking
from agenda.consultations import access
from agenda.consultations.models import Consultation, ConsultationLine, Note
from agenda.consultations.services import lines as line_rules
from agenda.consultations.services.lines import LineInput
from optamed.core import dates, money
from optamed.core.errors import DomainError
from optamed.journal import services as journal
from optamed.practice.models import PracticeAddress, Therapist, User
from optamed.practice.services import counters
from patients.models import Patient
from patients.services import files

ADDRESS_FIELDS = ("name", "street", "house_no", "postcode", "town", "canton", "country", "phone", "email", "gln")
BILLING_FACTS = (
    *("law", "reason", "accident_on", "case_no", "therapy", "reimbursement", "contract_no", "approval_no"),
    *("approval_on", "diagnosis_type", "diagnosis_code", "diagnosis", "insurer_remark"),
)


def open_for(*, appointment: Appointment, by: User | None) -> Consultation:
    """The consultation of an appointment: made on the first call, the same one on every other.

    Its lines are those of the patient's last visit of the same service, otherwise what the service suggests.
    DomainError for a visit that was called off or whose day is still to come.
    """
    with transaction.atomic():
        locked = Appointment.objects.select_for_update().get(pk=appointment.pk)
        found = Consultation.objects.filter(appointment=appointment).first()
        if found is not None:
            return found
        _refuse_what_did_not_begin(locked)
        consultation = _new(
            patient=appointment.patient,
            therapist=appointment.therapist,
            address=appointment.address,
            treated_on=dates.local(appointment.starts_at).date(),
            appointment=appointment,
            by=by,
        )
        _prefill(consultation, appointment)
        return consultation


@transaction.atomic
def open_free(
    *, patient: Patient, therapist: Therapist, address: PracticeAddress, treated_on: date, by: User | None
) -> Consultation:
    """A consultation without an appointment, on a free date that is not in the future."""
    if treated_on > dates.today():
        raise DomainError(_("A consultation cannot lie in the future. Book an appointment instead."))
    return _new(patient=patient, therapist=therapist, address=address, treated_on=treated_on, appointment=None, by=by)


@transaction.atomic
def set_lines(*, consultation: Consultation, lines: Iterable[LineInput], by: User | None) -> Consultation:
    """Replace the lines; the amount follows. Refused once the visit is on an invoice."""
    _refuse_billed(consultation)
    built = line_rules.build(consultation=consultation, lines=lines)
    consultation.lines.all().delete()
    for line in built:
        line.save()
    consultation.amount = sum((line.amount for line in built), money.ZERO)
    consultation.save(update_fields=["amount"])
    journal.record(verb="lines", subject=consultation, by=by)
    return consultation


def has_lines(*, consultation: Consultation, lines: Iterable[LineInput]) -> bool:
    """Whether just these lines stand there. DomainError where they break a rule."""
    built = line_rules.build(consultation=consultation, lines=lines)
    return [_said(line) for line in built] == [_said(line) for line in consultation.lines.order_by("pk")]


def _said(line: ConsultationLine) -> tuple[object, ...]:
    return line.code, line.own_text, line.quantity, line.unit_price


@transaction.atomic
def set_billing_facts(*, consultation: Consultation, by: User | None, **facts: Any) -> Consultation:
    """Law, reason, accident, contract, diagnosis, remark: what the insurer reads beside the lines."""
    _refuse_billed(consultation)
    if facts.get("reason") == Consultation.Reason.ACCIDENT and not facts.get("accident_on"):
        raise DomainError(_("An accident needs its date."))
    for name in BILLING_FACTS:
        if name in facts:
            setattr(consultation, name, facts[name])
    if "diagnosis_type" in facts and consultation.lacks_diagnosis_code:
        raise DomainError(_("Enter the code of the diagnosis, or choose your own words."))
    consultation.save(update_fields=[name for name in BILLING_FACTS if name in facts])
    journal.record(verb="changed", subject=consultation, by=by)
    return consultation


def moved_to(*, consultation: Consultation) -> dict[str, str]:
    """The practice's address as it stands today, where the visit has another one that may still be put right."""
    today = frozen(consultation.address)
    return today if not consultation.is_billed and today != consultation.address_text else {}


@transaction.atomic
def take_over_address(*, consultation: Consultation, by: User | None) -> Consultation:
    """A correction of the practice's address comes onto a visit, until that is on an invoice."""
    _refuse_billed(consultation)
    consultation.address_text = frozen(PracticeAddress.objects.get(pk=consultation.address_id))
    consultation.save(update_fields=["address_text"])
    journal.record(verb="address taken over", subject=consultation, by=by)
    return consultation


@transaction.atomic
def close(*, consultation: Consultation, by: User | None) -> Consultation:
    """The visit is done: it may be invoiced now. Closing twice changes nothing."""
    closed = Consultation.objects.filter(pk=consultation.pk, state=Consultation.State.OPEN).update(
        state=Consultation.State.CLOSED, closed_at=dates.now()
    )
    consultation.refresh_from_db()
    if closed:
        files.note_visit(patient=consultation.patient, on=consultation.treated_on)
        journal.record(verb="closed", subject=consultation, by=by)
    return consultation


@transaction.atomic
def reopen(*, consultation: Consultation, by: User | None) -> Consultation:
    """Back to being written, as long as it is on no invoice."""
    _refuse_billed(consultation)
    Consultation.objects.filter(pk=consultation.pk).update(state=Consultation.State.OPEN, closed_at=None)
    consultation.refresh_from_db()
    journal.record(verb="reopened", subject=consultation, by=by)
    return consultation


@transaction.atomic
def delete(*, consultation: Consultation, reason: str, by: User | None) -> None:
    """Only a visit that is neither invoiced nor paid; a note goes by the hand of those who may read it alone.

    The number is not given again.
    """
    _refuse_billed(consultation)
    is_noted = Note.objects.filter(consultation=consultation).exclude(html="").exists()
    if is_noted and by is not None and not access.may_read_note(by, consultation):
        raise DomainError(_("A note was written here. Only those who treat may delete this consultation."))
    if not reason.strip():
        raise DomainError(_("Say why the consultation is deleted."))
    journal.record(verb="deleted", subject=consultation, by=by)
    try:
        consultation.delete()
    except ProtectedError as error:
        raise DomainError(_("This consultation was paid or invoiced before: it stays.")) from error
    closed = Consultation.objects.of(consultation.patient).filter(state=Consultation.State.CLOSED).newest_first()
    files.correct_last_visit(patient=consultation.patient, on=closed.values_list("treated_on", flat=True).first())


def last_of(*, patient: Patient, besides: Consultation | None = None) -> Consultation | None:
    """The patient's newest earlier visit that has lines."""
    earlier = Consultation.objects.of(patient).filter(lines__isnull=False).newest_first()
    return (earlier.exclude(pk=besides.pk) if besides else earlier).first()


def _new(
    *,
    patient: Patient,
    therapist: Therapist,
    address: PracticeAddress,
    treated_on: date,
    appointment: Appointment | None,
    by: User | None,
) -> Consultation:
    consultation = Consultation.objects.create(
        number=counters.take(name="C"),
        patient=patient,
        therapist=therapist,
        appointment=appointment,
        treated_on=treated_on,
        address=address,
        address_text=frozen(address),
        created_by=by,
    )
    Note.objects.create(consultation=consultation)
    journal.record(verb="opened", subject=consultation, by=by)
    return consultation


def frozen(address: PracticeAddress) -> dict[str, str]:
    """The address as it stands today: what is printed later, even if the practice moves."""
    return {name: getattr(address, name) for name in ADDRESS_FIELDS}


def _prefill(consultation: Consultation, appointment: Appointment) -> None:
    day = consultation.treated_on
    last = (
        Consultation.objects.of(consultation.patient)
        .filter(appointment__type=appointment.type, lines__isnull=False)
        .exclude(pk=consultation.pk)
        .newest_first()
        .first()
    )
    inputs = line_rules.as_last_time(last=last, day=day) if last else []
    inputs = inputs or line_rules.suggested(type=appointment.type, day=day)
    try:
        built = line_rules.build(consultation=consultation, lines=inputs)
    except DomainError:  # a price is missing: the therapist fills the lines in
        return
    ConsultationLine.objects.bulk_create(built)
    consultation.amount = sum((line.amount for line in built), money.ZERO)
    consultation.save(update_fields=["amount"])


def _refuse_what_did_not_begin(appointment: Appointment) -> None:
    if not appointment.is_standing:
        raise DomainError(booking.ALREADY[Appointment.State(appointment.state)])
    if dates.local(appointment.starts_at).date() > dates.today():
        raise DomainError(booking.ALREADY[Appointment.State.BOOKED])


def _refuse_billed(consultation: Consultation) -> None:
    """The row is locked, so that no invoice copies lines which change at the same moment (PostgreSQL)."""
    if Consultation.objects.select_for_update().get(pk=consultation.pk).is_billed:
        raise DomainError(_("This consultation is on an invoice. Cancel the invoice first."))
