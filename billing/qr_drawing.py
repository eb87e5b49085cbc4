"""The code of a QR-bill as one SVG path: a stroke for each run of dark modules, quicker to draw than squares."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

import segno

from billing.qr_text import QrBillError
from billing.references import gettext_noop

HIGHEST_VERSION = 25  # section 5.1 of the guidelines; 117 modules


@dataclass(frozen=True)
class QrDrawing:
    """``path`` lies in a square of ``modules`` units, its strokes one unit wide. The 5 mm of white are the slip's."""

    modules: int
    path: str


def path_of(payload: str) -> QrDrawing:
    """Draw a payload at error level M and never higher: modules shall be as large as can be (section 5.1)."""
    code = segno.make_qr(payload, error="m", boost_error=False, mode="byte", encoding="utf-8")
    version = int(code.version)
    if version > HIGHEST_VERSION:
        raise QrBillError(
            "payload", gettext_noop("All in all this is too much for the code of a QR-bill. Shorten a text.")
        )
    return QrDrawing(len(code.matrix), "".join(_strokes(code.matrix)))


def _strokes(matrix: Iterable[Iterable[int]]) -> Iterator[str]:
    for row, modules in enumerate(matrix):
        start = 0
        for dark, run in groupby(modules):
            length = len(list(run))
            if dark:
                yield f"M{start} {row}.5h{length}"
            start += length
