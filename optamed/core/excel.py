"""Lists as Excel files: streamed rows, Swiss formats, and text that stays text (no cell of ours is ever a formula)."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from optamed.core import dates

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 32_767  # characters of a cell
WIDEST = 48
ACTS = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheet programs take for the start of a formula
FORMATS = ((datetime, "dd.mm.yyyy hh:mm"), (date, "dd.mm.yyyy"), (Decimal, "#,##0.00"))
NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\']")


def workbook(title: str, headings: Sequence[object], rows: Iterable[Sequence[Any]]) -> bytes:
    """A file with one sheet. Rows may come from a generator: the sheet is written as they come, memory stays flat.

    Decimals become amounts, days and instants (in Zurich's time) real dates, everything else text.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(NOT_IN_TITLES.sub(" ", title)[:31] or "OptaMed")
    sheet.freeze_panes = "A2"
    for number, heading in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = min(max(len(str(heading)) + 4, 14), WIDEST)
    sheet.append(_heading(sheet, headings))
    for row in rows:
        sheet.append(list(_cells(sheet, row)))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def answer(filename: str, title: str, headings: Sequence[object], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The file as a download; ``filename`` is ours, without user's words, and ends in .xlsx."""
    response = HttpResponse(workbook(title, headings, rows), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _heading(sheet: Any, headings: Sequence[object]) -> list[Cell]:
    cells = [_cell(sheet, str(heading)) for heading in headings]
    for cell in cells:
        cell.font = Font(bold=True)
    return cells


def _cells(sheet: Any, row: Sequence[Any]) -> Iterator[Any]:
    for value in row:
        plain = isinstance(value, int) or value is None or value == ""
        yield value if plain else _cell(sheet, value)


def _cell(sheet: Any, value: Any) -> Cell:
    for kind, look in FORMATS:
        if isinstance(value, kind):
            cell = WriteOnlyCell(sheet, value=_naive(value))
            cell.number_format = look
            return cell
    return _text(sheet, str(value))


def _text(sheet: Any, text: str) -> Cell:
    clean = ILLEGAL_CHARACTERS_RE.sub(" ", text)[:LONGEST]
    cell = WriteOnlyCell(sheet, value=clean)
    if clean.startswith(ACTS):
        cell.data_type = "s"
        cell.quotePrefix = True  # the spreadsheet shows it as typed, and keeps it text when it is edited
    return cell


def _naive(value: Any) -> Any:
    """Excel knows no zones."""
    return dates.local(value).replace(tzinfo=None) if isinstance(value, datetime) and value.tzinfo else value
