"""The demo practice in an empty database."""

from datetime import date
from random import Random

from django.utils import translation

from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.desk.services.demo import house, people
from optamed.desk.services.demo.days import Diary
from optamed.practice.models import User
from patients.models import Patient
from patients.services import files


def seed(*, patients: int, weeks: int, seed: int, email: str, password: str) -> User:
    """Build a practice that looks alive and return its owner. DomainError where there is one already."""
    if User.objects.exists():
        raise DomainError("This data folder already holds a practice. A demo wants an empty one.")
    dice, now = Random(seed), dates.now()  # noqa: S311  a demo is no secret
    with translation.override("fr"):
        home = house.build(email=email, password=password)
        known = [_patient(dice, number, dates.local(now).date(), home.owner) for number in range(1, patients + 1)]
        Diary(home, known, dice, now).fill(weeks)
    return home.owner


def _patient(dice: Random, number: int, today: date, by: User) -> Patient:
    return files.create(by=by, **people.patient(dice, number, today))
