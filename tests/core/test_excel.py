"""Excel files: real dates and amounts, and text that is never a formula."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from optamed.core import excel


def cells(row: list[Any]) -> list[Any]:
    book = openpyxl.load_workbook(io.BytesIO(excel.workbook("Patients", ["Heading"], [row])))
    return list(book.active[2])


@pytest.mark.parametrize("text", ["=1+1", "+41 79 000 12 34", "-5", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1"])
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    (cell,) = cells([text])

    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_days_instants_and_amounts_are_real_values_in_swiss_formats() -> None:
    day, instant, amount = cells([date(2026, 11, 24), datetime(2026, 11, 24, 9, 7, tzinfo=UTC), Decimal("1234.50")])

    assert (day.value.date(), day.number_format) == (date(2026, 11, 24), "dd.mm.yyyy")
    assert instant.value.isoformat() == "2026-11-24T10:07:00"
    assert (amount.value, amount.number_format) == (1234.5, "#,##0.00")


def test_characters_that_excel_refuses_and_endless_texts_do_not_break_the_file() -> None:
    odd, long = cells(["a\x00b\x1fc", "x" * 40_000])

    assert odd.value == "a b c"
    assert len(long.value) == excel.LONGEST


def test_a_hostile_title_gives_a_valid_sheet_name() -> None:
    book = openpyxl.load_workbook(io.BytesIO(excel.workbook("a/b:c*" + "x" * 40, ["H"], [])))

    assert len(book.sheetnames[0]) <= 31
    assert not set(book.sheetnames[0]) & set("[]:*?/\\")
