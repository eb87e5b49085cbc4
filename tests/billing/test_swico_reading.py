"""What bills of others tell in Swico's S1, right and wrong."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.swico import swico_s1
from billing.swico_reading import BillingInformation, read


def test_a_bill_with_everything_but_import() -> None:
    text = r"//S1/10/10201409/11/190512/20/1400.000-53/30/106017086/31/180508/32/7.7/40/2:10;0:30"

    assert read(text) == BillingInformation(
        number="10201409",
        on=date(2019, 5, 12),
        customer="1400.000-53",
        uid="106017086",
        served=(date(2018, 5, 8), date(2018, 5, 8)),
        vat=((Decimal("7.7"), None),),
        terms=((Decimal(2), 10), (Decimal(0), 30)),
    )


def test_a_period_and_several_rates() -> None:
    found = read("//S1/10/10104/11/180228/30/395856455/31/180226180227/32/3.7:400.19;7.7:553.39;0:14/40/0:30")

    assert found is not None
    assert found.served == (date(2018, 2, 26), date(2018, 2, 27))
    assert found.vat == (
        (Decimal("3.7"), Decimal("400.19")),
        (Decimal("7.7"), Decimal("553.39")),
        (Decimal(0), Decimal(14)),
    )


def test_import_vat() -> None:
    found = read("//S1/10/4031202511/11/180107/20/61257233.4/30/105493567/32/8:49.82/33/2.5:14.85/40/0:30")

    assert found is not None
    assert (found.vat, found.import_vat) == (
        ((Decimal(8), Decimal("49.82")),),
        ((Decimal("2.5"), Decimal("14.85")),),
    )


@pytest.mark.parametrize(
    ("text", "number", "customer"),
    [
        (r"//S1/10/X.66711\/8824/11/200712/20/MW-2020-04", "X.66711/8824", "MW-2020-04"),
        (r"//S1/10/X.66711\/8824/20/MW-2020\\04", "X.66711/8824", r"MW-2020\04"),
        ("//S1/10/X.66711-8831", "X.66711-8831", ""),
    ],
)
def test_escaped_signs(text: str, number: str, customer: str) -> None:
    found = read(text)

    assert found is not None
    assert (found.number, found.customer) == (number, customer)


@pytest.mark.parametrize(
    "wrong", ["11/190570", "11/19.05.20", "11/1905213", "40/1;60", "40/3:B", "32/x", "31/1805", "30/12", "40/2:1.5"]
)
def test_a_wrong_field_is_left_out_and_the_others_stay(wrong: str) -> None:
    assert read(f"//S1/10/4031/{wrong}") == BillingInformation(number="4031")


def test_a_tag_out_of_order_is_left_out() -> None:
    assert read("//S1/20/customer/10/4031/40/0:30") == BillingInformation(
        customer="customer", terms=((Decimal(0), 30),)
    )


def test_a_truncated_text_says_nothing() -> None:
    assert read("//S1/10") == BillingInformation()
    assert read("//S2/10/4031") is None
    assert read("Bill no. 3139") is None


@given(
    st.text(st.characters(codec="latin-1"), min_size=1),
    st.text(st.characters(codec="latin-1")),
    st.dates(date(2000, 1, 1), date(2068, 12, 31)),
)
def test_what_we_write_reads_back(number: str, customer: str, day: date) -> None:
    found = read(swico_s1(number, day, customer=customer))

    assert found == BillingInformation(number=number, on=day, customer=customer)


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    read(text)
    read(f"//S1/{text}")
