"""The blocks of the form's first page: document, biller, patient, provider, diagnoses, remark, partners."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from billing.form_layout.ink import LABEL, VALUE, Frame, Text, broken, put
from billing.form_words import FORM
from billing.request import Contact, InvoiceRequest, Partner, Provider
from optamed.core import dates
from optamed.core.identifiers import format_avs

LEFT, NAMES, VALUES, RIGHT = 10.7, 29.0, 57.5, 199.3  # within the frames
WINDOW, WINDOW_VALUES = 124.0, 152.5
BESIDE = 95.5  # addresses beside numbers
PITCH, CLOSE = 3.81, 3.0  # from line to line
TABLE = 155.3  # where the table begins, unless what stands above needs the place
REMARK_HEIGHT = 11.2


@dataclass(frozen=True)
class Blocks:
    """``bottom`` is where the table begins."""

    texts: tuple[Text, ...]
    frames: tuple[Frame, ...]
    bottom: float


def blocks(request: InvoiceRequest, *, copy: bool) -> Blocks:
    """What stands between the document line and the table of the first page."""
    words = FORM[request.language]
    diagnoses = [*_diagnoses(request, words)]
    remark = broken(request.remark, RIGHT - VALUES)
    below = 120.2 + max(4.0, 1.0 + CLOSE * _lines(diagnoses))
    end = below + max(REMARK_HEIGHT, 1.4 + CLOSE * len(remark))
    partners = list(_partners(request, words))
    texts = (
        *_biller(request, words),
        *_patient(request, words, copy=copy),
        *_window(request, words),
        *_provider(request.provider, words),
        *_block_title(words["diagnosis"], 120.8),
        *diagnoses,
        *_block_title(words["remark"], below + 0.5),
        *(_small(VALUES, below + 0.5, line, text) for line, text in enumerate(remark)),
        *(_small(x, end + 0.6, line, text, room) for line, row in enumerate(partners) for x, text, room in row),
    )
    edges = (23.0, 34.6, 111.2, 120.2, below, end)
    frames = tuple(Frame(top, bottom) for top, bottom in pairwise(edges))
    return Blocks(texts, frames, max(TABLE, end + 0.6 + CLOSE * len(partners) + 1.5))


def document_line(request: InvoiceRequest, page: int) -> tuple[Text, ...]:
    """It stands on every page."""
    words = FORM[request.language]
    return (
        *_block_title(words["document"], 23.7, line=VALUE),
        put(NAMES, 23.7, words["identification"]),
        put(VALUES, 23.7, identification(request), size=VALUE, room=112),
        put(171.0, 23.7, words["page"]),
        put(180.0, 23.7, str(page), size=VALUE),
    )


def identification(request: InvoiceRequest) -> str:
    """Seconds since 1970, the same instant by the clock of Zurich, the request's own number."""
    return f"{request.timestamp} / {dates.local(request.at):%d.%m.%Y %H:%M:%S} / {request.guid}"


def provider_index(request: InvoiceRequest) -> dict[str, int]:
    """The numbers under which the rows name who treated, by GLN."""
    return {gln: number for number, gln in enumerate(dict.fromkeys(row.provider_gln for row in request.services), 1)}


def name_of(contact: Contact) -> str:
    """The company, or the person with the title."""
    person = f"{contact.title} {contact.given_name} {contact.family_name}"
    return " ".join((contact.company or person).split())


def street_of(contact: Contact) -> str:
    return f"{contact.street} {contact.house_no}".strip()


def town_of(contact: Contact) -> str:
    return f"{_postcode(contact)} {contact.town}".strip()


def beside(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def day(on: date | None) -> str:
    return f"{on:%d.%m.%Y}" if on else ""


def _biller(request: InvoiceRequest, words: dict[str, str]) -> Iterator[Text]:
    biller = request.biller
    contact = biller.contact
    yield from _block_title(words["biller"], 27.5, PITCH, line=VALUE)
    yield put(NAMES, 27.5, f"{words['gln']}(B)")
    yield put(NAMES, 31.3, f"{words['rcc']}(B)")
    yield put(VALUES, 27.5, biller.gln, size=VALUE, room=27)
    yield put(VALUES, 31.3, biller.rcc, size=VALUE, room=27)
    yield put(86.0, 27.5, beside(name_of(contact), contact.department, street_of(contact)), room=113)
    yield put(86.0, 31.3, beside(town_of(contact), contact.phone, contact.email), room=113)


def _patient(request: InvoiceRequest, words: dict[str, str], *, copy: bool) -> Iterator[Text]:
    yield from _block_title(words["patient"], 35.3, line=VALUE)
    for number, (name, value) in enumerate(_patient_values(request, words, copy=copy)):
        yield put(NAMES, 35.3 + PITCH * number, words[name], room=28)
        yield put(VALUES, 35.3 + PITCH * number, value, size=VALUE, room=WINDOW - VALUES - 1.5)


def _patient_values(request: InvoiceRequest, words: dict[str, str], *, copy: bool) -> tuple[tuple[str, str], ...]:
    patient, contact, law, treatment = request.patient, request.patient.contact, request.law, request.treatment
    return (
        ("family_name", contact.family_name or contact.company),
        ("given_name", contact.given_name),
        ("street", street_of(contact)),
        ("postcode", _postcode(contact)),
        ("town", contact.town),
        ("born_on", day(patient.born_on)),
        ("sex", f"{words[f'gender.{patient.gender}']} / {words[f'sex.{patient.sex}']}"),
        ("case_on", day(law.case_on)),
        ("case_no", law.case_no),
        ("ssn", format_avs(patient.ssn)),
        ("card_no", law.card_no),
        ("insured_no", law.insured_no),
        ("canton", treatment.canton),
        ("copy", words["yes" if copy or request.subtype == "copy" else "no"]),
        ("reimbursement", request.reimbursement),
        ("law", words[f"law.{law.kind}"]),
        ("treatment", f"{day(treatment.begins_on)} - {day(treatment.ends_on)}"),
        ("kind", words["ambulatory"]),
        ("reason", words[f"reason.{treatment.reason}"]),
        ("role_place", beside(request.role_title or words[f"role.{request.role}"], words[f"place.{request.place}"])),
    )


def _window(request: InvoiceRequest, words: dict[str, str]) -> Iterator[Text]:
    """Right of the patient: the insurer's number, the address in the envelope's window, the days and numbers."""
    insurance, treatment = request.insurance, request.treatment
    yield put(WINDOW, 35.3, words["insurer_gln"], room=28)
    if insurance:
        yield put(WINDOW_VALUES, 35.3, insurance.gln, size=VALUE, room=46)
    for number, line in enumerate(_address(insurance.contact if insurance else request.debitor)):
        yield put(WINDOW, 46.7 + PITCH * number, line, size=VALUE, room=RIGHT - WINDOW)
    yield put(WINDOW, 88.7, words["approval"], room=28)
    yield put(WINDOW, 92.5, words["invoice"], room=28)
    yield put(WINDOW, 96.3, words["reminder"], room=28)
    approval = " / ".join(part for part in (day(treatment.approval_on), treatment.approval_no) if part)
    yield put(WINDOW_VALUES, 88.7, approval, size=VALUE, room=46)
    yield put(WINDOW_VALUES, 92.5, f"{day(request.issued_on)} / {request.number}", size=VALUE, room=46)


def _provider(provider: Provider, words: dict[str, str]) -> Iterator[Text]:
    contact = provider.contact
    yield from _block_title(words["provider"], 111.7)
    numbers = (
        (f"{words['gln']}(P)", provider.gln, beside(name_of(contact), contact.department)),
        (f"{words['gln']}(L)", provider.location_gln, beside(street_of(contact), town_of(contact))),
        (f"{words['rcc']}(P)", provider.rcc, beside(contact.phone, contact.email)),
    )
    for line, (name, number, address) in enumerate(numbers):
        yield _small(NAMES, 111.7, line, name)
        yield _small(VALUES, 111.7, line, number, BESIDE - VALUES)
        yield _small(BESIDE, 111.7, line, address, RIGHT - BESIDE)


def _diagnoses(request: InvoiceRequest, words: dict[str, str]) -> Iterator[Text]:
    """The kind where the names stand, code and text where the values do."""
    line = 0
    for diagnosis in request.treatment.diagnoses:
        yield _small(NAMES, 120.8, line, words[f"diagnosis.{diagnosis.kind}"], 28)
        for text in broken(f"{diagnosis.code} {diagnosis.text}", RIGHT - VALUES):
            yield _small(VALUES, 120.8, line, text)
            line += 1


def _partners(request: InvoiceRequest, words: dict[str, str]) -> Iterator[list[tuple[float, str, float]]]:
    """Who treated, under the numbers that the rows bear, then who else has a part in it."""
    yield [(10.0, words["partners"], 45), (VALUES, words["partner_numbers"], 37), (BESIDE, words["address"], 104)]
    treated = provider_index(request)
    for gln, number in treated.items():
        known = request.provider if gln == request.provider.gln else None
        yield _partner(number, gln, known.rcc if known else "", known.contact if known else None)
    for number, partner in enumerate(request.partners, len(treated) + 1):
        yield _partner(number, partner.gln, _section(partner, words), partner.contact)


def _section(partner: Partner, words: dict[str, str]) -> str:
    return " / ".join(part for part in (partner.rcc, words[f"partner.{partner.kind}"]) if part)


def _partner(number: int, gln: str, section: str, contact: Contact | None) -> list[tuple[float, str, float]]:
    address = beside(*_address(contact)) if contact else ""
    return [(10.0, f"{number} – {gln}", 45), (VALUES, section, 37), (BESIDE, address, 104)]


def _address(contact: Contact) -> list[str]:
    person = name_of(contact) if not contact.company else ""
    behind = f"{contact.given_name} {contact.family_name}".strip() if contact.company else ""
    lines = (contact.company, contact.department, behind, person, street_of(contact), town_of(contact))
    return [line for line in lines if line]


def _postcode(contact: Contact) -> str:
    abroad = "" if contact.country in {"", "CH"} else f"{contact.country}-"
    return f"{abroad}{contact.postcode}"


def _block_title(title: str, top: float, pitch: float = CLOSE, *, line: float = LABEL) -> Iterator[Text]:
    for number, part in enumerate(title.split("\n")):
        yield put(LEFT, top + pitch * number, part, bold=True, line=line, room=NAMES - LEFT - 1.4)


def _small(x: float, top: float, line: int, text: str, room: float = 190) -> Text:
    return put(x, top + CLOSE * line, text, line=LABEL, room=room)


def _lines(texts: Iterable[Text]) -> int:
    return len({text.y for text in texts})
