"""A code as a picture, read back as a scanner does."""

from collections.abc import Iterable

import zxingcpp
from PIL import Image

QUIET = 4
SCALE = 6


def decoded(matrix: Iterable[Iterable[object]], kind: zxingcpp.BarcodeFormat) -> str:
    """The text in a code, drawn with Pillow from its modules."""
    rows = [[bool(module) for module in row] for row in matrix]
    side = len(rows) + 2 * QUIET
    picture = Image.new("L", (side, side), 255)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            picture.putpixel((x + QUIET, y + QUIET), 0 if dark else 255)
    enlarged = picture.resize((side * SCALE, side * SCALE), Image.Resampling.NEAREST)
    found = zxingcpp.read_barcodes(enlarged, formats=kind)
    assert len(found) == 1
    return str(found[0].text)
