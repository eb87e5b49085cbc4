"""The control code of a page, drawn and read back."""

import re
import uuid

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from billing import page_code
from tests.billing.drawn_codes import decoded
from tests.billing.requests_sample import GUID


def test_43_characters_say_request_language_sheet_and_page() -> None:
    assert page_code.text(GUID, "fr", "TG", "GR", 1) == "FD503c6bc0bd140c4226b9aab71c57178000frGGR01"
    assert page_code.text(GUID.upper(), "de", "TP", "AX", 12) == "FD503c6bc0bd140c4226b9aab71c57178000dePAX12"
    assert len(page_code.text(GUID, "it", "TG", "SR", 99)) == 43


@pytest.mark.parametrize(
    ("guid", "language", "reimbursement", "sheet", "page"),
    [
        (GUID[1:], "fr", "TG", "GR", 1),
        (f"{GUID[1:]}g", "fr", "TG", "GR", 1),
        (GUID, "en", "TG", "GR", 1),
        (GUID, "fr", "TS", "GR", 1),
        (GUID, "fr", "TG", "XX", 1),
        (GUID, "fr", "TG", "GR", 0),
        (GUID, "fr", "TG", "GR", 100),
    ],
)
def test_what_the_standard_does_not_know_is_refused(guid, language, reimbursement, sheet, page) -> None:
    with pytest.raises(ValueError, match="FD50"):
        page_code.text(guid, language, reimbursement, sheet, page)


@settings(deadline=None)
@given(
    st.one_of(st.uuids().map(lambda guid: guid.hex), st.text("0123456789", min_size=32, max_size=32)),
    st.sampled_from(["de", "fr", "it"]),
    st.sampled_from(["TG", "TP"]),
    st.sampled_from(["GR", "AX", "SR"]),
    st.integers(1, 99),
)
def test_the_code_has_24_modules_a_side_and_reads_back(guid, language, reimbursement, sheet, page) -> None:
    text = page_code.text(guid, language, reimbursement, sheet, page)

    matrix = page_code.matrix(text)

    assert [len(row) for row in matrix] == [24] * 24
    assert decoded(matrix, zxingcpp.BarcodeFormat.DataMatrix) == text


def test_the_code_has_the_borders_of_a_data_matrix() -> None:
    matrix = page_code.matrix(page_code.text(uuid.UUID(int=0).hex, "fr", "TG", "GR", 1))

    assert all(row[0] for row in matrix)
    assert all(matrix[-1])
    assert [row[-1] for row in matrix] == [False, True] * 12
    assert list(matrix[0]) == [True, False] * 12


def test_the_strokes_cover_the_dark_modules_and_no_other() -> None:
    text = page_code.text(GUID, "fr", "TG", "GR", 1)

    path = page_code.path_of(text)

    drawn = [[False] * 24 for _ in range(24)]
    for x, y, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", path):
        for column in range(int(x), int(x) + int(length)):
            drawn[int(y)][column] = True
    assert tuple(tuple(row) for row in drawn) == page_code.matrix(text)
    assert re.fullmatch(r"(M\d+ \d+\.5h\d+)+", path)
