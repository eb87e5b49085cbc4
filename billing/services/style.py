"""How this practice's invoices look and are numbered: changed here, and read here when an invoice is photographed."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction

from billing.document import Look
from billing.models import InvoiceSettings, LetterText
from optamed.journal import services as journal
from optamed.practice.models import Picture, Practice, Therapist, User
from optamed.practice.services import counters, pictures, records, therapists

THE_ONE = 1


class StyleFacts(TypedDict, total=False):
    """Shifts in mm to the right and down, at most 10.0; papers as ``patients.papers.stored``; CHF for one euro."""

    has_accent: bool
    window: str
    slip_page: str
    slip_lines: bool
    paid_slip: bool
    offset_x: Decimal
    offset_y: Decimal
    mail_papers: str
    print_papers: str
    pattern: str
    when_incomplete: str
    euro_rate: Decimal | None
    nightly_run: bool


class Words(TypedDict):
    """Plain text: at most 600 characters before and after, 200 at the foot."""

    before: str
    after: str
    footer: str


def current() -> InvoiceSettings:
    """What applies now, the defaults where nobody changed any. Not to be saved: ``save`` does that."""
    return InvoiceSettings.current()


@transaction.atomic
def save(*, by: User, **facts: Unpack[StyleFacts]) -> InvoiceSettings:
    """Change what is named; everything else stays. Issued invoices keep their look."""
    return records.store(_row(), facts, by=by)


@transaction.atomic
def set_logo(*, data: bytes, by: User) -> InvoiceSettings:
    """A new logo for new invoices. DomainError where the file is no picture."""
    return records.store(_row(), {"logo": pictures.store(data=data, by=by)}, by=by)


@transaction.atomic
def remove_logo(*, by: User) -> InvoiceSettings:
    """New invoices have none. The picture is kept, since invoices show it."""
    return records.store(_row(), {"logo": None}, by=by)


@transaction.atomic
def set_signature(*, therapist: Therapist, data: bytes, by: User) -> Therapist:
    """The signature under new invoices of a therapist. DomainError where the file is no picture."""
    return records.store(therapist, {"signature": pictures.store(data=data, by=by)}, by=by)


@transaction.atomic
def remove_signature(*, therapist: Therapist, by: User) -> Therapist:
    """New invoices are not signed. The picture is kept, since invoices show it."""
    return records.store(therapist, {"signature": None}, by=by)


@transaction.atomic
def set_texts(*, texts: Mapping[str, Words], by: User) -> None:
    """The words of the letter by language; a language that is not named keeps its own."""
    for language, words in texts.items():
        LetterText.objects.update_or_create(language=language, defaults={**words})
    journal.record(verb="changed texts", subject=_row(), by=by)


@transaction.atomic
def set_numbers(*, pattern: str, letters: Mapping[Therapist, str], starts: Mapping[str, int], by: User) -> None:
    """How new invoices are numbered. ``starts`` is the next number by the counter's name.

    DomainError where that number was given already: a series only goes up.
    """
    changed = {one: word for one, word in letters.items() if one.series != word}
    Therapist.objects.filter(pk__in=[one.pk for one in changed]).update(series="")  # so that two can change places
    for therapist, word in changed.items():
        therapists.update(therapist=therapist, series=word, by=by)
    for counter, number in starts.items():
        counters.start_at(name=counter, next_number=number)
    save(pattern=pattern, by=by)


def text_in(language: str) -> LetterText:
    """The words around the lines in a language; empty ones where nobody wrote any."""
    return LetterText.objects.filter(language=language).first() or LetterText(language=language)


def look_of(*, therapist: Therapist) -> Look:
    """How a new invoice of a therapist is laid out."""
    return look_from(current(), therapist=therapist)


def look_from(style: InvoiceSettings, *, therapist: Therapist | None) -> Look:
    """The look of settings that need not be saved."""
    practice = Practice.objects.first() if style.has_accent else None
    return Look(
        logo=style.logo.sha256 if style.logo else "",
        signature=therapist.signature.sha256 if therapist and therapist.signature else "",
        accent=practice.colour if practice else "",
        window=style.window,
        slip_page=style.slip_page,
        slip_lines=style.slip_lines,
        offset_x=style.offset_x,
        offset_y=style.offset_y,
    )


def pictures_of(*, shas: Iterable[str]) -> dict[str, tuple[str, bytes]]:
    """Kind and bytes of kept pictures by their SHA-256; empty names are passed over, unknown ones left out."""
    named = {sha for sha in shas if sha}
    if not named:
        return {}
    found = Picture.objects.filter(sha256__in=named).values_list("sha256", "mime", "data")
    return {sha: (mime, bytes(data)) for sha, mime, data in found}


def _row() -> InvoiceSettings:
    """The one row, held until the end of the transaction, so that two pages saved at once both count."""
    InvoiceSettings.objects.get_or_create(pk=THE_ONE)
    return InvoiceSettings.objects.select_for_update(of=("self",)).select_related("logo").get(pk=THE_ONE)
