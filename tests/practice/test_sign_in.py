from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from optamed.core import dates
from optamed.journal.models import PendingEntry
from optamed.practice.models import User
from tests import factories

SIGN_IN = "/sign-in/"
NEW_PASSWORD = "quite another long sentence"


def try_to_enter(client: Client, password: str = factories.PASSWORD, email: str = "claire@example.ch", **more: str):
    return client.post(SIGN_IN, {"username": email, "password": password, **more})


def test_the_owner_signs_in(client: Client, owner: User) -> None:
    answer = try_to_enter(client)

    assert answer.status_code == 302
    assert answer.url == "/"
    assert client.session["_auth_user_id"] == str(owner.pk)
    assert PendingEntry.objects.filter(verb="signed in", user_id=owner.pk).exists()


def test_the_case_of_the_e_mail_does_not_matter(client: Client, owner: User) -> None:
    assert try_to_enter(client, email="Claire@Example.CH").status_code == 302


@pytest.mark.parametrize(
    ("email", "password"), [("claire@example.ch", "not-the-one"), ("nobody@example.ch", factories.PASSWORD)]
)
def test_what_was_wrong_is_not_told(client: Client, owner: User, email: str, password: str) -> None:
    answer = try_to_enter(client, password, email)

    assert answer.status_code == 422
    assert "E-mail or password is wrong." in answer.content.decode()
    assert password not in answer.content.decode()


def test_a_locked_account_does_not_come_in(client: Client, owner: User) -> None:
    factories.secretary(email="left@example.ch", is_active=False)

    assert try_to_enter(client, email="left@example.ch").status_code == 422


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/settings/", "/settings/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_after_signing_in_only_a_page_of_ours_is_opened(client: Client, owner: User, wanted: str, reached: str) -> None:
    assert try_to_enter(client, next=wanted).url == reached


def test_who_is_signed_in_is_not_asked_again(signed_in: Client) -> None:
    assert signed_in.get(SIGN_IN, {"next": "/settings/"}).url == "/settings/"


def test_the_door_of_a_practice_that_is_not_set_up_says_so(client: Client, db: None) -> None:
    assert "not set up yet" in client.get(SIGN_IN).content.decode()


def test_a_page_whose_session_ended_finds_the_form_in_the_sign_in_page(client: Client, owner: User) -> None:
    part = client.get(SIGN_IN, headers={"HX-Request": "true"}).content.decode()
    page = client.get(SIGN_IN).content.decode()

    assert part.lstrip().startswith("<form")
    assert "data-signin" in part
    assert "<!doctype html>" in page
    assert "data-signin" in page


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_the_door_knows_no_other_method(client: Client, owner: User, method: str) -> None:
    assert getattr(client, method)(SIGN_IN).status_code == 405


def test_signing_out_ends_the_session(signed_in: Client) -> None:
    answer = signed_in.post("/sign-out/")

    assert answer.url == SIGN_IN
    assert signed_in.get("/settings/").url.startswith(SIGN_IN)


def test_a_link_does_not_sign_anybody_out(signed_in: Client) -> None:
    assert signed_in.get("/sign-out/").status_code == 405


def test_five_wrong_passwords_close_the_door_and_say_until_when(client: Client, owner: User, settings) -> None:
    settings.AXES_ENABLED = True
    answers = [try_to_enter(client, "wrong") for _try in range(5)]

    right = try_to_enter(client)

    until = dates.local(dates.now() + timedelta(minutes=15))
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 429]
    assert right.status_code == 429
    assert f"Please try again at {until:%H:%M}" in right.content.decode()


def test_the_throttle_ends_after_a_quarter_of_an_hour(client: Client, owner: User, settings) -> None:
    settings.AXES_ENABLED = True
    for _try in range(5):
        try_to_enter(client, "wrong")

    with time_machine.travel(dates.now() + timedelta(minutes=16)):
        assert try_to_enter(client).status_code == 302


def test_the_throttle_is_not_avoided_by_the_case_of_the_e_mail(client: Client, owner: User, settings) -> None:
    settings.AXES_ENABLED = True
    for email in (
        "claire@example.ch",
        "Claire@example.ch",
        "CLAIRE@example.ch",
        "cLaire@example.ch",
        "clAire@example.ch",
    ):
        answer = try_to_enter(client, "wrong", email)

    assert answer.status_code == 429


def test_another_account_still_comes_in_from_the_same_computer(client: Client, owner: User, settings) -> None:
    settings.AXES_ENABLED = True
    factories.secretary(email="sara@example.ch")
    for _try in range(5):
        try_to_enter(client, "wrong")

    assert try_to_enter(client, email="sara@example.ch").status_code == 302


def test_an_idle_screen_locks_itself(client: Client, owner: User) -> None:
    with time_machine.travel("2026-11-24 10:00", tick=False) as clock:
        try_to_enter(client)
        client.get("/settings/")

        clock.shift(timedelta(minutes=11))
        answer = client.get("/settings/")

    assert answer.url == "/sign-in/?next=/settings/"


def test_work_keeps_the_screen_open_and_what_a_page_asks_by_itself_does_not(client: Client, owner: User) -> None:
    with time_machine.travel("2026-11-24 10:00", tick=False) as clock:
        try_to_enter(client)
        client.get("/settings/")
        clock.shift(timedelta(minutes=6))
        worked = client.get("/settings/")
        clock.shift(timedelta(minutes=6))
        polled = client.get("/settings/", headers={"X-Background": "1"})
        clock.shift(timedelta(minutes=6))
        locked = client.get("/settings/")

    assert (worked.status_code, polled.status_code, locked.status_code) == (200, 200, 302)


def test_the_admins_own_door_leads_to_ours(client: Client, owner: User) -> None:
    assert client.get("/admin/login/").url == "/sign-in/?next=/admin/"


def test_who_is_no_owner_stands_before_the_admin_without_going_in_circles(
    browser_of: Callable[[User], Client], owner: User
) -> None:
    answer = browser_of(factories.secretary()).get("/admin/", follow=True)

    assert answer.status_code == 403


def test_urls_of_the_door_are_the_ones_other_pages_name() -> None:
    names = {
        name: reverse(f"practice:{name}")
        for name in ("sign-in", "sign-out", "recover", "password", "language", "theme")
    }

    assert names["sign-in"] == SIGN_IN
    assert names["password"] == "/password/"
