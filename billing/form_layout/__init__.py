"""The form General of release 5.0 as pages of placed texts: what stands where, broken and fitted before it is drawn.

Millimetres from the top left corner of A4; type in points.
"""

from dataclasses import dataclass

from billing.form_layout.blocks import blocks, document_line
from billing.form_layout.head import head
from billing.form_layout.ink import Frame, Text
from billing.form_layout.table import LATER_TABLE, foot, paged, rows_of, subtotal, table
from billing.request import InvoiceRequest

LATER_FRAMES = (Frame(23.0, 27.1),)


@dataclass(frozen=True)
class Page:
    """``number`` counts from 1."""

    number: int
    texts: tuple[Text, ...]
    frames: tuple[Frame, ...]


def pages(request: InvoiceRequest, *, copy: bool = False) -> tuple[Page, ...]:
    """All pages of the form, in the request's language. Rows are never cut; each of several pages has a subtotal."""
    first = blocks(request, copy=copy)
    groups = paged(rows_of(request), first.bottom)
    made = []
    for number, rows in enumerate(groups, start=1):
        texts = [*head(request.language, "title", "General"), *document_line(request, number)]
        if number == 1:
            texts += first.texts
        texts += table(request, rows, first.bottom if number == 1 else LATER_TABLE)
        if len(groups) > 1:
            texts += subtotal(request, rows)
        if number == len(groups):
            texts += foot(request)
        placed = tuple(text for text in texts if text.text)
        made.append(Page(number, placed, first.frames if number == 1 else LATER_FRAMES))
    return tuple(made)
