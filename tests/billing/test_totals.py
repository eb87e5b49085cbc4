"""From lines to the amount to pay, as docs/money.md tells it."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.totals import VatShare, totals
from optamed.core.money import ZERO

D = Decimal


@dataclass(frozen=True)
class Position:
    amount: Decimal
    vat_rate: Decimal | None = None


MONEY = st.decimals(min_value=0, max_value=10_000, places=2)
RATE = st.sampled_from([None, D(0), D("2.6"), D("8.1")])
POSITIONS = st.lists(st.builds(Position, MONEY, RATE), max_size=12)


@pytest.mark.parametrize(
    ("amounts", "rounding", "total"),
    [
        (["24.00", "108.00"], "0.00", "132.00"),
        (["10.02"], "-0.02", "10.00"),
        (["10.03"], "0.02", "10.05"),
        (["10.025"], "0.02", "10.05"),
        (["0.01", "0.01"], "-0.02", "0.00"),
        (["33.33", "33.33", "33.33"], "0.01", "100.00"),
        ([], "0.00", "0.00"),
    ],
)
def test_the_amount_to_pay_is_rounded_to_five_rappen(amounts: list[str], rounding: str, total: str) -> None:
    result = totals([Position(D(amount)) for amount in amounts])

    assert (result.rounding, result.total) == (D(rounding), D(total))


def test_euros_are_not_rounded_to_five() -> None:
    result = totals([Position(D("10.02"))], round_to_five=False)

    assert (result.rounding, result.total) == (ZERO, D("10.02"))


def test_vat_is_contained_and_rounded_once_per_rate() -> None:
    positions = [Position(D("0.55"), D("8.1")), Position(D("0.55"), D("8.1")), Position(D("10.00"), D("2.6"))]

    result = totals([*positions, Position(D("50.00"))])

    assert result.vat == (
        VatShare(ZERO, D("50.00"), ZERO),
        VatShare(D("2.6"), D("10.00"), D("0.25")),
        VatShare(D("8.1"), D("1.10"), D("0.08")),
    )


def test_a_discount_lessens_each_rate_by_its_part() -> None:
    result = totals([Position(D("100.00"), D("8.1")), Position(D("50.00"), D("2.6"))], discount=D("10.00"))

    assert result.total == D("140.00")
    assert [(share.rate, share.gross) for share in result.vat] == [(D("2.6"), D("46.67")), (D("8.1"), D("93.33"))]


@given(POSITIONS, MONEY, st.booleans())
def test_lines_less_discount_plus_rounding_are_the_total(
    positions: list[Position], discount: Decimal, five: bool
) -> None:
    result = totals(positions, discount=discount, round_to_five=five)

    assert result.lines - result.discount + result.rounding == result.total
    assert abs(result.rounding) <= D("0.02")
    assert not five or result.total % D("0.05") == 0


@given(POSITIONS, MONEY)
def test_the_rates_share_what_is_left_after_the_discount(positions: list[Position], discount: Decimal) -> None:
    result = totals(positions, discount=discount)

    assert not positions or sum(share.gross for share in result.vat) == result.lines - result.discount
    assert [share.rate for share in result.vat] == sorted({position.vat_rate or ZERO for position in positions})
