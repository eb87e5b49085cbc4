"""The control code at the top right of each sheet for an insurer: a Data Matrix (ECC 200) of 24 × 24 modules. Pure.

Release 5.0 of the standard: 43 characters say which request, which language, which sheet and which page this is.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Literal

from pystrich.datamatrix import DataMatrixData
from pystrich.datamatrix.placement import DataMatrixPlacer
from pystrich.datamatrix.renderer import DataMatrixRenderer
from pystrich.datamatrix.textencoder import SymbolShape, TextEncoder, _SymbolSpec

Sheet = Literal["GR", "AX", "SR"]
Matrix = tuple[tuple[bool, ...], ...]

SIZE = 24
_DATA_CELLS = SIZE - 2  # a frame of one module around them
_MORE_THAN_22_HOLDS = 31  # codewords; the next smaller code holds 30, this one 36
_FORM = re.compile(r"FD50[0-9a-f]{32}(?:de|fr|it)[GP](?:GR|AX|SR)(?!00)[0-9]{2}")
_KINDS = {"TG": "G", "TP": "P"}


class _Encoder(TextEncoder):
    """A request whose guid has many digits would fit a smaller code; on these sheets all have one size."""

    def _select_spec(self, unpadded_len: int, symbol_shape: SymbolShape = "square") -> _SymbolSpec:
        return super()._select_spec(max(unpadded_len, _MORE_THAN_22_HOLDS), symbol_shape)


def text(guid: str, language: str, reimbursement: str, sheet: Sheet, page: int) -> str:
    """The 43 characters, such as FD503c6b…8000frGGR01; ``page`` counts from 1 on each sheet.

    Raises ValueError where a part is none of the standard's: all come from a request that was checked.
    """
    found = f"FD50{guid.lower()}{language}{_KINDS.get(reimbursement, '')}{sheet}{page:02d}"
    if not _FORM.fullmatch(found):
        raise ValueError(found)
    return found


def matrix(text: str) -> Matrix:
    """24 rows of 24 modules, True where dark; the white margin of at least one module is the sheet's."""
    cells: list[list[int | None]] = [[None] * _DATA_CELLS for _ in range(_DATA_CELLS)]
    DataMatrixPlacer().place(_Encoder().encode(DataMatrixData(text, encoding="ascii")), cells)
    framed = DataMatrixRenderer(cells, (1, 1), quiet_zone=0).matrix
    return tuple(tuple(bool(module) for module in row) for row in framed)


def path_of(text: str) -> str:
    """The code as one SVG path in a square of 24 units: a stroke, one unit wide, for each run of dark modules."""
    return "".join(_strokes(matrix(text)))


def _strokes(modules: Matrix) -> Iterator[str]:
    for row, line in enumerate(modules):
        start = 0
        for dark, run in groupby(line):
            length = len(list(run))
            if dark:
                yield f"M{start} {row}.5h{length}"
            start += length
