"""The counter-document of a cancelled invoice, as PDF: the same lines with minus signs, and no slip."""

from dataclasses import replace
from datetime import date

from billing.document import InvoiceDocument
from billing.services.sheets import letter, stationery
from billing.services.sheets.letter import Sum
from billing.services.sheets.stationery import NO_PICTURES, Pictures, day
from billing.sheet_words import LETTER
from optamed.core import pdf
from optamed.core.money import swiss


def render(document: InvoiceDocument, *, number: str, on: date, reason: str, pictures: Pictures = NO_PICTURES) -> bytes:
    """The PDF. ``number`` is the storno's own, such as S-00003; the logo is drawn where ``pictures`` holds it.

    Raises what ``letter.render_invoice`` raises, but never for a picture: cancelling must not hang on a logo.
    """
    return stationery.drawn(storno_job(document, number=number, on=on, reason=reason, pictures=pictures))


def storno_job(
    document: InvoiceDocument, *, number: str, on: date, reason: str, pictures: Pictures = NO_PICTURES
) -> pdf.Job:
    """The page before it is drawn, for ``optamed.core.pdf.render_many``."""
    words = LETTER[document.language]
    counter = counterpart(document)
    if counter.look.logo not in pictures:
        counter = replace(counter, look=replace(counter.look, logo=""))
    title = f"{words['cancellation']} {number}"
    context = stationery.head_of(counter, words, pictures) | {
        "title": title,
        "of_invoice": words["of_invoice"] % {"number": document.number, "day": day(document.issued_on)},
        "place_and_date": words["place_and_date"] % {"town": document.sender.party.town, "day": day(on)},
        "reason": words["reason"] % {"reason": reason} if reason else "",
        "rows": letter.rows(counter, words),
        "sums": _sums(counter, words),
    }
    return stationery.page("storno.html", context, "invoice.css", "storno.css")


def counterpart(document: InvoiceDocument) -> InvoiceDocument:
    """All that was invoiced, taken back: together with the invoice it comes to nothing."""
    return replace(
        document,
        lines=tuple(replace(line, quantity=-line.quantity, amount=-line.amount) for line in document.lines),
        discount=-document.discount,
        rounding=-document.rounding,
        total=-document.total,
        vat=tuple(replace(share, gross=-share.gross, vat=-share.vat) for share in document.vat),
    )


def _sums(counter: InvoiceDocument, words: dict[str, str]) -> list[Sum]:
    total = Sum("due", words["cancelled_total"], letter.with_currency(counter, swiss(counter.total)))
    return [*letter.steps(counter, words), total, *letter.vat(counter, words)]
