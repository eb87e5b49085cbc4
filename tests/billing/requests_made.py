"""Requests as hypothesis makes them: everything that the standard allows, and as a practice could come to it."""

import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from billing import xml_schema
from billing.request import (
    Balance,
    Biller,
    Contact,
    Diagnosis,
    Insurance,
    InvoiceRequest,
    Law,
    Partner,
    Provider,
    Service,
    Slip,
    Subject,
    Treatment,
    VatLine,
)

# What people type: Latin letters with accents, other scripts, signs that XML escapes, line ends, blanks anywhere.
LETTERS = st.one_of(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cn", "Cs", "Co"]),
    st.sampled_from("abc ÄéŻß'’\"<>&\t\n"),
)
DAYS = st.dates(date(1900, 1, 1), date(2060, 12, 31))
INSTANTS = st.integers(1420066800, 2890245600).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
AMOUNTS = st.decimals(-99999, 99999, places=2)
RATES = st.sampled_from([Decimal(0), Decimal("2.6"), Decimal("8.1"), Decimal("7.70")])
GLNS = st.from_regex(r"[0-9]{13}", fullmatch=True)
RCCS = st.from_regex(r"([A-Z][0-9]{6})?", fullmatch=True)


def texts(most: int, least: int = 0) -> st.SearchStrategy[str]:
    """Tidy already: a property compares what is read with what was written."""
    found = st.text(LETTERS, min_size=least, max_size=most).map(tidied)
    return found.filter(lambda text: least <= len(text) <= most)


def tidied(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\u2028", " ").replace("\u2029", " ")).strip()


def _companies() -> st.SearchStrategy[str]:
    halves = st.tuples(texts(34, 1), texts(35, 1)).map(" ".join)
    return st.one_of(texts(35, 1), halves)


def _addresses() -> dict[str, Any]:
    return {
        "department": texts(35),
        "street": texts(35),
        "house_no": texts(10),
        "postcode": texts(9, 1),
        "town": texts(35, 1),
        "canton": texts(9),
        "country": st.sampled_from(["CH", "CH", "LI", "DE", "FR", "XK"]),
        "phone": texts(25),
        "email": st.sampled_from(["", "a@b", "anne.exemple@optamed.example"]),
    }


PEOPLE = st.builds(
    Contact,
    family_name=texts(35, 1),
    given_name=texts(35, 1),
    salutation=texts(35),
    title=texts(35),
    **_addresses(),
)
CONTACTS = st.one_of(PEOPLE, st.builds(Contact, company=_companies(), **_addresses()))
SERVICES = st.builds(
    Service,
    number=st.integers(1, 999_999_999),
    tariff=st.sampled_from(["590", "999", "312", "A0Z"]),
    code=texts(30, 1),
    name=texts(350, 1),
    quantity=st.decimals(0, 999, places=3),
    on=DAYS,
    unit_price=st.decimals(-99999, 99999, places=4),
    amount=AMOUNTS,
    vat_rate=RATES,
    session=st.integers(1, 999_999),
    provider_gln=GLNS,
)
SLIPS = st.builds(
    Slip,
    iban=st.from_regex(r"(LI|CH)[0-9]{7}[0-9A-Z]{12}", fullmatch=True),
    creditor=CONTACTS,
    reference=st.from_regex(r"([0-9]{27}|RF[0-9]{2}[0-9A-Za-z]{1,21})?", fullmatch=True),
    days=st.integers(0, 999),
    reason=texts(140),
)
TREATMENTS = st.builds(
    Treatment,
    begins_on=st.dates(date(1900, 1, 1), date(1999, 12, 31)),
    ends_on=st.dates(date(2000, 1, 1), date(2060, 12, 31)),
    canton=st.sampled_from(sorted(xml_schema.CANTONS)),
    reason=st.sampled_from(sorted(xml_schema.REASONS)),
    diagnoses=st.lists(
        st.builds(Diagnosis, st.sampled_from(sorted(xml_schema.DIAGNOSES)), texts(12), texts(350)), max_size=3
    ).map(tuple),
    approval_no=texts(255),
    approval_on=st.none() | DAYS,
)
LAWS = st.builds(
    Law,
    kind=st.sampled_from(["VVG", "KVG", "UVG", "IVG", "MVG"]),
    card_no=texts(35),
    insured_no=texts(35),
    case_no=texts(35),
    case_on=st.none() | DAYS,
)


@st.composite
def requests(draw: st.DrawFn) -> InvoiceRequest:
    rows = tuple(draw(st.lists(SERVICES, min_size=1, max_size=4)))
    insurance = draw(st.none() | st.builds(Insurance, GLNS, CONTACTS))
    direct = insurance is not None and draw(st.booleans())
    return InvoiceRequest(
        language=draw(st.sampled_from(["de", "fr", "it"])),
        guid=draw(st.from_regex(r"[A-Fa-f0-9]{32}", fullmatch=True)),
        at=draw(INSTANTS),
        number=draw(texts(35, 1)),
        issued_on=draw(DAYS),
        biller=draw(st.builds(Biller, GLNS, CONTACTS, RCCS)),
        debitor=draw(CONTACTS),
        provider=draw(st.builds(Provider, GLNS, GLNS, CONTACTS, RCCS)),
        patient=draw(_patients()),
        guarantor=draw(CONTACTS),
        balance=draw(_balances(sum((row.amount for row in rows), Decimal("0.00")), prepaid=not direct)),
        slip=draw(SLIPS),
        law=draw(LAWS),
        treatment=draw(TREATMENTS),
        services=rows,
        insurance=insurance,
        partners=tuple(draw(st.lists(_partners(), max_size=2))),
        remark=draw(texts(350)),
        role=draw(st.sampled_from(sorted(xml_schema.ROLES))),
        role_title=draw(texts(35)),
        place=draw(st.sampled_from(["practice", "company"])),
        reimbursement="TP" if direct else "TG",
        subtype=draw(st.sampled_from(["normal", "copy", "storno"])),
        generator=draw(texts(50, 1)),
        generator_version=draw(st.integers(0, 2**32 - 1)),
    )


def _patients() -> st.SearchStrategy[Subject]:
    return st.builds(
        Subject,
        contact=PEOPLE,
        sex=st.sampled_from(["female", "male"]),
        gender=st.sampled_from(["female", "male", "diverse"]),
        born_on=DAYS,
        ssn=st.from_regex(r"[0-9]{4,10}|756[0-9]{10}|438[0-9]{10}", fullmatch=True),
    )


def _partners() -> st.SearchStrategy[Partner]:
    return st.builds(Partner, st.sampled_from(sorted(xml_schema.PARTNERS)), GLNS, CONTACTS, RCCS)


def _balances(amount: Decimal, *, prepaid: bool) -> st.SearchStrategy[Balance]:
    lines = st.lists(st.builds(VatLine, RATES, AMOUNTS, AMOUNTS), min_size=1, max_size=3).map(tuple)
    return st.builds(
        Balance,
        amount=st.just(amount),
        due=AMOUNTS,
        prepaid=AMOUNTS if prepaid else st.just(Decimal("0.00")),
        reminder=AMOUNTS,
        vat=lines,
        vat_number=texts(15),
    )
