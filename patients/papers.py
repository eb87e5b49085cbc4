"""The papers of an invoice by name, in page order, and a choice of them as it is stored. Pure.

A patient may wish other papers than the practice sends; billing draws them.
"""

from collections.abc import Iterable


def gettext_noop(sentence: str) -> str:
    """Mark a label for the catalogues; a form translates it when it is shown."""
    return sentence


INVOICE, FORM, ANNEX, COPY = "invoice", "form", "annex", "copy"
LABELS = {
    INVOICE: gettext_noop("Invoice with QR-bill"),
    FORM: gettext_noop("Form for the insurer"),
    ANNEX: gettext_noop("QR sheet"),
    COPY: gettext_noop("Copy of the invoice"),
}
ORDER = tuple(LABELS)
DEFAULT_MAIL = f"{INVOICE},{FORM},{ANNEX}"
DEFAULT_PRINT = DEFAULT_MAIL


def chosen(text: str) -> tuple[str, ...]:
    """The papers of a stored choice, in page order; what is none of ours is left out."""
    named = set(text.split(","))
    return tuple(paper for paper in ORDER if paper in named)


def stored(papers: Iterable[str]) -> str:
    """A choice as it is kept: its names in page order, between commas."""
    named = set(papers)
    return ",".join(paper for paper in ORDER if paper in named)
