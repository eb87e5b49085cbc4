"""What a patient paid in a year, for the tax return: one letter, in the patient's language.

Deductions count what was paid within the year (DFTA art. 33 para. 1 h), whenever it was treated or invoiced.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from billing.document import Look, Sender, Treated
from billing.qr_bill import Party
from billing.services.sheets import stationery
from billing.services.sheets.stationery import NO_PICTURES, Pictures, day, listed
from billing.sheet_words import LETTER
from optamed.core import pdf
from optamed.core.money import ZERO, swiss

WORDS = {
    "fr": {
        "title": "Frais de traitement payés en %(year)s",
        "purpose": "Relevé pour la déclaration d’impôt",
        "treated_by": "Traitement par %(name)s",
        "treated": "Traitement du",
        "number": "Facture",
        "invoiced": "Facturé CHF",
        "paid_on": "Payé le",
        "paid": "Payé CHF",
        "ahead": "Acompte",
        "sum": "Payé en %(year)s",
        "note": "Ce relevé compte ce qui a été payé pendant l’année. "
        "Les remboursements des assurances n’en sont pas déduits.",
    },
    "de": {
        "title": "Bezahlte Behandlungskosten %(year)s",
        "purpose": "Zusammenstellung für die Steuererklärung",
        "treated_by": "Behandlung durch %(name)s",
        "treated": "Behandlung vom",
        "number": "Rechnung",
        "invoiced": "Betrag CHF",
        "paid_on": "Bezahlt am",
        "paid": "Bezahlt CHF",
        "ahead": "Vorauszahlung",
        "sum": "Im Jahr %(year)s bezahlt",
        "note": "Aufgeführt ist, was im Laufe des Jahres bezahlt wurde. "
        "Vergütungen von Versicherungen sind nicht abgezogen.",
    },
    "it": {
        "title": "Spese di trattamento pagate nel %(year)s",
        "purpose": "Riepilogo per la dichiarazione d’imposta",
        "treated_by": "Trattamento di %(name)s",
        "treated": "Trattamento del",
        "number": "Fattura",
        "invoiced": "Fatturato CHF",
        "paid_on": "Pagato il",
        "paid": "Pagato CHF",
        "ahead": "Acconto",
        "sum": "Pagato nel %(year)s",
        "note": "Il riepilogo considera quanto pagato durante l’anno. I rimborsi delle assicurazioni non sono dedotti.",
    },
    "en": {
        "title": "Treatment costs paid in %(year)s",
        "purpose": "Statement for the tax return",
        "treated_by": "Treated by %(name)s",
        "treated": "Treated on",
        "number": "Invoice",
        "invoiced": "Invoiced CHF",
        "paid_on": "Paid on",
        "paid": "Paid CHF",
        "ahead": "Paid ahead",
        "sum": "Paid in %(year)s",
        "note": "This statement counts what was paid within the year. What insurers paid back is not deducted.",
    },
}


@dataclass(frozen=True)
class Paid:
    """Money of one day for one invoice or visit, in CHF. Without ``number`` it was paid ahead."""

    on: date
    amount: Decimal
    number: str = ""
    treated: tuple[date, ...] = ()
    invoiced: Decimal | None = None


@dataclass(frozen=True)
class Statement:
    """A patient's year. ``sender`` is the practice, ``therapists`` those who treated, with the RCC of each place."""

    year: int
    language: str
    made_on: date
    sender: Sender
    recipient: Party
    patient: Treated
    paid: tuple[Paid, ...]
    therapists: tuple[Sender, ...] = ()
    look: Look = field(default_factory=Look)

    @property
    def total(self) -> Decimal:
        """What was paid in the year, in CHF."""
        return sum((one.amount for one in self.paid), ZERO)


def render(statement: Statement, *, pictures: Pictures = NO_PICTURES) -> bytes:
    """The PDF. Raises DomainError where the logo is missing, PdfUnavailableError where Pango is."""
    return stationery.drawn(statement_job(statement, pictures=pictures))


def statement_job(statement: Statement, *, pictures: Pictures = NO_PICTURES) -> pdf.Job:
    """The page before it is drawn, for ``optamed.core.pdf.render_many``."""
    return stationery.page("statement.html", _context(statement, pictures), "invoice.css", "statement.css")


def _context(statement: Statement, pictures: Pictures) -> dict[str, object]:
    letter, words = LETTER[statement.language], WORDS[statement.language]
    year = {"year": statement.year}
    return {
        "language": statement.language,
        "window": "left" if statement.look.window == "left" else "right",
        "accent": stationery.readable(statement.look.accent),
        "logo": stationery.picture(statement.look.logo, pictures),
        "sender": statement.sender,
        "sender_lines": _sender_lines(statement),
        "recipient_lines": stationery.address(statement.recipient),
        "words": words,
        "title": words["title"] % year,
        "place_and_date": _place_and_date(statement, letter),
        "treated": _treated(statement, letter),
        "therapists": [words["treated_by"] % {"name": _therapist(one, letter)} for one in statement.therapists],
        "rows": [_row(one, words) for one in statement.paid],
        "sum_label": words["sum"] % year,
        "sum": swiss(statement.total),
    }


def _sender_lines(statement: Statement) -> list[str]:
    sender = statement.sender
    place = stationery.address(sender.party)[1:]
    if statement.look.window == "left":
        return [line for line in (*place, sender.phone, sender.email) if line]
    return [line for line in (", ".join(place), listed(sender.phone, sender.email)) if line]


def _place_and_date(statement: Statement, letter: dict[str, str]) -> str:
    town = statement.sender.party.town
    made_on = day(statement.made_on)
    return letter["place_and_date"] % {"town": town, "day": made_on} if town else made_on


def _treated(statement: Statement, letter: dict[str, str]) -> str:
    patient = statement.patient
    born = letter["born_on"] % {"day": day(patient.born_on)} if patient.born_on else ""
    return listed(letter["treatment_of"] % {"name": patient.name}, born)


def _therapist(one: Sender, letter: dict[str, str]) -> str:
    rcc = f"{letter.get('rcc', 'RCC')} {one.rcc}" if one.rcc else ""
    return listed(listed(one.therapist, one.profession, mark=", "), rcc, f"GLN {one.gln}" if one.gln else "")


def _row(one: Paid, words: dict[str, str]) -> dict[str, str]:
    return {
        "treated": ", ".join(day(on) for on in one.treated) or words["ahead"],
        "number": one.number,
        "invoiced": "" if one.invoiced is None else swiss(one.invoiced),
        "paid_on": day(one.on),
        "paid": swiss(one.amount),
    }
