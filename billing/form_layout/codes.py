"""The QR sheet (Annex): whose invoice it is, and where its codes stand, six on a page."""

from collections.abc import Iterator
from dataclasses import dataclass

from billing.form_layout.blocks import beside, day, identification, name_of, street_of, town_of
from billing.form_layout.head import head
from billing.form_layout.ink import LABEL, VALUE, Frame, Text, put
from billing.form_words import FORM
from billing.request import InvoiceRequest

SIDE = 55.0  # millimetres of a code; around it at least its four modules stay white
PLACES = tuple((left, top) for top in (38.0, 104.0) for left in (10.0, 77.5, 145.0))
RULES = (Frame(32.0, 32.0),)  # a frame without height is a rule


@dataclass(frozen=True)
class CodePage:
    """``codes`` are the numbers of the codes on it, from 1, each with its left and top edge in millimetres."""

    number: int
    texts: tuple[Text, ...]
    codes: tuple[tuple[int, float, float], ...]
    frames: tuple[Frame, ...] = RULES


def code_pages(request: InvoiceRequest, count: int) -> tuple[CodePage, ...]:
    """The pages for that many codes."""
    made = []
    for number, first in enumerate(range(1, count + 1, len(PLACES)), start=1):
        some = range(first, min(first + len(PLACES), count + 1))
        codes = tuple((code, left, top) for code, (left, top) in zip(some, PLACES, strict=False))
        texts = (*head(request.language, "annex", "Annex"), *_whose(request, number), *_names(request, codes))
        made.append(CodePage(number, texts, codes))
    return tuple(made)


def _whose(request: InvoiceRequest, page: int) -> Iterator[Text]:
    words, patient = FORM[request.language], request.patient
    contact = patient.contact
    who = beside(
        f"{contact.salutation} {name_of(contact)}".strip(),
        street_of(contact),
        town_of(contact),
        day(patient.born_on),
        words[f"sex.{patient.sex}"],
    )
    yield put(10.0, 23.7, words["identification"], bold=True)
    yield put(29.0, 23.7, identification(request), size=VALUE, room=140)
    yield put(171.0, 23.7, words["page"])
    yield put(180.0, 23.7, str(page), size=VALUE)
    yield put(10.0, 27.5, words["patient"], bold=True)
    yield put(29.0, 27.5, who, size=VALUE, room=171)


def _names(request: InvoiceRequest, codes: tuple[tuple[int, float, float], ...]) -> Iterator[Text]:
    for code, left, top in codes:
        yield put(left, top + SIDE + 1.5, f"{FORM[request.language]['qr_code']} {code}", line=LABEL)
