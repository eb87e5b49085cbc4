"""The books as an Excel file: invoices, receipts, journal. Amounts are numbers, days are days, no cell is a formula."""

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from billing import bookkeeping
from billing.models import Allocation, Payment
from billing.reports.books import Book, held_at_last, target_of
from optamed.core import dates, excel

WIDTH = 18
FORMATS = dict(excel.FORMATS)


def answer(book: Book, numbers: bookkeeping.Numbers, *, with_names: bool, filename: str) -> HttpResponse:
    """The file as a download. ``filename`` is ours, without a user's words."""
    file = Workbook(write_only=True)
    _sheet(file, _("Invoices"), _invoice_headings(with_names=with_names), _invoices(book, with_names=with_names))
    _sheet(file, _("Receipts"), _receipt_headings(with_names=with_names), _receipts(book, with_names=with_names))
    _sheet(file, pgettext("books", "Journal"), journal_headings(), bookkeeping.rows(book.postings, numbers))
    out = io.BytesIO()
    file.save(out)
    response = HttpResponse(out.getvalue(), content_type=excel.XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def journal_headings() -> list[str]:
    return [_("Date"), _("Document"), _("Text"), _("Debit"), pgettext("account", "Credit"), _("Amount CHF"), _("VAT %")]


def _invoice_headings(*, with_names: bool) -> list[str]:
    named = [_("Patient")] if with_names else []
    return [_("Date"), _("Number"), *named, _("Therapist"), _("Total CHF"), _("Cancelled on"), _("Cancelled by")]


def _invoices(book: Book, *, with_names: bool) -> Iterator[list[Any]]:
    """What was issued; then what was cancelled in the period, with its amount below zero."""
    for invoice in book.invoices:
        named = [invoice.patient.list_name] if with_names else []
        done = getattr(invoice, "cancellation", None) if invoice.is_cancelled else None
        taken = [done.cancelled_on, done.number] if done else ["", ""]
        yield [invoice.issued_on, invoice.number, *named, str(invoice.therapist), invoice.total, *taken]
    for done in book.cancellations:
        named = [done.invoice.patient.list_name] if with_names else []
        number = done.invoice.number
        yield [done.cancelled_on, number, *named, str(done.invoice.therapist), -done.invoice.total, "", done.number]


def _receipt_headings(*, with_names: bool) -> list[str]:
    named = [_("Patient")] if with_names else []
    return [_("Date"), *named, _("Means"), _("For"), _("Amount CHF"), _("Cancelled on")]


def _receipts(book: Book, *, with_names: bool) -> Iterator[list[Any]]:
    """What was recorded; then what was cancelled in the period, with its amount below zero."""
    for payment in book.payments:
        paid = _targets(payment, payment.allocations.all())
        named = [payment.patient.list_name] if with_names else []
        means, taken = payment.get_means_display(), _cancelled_on(payment)
        yield [payment.received_on, *named, means, paid, payment.amount, taken]
    for payment in book.taken_back:
        paid = _targets(payment, held_at_last(payment))
        named = [payment.patient.list_name] if with_names else []
        yield [_cancelled_on(payment), *named, payment.get_means_display(), paid, -payment.amount, ""]


def _targets(payment: Payment, parts: Iterable[Allocation]) -> str:
    return ", ".join(map(target_of, parts)) or payment.patient.number_label


def _cancelled_on(payment: Payment) -> date | str:
    return dates.local(payment.cancelled_at).date() if payment.cancelled_at else ""


def _sheet(file: Workbook, title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    sheet = file.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for number in range(1, len(headings) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTH
    head = [_cell(sheet, heading) for heading in headings]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: Any, value: Any) -> Any:
    """A number or a day as such, everything else as text that stays text."""
    if isinstance(value, Decimal | date):
        cell = WriteOnlyCell(sheet, value=value)  # type: ignore[arg-type]  # the stubs know no Decimal and no date
        cell.number_format = FORMATS[Decimal if isinstance(value, Decimal) else date]
        return cell
    text = ILLEGAL_CHARACTERS_RE.sub(" ", str(value))
    cell = WriteOnlyCell(sheet, value=text)
    if text.startswith(excel.ACTS):
        cell.data_type = "s"
        cell.quotePrefix = True
    return cell
