"""A file and its first appointment in one go."""

from datetime import date
from typing import Any

from django.db import transaction

from agenda.calendar.models import Appointment
from agenda.calendar.services import booking
from optamed.practice.models import User
from patients.services import files


@transaction.atomic
def book(
    *, last_name: str, first_name: str, birth_on: date, mobile: str = "", by: User, **appointment: Any
) -> Appointment:
    """Both or neither. ``appointment`` is what ``booking.book`` takes beside the patient."""
    patient = files.create(
        last_name=last_name, first_name=first_name, birth_on=birth_on, mobile=mobile, language=by.language, by=by
    )
    return booking.book(patient=patient, by=by, **appointment)
