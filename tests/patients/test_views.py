"""Pages of the directory and of the file: page, part, wrong method, stranger, secretary, invalid, already done."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from optamed.practice.models import User
from patients.models import Patient
from patients.services import files
from tests import factories
from tests.factories import World

PART = {"HX-Request": "true"}
THREE = {"last_name": "Favre", "first_name": "Luc", "birth_on": "3.5.81"}


def text(response: Any) -> str:
    return str(response.content.decode())


GETS = ["list", "new", "find", "place", "export"]
OF_ONE = ["patient", "edit"]
POSTS = ["archive", "restore", "consent"]


@pytest.mark.parametrize("name", GETS)
def test_strangers_are_sent_to_the_door_from_every_page(stranger: Client, name: str) -> None:
    response = stranger.get(reverse(f"patients:{name}"))

    assert response.headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("name", OF_ONE + POSTS)
def test_strangers_learn_nothing_of_a_file(stranger: Client, world: World, name: str) -> None:
    url = reverse(f"patients:{name}", args=[world.patient().pk])

    response = stranger.post(url, {"consent": "no"}) if name in POSTS else stranger.get(url)

    assert response.headers["Location"].startswith("/sign-in/")
    assert not Patient.objects.exclude(archived_at=None).exists()


@pytest.mark.parametrize("name", POSTS)
def test_what_changes_something_is_never_a_get(signed_in: Client, world: World, name: str) -> None:
    assert signed_in.get(reverse(f"patients:{name}", args=[world.patient().pk])).status_code == 405


@pytest.mark.parametrize("name", ["list", "find", "place", "export"])
def test_what_only_shows_takes_no_post(signed_in: Client, name: str) -> None:
    assert signed_in.post(reverse(f"patients:{name}")).status_code == 405


@pytest.mark.parametrize("name", OF_ONE + POSTS)
def test_an_unknown_file_is_not_found(signed_in: Client, name: str) -> None:
    url = reverse(f"patients:{name}", args=[9999])

    assert (signed_in.post(url) if name in POSTS else signed_in.get(url)).status_code == 404


@pytest.mark.parametrize(("name", "mark"), [("list", 'id="patient-results"'), ("new", 'id="patient-form"')])
def test_htmx_gets_the_part_and_a_browser_the_page(signed_in: Client, world: World, name: str, mark: str) -> None:
    world.patient()
    url = reverse(f"patients:{name}")

    page, part = text(signed_in.get(url)), text(signed_in.get(url, headers=PART))

    assert "<html" in page
    assert mark in page
    assert "<html" not in part
    assert mark in part


def test_three_fields_make_a_file(signed_in: Client, owner: User) -> None:
    response = signed_in.post("/patients/new/", THREE)

    patient = Patient.objects.get()
    assert response.headers["Location"] == patient.get_absolute_url()
    assert (patient.birth_on, patient.language, patient.country) == (date(1981, 5, 3), owner.language, "CH")


def test_a_file_made_in_a_dialog_is_opened(signed_in: Client, world: World) -> None:
    response = signed_in.post("/patients/new/", THREE, headers=PART)

    assert response.status_code == 204
    assert response.headers["HX-Redirect"] == Patient.objects.get().get_absolute_url()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("birth_on", "32.13.1980"),
        ("birth_on", "1.1.2999"),
        ("last_name", ""),
        ("last_name", "x" * 36),
        ("avs", "756.0000.0000.00"),
        ("email", "not an address"),
        ("country", "Switzerland"),
        ("canton", "XX"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(signed_in: Client, world: World, field: str, value: str) -> None:
    response = signed_in.post("/patients/new/", THREE | {field: value})

    assert response.status_code == 422
    assert response.context["form"].errors[field]
    assert not Patient.objects.exists()


def test_a_namesake_is_shown_with_a_link_and_can_be_confirmed(signed_in: Client, world: World) -> None:
    known = world.patient(last_name="Favre", first_name="Luc", birth_on=date(1981, 5, 3))

    asked = signed_in.post("/patients/new/", THREE)
    signed_in.post("/patients/new/", THREE | {"confirmed": asked.context["form"].codes})

    assert asked.status_code == 422
    assert f'href="{known.get_absolute_url()}"' in text(asked)
    assert Patient.objects.count() == 2


def test_a_name_in_a_warning_is_escaped(signed_in: Client, world: World) -> None:
    hostile = {"last_name": "<b>Favre</b>", "first_name": "Luc", "birth_on": date(1981, 5, 3)}
    world.patient(**hostile)

    page = text(signed_in.post("/patients/new/", hostile | {"birth_on": "03.05.1981"}))

    assert "<b>Favre</b>" not in page


def edited(patient: Patient, **fields: Any) -> dict[str, Any]:
    stands = {"last_name": patient.last_name, "first_name": patient.first_name, "birth_on": "03.05.1974"}
    return stands | {"version": patient.version, "email": patient.email, "street": patient.street} | fields


def test_a_changed_file_is_saved(signed_in: Client, world: World) -> None:
    patient = world.patient()

    response = signed_in.post(reverse("patients:edit", args=[patient.pk]), edited(patient, town="Nidau"))

    assert response.headers["Location"] == patient.get_absolute_url()
    assert Patient.objects.get().town == "Nidau"


def test_the_second_window_sees_what_the_first_wrote_and_keeps_what_it_typed(signed_in: Client, world: World) -> None:
    patient = world.patient()
    files.update(patient=patient, version=1, town="Nidau", by=world.owner)
    url = reverse("patients:edit", args=[patient.pk])

    told = signed_in.post(url, edited(patient, town="Lyss"))
    saved = signed_in.post(url, edited(patient, town="Lyss", version=2))

    assert told.status_code == 409
    assert "Nidau" in text(told)
    assert 'value="Lyss"' in text(told)
    assert 'name="version" value="2"' in text(told)
    assert saved.status_code == 302
    assert Patient.objects.get().town == "Lyss"


def test_a_form_without_its_version_overwrites_nothing(signed_in: Client, world: World) -> None:
    patient = world.patient()

    response = signed_in.post(reverse("patients:edit", args=[patient.pk]), edited(patient, town="Lyss", version=""))

    assert response.status_code == 409
    assert Patient.objects.get().town == "Biel/Bienne"


def test_the_safety_line_is_clinical_until_the_therapist_shows_it(
    signed_in: Client, desk: Client, world: World
) -> None:
    patient = world.patient(safety_note="Under anticoagulants")
    urls = [reverse("patients:patient", args=[patient.pk]), reverse("patients:edit", args=[patient.pk])]

    seen = [text(signed_in.get(url)) for url in urls]
    hidden = [text(desk.get(url)) for url in urls]

    assert all("Under anticoagulants" in page for page in seen)
    assert not any("Under anticoagulants" in page for page in hidden)
    files.update(patient=patient, version=1, safety_for_reception=True, by=world.owner)
    assert "Under anticoagulants" in text(desk.get(urls[0]))


def test_a_secretary_changes_a_file_without_touching_its_safety_line(desk: Client, world: World) -> None:
    patient = world.patient(safety_note="Under anticoagulants")
    hostile = edited(patient, town="Lyss", safety_note="gone", safety_for_reception="on")

    desk.post(reverse("patients:edit", args=[patient.pk]), hostile)

    changed = Patient.objects.get()
    assert (changed.town, changed.safety_note, changed.safety_for_reception) == ("Lyss", "Under anticoagulants", False)


def test_an_owner_who_does_not_treat_reads_no_safety_line(world: World) -> None:
    client = Client()
    client.force_login(factories.owner(is_therapist=False), backend="django.contrib.auth.backends.ModelBackend")
    patient = world.patient(safety_note="Under anticoagulants")

    pages = [
        text(client.get(f"/patients/{patient.pk}/")),
        text(client.get(f"/admin/patients/patient/{patient.pk}/change/")),
    ]

    assert not any("Under anticoagulants" in page for page in pages)


def test_archiving_and_bringing_back_can_be_asked_twice(signed_in: Client, world: World) -> None:
    patient = world.patient()

    for name, archived in (("archive", True), ("archive", True), ("restore", False), ("restore", False)):
        response = signed_in.post(reverse(f"patients:{name}", args=[patient.pk]))
        patient.refresh_from_db()
        assert response.headers["Location"] == patient.get_absolute_url()
        assert patient.is_archived is archived


def test_consent_is_noted_where_the_question_stands(signed_in: Client, world: World) -> None:
    patient = world.patient(mail_consent="unknown")
    url = reverse("patients:consent", args=[patient.pk])

    part = signed_in.post(url, {"consent": "yes"}, headers=PART)
    nonsense = signed_in.post(url, {"consent": "perhaps"}, headers=PART)

    patient.refresh_from_db()
    assert 'id="patient-facts"' in text(part)
    assert nonsense.status_code == 409
    assert patient.mail_consent == "yes"


@pytest.mark.parametrize(
    ("asked", "town", "canton"),
    [
        ({"postcode": "2502"}, "Biel/Bienne", "BE"),
        ({"postcode": "9490"}, "Vaduz", "LI"),
        ({"postcode": "69001", "town": "Lyon"}, "Lyon", ""),
        ({"postcode": "", "town": "", "canton": "VD"}, "", "VD"),
    ],
)
def test_a_postcode_gives_town_and_canton_and_leaves_what_it_does_not_know(
    signed_in: Client, asked: dict[str, str], town: str, canton: str
) -> None:
    part = text(signed_in.get("/patients/place/", asked))

    chosen = re.search(r'<option value="(\w*)" selected', part)
    typed = re.search(r'name="town"[^>]*?value="([^"]*)"|value="([^"]*)"[^>]*name="town"', part)
    assert chosen is not None
    assert chosen[1] == canton
    assert (typed[1] or typed[2] if typed else "") == town


def test_hostile_names_are_text_on_every_page(signed_in: Client, world: World) -> None:
    hostile = "<script>alert(1)</script>"
    patient = world.patient(last_name=hostile, remark=hostile)

    pages = [
        text(signed_in.get(url)) for url in ("/patients/", f"/patients/{patient.pk}/", f"/patients/{patient.pk}/edit/")
    ]

    assert not any(hostile in page for page in pages)


def test_the_admin_saves_through_the_service(signed_in: Client, world: World) -> None:
    patient = world.patient()
    url = reverse("admin:patients_patient_change", args=[patient.pk])
    form = signed_in.get(url).context["adminform"].form
    fields = {name: value for name, value in form.initial.items() if value is not None}

    response = signed_in.post(url, fields | {"last_name": "Dubois", "birth_on": "1974-05-03"})

    assert response.status_code == 302
    assert Patient.objects.search("dubois").get().version == 2


def test_a_patient_may_have_an_own_term_and_own_papers(signed_in: Client) -> None:
    signed_in.post(reverse("patients:new"), THREE | {"payment_days": "60", "papers": ["annex", "invoice"]})

    kept = Patient.objects.get()
    page = text(signed_in.get(reverse("patients:edit", args=[kept.pk])))
    assert (kept.payment_days, kept.papers) == (60, "invoice,annex")
    assert 'value="60"' in page
    assert re.search(r'value="annex"[^>]*checked', page)
    assert not re.search(r'value="copy"[^>]*checked', page)


def test_a_patient_is_billed_as_the_practice_does_unless_said_otherwise(signed_in: Client) -> None:
    signed_in.post(reverse("patients:new"), THREE)

    kept = Patient.objects.get()
    assert (kept.payment_days, kept.papers) == (None, "")


@pytest.mark.parametrize("wrong", [{"payment_days": "-1"}, {"payment_days": "366"}, {"papers": ["poster"]}])
def test_impossible_terms_and_papers_are_refused(signed_in: Client, wrong: dict[str, Any]) -> None:
    answer = signed_in.post(reverse("patients:new"), THREE | wrong)

    assert answer.status_code == 422
    assert not Patient.objects.exists()
