from collections.abc import Callable
from threading import Event

import pytest
from django.test import Client

from optamed import __version__
from optamed.core import process
from optamed.practice.models import PracticeAddress, TariffPosition, User
from tests import factories


def test_health_is_told_to_anybody_with_the_nonce_of_this_program(client: Client, db: None) -> None:
    assert client.get("/health").json() == {"program": "OptaMed", "nonce": process.NONCE, "version": __version__}


def test_the_colours_are_there_before_anybody_signs_in(client: Client, db: None) -> None:
    answer = client.get("/theme.css")

    assert answer["Content-Type"].startswith("text/css")
    assert "--accent:" in answer.content.decode()


def test_each_therapist_has_a_colour_of_the_style_sheet(client: Client, owner: User) -> None:
    therapist = factories.therapist()

    assert f".th-{therapist.pk} " in client.get("/theme.css").content.decode()


def test_unchanged_colours_are_not_sent_twice(client: Client, owner: User) -> None:
    first = client.get("/theme.css")

    again = client.get("/theme.css", headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 304
    assert again.content == b""


def test_a_stranger_keeps_the_language_in_a_cookie(client: Client, owner: User) -> None:
    client.post("/language/", {"language": "it", "next": "/sign-in/"})

    assert '<html lang="it"' in client.get("/sign-in/").content.decode()


def test_a_users_language_goes_with_the_account(
    signed_in: Client, owner: User, browser_of: Callable[[User], Client]
) -> None:
    answer = signed_in.post("/language/", {"language": "de", "next": "/settings/"})

    owner.refresh_from_db()
    assert answer.url == "/settings/"
    assert owner.language == "de"
    assert '<html lang="de"' in browser_of(owner).get("/settings/").content.decode()


def test_the_language_switch_leads_to_our_pages_only(signed_in: Client) -> None:
    assert signed_in.post("/language/", {"language": "de", "next": "https://evil.example/"}).url == "/"


@pytest.mark.parametrize(("path", "field"), [("/language/", "language"), ("/theme/", "theme")])
def test_a_value_that_does_not_exist_is_refused(signed_in: Client, path: str, field: str) -> None:
    assert signed_in.post(path, {field: "xx"}).status_code == 400
    assert signed_in.get(path).status_code == 405


def test_dark_is_remembered(signed_in: Client, owner: User) -> None:
    signed_in.post("/theme/", {"theme": "dark"})

    owner.refresh_from_db()
    assert owner.theme == "dark"
    assert 'data-bs-theme="dark"' in signed_in.get("/settings/").content.decode()


def test_quit_stops_the_program(signed_in: Client) -> None:
    stopped = Event()
    process.when_asked_to_stop(stopped.set)
    try:
        answer = signed_in.post("/quit/")
    finally:
        process.when_asked_to_stop(None)

    assert answer.status_code == 200
    assert "OptaMed has stopped" in answer.content.decode()
    assert stopped.wait(5)


def test_quit_on_a_server_is_refused_with_a_sentence(signed_in: Client) -> None:
    answer = signed_in.post("/quit/", headers={"HX-Request": "true"})

    assert answer.status_code == 409
    assert "runs on a server" in answer.headers["HX-Trigger"]


def test_a_stranger_cannot_stop_the_program(client: Client, owner: User) -> None:
    assert client.post("/quit/").url.startswith("/sign-in/")


def test_every_admin_page_of_the_practice_opens_for_the_owner(signed_in: Client) -> None:
    for name in (
        "practiceaddress",
        "therapist",
        "therapistplace",
        "therapistprice",
        "bankaccount",
        "product",
        "vatrate",
        "user",
    ):
        assert signed_in.get(f"/admin/practice/{name}/").status_code == 200, name
    assert signed_in.get("/admin/practice/tariffposition/?q=1203").status_code == 200
    assert signed_in.get("/admin/practice/tariffposition/import/").status_code == 200


def test_the_admin_keeps_a_number_plain_and_journals_the_correction(signed_in: Client, owner: User) -> None:
    place = factories.address()
    facts = {
        name: getattr(place, name) for name in ("label", "name", "street", "postcode", "town", "canton", "country")
    }

    signed_in.post(f"/admin/practice/practiceaddress/{place.pk}/change/", facts | {"gln": "7601 0030 0038 2"})

    assert PracticeAddress.objects.get().gln == "7601003000382"


def test_the_admin_exports_the_tariff(signed_in: Client) -> None:
    answer = signed_in.post("/admin/practice/tariffposition/export/", {"format": "0", **dict.fromkeys(fields(), "on")})

    assert answer.status_code == 200
    assert len(answer.content.decode().strip().splitlines()) == TariffPosition.objects.count() + 1


def fields() -> list[str]:
    names = [field.name for field in TariffPosition._meta.fields if field.name != "id"]
    return [f"tariffresource_{name}" for name in names]


def test_accounts_are_not_changed_in_the_admin(signed_in: Client, owner: User) -> None:
    assert signed_in.get(f"/admin/practice/user/{owner.pk}/change/").status_code == 200
    assert signed_in.post(f"/admin/practice/user/{owner.pk}/change/", {"is_owner": ""}).status_code == 403
