"""The code as strokes, drawn back into modules."""

import re

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from billing.qr_drawing import path_of
from billing.qr_text import QrBillError


def _modules(path: str, size: int) -> list[list[int]]:
    grid = [[0] * size for _ in range(size)]
    for x, y, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", path):
        for column in range(int(x), int(x) + int(length)):
            grid[int(y)][column] = 1
    return grid


@given(st.text(alphabet="AÄé€ x1\r\n", min_size=1, max_size=300))
def test_the_strokes_cover_the_dark_modules_and_no_other(payload: str) -> None:
    drawing = path_of(payload)

    expected = segno.make_qr(payload, error="m", boost_error=False, mode="byte", encoding="utf-8").matrix
    assert _modules(drawing.path, drawing.modules) == [[int(bool(module)) for module in row] for row in expected]


def test_997_bytes_make_the_largest_code_that_is_allowed() -> None:
    assert path_of("x" * 997).modules == 117


def test_a_larger_code_is_refused() -> None:
    with pytest.raises(QrBillError, match="too much"):
        path_of("x" * 998)
