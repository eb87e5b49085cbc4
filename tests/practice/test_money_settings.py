from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from optamed.practice.models import BankAccount, Product, Therapist, User
from optamed.practice.services import accounts, prices
from tests import factories

ACCOUNT = {
    "iban": "CH44 3199 9123 0008 8901 2", "holder": "Cabinet", "slip": "SCOR", "label": "PostFinance", "street": "",
    "house_no": "", "postcode": "2502", "town": "Biel/Bienne", "qrr_prefix": "",
}  # fmt: skip


def test_one_account_is_the_default(records: dict[str, int], signed_in: Client) -> None:
    signed_in.post("/settings/accounts/new/", ACCOUNT)
    second = BankAccount.objects.get(label="PostFinance")
    before = second.is_default

    signed_in.post(f"/settings/accounts/{second.pk}/default/")

    assert not before
    assert BankAccount.objects.get(is_default=True) == second


def test_the_account_in_use_is_not_archived(records: dict[str, int], signed_in: Client) -> None:
    signed_in.post(f"/settings/accounts/{records['account']}/archive/")

    assert BankAccount.objects.get().archived_at is None


def test_an_account_is_told_apart_by_its_iban_alone(owner: User) -> None:
    facts = {"holder": "C", "label": "C", "postcode": "2502", "town": "Bienne"}

    qr = accounts.create(iban="CH44 3199 9123 0008 8901 2", slip="NON", by=owner, **facts)
    normal = accounts.create(iban="CH93 0076 2011 6238 5295 7", slip="QRR", by=owner, **facts)

    assert (qr.slip, normal.slip) == ("QRR", "SCOR")
    assert (qr.is_default, normal.is_default) == (True, False)


def test_the_same_account_twice_is_refused(records: dict[str, int], signed_in: Client) -> None:
    answer = signed_in.post("/settings/accounts/new/", ACCOUNT | {"iban": "CH93 0076 2011 6238 5295 7"})

    assert answer.status_code == 422
    assert BankAccount.objects.count() == 1


def test_a_product_is_made_changed_and_archived(signed_in: Client) -> None:
    facts = {"name": "Arnica C30, Boiron, 5 g, globules", "tariff": "1310", "price": "12,5", "vat_code": "reduced"}

    signed_in.post("/settings/products/new/", facts)
    made = Product.objects.get()
    signed_in.post(f"/settings/products/{made.pk}/", facts | {"price": "13.00"})
    signed_in.post(f"/settings/products/{made.pk}/archive/")

    made.refresh_from_db()
    assert (made.price, made.vat_code) == (Decimal("13.00"), "reduced")
    assert made.archived_at is not None


def test_a_price_below_nothing_is_refused(signed_in: Client) -> None:
    answer = signed_in.post("/settings/products/new/", {"name": "X", "tariff": "999", "price": "-1", "vat_code": ""})

    assert answer.status_code == 422
    assert not Product.objects.exists()


def test_a_single_position_may_have_its_own_price(records: dict[str, int], signed_in: Client) -> None:
    therapist = Therapist.objects.get()

    answer = signed_in.post(f"/settings/prices/{therapist.pk}/", {"period": "11", "code": "1253", "price": "60"})

    assert answer.status_code == 302
    assert prices.price_of(therapist=therapist, code="1253", unit="flat") == Decimal("60.00")
    assert prices.price_of(therapist=therapist, code="1203", unit="5min") == Decimal("11.00")


def test_an_emptied_price_is_taken_away(records: dict[str, int], signed_in: Client, owner: User) -> None:
    therapist = Therapist.objects.get()
    prices.set_price(therapist=therapist, code="1253", price=Decimal(60), by=owner)

    signed_in.post(f"/settings/prices/{therapist.pk}/", {"period": "12", "of_1253": ""})

    assert prices.price_of(therapist=therapist, code="1253", unit="flat") is None


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"code": "9999", "price": "5"}, "no position with this code"),
        ({"code": "1253"}, "Enter the price"),
        ({"price": "5"}, "Enter the code"),
        ({"period": "free"}, "Write the amount"),
    ],
)
def test_a_bad_price_is_refused_with_the_reason(
    records: dict[str, int], signed_in: Client, given: dict[str, str], sentence: str
) -> None:
    answer = signed_in.post(f"/settings/prices/{records['price']}/", {"period": "12"} | given)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_the_tariff_is_searched_as_it_is_valid_on_a_day(signed_in: Client) -> None:
    headers = {"HX-Request": "true"}
    then = signed_in.get(
        "/settings/tariff/", {"q": "Ohrakupunktur", "on": "31.12.2025"}, headers=headers
    ).content.decode()
    now = signed_in.get("/settings/tariff/", {"q": "Ohrakupunktur", "on": "1.1.2026"}, headers=headers).content.decode()

    assert "1077" in then
    assert "until 31.12.2025" in then
    assert "<!doctype" not in then
    assert "Nothing found" in now


def test_the_about_page_tells_the_owner_where_the_data_is(
    signed_in: Client, browser_of: Callable[[User], Client], settings
) -> None:
    owners = signed_in.get("/settings/about/").content.decode()
    others = browser_of(factories.secretary()).get("/settings/about/").content.decode()

    assert str(settings.DATA_DIR) in owners
    assert str(settings.DATA_DIR) not in others
    assert "MIT" in others
