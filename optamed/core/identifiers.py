"""Numbers of the Swiss health and payment world: the plain form, or ValueError with a sentence."""

import re

from stdnum import ean, iban
from stdnum.ch import ssn, uid
from stdnum.exceptions import ValidationError

RCC_FORM = re.compile(r"[A-Z][0-9]{6}")
# A QR-IBAN carries an institution number of this range (IG QR-bill 2.3, section 4.2.2).
QR_IID = range(30000, 32000)
AVS_DIGITS = 13


def _bare(value: str) -> str:
    return re.sub(r"[\s.\-\u00a0\u202f']", "", value).upper()


def clean_iban(value: str) -> str:
    """An IBAN of Switzerland or Liechtenstein, 21 characters; the account part may hold letters."""
    bare = re.sub(r"\s", "", value).upper()
    if not re.fullmatch(r"(CH|LI)[0-9]{7}[0-9A-Z]{12}", bare):
        raise ValueError("An IBAN for the QR-bill begins with CH or LI and has 21 characters.")
    try:
        return str(iban.validate(bare, check_country=False))
    except ValidationError as error:
        raise ValueError("The check digits of this IBAN are wrong. Compare it with the bank's paper.") from error


def is_qr_iban(value: str) -> bool:
    """Whether the account is a QR-IBAN, which wants a QR reference of 27 digits."""
    return int(clean_iban(value)[4:9]) in QR_IID


def format_iban(value: str) -> str:
    """CH93 0076 2011 6238 5295 7"""
    return " ".join(value[start : start + 4] for start in range(0, len(value), 4))


def clean_avs(value: str) -> str:
    """An AVS number, 13 digits beginning with 756, with an EAN-13 check digit."""
    bare = _bare(value)
    try:
        return str(ssn.validate(bare))
    except ValidationError as error:
        raise ValueError("This is no valid AVS number: 756.1234.5678.97, the last digit is a check digit.") from error


def format_avs(value: str) -> str:
    """756.1234.5678.97"""
    return f"{value[:3]}.{value[3:7]}.{value[7:11]}.{value[11:]}" if len(value) == AVS_DIGITS else value


def clean_gln(value: str) -> str:
    """A global location number, 13 digits with an EAN-13 check digit."""
    bare = _bare(value)
    if not re.fullmatch(r"[0-9]{13}", bare):
        raise ValueError("A GLN has 13 digits.")
    if not ean.is_valid(bare):
        raise ValueError("The check digit of this GLN is wrong.")
    return bare


def clean_rcc(value: str) -> str:
    """An RCC (ZSR) number: a letter and six digits. No public check rule exists."""
    bare = _bare(value)
    if not RCC_FORM.fullmatch(bare):
        raise ValueError("An RCC number is a letter and six digits, such as A123456.")
    return bare


def clean_uid(value: str) -> str:
    """A business number CHE with nine digits, without the VAT ending."""
    bare = re.sub(r"(TVA|MWST|IVA|TPV)$", "", _bare(value))
    try:
        return str(uid.validate(bare))
    except ValidationError as error:
        raise ValueError("This is no valid UID: CHE-123.456.788, the last digit is a check digit.") from error


def format_uid(value: str) -> str:
    """CHE-123.456.788"""
    return str(uid.format(value)) if value else ""
