"""Payment references: the QR reference of 27 digits (QRR) and the creditor reference of ISO 11649 (SCOR).

Both after the implementation guidelines QR-bill 2.3, strictly: nothing is padded, cut or dropped.
"""

import re
from typing import Literal

from stdnum import iso11649
from stdnum.ch import esr
from stdnum.iso7064 import mod_97_10

Kind = Literal["QRR", "SCOR", "NON"]

QRR_BODY = 26
SCOR_BODY = re.compile(r"[0-9A-Z]{1,21}")
SCOR_FORM = re.compile(r"RF[0-9]{2}[0-9A-Z]{1,21}")
BLANKS = re.compile(r"[ \u00a0]")


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for the catalogues; whoever shows it translates it. Django's own would want the settings here."""
    return sentence


def qrr(body: str, prefix: str = "") -> str:
    """A QR reference: the bank's prefix, the body filled up with zeros, the check digit. 27 digits.

    Raises ValueError where digits are missing, too many or none but zeros.
    """
    room = QRR_BODY - len(prefix)
    if not re.fullmatch(r"[0-9]*", prefix) or not re.fullmatch(r"[0-9]+", body) or len(body) > room:
        raise ValueError(gettext_noop("A QR reference is made of at most 26 digits."))
    digits = prefix + body.zfill(room)
    return validate_qrr(digits + esr.calc_check_digit(digits))


def scor(body: str) -> str:
    """A creditor reference: RF, two check digits, the body of 1 to 21 letters and digits without dashes and blanks."""
    plain = re.sub(r"[ \-]", "", body).upper()
    if not SCOR_BODY.fullmatch(plain):
        raise ValueError(gettext_noop("A creditor reference is made of 1 to 21 letters and digits."))
    return f"RF{mod_97_10.calc_check_digits(plain + 'RF')}{plain}"


def validate_qrr(value: str) -> str:
    """The 27 digits without blanks. Shorter or longer numbers are refused, and so are 27 zeros."""
    digits = BLANKS.sub("", value)
    if not re.fullmatch(r"[0-9]{27}", digits):
        raise ValueError(gettext_noop("A QR reference has 27 digits."))
    if not int(digits):
        raise ValueError(gettext_noop("A QR reference cannot be all zeros."))
    if esr.calc_check_digit(digits[:-1]) != digits[-1]:
        raise ValueError(gettext_noop("The check digit of this QR reference is wrong."))
    return digits


def validate_scor(value: str) -> str:
    """The creditor reference in capitals and without blanks."""
    plain = BLANKS.sub("", value).upper()
    if not SCOR_FORM.fullmatch(plain):
        raise ValueError(gettext_noop("A creditor reference begins with RF and has 5 to 25 letters and digits."))
    if not iso11649.is_valid(plain):
        raise ValueError(gettext_noop("The check digits of this creditor reference are wrong."))
    return plain


def kind_of(reference: str) -> Kind:
    """What the payload calls it. An empty one is NON; what is not RF… is taken for a QR reference."""
    if not reference.strip():
        return "NON"
    return "SCOR" if reference.strip()[:2].upper() == "RF" else "QRR"


def printed(reference: str) -> str:
    """For the eye: 21 00000 00003 13947 14300 09017 or RF18 5390 0754 7034."""
    match kind_of(reference):
        case "QRR":
            digits = BLANKS.sub("", reference)
            return " ".join([digits[:2], *(digits[at : at + 5] for at in range(2, len(digits), 5))])
        case "SCOR":
            plain = BLANKS.sub("", reference).upper()
            return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))
        case _:
            return ""
