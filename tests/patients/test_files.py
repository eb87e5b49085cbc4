"""The verbs of the patient's file."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.journal.models import PendingEntry
from patients.models import Patient
from patients.services import files
from tests import factories
from tests.factories import World


def test_files_are_numbered_one_after_the_other(world: World) -> None:
    first, second = world.patient(), world.patient(first_name="Luc")

    assert (first.number_label, second.number_label) == ("P-00001", "P-00002")


def test_a_refused_file_takes_no_number(world: World) -> None:
    with pytest.raises(DomainError):
        world.patient(avs="756.0000.0000.00")

    assert world.patient().number == 1


def test_an_avs_number_is_stored_plain_and_shown_in_groups(world: World) -> None:
    patient = world.patient(avs="756.9217.0769.85")

    assert (patient.avs, patient.avs_in_groups) == ("7569217076985", "756.9217.0769.85")


def test_a_birth_date_in_the_future_is_refused(world: World) -> None:
    with pytest.raises(DomainError, match="past"):
        world.patient(birth_on=dates.today() + timedelta(days=1))


@pytest.mark.parametrize("field", ["last_name", "first_name", "street", "town", "insurer"])
def test_no_name_is_longer_than_form_5_takes(world: World, field: str) -> None:
    longest = world.patient(**{field: "é" * 35})

    with pytest.raises(DomainError):
        world.patient(**{field: "é" * 36})
    assert getattr(longest, field) == "é" * 35


@pytest.mark.parametrize(
    "words",
    [
        "elodie",
        "ÉMERY",
        "emery élo",
        "03.05.1974",
        "3.5.1974",
        "P-00001",
        "0790001234",
        "+41790001234",
        "079 000 12",
        "biel",
        "emery@",
    ],
)
def test_a_file_is_found_by_any_part_of_what_people_remember(world: World, words: str) -> None:
    emery = world.patient(last_name="Émery", first_name="Élodie", mobile="079 000 12 34", email="emery@example.ch")
    world.patient(
        last_name="Zbinden", first_name="Ana", town="Nidau", postcode="2560", birth_on=date(1980, 1, 1), email=""
    )

    assert list(Patient.objects.search(words)) == [emery]


def test_accents_do_not_send_a_name_to_the_end_of_the_list(world: World) -> None:
    for last_name in ("Favre", "Émery", "zbinden", "Aebi"):
        world.patient(last_name=last_name)

    assert [one.last_name for one in Patient.objects.all()] == ["Aebi", "Émery", "Favre", "zbinden"]


def test_a_changed_name_is_found_at_once(world: World) -> None:
    patient = world.patient(email="")

    files.update(patient=patient, version=1, last_name="Dubois", by=world.owner)

    assert Patient.objects.search("dubois").count() == 1
    assert Patient.objects.search("tavernay").count() == 0


def test_namesakes_are_those_with_the_same_name_and_birth_date_accents_aside(world: World) -> None:
    twin = world.patient(last_name="Émery", first_name="Élodie")
    world.patient(last_name="Émery", first_name="Élodie", birth_on=date(1990, 1, 1))
    world.patient(last_name="Émery", first_name="Élodine")

    found = Patient.objects.namesakes(last_name="emery", first_name="ELODIE", birth_on=twin.birth_on)

    assert list(found) == [twin]


def test_the_second_window_is_told_and_overwrites_nothing(world: World) -> None:
    patient = world.patient()
    files.update(patient=patient, version=1, town="Nidau", by=world.owner)

    with pytest.raises(files.StaleFileError) as stale:
        files.update(patient=patient, version=1, town="Lyss", by=world.owner)

    assert stale.value.current.town == "Nidau"
    assert Patient.objects.get().town == "Nidau"


def test_saving_what_stands_there_already_changes_nothing(world: World) -> None:
    patient = world.patient()
    before = PendingEntry.objects.count()

    unchanged = files.update(patient=patient, version=1, town=patient.town, by=world.owner)

    assert unchanged.version == 1
    assert PendingEntry.objects.count() == before


def test_archiving_twice_is_journalled_once_and_can_be_taken_back(world: World) -> None:
    patient = world.patient()

    files.archive(patient=patient, by=world.owner)
    files.archive(patient=patient, by=world.owner)

    assert PendingEntry.objects.filter(verb="archived").count() == 1
    assert list(Patient.objects.active()) == []
    assert not files.restore(patient=patient, by=world.owner).is_archived


def test_consent_takes_one_of_three_answers(world: World) -> None:
    patient = world.patient(mail_consent="unknown")

    assert files.set_mail_consent(patient=patient, consent="yes", by=world.owner).mail_consent == "yes"
    with pytest.raises(DomainError):
        files.set_mail_consent(patient=patient, consent="perhaps", by=world.owner)


def test_the_last_visit_only_moves_forward(world: World) -> None:
    patient = world.patient()

    files.note_visit(patient=patient, on=date(2026, 5, 1))
    files.note_visit(patient=patient, on=date(2026, 3, 1))
    files.note_open_amount(patient=patient, amount=Decimal("132.00"))

    patient.refresh_from_db()
    assert (patient.last_visit_on, patient.open_amount) == (date(2026, 5, 1), Decimal("132.00"))


def test_a_field_that_does_not_exist_is_a_mistake_of_the_program(world: World) -> None:
    with pytest.raises(TypeError, match="shoe_size"):
        files.create(by=world.owner, shoe_size=44)


def test_every_change_leaves_one_entry_in_the_journal(world: World) -> None:
    patient = factories.patient()

    files.update(patient=patient, version=1, town="Lyss", by=world.owner)

    entry = PendingEntry.objects.get(verb="changed")
    assert (entry.subject, entry.subject_id, entry.user_id) == ("patients.patient", patient.pk, world.owner.pk)
