import re
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from optamed.practice.models import User
from optamed.practice.services import recovery
from tests import factories

NEW_PASSWORD = "quite another long sentence"


def change_password(client: Client, **given: str):
    facts = {"current": factories.PASSWORD, "password": NEW_PASSWORD, "repeated": NEW_PASSWORD} | given
    return client.post("/password/", facts)


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(
    owner: User, browser_of: Callable[[User], Client]
) -> None:
    here, elsewhere = browser_of(owner), browser_of(owner)

    answer = change_password(here)

    assert answer.status_code == 302
    assert here.get("/settings/").status_code == 200
    assert elsewhere.get("/settings/").status_code == 302
    owner.refresh_from_db()
    assert owner.check_password(NEW_PASSWORD)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"current": "wrong"}, "This is not your current password."),
        ({"repeated": "something else"}, "The two passwords differ."),
        ({"password": "short", "repeated": "short"}, "at least 12 characters"),
        ({"password": "claire@example.ch", "repeated": "claire@example.ch"}, "too similar"),
    ],
)
def test_a_bad_new_password_is_refused_with_the_reason(
    signed_in: Client, owner: User, given: dict[str, str], sentence: str
) -> None:
    answer = change_password(signed_in, **given)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    owner.refresh_from_db()
    assert owner.check_password(factories.PASSWORD)


def recover(client: Client, code: str, **given: str):
    facts = {"email": "claire@example.ch", "code": code, "password": NEW_PASSWORD, "repeated": NEW_PASSWORD} | given
    return client.post("/recover/", facts)


def test_a_recovery_code_sets_a_new_password_and_works_once(client: Client, owner: User) -> None:
    code = recovery.renew(user=owner, by=owner)[3]

    first, second = recover(client, code.lower().replace("-", " ")), recover(Client(), code)

    assert (first.status_code, second.status_code) == (302, 422)
    assert client.get("/settings/").status_code == 200
    assert "do not go together" in second.content.decode()
    owner.refresh_from_db()
    assert owner.check_password(NEW_PASSWORD)


def test_recovering_ends_every_open_session(signed_in: Client, owner: User) -> None:
    code = recovery.renew(user=owner, by=owner)[0]

    recover(Client(), code)

    assert signed_in.get("/settings/").status_code == 302


def test_a_code_opens_only_the_account_it_was_made_for(client: Client, owner: User) -> None:
    other = factories.secretary(email="sara@example.ch")
    code = recovery.renew(user=other, by=other)[0]

    assert recover(client, code).status_code == 422


def test_a_bad_new_password_does_not_use_the_code_up(client: Client, owner: User) -> None:
    code = recovery.renew(user=owner, by=owner)[0]

    refused = recover(client, code, password="short", repeated="short")

    assert refused.status_code == 422
    assert recover(client, code).status_code == 302


def test_guessing_codes_is_throttled_like_passwords(client: Client, owner: User, settings) -> None:
    settings.AXES_ENABLED = True
    code = recovery.renew(user=owner, by=owner)[0]
    for _try in range(5):
        recover(client, "AAAA-AAAA-AAAA-AAAA")

    answer = recover(client, code)

    assert answer.status_code == 429
    owner.refresh_from_db()
    assert owner.check_password(factories.PASSWORD)


def test_new_codes_end_the_old_ones_and_want_the_password(signed_in: Client, owner: User) -> None:
    old = recovery.renew(user=owner, by=owner)[0]

    refused = signed_in.post("/password/codes/", {"renewal-current": "wrong"})
    answer = signed_in.post("/password/codes/", {"renewal-current": factories.PASSWORD})

    shown = re.findall(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}", answer.content.decode())
    assert refused.status_code == 422
    assert len(set(shown)) == recovery.HOW_MANY
    assert recover(Client(), old).status_code == 422
    assert recover(Client(), shown[0]).status_code == 302


def test_the_command_prints_a_code_that_opens(owner: User, client: Client, capsys) -> None:
    call_command("reset_password", email="CLAIRE@example.ch")

    code = capsys.readouterr().out.strip()
    assert recover(client, code).status_code == 302


def test_the_command_names_an_unknown_e_mail(owner: User) -> None:
    with pytest.raises(CommandError, match="nobody"):
        call_command("reset_password", email="nobody@example.ch")
