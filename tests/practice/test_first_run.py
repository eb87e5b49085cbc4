import re
import stat
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client

from optamed.core.errors import DomainError
from optamed.practice import first_run
from optamed.practice.models import (
    BankAccount,
    Practice,
    PracticeAddress,
    RecoveryCode,
    Therapist,
    TherapistPlace,
    User,
)
from optamed.practice.services import beginning, prices, setup
from tests import factories

PASSWORD = "eine Praxis am See"
OWNER = {"name": "Claire Montavel", "email": "Claire@Example.ch", "password": PASSWORD, "repeated": PASSWORD}
PLACE = {
    "name": "Cabinet Trois-Lacs", "street": "Quai du Bas", "house_no": "12", "postcode": "2502", "town": "Biel/Bienne",
    "canton": "BE", "phone": "", "gln": "7601 0000 0000 2",
}  # fmt: skip
THERAPIST = {
    "first_name": "Claire", "last_name": "Montavel", "profession": "Ostéopathie", "rcc": "a 1234.56",
    "gln": "7601003000382", "hourly": "130",
}  # fmt: skip
BANK = {"iban": "CH93 0076 2011 6238 5295 7", "holder": "Cabinet Trois-Lacs", "slip": "SCOR"}


@pytest.fixture
def token(db: None) -> str:
    return first_run.make(settings.FIRST_RUN_TOKEN_FILE)


@pytest.fixture
def begun(client: Client, token: str) -> Client:
    """A browser whose owner exists, nothing else."""
    client.post(f"/first-run/{token}/owner/", OWNER)
    return client


def test_the_whole_first_run(client: Client, token: str) -> None:
    language = client.post(f"/first-run/{token}/", {"language": "de"})
    owner = client.post(f"/first-run/{token}/owner/", OWNER)
    practice = client.post("/first-run/practice/", PLACE)
    therapist = client.post("/first-run/therapist/", THERAPIST)
    bank = client.post("/first-run/bank/", BANK)

    assert language.url == f"/first-run/{token}/owner/"
    assert owner.status_code == 200
    assert practice.url == "/first-run/therapist/"
    assert therapist.url == "/first-run/bank/"
    assert bank.url == "/settings/services/first/"
    user = User.objects.get()
    assert (user.email, user.language, user.is_owner, user.is_therapist) == ("claire@example.ch", "de", True, True)
    assert Practice.objects.get().name == "Cabinet Trois-Lacs"
    assert PracticeAddress.objects.get().gln == "7601000000002"
    place = TherapistPlace.objects.get()
    assert (place.rcc, place.therapist.user) == ("A123456", user)
    account = BankAccount.objects.get()
    assert (account.iban, account.slip, account.is_default) == ("CH9300762011623852957", "SCOR", True)
    assert (account.street, account.town) == ("Quai du Bas", "Biel/Bienne")
    assert setup.missing() == []


def test_an_hourly_price_becomes_the_price_of_five_minutes(begun: Client) -> None:
    begun.post("/first-run/practice/", PLACE)

    begun.post("/first-run/therapist/", THERAPIST)

    therapist = Therapist.objects.get()
    assert prices.price_of(therapist=therapist, code="1203", unit="5min") == Decimal("10.83")
    assert prices.price_of(therapist=therapist, code="1253", unit="flat") is None


def test_the_recovery_codes_are_shown_once_and_kept_as_hashes(client: Client, token: str) -> None:
    answer = client.post(f"/first-run/{token}/owner/", OWNER)
    again = client.post(f"/first-run/{token}/owner/", OWNER)

    codes = re.findall(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}", answer.content.decode())
    assert len(set(codes)) == 10
    assert again.status_code == 302
    assert RecoveryCode.objects.count() == 10
    assert not RecoveryCode.objects.filter(digest__in=codes).exists()


def test_the_owner_is_signed_in_and_the_link_is_closed(begun: Client, token: str) -> None:
    assert begun.get("/first-run/practice/").status_code == 200
    assert not settings.FIRST_RUN_TOKEN_FILE.exists()
    assert Client().get(f"/first-run/{token}/").url == "/sign-in/"


@pytest.mark.parametrize("path", ["/first-run/guessed/", "/first-run/guessed/owner/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_the_token_nobody_begins(client: Client, token: str, path: str, method: str) -> None:
    answer = getattr(client, method)(path, OWNER)

    assert answer.status_code == 404
    assert not User.objects.exists()


def test_without_a_token_file_not_even_an_empty_token_opens(client: Client, token: str) -> None:
    first_run.close(settings.FIRST_RUN_TOKEN_FILE)

    assert client.get(f"/first-run/{token}/").status_code == 404


def test_a_token_left_behind_does_not_make_a_second_owner(db: None, client: Client) -> None:
    factories.owner()
    token = first_run.make(settings.FIRST_RUN_TOKEN_FILE)

    answer = client.post(f"/first-run/{token}/owner/", OWNER)

    assert answer.url == "/sign-in/"
    assert User.objects.count() == 1


def test_the_token_is_readable_for_its_user_only(token: str) -> None:
    assert stat.S_IMODE(settings.FIRST_RUN_TOKEN_FILE.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"password": "short", "repeated": "short"}, "at least 12 characters"),
        ({"password": "password1234", "repeated": "password1234"}, "too common"),
        ({"repeated": "something else"}, "The two passwords differ."),
        ({"email": "no mail"}, "valid email"),
        ({"name": ""}, "required"),
    ],
)
def test_a_bad_owner_is_refused_and_what_was_typed_stays(
    client: Client, token: str, given: dict[str, str], sentence: str
) -> None:
    answer = client.post(f"/first-run/{token}/owner/", OWNER | given)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert f'value="{(OWNER | given)["email"]}"' in page
    assert not User.objects.exists()


@pytest.mark.parametrize("path", ["/first-run/practice/", "/first-run/therapist/", "/first-run/bank/"])
def test_the_later_steps_are_for_the_owner(begun: Client, path: str) -> None:
    secretary = Client()
    secretary.force_login(factories.secretary(), backend="django.contrib.auth.backends.ModelBackend")

    assert Client().get(path).url.startswith("/sign-in/")
    assert secretary.get(path).status_code == 403
    assert begun.get(path).status_code == 200


def test_every_later_step_can_be_left_for_later(begun: Client) -> None:
    skips = {
        "/first-run/practice/": "/first-run/therapist/",
        "/first-run/therapist/": "/first-run/bank/",
        "/first-run/bank/": "/settings/services/first/",
    }

    for step, following in skips.items():
        assert f'href="{following}"' in begun.get(step).content.decode()
    assert begun.get("/settings/practice/").status_code == 200


def test_a_first_run_that_was_left_goes_on_where_it_stood(begun: Client, token: str) -> None:
    ways = [begun.get(f"/first-run/{token}/").url]
    begun.post("/first-run/practice/", PLACE)
    ways.append(begun.get(f"/first-run/{token}/").url)
    begun.post("/first-run/therapist/", THERAPIST)
    ways.append(begun.get(f"/first-run/{token}/").url)
    begun.post("/first-run/bank/", BANK)
    ways.append(begun.get(f"/first-run/{token}/").url)

    assert ways == ["/first-run/practice/", "/first-run/therapist/", "/first-run/bank/", "/"]


def test_a_step_visited_twice_shows_and_changes_what_was_saved(begun: Client) -> None:
    begun.post("/first-run/practice/", PLACE)
    begun.post("/first-run/therapist/", THERAPIST)
    begun.post("/first-run/bank/", BANK)

    shown = [begun.get(f"/first-run/{step}/").content.decode() for step in ("practice", "therapist", "bank")]
    begun.post("/first-run/practice/", PLACE | {"street": "Seevorstadt"})
    begun.post("/first-run/therapist/", THERAPIST | {"rcc": "B654321"})
    begun.post("/first-run/bank/", BANK | {"holder": "Claire Montavel"})

    assert "Quai du Bas" in shown[0]
    assert 'value="A123456"' in shown[1]
    assert 'value="CH93 0076 2011 6238 5295 7"' in shown[2]
    assert PracticeAddress.objects.get().street == "Seevorstadt"
    assert TherapistPlace.objects.get().rcc == "B654321"
    assert BankAccount.objects.get().holder == "Claire Montavel"


def test_a_therapist_before_the_address_is_asked_for_no_rcc_number(begun: Client) -> None:
    page = begun.get("/first-run/therapist/").content.decode()
    answer = begun.post("/first-run/therapist/", THERAPIST)

    assert 'name="rcc"' not in page
    assert answer.status_code == 302
    assert not TherapistPlace.objects.exists()


def test_a_bank_account_before_the_address_is_asked_for_the_holders_address(begun: Client) -> None:
    refused = begun.post("/first-run/bank/", BANK)
    answer = begun.post("/first-run/bank/", BANK | {"street": "Quai du Bas", "postcode": "2502", "town": "Biel/Bienne"})

    assert refused.status_code == 422
    assert answer.status_code == 302
    assert BankAccount.objects.get().town == "Biel/Bienne"


@pytest.mark.parametrize(
    ("step", "given", "sentence"),
    [
        ("practice", PLACE | {"gln": "7601000000003"}, "check digit of this GLN"),
        ("practice", PLACE | {"canton": "XX"}, "Select a valid choice"),
        ("therapist", THERAPIST | {"rcc": "123456"}, "a letter and six digits"),
        ("therapist", THERAPIST | {"hourly": "-5"}, "greater than or equal to 0"),
        ("bank", BANK | {"iban": "CH93 0076 2011 6238 5295 8"}, "check digits of this IBAN"),
        ("bank", BANK | {"iban": "DE89370400440532013000"}, "begins with CH or LI"),
        ("bank", BANK | {"slip": "QRR"}, "This is an ordinary IBAN"),
    ],
)
def test_a_wrong_number_is_refused_with_the_reason(
    begun: Client, step: str, given: dict[str, str], sentence: str
) -> None:
    begun.post("/first-run/practice/", PLACE)

    answer = begun.post(f"/first-run/{step}/", given)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_qr_iban_takes_the_qr_reference_by_itself(begun: Client) -> None:
    begun.post("/first-run/practice/", PLACE)

    begun.post("/first-run/bank/", BANK | {"iban": "CH44 3199 9123 0008 8901 2"})

    assert BankAccount.objects.get().slip == "QRR"


def test_the_first_run_speaks_the_language_that_was_chosen(client: Client, token: str) -> None:
    client.post(f"/first-run/{token}/", {"language": "it"})

    assert '<html lang="it"' in client.get(f"/first-run/{token}/owner/").content.decode()


def test_a_language_that_does_not_exist_is_refused(client: Client, token: str) -> None:
    assert client.post(f"/first-run/{token}/", {"language": "xx"}).status_code == 422


def test_a_second_owner_at_the_same_moment_is_refused_by_the_rule(token: str, db: None) -> None:
    beginning.make_owner(name="A B", email="a@example.ch", password=PASSWORD, language="fr")

    with pytest.raises(DomainError, match="has its owner already"):
        beginning.make_owner(name="C D", email="c@example.ch", password=PASSWORD, language="fr")
