"""Who reads a clinical note, what reading leaves behind, and two windows on one note."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from agenda.consultations.models import Consultation, Note
from agenda.consultations.services import notes, visits
from optamed.core import dates
from optamed.journal.models import PendingEntry
from optamed.practice.models import User
from tests import factories
from tests.factories import World

SECRET = "Lombalgie aiguë"
DIAGNOSIS = "Discopathie L5"
JSON = {"Accept": "application/json", "HX-Request": "true"}


@pytest.fixture
def visit(world: World) -> Consultation:
    """A visit with clinical words in its note and its diagnosis."""
    made = world.consultation(patient=world.patient(safety_note="Anticoagulants"))
    visits.set_billing_facts(consultation=made, diagnosis=DIAGNOSIS, by=world.owner)
    notes.save(consultation=made, html=f"<div>{SECRET}</div>", version=0, by=world.owner)
    return made


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def everywhere(visit: Consultation) -> list[str]:
    """Every address that could show a word of it."""
    of_patient = ["of-patient", "timeline", "last-note", "now", "next-visit"]
    return [
        visit.get_absolute_url(),
        visit.patient.get_absolute_url(),
        *(reverse(f"consultations:{name}", args=[visit.patient_id]) for name in of_patient),
        reverse("consultations:list"),
        reverse("consultations:delete", args=[visit.pk]),
        reverse("admin:consultations_consultation_change", args=[visit.pk]),
    ]


@pytest.mark.parametrize(
    "roles",
    [
        {"is_secretary": True},
        {"is_owner": True},
        {"is_owner": True, "is_secretary": True},
        {},
    ],
)
@pytest.mark.parametrize("reopened", [False, True])
def test_who_does_not_treat_finds_no_clinical_word_anywhere(
    visit: Consultation, world: World, roles: dict[str, bool], reopened: bool
) -> None:
    client = browser(factories.user(**roles))
    if reopened:
        visits.reopen(consultation=visit, by=world.owner)

    pages = [client.get(address, follow=True).content.decode() for address in everywhere(visit)]

    assert not [page for page in pages if SECRET in page or DIAGNOSIS in page or "Anticoagulants" in page]


def test_who_treats_reads_note_and_diagnosis(signed_in: Client, visit: Consultation) -> None:
    record = signed_in.get(visit.get_absolute_url()).content.decode()

    assert SECRET in record
    assert DIAGNOSIS in record
    for name in ("timeline", "last-note"):
        assert SECRET in signed_in.get(reverse(f"consultations:{name}", args=[visit.patient_id])).content.decode()


def test_a_secretary_cannot_write_a_note(desk: Client, visit: Consultation) -> None:
    answer = desk.post(f"/consultations/{visit.pk}/note/", {"note": "<div>x</div>", "version": 1}, headers=JSON)

    assert answer.status_code == 403
    assert SECRET in Note.objects.get().html


def test_a_secretary_changes_facts_without_touching_the_diagnosis(
    desk: Client, world: World, visit: Consultation
) -> None:
    visits.reopen(consultation=visit, by=world.owner)

    desk.post(f"/consultations/{visit.pk}/facts/", {"law": "KVG", "reason": "disease", "diagnosis": "none"})

    visit.refresh_from_db()
    assert (visit.law, visit.diagnosis) == ("KVG", DIAGNOSIS)


def test_reading_is_journalled_once_per_ten_minutes(signed_in: Client, visit: Consultation) -> None:
    reads = PendingEntry.objects.filter(verb="read", subject="consultations.consultation", subject_id=visit.pk)

    with time_machine.travel(dates.now(), tick=False) as clock:
        signed_in.get(visit.get_absolute_url())
        signed_in.get(visit.get_absolute_url())
        once = reads.count()
        clock.shift(timedelta(minutes=9, seconds=59))
        signed_in.get(visit.get_absolute_url())
        still = reads.count()
        clock.shift(timedelta(seconds=2))
        signed_in.get(visit.get_absolute_url())

    assert (once, still, reads.count()) == (1, 1, 2)


def test_who_sees_no_note_is_not_journalled_as_a_reader(desk: Client, visit: Consultation) -> None:
    for address in everywhere(visit):
        desk.get(address)

    assert not PendingEntry.objects.filter(verb="read").exists()


def test_the_autosave_answers_with_the_next_version(signed_in: Client, visit: Consultation) -> None:
    answer = signed_in.post(
        f"/consultations/{visit.pk}/note/", {"note": "<div>better</div>", "version": 1}, headers=JSON
    )

    assert answer.json() == {"version": 2}
    assert Note.objects.get().html == "<div>better</div>"


def test_a_stale_window_gets_both_texts_and_overwrites_nothing(signed_in: Client, visit: Consultation) -> None:
    address = f"/consultations/{visit.pk}/note/"
    signed_in.post(address, {"note": "<div>first</div>", "version": 1}, headers=JSON)

    answer = signed_in.post(address, {"note": "<div>second</div>", "version": 1}, headers=JSON)

    assert answer.status_code == 409
    assert answer.json() == {"version": 2, "theirs": "<div>first</div>"}
    assert Note.objects.get().html == "<div>first</div>"


@pytest.mark.parametrize("version", ["", "x", "-1"])
def test_a_note_without_its_version_is_not_accepted(signed_in: Client, visit: Consultation, version: str) -> None:
    answer = signed_in.post(
        f"/consultations/{visit.pk}/note/", {"note": "<div>x</div>", "version": version}, headers=JSON
    )

    assert answer.status_code == 422
    assert SECRET in Note.objects.get().html


def test_scripts_in_a_note_reach_no_page(signed_in: Client, visit: Consultation) -> None:
    hostile = '<div onclick="x()">ok<script>alert(1)</script><img src=x onerror=y></div>'

    signed_in.post(f"/consultations/{visit.pk}/note/", {"note": hostile, "version": 1}, headers=JSON)

    pages = [signed_in.get(address).content.decode() for address in everywhere(visit)]
    assert not [page for page in pages if "alert(1)" in page or "onerror=y" in page]


def test_the_timeline_shows_words_not_markup(signed_in: Client, world: World, visit: Consultation) -> None:
    notes.save(consultation=visit, html="<div>R&amp;D<br>deux <strong>fois</strong></div>", version=1, by=world.owner)

    part = signed_in.get(f"/patients/{visit.patient_id}/timeline/").content.decode()

    assert "R&amp;D deux fois" in part
