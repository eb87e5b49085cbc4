"""The slip of a QR-bill, drawn from its payload so that paper and code cannot differ.

Sizes come from the style guide QR-bill. Lines are broken here, by the widths of Liberation Sans, to know what does not
fit before it is printed: then the type gets smaller, streets fall away, lines are cut. The code keeps all.
"""

import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from billing.qr_bill import Bill, Party, is_notification, read
from billing.qr_drawing import QrDrawing, path_of
from billing.references import printed
from billing.sheet_words import SLIP
from optamed.core.identifiers import format_iban

MM = 72 / 25.4  # points
# Advance widths in thousandths of the size, by character; a letter with marks is as wide as its base, but for a few.
CLASSES = {
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;\\[]ftIìíîïĩīĭ",
    292: "ľ",
    333: "()-r`",
    334: "{}",
    355: '"',
    375: "ť",
    389: "*",
    469: "^",
    500: "ckvxyzsJ",
    556: "0123456789abdeghnopqu#$_?L€",
    584: "+<=>~",
    615: "FTZď",
    667: "ABEKPSVXY&",
    722: "CDHNRUw",
    778: "GOQ",
    833: "mM",
    889: "%",
    944: "W",
    1015: "@",
}
WIDTHS = {character: width for width, characters in CLASSES.items() for character in characters}
WIDEST = 1015


@dataclass(frozen=True)
class Block:
    """A heading with its lines. ``blank`` wants the empty box that the payer fills in."""

    heading: str
    lines: tuple[str, ...] = ()
    blank: bool = False


@dataclass(frozen=True)
class Style:
    """How much room a text takes: sizes in points, ``most`` lines for each part of an address (0: all)."""

    size: int
    leading: int
    gap: float
    street_of_debtor: bool = True
    street_of_creditor: bool = True
    most: int = 0


@dataclass(frozen=True)
class Slip:
    """All that the template draws. ``tight`` asks for the smaller type in the payment part.

    ``notification`` tells that it is over 0.00 and not for payment.
    """

    words: dict[str, str]
    receipt: tuple[Block, ...]
    payment: tuple[Block, ...]
    tight: bool
    currency: str
    amount: str
    procedures: tuple[tuple[str, str], ...]
    code: QrDrawing
    notification: bool = False


RECEIPT_WIDTH, RECEIPT_HEIGHT = 52, 56
PAYMENT_WIDTH, PAYMENT_HEIGHT = 87, 85
RECEIPT_STYLES = (
    Style(8, 9, 9),
    Style(8, 9, 9, street_of_debtor=False),
    Style(8, 9, 9, street_of_debtor=False, street_of_creditor=False),
    Style(8, 9, 9, street_of_debtor=False, street_of_creditor=False, most=2),
)
PAYMENT_STYLES = (Style(10, 11, 11), Style(8, 9, 4.5), Style(8, 9, 4.5, most=2))
BLANK_HEIGHT = {RECEIPT_WIDTH: 20, PAYMENT_WIDTH: 25}


def slip_of(payload: str, language: str) -> Slip:
    """The slip in fr, de, it or en. Raises QrBillError where the payload is none."""
    bill = read(payload)
    receipt, _ = _fitting(bill, language, RECEIPT_STYLES, RECEIPT_WIDTH, RECEIPT_HEIGHT)
    payment, style = _fitting(bill, language, PAYMENT_STYLES, PAYMENT_WIDTH, PAYMENT_HEIGHT)
    return Slip(
        words=SLIP[language],
        receipt=receipt,
        payment=payment,
        tight=style is not PAYMENT_STYLES[0],
        currency=bill.currency,
        amount="" if bill.amount is None else _spaced(Decimal(bill.amount)),
        procedures=tuple(_procedure(text) for text in bill.alternative_procedures),
        code=path_of(payload),
        notification=is_notification(bill),
    )


def text_width(text: str, size: float) -> float:
    """In points. What the table does not know counts as the widest: a guess never prints over the edge."""
    return sum(_width(character) for character in text) * size / 1000


def wrap(text: str, width: float, size: float) -> list[str]:
    """The lines of a text in a box of ``width`` points, broken at blanks, inside a word only where it is too long."""
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if text_width(joined, size) <= width:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        for character in word:
            if text_width(lines[-1] + character, size) > width:
                lines.append("")
            lines[-1] += character
    return lines


def _width(character: str) -> int:
    base = unicodedata.normalize("NFD", character)[0]
    return WIDTHS.get(character) or WIDTHS.get(base, WIDEST)


def _fitting(
    bill: Bill, language: str, styles: tuple[Style, ...], width: int, height: int
) -> tuple[tuple[Block, ...], Style]:
    """The first style in which all fits, else the last."""
    for style in styles:
        blocks = _blocks(bill, SLIP[language], style, width)
        if height_of(blocks, style, width) <= height * MM:
            return blocks, style
    return blocks, style


def _blocks(bill: Bill, words: dict[str, str], style: Style, width: int) -> tuple[Block, ...]:
    def lines(text: str, most: int = 0) -> list[str]:
        broken = wrap(text, width * MM, style.size)
        return broken[:most] if most else broken

    def address(party: Party, *, street: bool) -> list[str]:
        return [line for text in _address(party, street=street) for line in lines(text, style.most)]

    creditor = address(bill.creditor, street=style.street_of_creditor)
    blocks = [Block(words["account"], (format_iban(bill.account), *creditor))]
    if bill.reference:
        blocks.append(Block(words["reference"], (printed(bill.reference),)))
    if width == PAYMENT_WIDTH and (bill.message or bill.billing_information):
        information = [line for text in (bill.message, bill.billing_information) if text for line in lines(text)]
        blocks.append(Block(words["additional"], tuple(information)))
    if bill.debtor:
        blocks.append(Block(words["payable_by"], tuple(address(bill.debtor, street=style.street_of_debtor))))
    else:
        blocks.append(Block(words["payable_by_blank"], blank=True))
    return tuple(blocks)


def height_of(blocks: tuple[Block, ...], style: Style, width: int) -> float:
    box = BLANK_HEIGHT[width] * MM
    return sum((1 + len(block.lines)) * style.leading + style.gap + block.blank * box for block in blocks) - style.gap


def _address(party: Party, *, street: bool) -> list[str]:
    """Name, street, town as the post wants them; the country only in front of foreign postcodes."""
    abroad = "" if party.country == "CH" else f"{party.country}-"
    way = f"{party.street} {party.house_no}".strip() if street else ""
    return [line for line in (party.name, way, f"{abroad}{party.postcode} {party.town}") if line]


def _spaced(amount: Decimal) -> str:
    """1 949.75, with blanks that do not break (style guide: no other mark between thousands)."""
    return f"{amount:,.2f}".replace(",", "\u00a0")


def _procedure(text: str) -> tuple[str, str]:
    """The name, printed bold, and the rest: they are parted by the first sign that is no letter or digit."""
    name = next((at for at, character in enumerate(text) if not character.isalnum()), len(text))
    return text[:name], text[name:]
