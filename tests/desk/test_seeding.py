"""The demo practice: the same seed gives the same one, and none is built over a practice that is there."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from agenda.calendar.models import Appointment
from agenda.consultations.models import Consultation, Note
from billing.models import Invoice, Payment
from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.desk.services import seeding
from optamed.practice.models import Practice, User
from patients.models import Patient
from tests import factories

SMALL = {"patients": 4, "weeks": 1, "email": "demo@optamed.example", "password": "demo-optamed-2026"}
MONDAY = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)


def practice_of(seed: int) -> list[Any]:
    """What a seed builds in an empty database, without keys."""
    call_command("flush", interactive=False, verbosity=0)
    factories.reference_data()
    with dates.pretend(MONDAY):
        seeding.seed(seed=seed, **SMALL)
    return [
        list(Patient.objects.order_by("number").values_list("last_name", "birth_on", "email", "open_amount")),
        list(Appointment.objects.order_by("starts_at", "therapist").values_list("starts_at", "state")),
        list(Consultation.objects.order_by("number").values_list("number", "treated_on", "state", "amount")),
        list(Invoice.objects.order_by("number").values_list("number", "issued_on", "total", "open_amount")),
        list(Payment.objects.order_by("pk").values_list("received_on", "amount", "means")),
        list(Note.objects.order_by("consultation__number").values_list("html", flat=True)),
    ]


@pytest.mark.django_db(transaction=True)
def test_the_same_seed_gives_the_same_practice_and_another_one_another() -> None:
    first, again, other = practice_of(1), practice_of(1), practice_of(2)

    assert first == again
    assert first != other
    assert all(first)


@pytest.fixture
def empty(db: None) -> None:
    factories.reference_data()


def test_it_looks_alive_work_behind_and_work_ahead(empty: None) -> None:
    with dates.pretend(MONDAY):
        owner = seeding.seed(seed=1, **SMALL)

        assert owner.is_owner
        assert Appointment.objects.filter(starts_at__gt=dates.now()).exists()
        assert Consultation.objects.filter(treated_on__lt=dates.today(), state="closed").exists()
        assert Invoice.objects.open().exists()
        assert Payment.objects.exists()
        assert not Invoice.objects.drafts().exists()


def test_the_history_lies_in_the_past(empty: None) -> None:
    with dates.pretend(MONDAY):
        seeding.seed(seed=1, **SMALL)

    assert not Consultation.objects.filter(created_at__gt=MONDAY).exists()
    assert not Payment.objects.filter(received_on__gt=MONDAY.date()).exists()


def test_a_practice_that_is_there_is_never_built_over(empty: None) -> None:
    factories.owner()

    with pytest.raises(DomainError, match="already holds a practice"):
        seeding.seed(seed=1, **SMALL)

    assert User.objects.count() == 1
    assert not Practice.objects.exists()


def test_the_command_says_the_same_and_ends_with_an_error(empty: None) -> None:
    factories.owner()

    with pytest.raises(CommandError, match="already holds a practice"):
        call_command("seed", patients=1, weeks=1)
