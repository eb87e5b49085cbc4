"""The table of services, which rows go to which page, and the sums at the foot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing.form_layout.blocks import day, provider_index
from billing.form_layout.ink import LABEL, VALUE, Text, broken, put
from billing.form_words import FORM
from billing.references import printed
from billing.request import InvoiceRequest, Service
from optamed.core.identifiers import format_iban, format_uid
from optamed.core.money import ZERO

LATER_TABLE = 29.5  # where the table begins on the second page and after
HEAD, ROW, TEXT, PITCH = 3.1, 4.1, 3.7, 2.7  # heights of the head, of a row without its text; where the text begins
TEXT_ROOM = 164.0
BOTTOM = 267.5  # no row goes below
SUBTOTAL, FOOT, DUE = 267.6, 270.1, 279.0
CLOSE = 3.0
SUM_NAMES, SUMS = 185.7, 200.0


@dataclass(frozen=True)
class Column:
    """``x`` is the left edge, the right one where ``right`` is set. ``room`` in millimetres."""

    name: str
    x: float
    room: float
    right: bool = True


@dataclass(frozen=True)
class Row:
    """A service with its text in lines."""

    service: Service
    lines: tuple[str, ...]

    @property
    def height(self) -> float:
        """In millimetres."""
        return ROW + PITCH * len(self.lines)


COLUMNS = (
    Column("on", 10.0, 19.0, right=False),
    Column("tariff", 29.5, 5.7, right=False),
    Column("code", 36.0, 32.0, right=False),
    Column("reference_code", 81.0, 13.0),
    Column("session", 85.0, 3.6),
    Column("side", 93.0, 6.0),
    Column("quantity", 103.0, 12.0),
    Column("price", 118.0, 13.4),
    Column("factor", 128.0, 9.5),
    Column("value", 138.0, 9.5),
    Column("technical_price", 153.0, 14.5),
    Column("technical_factor", 163.0, 9.5),
    Column("technical_value", 173.0, 9.5),
    Column("provider_index", 175.5, 1.9, right=False),
    Column("responsible_index", 177.7, 1.9, right=False),
    Column("vat_code", 179.7, 1.9, right=False),
    Column("amount", 200.0, 18.0),
)


def rows_of(request: InvoiceRequest) -> list[Row]:
    """The services with their texts broken as the bold face needs it."""
    return [Row(service, broken(service.name, TEXT_ROOM, bold=True)) for service in request.services]


def paged(rows: Sequence[Row], top: float) -> list[list[Row]]:
    """The rows page by page, none cut; ``top`` is where the table begins on the first. Never empty."""
    groups: list[list[Row]] = [[]]
    y = top + HEAD
    for row in rows:
        if y + row.height > BOTTOM:
            groups.append([])
            y = LATER_TABLE + HEAD
        groups[-1].append(row)
        y += row.height
    return groups


def table(request: InvoiceRequest, rows: Sequence[Row], top: float) -> Iterator[Text]:
    """The head and the rows; nothing where there are none."""
    words = FORM[request.language]
    indexes, codes = provider_index(request), vat_codes(request)
    y = top + HEAD
    if rows:
        yield from (_cell(column, top, words[column.name], size=LABEL, line=LABEL) for column in COLUMNS)
    for row in rows:
        cells = _cells(row.service, indexes[row.service.provider_gln], codes[row.service.vat_rate])
        yield from (_cell(column, y, cells[column.name]) for column in COLUMNS if column.name in cells)
        for number, line in enumerate(row.lines):
            yield put(36.0, y + TEXT + PITCH * number, line, line=LABEL, bold=True)
        y += row.height


def subtotal(request: InvoiceRequest, rows: Sequence[Row]) -> tuple[Text, Text]:
    """The sum of this page's rows."""
    amount = sum((row.service.amount for row in rows), ZERO)
    return _sum(f"{FORM[request.language]['subtotal']}:", SUBTOTAL, amount)


def foot(request: InvoiceRequest) -> Iterator[Text]:
    """The last page's: VAT by rate, what to pay, and to which account."""
    words, balance = FORM[request.language], request.balance
    yield from _vat(request, words)
    for line, text in enumerate(_account(request, words)):
        yield put(70.0, FOOT + CLOSE * line, text, line=LABEL, room=44)
    for line, (name, amount) in enumerate((("prepaid", balance.prepaid), ("reminder_fee", balance.reminder))):
        yield put(115.0, FOOT + CLOSE * line, f"{words[name]}:", line=LABEL, bold=True, room=27)
        yield put(156.6, FOOT + CLOSE * line, money(amount), line=LABEL, right=True, room=14)
    yield from _sum(f"{words['total']}:", FOOT, balance.amount)
    yield put(SUM_NAMES, DUE, f"{words['due']}:", size=LABEL, bold=True, right=True)
    yield put(SUMS, DUE, money(balance.due), size=7.4, bold=True, right=True, room=14)


def vat_codes(request: InvoiceRequest) -> dict[Decimal, str]:
    """The number of each rate: 0 where there is no VAT, then from the highest rate on."""
    rates = {row.vat_rate for row in request.services} | {line.rate for line in request.balance.vat}
    taxed = sorted((rate for rate in rates if rate), reverse=True)
    return {rate: str(number) for number, rate in enumerate(taxed, start=1)} | {ZERO: "0"}


def money(amount: Decimal) -> str:
    """Two places and no mark between thousands, as forms are read by machines."""
    return f"{amount:.2f}"


def _cells(service: Service, index: int, vat_code: str) -> dict[str, str]:
    return {
        "on": day(service.on),
        "tariff": service.tariff,
        "code": service.code,
        "session": str(service.session),
        "quantity": money(service.quantity),
        "price": money(service.unit_price),
        "value": "1.00",
        "provider_index": str(index),
        "responsible_index": str(index),
        "vat_code": vat_code,
        "amount": money(service.amount),
    }


def _cell(column: Column, y: float, text: str, *, size: float = VALUE, line: float = VALUE) -> Text:
    return put(column.x, y, text, size=size, line=line, right=column.right, room=column.room)


def _vat(request: InvoiceRequest, words: dict[str, str]) -> Iterator[Text]:
    edges = (20.0, 33.9, 52.7, 67.0)
    codes = vat_codes(request)
    for x, name in zip(edges, ("foot_code", "foot_rate", "amount", "foot_vat"), strict=True):
        yield put(x, FOOT, words[name], line=LABEL, bold=True, right=True)
    for number, share in enumerate(request.balance.vat, start=1):
        cells = (codes[share.rate], money(share.rate), money(share.amount), money(share.vat))
        for x, text in zip(edges, cells, strict=True):
            yield put(x, FOOT + CLOSE * number, text, line=LABEL, right=True, room=13)


def _account(request: InvoiceRequest, words: dict[str, str]) -> Iterator[str]:
    slip = request.slip
    yield f"{words['vat_number']}: {format_uid(request.balance.vat_number) or '–'}"
    yield f"{words['currency']}: CHF"
    yield f"{words['iban']}: {format_iban(slip.iban)}"
    if slip.reference:
        yield f"{words['reference']}: {printed(slip.reference)}"


def _sum(name: str, y: float, amount: Decimal) -> tuple[Text, Text]:
    return (
        put(SUM_NAMES, y, name, line=LABEL, bold=True, right=True),
        put(SUMS, y, money(amount), line=LABEL, right=True, room=14),
    )
