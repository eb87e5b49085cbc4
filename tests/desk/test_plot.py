"""Bars end on a round number and stand on the axis."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optamed.desk import plot


@pytest.mark.parametrize(
    ("highest", "step"), [("0", 1), ("3", 1), ("5", 2), ("399", 100), ("401", 200), ("16930", 5000)]
)
def test_the_scale_is_round(highest, step):
    drawn = plot.bars([("Jan", Decimal(highest), Decimal(0))])

    assert [rule.value for rule in drawn.rules] == [0, step, 2 * step, 3 * step, 4 * step]


@given(
    st.lists(
        st.tuples(st.just("x"), st.decimals(0, 10**7, places=2), st.decimals(0, 10**7, places=2)),
        min_size=1,
        max_size=12,
    )
)
def test_no_bar_leaves_the_picture(rows):
    drawn = plot.bars(rows)

    for slot in drawn.slots:
        for bar in (slot.first, slot.second):
            assert bar.y + bar.height == plot.BOTTOM
            assert bar.y >= plot.TOP
            assert plot.LEFT <= bar.x <= plot.RIGHT - bar.width
