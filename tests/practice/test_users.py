from collections.abc import Callable

import pytest
from django.test import Client

from optamed.core.errors import DomainError
from optamed.practice.models import User
from optamed.practice.services import users
from tests import factories

USER = {
    "name": "Sara Bureau",
    "email": "Sara@Example.ch",
    "language": "de",
    "is_secretary": "on",
    "password": "ein Satz zum Merken",
}


def test_a_new_user_signs_in_with_the_first_password(signed_in: Client) -> None:
    signed_in.post("/settings/users/new/", USER)

    entered = Client().post("/sign-in/", {"username": "sara@example.ch", "password": USER["password"]})
    sara = User.objects.get(email="sara@example.ch")
    assert entered.status_code == 302
    assert (sara.is_secretary, sara.is_owner, sara.is_therapist) == (True, False, False)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"email": "CLAIRE@example.ch"}, "Another account has this e-mail address already."),
        ({"is_secretary": ""}, "Choose at least one role."),
        ({"password": "short"}, "at least 12 characters"),
    ],
)
def test_a_bad_user_is_refused_with_the_reason(signed_in: Client, given: dict[str, str], sentence: str) -> None:
    answer = signed_in.post("/settings/users/new/", USER | given)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert User.objects.count() == 1


@pytest.mark.parametrize("given", [{"is_owner": "", "is_active": "on"}, {"is_owner": "on", "is_active": ""}])
def test_the_last_owner_cannot_go(signed_in: Client, owner: User, given: dict[str, str]) -> None:
    facts = {"name": "Claire", "email": owner.email, "language": "en", "is_therapist": "on"} | given

    answer = signed_in.post(f"/settings/users/{owner.pk}/", facts)

    owner.refresh_from_db()
    assert answer.status_code == 422
    assert "The practice needs an owner" in answer.content.decode()
    assert owner.is_owner
    assert owner.is_active


def test_an_owner_may_go_when_another_one_stays(owner: User) -> None:
    other = factories.owner()

    users.update(user=owner, is_owner=False, by=other)

    assert User.objects.get(is_owner=True) == other


def test_an_owner_who_may_not_sign_in_does_not_count(owner: User) -> None:
    factories.owner(is_active=False)

    with pytest.raises(DomainError):
        users.update(user=owner, is_owner=False, by=owner)


def test_a_locked_user_is_out_at_once(signed_in: Client, browser_of: Callable[[User], Client]) -> None:
    sara = factories.secretary(email="sara@example.ch")
    hers = browser_of(sara)

    signed_in.post(
        f"/settings/users/{sara.pk}/", {"name": "Sara", "email": sara.email, "language": "de", "is_secretary": "on"}
    )

    assert hers.get("/settings/").status_code == 302


def test_an_owner_sets_a_new_password_for_somebody_else(
    signed_in: Client, browser_of: Callable[[User], Client]
) -> None:
    sara = factories.secretary(email="sara@example.ch")
    hers = browser_of(sara)

    signed_in.post(f"/settings/users/{sara.pk}/password/", {"password": "ganz neu und lang genug"})

    sara.refresh_from_db()
    assert sara.check_password("ganz neu und lang genug")
    assert hers.get("/settings/").status_code == 302


def test_an_own_password_is_not_changed_without_the_old_one(signed_in: Client, owner: User) -> None:
    assert signed_in.post(f"/settings/users/{owner.pk}/password/", {"password": "x" * 14}).status_code == 404
