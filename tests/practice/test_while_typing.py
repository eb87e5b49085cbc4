import re

import pytest
from django.test import Client

from optamed.practice.models import BankAccount


@pytest.mark.parametrize(
    ("iban", "said", "reference"),
    [
        ("CH93 0076 2011 6238 5295 7", "Valid IBAN, ordinary account.", "RF18 5390 0754 7034"),
        ("CH44 3199 9123 0008 8901 2", "Valid QR-IBAN.", "21 00000 00003 13947 14300 09017"),
        ("CH93 0076", "21 characters", "RF18 5390 0754 7034"),
        ("", "", "RF18 5390 0754 7034"),
    ],
)
def test_while_the_iban_is_typed_the_slip_follows(
    records: dict[str, int], signed_in: Client, iban: str, said: str, reference: str
) -> None:
    query = {"iban": iban, "holder": "<b>Praxis</b>", "slip": "SCOR"}

    answer = signed_in.get("/settings/accounts/check/", query, headers={"HX-Request": "true"})

    part = answer.content.decode()
    assert said in part
    assert reference in part
    assert "&lt;b&gt;Praxis" in part
    assert "2502 Biel/Bienne" in part
    assert ('id="slip-choice"' in part) is ("QR-IBAN" in said)  # the choice follows the IBAN
    assert BankAccount.objects.count() == 1  # nothing new


def test_the_postcode_brings_town_and_canton(records: dict[str, int], signed_in: Client) -> None:
    part = signed_in.get("/settings/addresses/town/", {"postcode": "6900", "town": "", "canton": ""}).content.decode()

    assert 'value="Lugano"' in part
    assert '<option value="TI" selected>' in part


def test_an_unknown_postcode_takes_nothing_away(records: dict[str, int], signed_in: Client) -> None:
    query = {"postcode": "D-10115", "town": "Berlin", "canton": "BE"}

    part = signed_in.get("/settings/addresses/town/", query).content.decode()

    assert 'value="Berlin"' in part
    assert '<option value="BE" selected>' in part


def test_a_qr_reference_for_an_ordinary_iban_is_explained_and_unchosen(
    records: dict[str, int], signed_in: Client
) -> None:
    query = {"iban": "CH93 0076 2011 6238 5295 7", "holder": "Praxis", "slip": "QRR"}

    part = signed_in.get("/settings/accounts/check/", query).content.decode()

    assert "A QR reference needs the QR-IBAN of your bank." in part
    (chosen,) = re.findall(r"<input[^>]*checked[^>]*>", part)
    assert 'value="SCOR"' in chosen
