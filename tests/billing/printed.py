"""What stands where on a printed page: signs and texts with their places in millimetres from the top left corner."""

from typing import Any, NamedTuple

import pypdfium2

MM = 25.4 / 72
GAP = 0.4  # between two signs of different words
SAME_LINE = 1.0  # how far the feet of signs on one line may differ


class Box(NamedTuple):
    """Edges of what is printed, and the text."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


def signs(page: Any, *, loose: bool = False) -> list[Box]:
    """Every sign but blanks; ``loose`` takes the height of the line and the advance."""
    words = page.get_textpage()
    found = []
    for index in range(words.count_chars()):
        left, bottom, right, top = words.get_charbox(index, loose=loose)
        height = page.get_height()
        box = (left * MM, (height - top) * MM, right * MM, (height - bottom) * MM)
        found.append(Box(*box, words.get_text_range(index, 1)))
    return [box for box in found if box.text.strip()]


def boxes_of(page: Any, text: str) -> list[Box]:
    """Each place where the text stands."""
    words = page.get_textpage()
    search = words.search(text, match_case=True)
    height = page.get_height()
    found = []
    while hit := search.get_next():
        edges = [words.get_charbox(index) for index in range(hit[0], sum(hit))]
        top, bottom = height - max(edge[3] for edge in edges), height - min(edge[1] for edge in edges)
        found.append(Box(edges[0][0] * MM, top * MM, edges[-1][2] * MM, bottom * MM, text))
    return found


def overprints(boxes: list[Box]) -> list[tuple[Box, Box]]:
    """Pairs of signs that lie on one another by more than a fifth of a millimetre both ways."""
    wrong = []
    ordered = sorted(boxes)
    for at, one in enumerate(ordered):
        for other in ordered[at + 1 :]:
            if other.left > one.right - 0.2:
                break
            if min(one.bottom, other.bottom) - max(one.top, other.top) > 0.2 and other.right - other.left > 0.2:
                wrong.append((one, other))
    return wrong


def lines(pdf: bytes) -> list[list[str]]:
    """For each page what the eye reads, from line to line, from left to right."""
    return [_lines(signs(page, loose=True)) for page in pypdfium2.PdfDocument(pdf)]


def _lines(boxes: list[Box]) -> list[str]:
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda box: box.bottom):
        if not rows or box.bottom - rows[-1][0].bottom > SAME_LINE:
            rows.append([])
        rows[-1].append(box)
    return [_line(sorted(row)) for row in rows]


def _line(row: list[Box]) -> str:
    text = ""
    for at, box in enumerate(row):
        text += " " * bool(at and box.left - row[at - 1].right > GAP) + box.text
    return text
