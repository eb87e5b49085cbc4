"""The papers of an invoice by name, in page order, and a choice of them as it is stored. Pure."""

from collections.abc import Iterable

INVOICE, FORM, ANNEX, COPY = "invoice", "form", "annex", "copy"
ORDER = (INVOICE, FORM, ANNEX, COPY)
DEFAULT_MAIL = f"{INVOICE},{FORM},{ANNEX}"
DEFAULT_PRINT = DEFAULT_MAIL


def chosen(text: str) -> tuple[str, ...]:
    """The papers of a stored choice, in page order; what is none of ours is left out."""
    named = set(text.split(","))
    return tuple(paper for paper in ORDER if paper in named)


def stored(papers: Iterable[str]) -> str:
    named = set(papers)
    return ",".join(paper for paper in ORDER if paper in named)
