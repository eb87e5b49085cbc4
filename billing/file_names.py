"""What a paper is called when it leaves: our number, and of that only what every system takes in a file's name."""

import re
from collections.abc import Mapping

ENDING = ".pdf"
# A paper by its kind, in the language it is written in.
WORDS: Mapping[str, Mapping[str, str]] = {
    "fr": {"invoice": "Facture", "form": "Justificatif", "annex": "Feuille_QR", "storno": "Annulation"},
    "de": {"invoice": "Rechnung", "form": "Rueckforderungsbeleg", "annex": "QR-Blatt", "storno": "Storno"},
    "it": {"invoice": "Fattura", "form": "Giustificativo", "annex": "Foglio_QR", "storno": "Annullamento"},
    "en": {"invoice": "Invoice", "form": "Insurer", "annex": "QR_sheet", "storno": "Cancellation"},
}


def words(language: str) -> Mapping[str, str]:
    """The papers by kind; in English where the language is none of ours."""
    return WORDS.get(language, WORDS["en"])


def of_invoice(number: str | None, pk: int, *, ending: str = ENDING) -> str:
    """F-00042.pdf, or draft-7.pdf where there is no number yet."""
    return f"{re.sub(r'[^A-Za-z0-9-]', '_', number or f'draft-{pk}')}{ending}"
