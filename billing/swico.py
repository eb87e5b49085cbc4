"""Structured billing information of Swico, version S1: what the payer's bookkeeping may read from a QR-bill.

For patients it carries number and date alone: everybody with access to the account reads it.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

Period = date | tuple[date, date]
VatPart = tuple[Decimal, Decimal | None]
Terms = tuple[Decimal | int, int]


def swico_s1(
    number: str,
    on: date | None = None,
    *,
    customer: str = "",
    uid: str = "",
    served: Period | None = None,
    vat: Sequence[VatPart] = (),
    import_vat: Sequence[VatPart] = (),
    terms: Sequence[Terms] = (),
) -> str:
    """``//S1/10/…`` with the tags in rising order, empty ones left out.

    ``uid`` is CHE-123.456.788 or its digits; ``vat`` pairs a rate in per cent with its net amount (None: the whole);
    ``terms`` pairs a discount in per cent with days, (0, 30) being 30 days net.
    """
    tags = {
        "10": _escaped(number),
        "11": f"{on:%y%m%d}" if on else "",
        "20": _escaped(customer),
        "30": "".join(filter(str.isdigit, uid)),
        "31": _period(served),
        "32": ";".join(_vat(*part) for part in vat),
        "33": ";".join(_vat(*part) for part in import_vat),
        "40": ";".join(f"{_plain(Decimal(discount))}:{days}" for discount, days in terms),
    }
    return "//S1" + "".join(f"/{tag}/{value}" for tag, value in tags.items() if value)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("/", "\\/")


def _period(served: Period | None) -> str:
    if served is None:
        return ""
    days = served if isinstance(served, tuple) else (served,)
    return "".join(f"{day:%y%m%d}" for day in days)


def _vat(rate: Decimal, net: Decimal | None) -> str:
    return _plain(rate) if net is None else f"{_plain(rate)}:{_plain(net)}"


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
