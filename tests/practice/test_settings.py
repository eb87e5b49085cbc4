from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from optamed.journal.models import PendingEntry
from optamed.practice.models import Practice, PracticeAddress, Product, Therapist, TherapistPlace, User
from optamed.practice.services import setup
from tests import factories

OWNERS_PAGES = (
    *("practice", "addresses", "address-new", "town", "therapists", "therapist-new", "prices", "users", "user-new"),
    *("accounts", "account-new", "account-check", "products", "product-new", "catalogue", "look"),
)
OWNERS_RECORDS = ("address", "therapist", "price", "user", "user-password", "account", "product")
OWNERS_VERBS = (
    *("address-archive", "address-restore", "therapist-archive", "therapist-restore", "account-default"),
    *("account-archive", "account-restore", "product-archive", "product-restore"),
)
EVERYBODYS_PAGES = ("settings", "password", "about")


def url_of(name: str, records: dict[str, int]) -> str:
    return reverse(f"practice:{name}", args=[records[name.split("-", maxsplit=1)[0]]])


@pytest.mark.parametrize("name", OWNERS_PAGES)
def test_settings_are_the_owners(owner: User, browser_of: Callable[[User], Client], name: str) -> None:
    url = reverse(f"practice:{name}")

    assert browser_of(owner).get(url).status_code == 200
    assert browser_of(factories.user(is_therapist=True)).get(url).status_code == 403
    assert browser_of(factories.secretary()).get(url).status_code == 403
    assert Client().get(url).url == f"/sign-in/?next={url}"


@pytest.mark.parametrize("name", OWNERS_RECORDS)
def test_records_of_the_settings_are_the_owners(
    owner: User, records: dict[str, int], browser_of: Callable[[User], Client], name: str
) -> None:
    url = url_of(name, records)

    assert browser_of(owner).get(url).status_code == 200
    assert browser_of(factories.user(is_therapist=True)).get(url).status_code == 403
    assert browser_of(factories.secretary()).get(url).status_code == 403
    assert Client().get(url).status_code == 302


@pytest.mark.parametrize("name", OWNERS_VERBS)
def test_verbs_of_the_settings_are_the_owners_and_never_a_link(
    owner: User, records: dict[str, int], browser_of: Callable[[User], Client], name: str
) -> None:
    url = url_of(name, records)

    assert browser_of(owner).get(url).status_code == 405
    assert browser_of(factories.user(is_therapist=True)).post(url).status_code == 403
    assert browser_of(factories.secretary()).post(url).status_code == 403


@pytest.mark.parametrize("name", EVERYBODYS_PAGES)
def test_some_pages_are_everybodys(owner: User, browser_of: Callable[[User], Client], name: str) -> None:
    answer = browser_of(factories.secretary()).get(reverse(f"practice:{name}"))

    assert answer.status_code == 200
    assert "/settings/users/" not in answer.content.decode()


def test_the_settings_name_what_is_missing_and_lead_there(signed_in: Client) -> None:
    page = signed_in.get("/settings/").content.decode()

    assert "Enter the bank account for the QR-bill." in page
    assert 'href="/settings/accounts/"' in page


def test_nothing_is_missing_in_a_practice_that_is_set_up(records: dict[str, int]) -> None:
    assert setup.missing() == []


@pytest.mark.parametrize(
    ("table", "change", "sentence"),
    [
        (PracticeAddress, {"gln": ""}, "Enter the GLN of each address."),
        (Therapist, {"gln": ""}, "Enter the GLN of each therapist."),
        (TherapistPlace, {"rcc": ""}, "Enter the RCC number of each therapist at each place."),
    ],
)
def test_the_checklist_finds_the_missing_number(
    records: dict[str, int], table, change: dict[str, str], sentence: str
) -> None:
    table.objects.update(**change)

    assert [check.sentence for check in setup.missing()] == [sentence]


def test_the_practice_is_changed(signed_in: Client) -> None:
    facts = {
        "name": "Praxis am See",
        "uid": "CHE-123.456.788 TVA",
        "language": "de",
        "payment_days": "20",
        "idle_minutes": "5",
    }

    answer = signed_in.post("/settings/practice/", facts)

    assert answer.url == "/settings/practice/"
    practice = Practice.objects.get()
    assert (practice.name, practice.uid, practice.language, practice.payment_days) == (
        "Praxis am See",
        "CHE123456788",
        "de",
        20,
    )
    assert practice.colour == "#03726a"
    assert PendingEntry.objects.filter(verb="changed", subject="practice.practice").exists()


def test_a_bad_fact_of_the_practice_is_said_in_place(signed_in: Client) -> None:
    facts = {"name": "Praxis", "uid": "CHE-123.456.789", "language": "de", "payment_days": "20", "idle_minutes": "0"}

    answer = signed_in.post("/settings/practice/", facts)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "no valid UID" in page
    assert "greater than or equal to 1" in page
    assert 'value="Praxis"' in page


def test_the_colour_recolours_every_page(signed_in: Client) -> None:
    before = signed_in.get("/theme.css")

    signed_in.post("/settings/look/", {"colour": "#8b3a8f"})

    after = signed_in.get("/theme.css")
    assert before.content != after.content
    assert before["ETag"] != after["ETag"]


def test_a_colour_is_a_colour(signed_in: Client) -> None:
    assert signed_in.post("/settings/look/", {"colour": "red; }"}).status_code == 422


PLACE = {
    "label": "Neuchâtel", "name": "Cabinet", "street": "Rue du Seyon", "house_no": "3", "postcode": "2000",
    "town": "Neuchâtel", "canton": "NE", "phone": "", "email": "", "gln": "",
}  # fmt: skip


def test_an_address_is_made_and_changed(signed_in: Client) -> None:
    signed_in.post("/settings/addresses/new/", PLACE)
    made = PracticeAddress.objects.get()
    signed_in.post(f"/settings/addresses/{made.pk}/", PLACE | {"gln": "7601000000002"})

    made.refresh_from_db()
    assert (made.town, made.gln) == ("Neuchâtel", "7601000000002")


def test_a_used_address_is_archived_and_taken_back(records: dict[str, int], signed_in: Client) -> None:
    first = records["address"]
    factories.address(label="Neuchâtel")

    signed_in.post(f"/settings/addresses/{first}/archive/")
    archived = PracticeAddress.objects.active().filter(pk=first).exists()
    page = signed_in.get("/settings/addresses/").content.decode()
    signed_in.post(f"/settings/addresses/{first}/restore/")

    assert not archived
    assert "Archived" in page
    assert PracticeAddress.objects.active().filter(pk=first).exists()


def test_the_last_address_stays(records: dict[str, int], signed_in: Client) -> None:
    answer = signed_in.post(f"/settings/addresses/{records['address']}/archive/", follow=True)

    assert "needs at least one address" in answer.content.decode()
    assert PracticeAddress.objects.active().count() == 1


def therapist_facts(**given: str) -> dict[str, str]:
    facts = {"first_name": "Noé", "last_name": "Perret", "profession": "Shiatsu", "vat": "exempt", "colour": "#8b3a8f"}
    return facts | given


def test_a_therapist_has_an_rcc_number_at_each_place(records: dict[str, int], signed_in: Client) -> None:
    here, there = records["address"], factories.address(label="Neuchâtel").pk
    facts = therapist_facts(
        **{f"at_{here}": "on", f"rcc_{here}": "C 1111.11", f"at_{there}": "on", f"rcc_{there}": "D222222"}
    )

    answer = signed_in.post("/settings/therapists/new/", facts)

    made = Therapist.objects.get(last_name="Perret")
    assert answer.url == "/settings/therapists/"
    assert dict(made.places.values_list("address", "rcc")) == {here: "C111111", there: "D222222"}


def test_a_therapist_leaves_a_place(records: dict[str, int], signed_in: Client) -> None:
    here, pk = records["address"], records["therapist"]

    signed_in.post(f"/settings/therapists/{pk}/", therapist_facts(**{f"rcc_{here}": ""}))

    assert not TherapistPlace.objects.filter(therapist=pk).exists()


def test_an_rcc_number_belongs_to_one_therapist_at_a_place(records: dict[str, int], signed_in: Client) -> None:
    here = records["address"]
    taken = TherapistPlace.objects.get().rcc

    answer = signed_in.post("/settings/therapists/new/", therapist_facts(**{f"at_{here}": "on", f"rcc_{here}": taken}))

    assert answer.status_code == 422
    assert "Another therapist has this RCC number" in answer.content.decode()
    assert Therapist.objects.count() == 1


def test_a_therapist_is_archived_and_taken_back(records: dict[str, int], signed_in: Client) -> None:
    pk = records["therapist"]

    signed_in.post(f"/settings/therapists/{pk}/archive/")
    archived = not Therapist.objects.active().exists()
    signed_in.post(f"/settings/therapists/{pk}/restore/")

    assert archived
    assert Therapist.objects.active().get().pk == pk


@pytest.mark.parametrize("name", ["addresses", "therapists", "prices", "users", "accounts", "products"])
def test_a_list_of_three_asks_the_database_no_more_than_a_list_of_one(
    records: dict[str, int], signed_in: Client, name: str
) -> None:
    url = reverse(f"practice:{name}")
    signed_in.get(url)
    with CaptureQueriesContext(connection) as of_one:
        signed_in.get(url)
    for number in range(2):
        factories.therapist(at=factories.address(label=f"Place {number}"))
        factories.account(label=f"Bank {number}", iban=f"CH930076201162385295{number}", is_default=False)
        Product.objects.create(name=f"P{number}", price=1)

    with CaptureQueriesContext(connection) as of_three:
        signed_in.get(url)

    assert len(of_three) == len(of_one)
