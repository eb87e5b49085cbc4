"""docs/money.md, row by row."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optamed.core import money

AMOUNTS = st.decimals(min_value=0, max_value=99999, places=4)


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("0.005", "0.01"), ("0.004", "0.00"), ("2.675", "2.68"), ("-0.005", "-0.01"), ("1234.5", "1234.50")],
)
def test_rappen_round_half_up(amount, rounded):
    assert money.rappen(Decimal(amount)) == Decimal(rounded)


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [
        ("0.025", "0.05"),
        ("0.024", "0.00"),
        ("0.02", "0.00"),
        ("0.03", "0.05"),
        ("0.07", "0.05"),
        ("0.08", "0.10"),
        ("2100.44", "2100.45"),
    ],
)
def test_the_amount_to_pay_rounds_to_five_rappen(amount, rounded):
    assert money.five_rappen(Decimal(amount)) == Decimal(rounded)


@given(AMOUNTS)
def test_five_rappen_never_move_an_amount_by_more_than_half_a_coin(amount):
    rounded = money.five_rappen(amount)

    assert rounded % Decimal("0.05") == 0
    assert abs(rounded - amount) <= Decimal("0.025")


@pytest.mark.parametrize(
    ("gross", "rate", "vat"), [("108.10", "8.1", "8.10"), ("100.00", "2.6", "2.53"), ("100.00", "0", "0.00")]
)
def test_vat_is_contained_in_the_price(gross, rate, vat):
    assert money.contained_vat(Decimal(gross), Decimal(rate)) == Decimal(vat)


@pytest.mark.parametrize(
    ("amount", "text"),
    [("1234.5", "1’234.50"), ("0", "0.00"), ("-1234567.891", "-1’234’567.89"), ("999.999", "1’000.00")],
)
def test_amounts_are_written_the_swiss_way(amount, text):
    assert money.swiss(Decimal(amount)) == text


def test_a_line_is_rounded_once():
    assert money.line_amount(Decimal("2.5"), Decimal("12.35")) == Decimal("30.88")
