"""The payload of a QR-bill (Swiss implementation guidelines 2.3), checked strictly and read back.

The package qrbill is asked as a second judge. It lets pass much that a bank refuses, so own rules stand in front.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from qrbill import QRBill
from qrbill.bill import Address

from billing.qr_text import QrBillError, clean
from billing.references import gettext_noop, kind_of, validate_qrr, validate_scor
from optamed.core import identifiers

__all__ = ["NOTIFICATION", "Bill", "Party", "QrBillError", "check", "clean", "is_notification", "payload", "read"]

LINE_BREAK = "\r\n"
SHORTEST_INFORMATION = 4  # two slashes and the two characters of its kind
MOST_PROCEDURES, LONGEST_PROCEDURE = 2, 100
LINES = 31  # up to and with the trailer EPD
MOST_BYTES = 997  # what a code of version 25 holds at level M (section 5)

# A bill over 0.00 informs only, and says so in one of these (section 3.5.1, and the banks' validator).
NOTIFICATION = {
    "de": "NICHT ZUR ZAHLUNG VERWENDEN",
    "en": "DO NOT USE FOR PAYMENT",
    "fr": "NE PAS UTILISER POUR LE PAIEMENT",
    "it": "NON UTILIZZARE PER IL PAGAMENTO",
}

MOST = {
    "name": (70, gettext_noop("The name has more than the 70 characters a QR-bill can hold.")),
    "street": (70, gettext_noop("The street has more than the 70 characters a QR-bill can hold.")),
    "house_no": (16, gettext_noop("The house number has more than the 16 characters a QR-bill can hold.")),
    "postcode": (16, gettext_noop("The postcode has more than the 16 characters a QR-bill can hold.")),
    "town": (35, gettext_noop("The town has more than the 35 characters a QR-bill can hold.")),
    "message": (140, gettext_noop("The message has more than the 140 characters a QR-bill can hold.")),
    "billing_information": (140, gettext_noop("The billing information has more than the 140 characters allowed.")),
}
WANTED = {
    "name": gettext_noop("The QR-bill needs a name."),
    "postcode": gettext_noop("The QR-bill needs the postcode."),
    "town": gettext_noop("The QR-bill needs the town."),
    "country": gettext_noop("The QR-bill needs the country."),
}


@dataclass(frozen=True)
class Party:
    """A structured address (type S, the only one allowed). ``country`` is the code of two letters."""

    name: str
    street: str = ""
    house_no: str = ""
    postcode: str = ""
    town: str = ""
    country: str = "CH"


@dataclass(frozen=True)
class Bill:
    """What a QR-bill says. An ``amount`` of None leaves a blank box for the payer, and so does a ``debtor`` of None."""

    account: str
    creditor: Party
    amount: Decimal | str | None = None
    currency: str = "CHF"
    debtor: Party | None = None
    reference: str = ""
    message: str = ""
    billing_information: str = ""
    alternative_procedures: tuple[str, ...] = ()


def check(bill: Bill) -> Bill:
    """The bill as it may leave the house: fields cleaned, the amount with two places, the reference without blanks."""
    account = _account(bill.account)
    message = _text("message", bill.message)
    information = _billing_information(bill.billing_information)
    if len(message) + len(information) > MOST["message"][0]:
        raise QrBillError(
            "message", gettext_noop("Message and billing information together have more than 140 characters.")
        )
    if bill.currency not in {"CHF", "EUR"}:
        raise QrBillError("currency", gettext_noop("A QR-bill is in CHF or EUR."))
    return replace(
        bill,
        account=account,
        creditor=_party("creditor", bill.creditor),
        amount=_amount(bill.amount, message),
        debtor=_party("debtor", bill.debtor) if bill.debtor else None,
        reference=_reference(bill.reference, account),
        message=message,
        billing_information=information,
        alternative_procedures=_procedures(bill.alternative_procedures),
    )


def payload(bill: Bill) -> str:
    """The text of the code: 31 to 34 lines, CR LF between them, none at the end.

    Raises QrBillError with the field and a sentence. At most 997 bytes of UTF-8, so that a code of version 25 holds it.
    """
    checked = check(bill)
    text = LINE_BREAK.join(_lines(checked))
    if len(text.encode()) > MOST_BYTES:
        raise QrBillError(
            "payload", gettext_noop("All in all this is too much for the code of a QR-bill. Shorten a text.")
        )
    _ask_the_second_judge(checked, text)
    return text


def read(text: str) -> Bill:
    """The bill of a payload, so that paper says what the code says. Raises QrBillError where it is none."""
    lines = re.sub(r"\r?\n\Z", "", text).replace("\r\n", "\n").split("\n")
    known = LINES <= len(lines) <= LINES + 3 and lines[-1] and lines[:3] == ["SPC", "0200", "1"] and lines[30] == "EPD"
    if not known:
        raise QrBillError("payload", gettext_noop("This is not the code of a QR-bill."))
    bill = Bill(
        account=lines[3],
        creditor=_read_party(lines[4:11]),
        amount=lines[18] or None,
        currency=lines[19],
        debtor=_read_party(lines[20:27]) if any(lines[20:27]) else None,
        reference=lines[28],
        message=lines[29],
        billing_information="".join(lines[31:32]),
        alternative_procedures=tuple(line for line in lines[32:] if line),
    )
    return check(bill)


def is_notification(bill: Bill) -> bool:
    """Whether it informs only."""
    return bill.amount is not None and Decimal(bill.amount) == 0


def _account(value: str) -> str:
    try:
        return identifiers.clean_iban(value)
    except ValueError as error:
        raise QrBillError("account", str(error)) from error


def _text(field: str, value: str) -> str:
    text = clean(value, field)
    most, sentence = MOST[field.rpartition(".")[2]]
    if len(text) > most:
        raise QrBillError(field, sentence)
    return text


def _party(role: str, party: Party) -> Party:
    postcode = _text(f"{role}.postcode", party.postcode)
    if re.match(r"[A-Z]{1,3}-", postcode):
        raise QrBillError(f"{role}.postcode", gettext_noop("Write the postcode without the country in front."))
    cleaned = Party(
        name=_text(f"{role}.name", party.name),
        street=_text(f"{role}.street", party.street),
        house_no=_text(f"{role}.house_no", party.house_no),
        postcode=postcode,
        town=_text(f"{role}.town", party.town),
        country=_country(role, party.country),
    )
    for field, sentence in WANTED.items():
        if not getattr(cleaned, field):
            raise QrBillError(f"{role}.{field}", sentence)
    return cleaned


def _country(role: str, code: str) -> str:
    if not code.strip():
        raise QrBillError(f"{role}.country", WANTED["country"])
    try:
        known = str(Address.parse_country(code)) if re.fullmatch(r"[A-Z]{2}", code) else ""
    except ValueError:
        known = ""
    if known != code:
        raise QrBillError(f"{role}.country", gettext_noop("The country is a code of two capitals, such as CH."))
    return code


def _amount(amount: object, message: str) -> Decimal | None:
    if amount is None or amount == "":
        return None
    text = str(amount).strip() if isinstance(amount, Decimal | str) else "no amount"
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,2})?", text):
        raise QrBillError("amount", gettext_noop("The amount lies between 0.01 and 999999999.99, with two places."))
    exact = Decimal(text).quantize(Decimal("0.01"))
    if not exact and message not in NOTIFICATION.values():
        raise QrBillError("amount", gettext_noop("A QR-bill over 0.00 must say that it is not for payment."))
    return exact


def _reference(reference: str, account: str) -> str:
    kind = kind_of(reference)
    if identifiers.is_qr_iban(account) and kind != "QRR":
        raise QrBillError("reference", gettext_noop("A QR-IBAN needs a QR reference of 27 digits."))
    if kind == "QRR" and not identifiers.is_qr_iban(account):
        raise QrBillError("reference", gettext_noop("A QR reference goes with a QR-IBAN only."))
    if kind == "NON":
        return ""
    try:
        return validate_qrr(reference) if kind == "QRR" else validate_scor(reference)
    except ValueError as error:
        raise QrBillError("reference", str(error)) from error


def _billing_information(value: str) -> str:
    text = _text("billing_information", value)
    if text and (not text.startswith("//") or len(text) < SHORTEST_INFORMATION):
        raise QrBillError(
            "billing_information", gettext_noop("Billing information begins with // and the code of its kind.")
        )
    return text


def _procedures(values: tuple[str, ...]) -> tuple[str, ...]:
    texts = tuple(text for text in (clean(value, "alternative_procedures") for value in values) if text)
    if len(texts) > MOST_PROCEDURES or any(len(text) > LONGEST_PROCEDURE for text in texts):
        raise QrBillError(
            "alternative_procedures", gettext_noop("At most two other ways to pay, of 100 characters each.")
        )
    return texts


def _lines(bill: Bill) -> list[str]:
    lines = ["SPC", "0200", "1", bill.account, *_party_lines(bill.creditor), *[""] * 7]
    lines += ["" if bill.amount is None else str(bill.amount), bill.currency, *_party_lines(bill.debtor)]
    lines += [kind_of(bill.reference), bill.reference, bill.message, "EPD"]
    if bill.billing_information or bill.alternative_procedures:
        lines += [bill.billing_information, *bill.alternative_procedures]
    return lines


def _party_lines(party: Party | None) -> list[str]:
    if party is None:
        return [""] * 7
    return ["S", party.name, party.street, party.house_no, party.postcode, party.town, party.country]


def _read_party(lines: list[str]) -> Party:
    if lines[0] != "S":
        raise QrBillError("payload", gettext_noop("This QR-bill has an address of the old kind, which banks refuse."))
    return Party(*lines[1:])


def _ask_the_second_judge(bill: Bill, text: str) -> None:
    doubt = gettext_noop("This QR-bill cannot be written without doubt. Look at its fields once more.")
    try:
        opinion = _payload_of_qrbill(bill)
    except ValueError as error:
        raise QrBillError("payload", doubt) from error
    if opinion != text:
        raise QrBillError("payload", doubt)


def _payload_of_qrbill(bill: Bill) -> str:
    def address(party: Party) -> dict[str, str]:
        return {
            "name": party.name,
            "street": party.street,
            "house_num": party.house_no,
            "pcode": party.postcode,
            "city": party.town,
            "country": party.country,
        }

    other = QRBill(
        account=bill.account,
        creditor=address(bill.creditor),
        amount=None if bill.amount is None else str(bill.amount),
        currency=bill.currency,
        debtor=address(bill.debtor) if bill.debtor else None,
        reference_number=bill.reference or None,
        additional_information=bill.message,
        billing_information=bill.billing_information,
        alt_procs=bill.alternative_procedures,
    )
    return str(other.qr_data())
