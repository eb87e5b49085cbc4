"""Making, changing and archiving a patient's file."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from optamed.core import dates, identifiers
from optamed.core.errors import DomainError
from optamed.core.text import fold
from optamed.journal import services as journal
from optamed.practice.models import User
from optamed.practice.services import counters
from patients.models import Patient

COLUMNS = Patient._meta.concrete_fields  # noqa: SLF001  Django's own list
FIELDS = frozenset(field.name for field in COLUMNS if field.editable and not field.primary_key)


class StaleFileError(DomainError):
    """Another window saved meanwhile; ``current`` is what stands there now."""

    def __init__(self, current: Patient) -> None:
        super().__init__(_("This file was changed in another window. Compare before you save again."))
        self.current = current


@transaction.atomic
def create(*, by: User | None, **fields: Any) -> Patient:
    """A new file with the next number. Raises DomainError where a field does not fit."""
    patient = Patient(number=counters.take(name="P"), **_known(fields))
    _complete(patient)
    patient.save()
    journal.record(verb="created", subject=patient, by=by)
    return patient


@transaction.atomic
def update(*, patient: Patient, version: int, by: User | None, **fields: Any) -> Patient:
    """Change a file; ``version`` is the one the window started from. Raises StaleFileError where another was first."""
    current = Patient.objects.select_for_update().get(pk=patient.pk)
    if current.version != version:
        raise StaleFileError(current)
    changed = {name: value for name, value in _known(fields).items() if getattr(current, name) != value}
    if not changed:
        return current
    for name, value in changed.items():
        setattr(current, name, value)
    _complete(current)
    current.version = version + 1
    current.save(update_fields=[*changed, "birthday", "search_text", "version"])
    journal.record(verb="changed", subject=current, by=by)
    return current


@transaction.atomic
def archive(*, patient: Patient, by: User | None) -> Patient:
    """Out of the lists, never lost. Archiving twice changes nothing."""
    archived = Patient.objects.filter(pk=patient.pk, archived_at__isnull=True).update(archived_at=dates.now())
    return _noted(patient, verb="archived", happened=bool(archived), by=by)


@transaction.atomic
def restore(*, patient: Patient, by: User | None) -> Patient:
    """Back into the lists."""
    restored = Patient.objects.filter(pk=patient.pk, archived_at__isnull=False).update(archived_at=None)
    return _noted(patient, verb="restored", happened=bool(restored), by=by)


@transaction.atomic
def set_mail_consent(*, patient: Patient, consent: str, by: User | None) -> Patient:
    """What the patient says to unsecured e-mail (FADP art. 6 para. 7: health data want an express consent)."""
    if consent not in Patient.MailConsent.values:
        raise DomainError(_("Choose whether the patient agrees."))
    told = Patient.objects.filter(pk=patient.pk).exclude(mail_consent=consent)
    changed = told.update(mail_consent=consent, version=F("version") + 1)
    return _noted(patient, verb=f"mail consent {consent}", happened=bool(changed), by=by)


def note_export(*, by: User) -> None:
    """The list left the program: the journal says when, and by whom."""
    journal.record(verb="exported patients", subject=by, by=by)


def note_visit(*, patient: Patient, on: date) -> None:
    """Written by consultations: the newest day of treatment, which lists sort by."""
    older = Q(last_visit_on__isnull=True) | Q(last_visit_on__lt=on)
    Patient.objects.filter(older, pk=patient.pk).update(last_visit_on=on)


def correct_last_visit(*, patient: Patient, on: date | None) -> None:
    """Written by consultations when a visit is deleted: the newest day of treatment that is left."""
    Patient.objects.filter(pk=patient.pk).update(last_visit_on=on)


def note_open_amount(*, patient: Patient, amount: Decimal) -> None:
    """Written by billing: what the patient owes on issued invoices, in CHF."""
    Patient.objects.filter(pk=patient.pk).update(open_amount=amount)


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    if unknown := fields.keys() - FIELDS:
        raise TypeError(f"A patient has no {', '.join(sorted(unknown))}.")
    return {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}


def _complete(patient: Patient) -> None:
    """The plain AVS number, the text that is searched, and every rule of the fields."""
    try:
        patient.full_clean(validate_unique=False, exclude=["birthday", "search_text"])
    except ValidationError as error:
        raise DomainError(error.messages[0]) from error
    patient.birthday = 100 * patient.birth_on.month + patient.birth_on.day
    if patient.birth_on > dates.today():
        raise DomainError(_("A birth date lies in the past."))
    patient.avs = identifiers.clean_avs(patient.avs) if patient.avs else ""
    patient.search_text = search_text(patient)


def search_text(patient: Patient) -> str:
    """Folded, between blanks, the name first: lists are sorted by it, and namesakes found by it."""
    born = patient.birth_on
    parts = [
        patient.last_name,
        patient.first_name,
        f"{born:%d.%m.%Y}",
        f"{born.day}.{born.month}.{born.year}",
        patient.number_label,
        *_numbers(patient.phone),
        *_numbers(patient.mobile),
        patient.email,
        patient.town,
    ]
    return f" {fold(' '.join(parts))} "


def _numbers(phone: str) -> list[str]:
    """A phone number as people type it: 0790001234 and +41790001234."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    if phone.strip().startswith("+41"):
        return [f"0{digits[2:]}", f"+{digits}"]
    return [digits, f"+41{digits[1:]}"] if digits.startswith("0") and not digits.startswith("00") else [digits]


def _noted(patient: Patient, *, verb: str, happened: bool, by: User | None) -> Patient:
    patient.refresh_from_db()
    if happened:
        journal.record(verb=verb, subject=patient, by=by)
    return patient
