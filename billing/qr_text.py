"""The 324 characters of a QR-bill, and text brought into them.

Section 4.1.1 of the Swiss implementation guidelines 2.3. Banks refuse a code with any other character.
"""

import unicodedata

from billing.references import gettext_noop

# Section 4.1.1: Basic Latin, Latin-1, Latin Extended-A, S and T with comma, the euro. Exactly 324 characters.
ALLOWED = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x218, 0x21C), 0x20AC)))

# What office programs type by themselves, and what stands for it on a form.
TYPED = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        "\u2026": "...",
        "\r": " ",
        "\n": " ",
    }
)


class QrBillError(ValueError):
    """A field that a bank would refuse. ``sentence`` is a key of the catalogues, with %-placeholders for ``values``."""

    def __init__(self, field: str, sentence: str, **values: object) -> None:
        super().__init__(sentence % values if values else sentence)
        self.field = field
        self.sentence = sentence
        self.values = values


def clean(text: str, field: str = "text") -> str:
    """The text in the 324 characters of the standard.

    Composed, quotes and dashes as on a typewriter, single blanks; special forms are taken apart (③ becomes 3).
    Raises QrBillError where a character has no such form: another spelling of the name is the user's to choose.
    """
    composed = unicodedata.normalize("NFC", text.translate(TYPED)).translate(TYPED)
    return " ".join("".join(_representable(character, field) for character in composed).split())


def _representable(character: str, field: str) -> str:
    category = unicodedata.category(character)
    if category in {"Zs", "Zl", "Zp"}:
        return " "  # a bank refused a code with the narrow no-break space U+202F
    if character in ALLOWED:
        return character
    if category == "Cf":
        return ""  # invisible marks that come along with pasted text
    plain = "".join(_without_mark(part) for part in unicodedata.normalize("NFD", character))
    if plain in ALLOWED:
        return plain  # Ǽ keeps its Æ, which a compatibility form would not give back
    parts = "".join(_without_mark(part) for part in unicodedata.normalize("NFKD", character)).translate(TYPED)
    if ALLOWED.issuperset(parts):
        return parts
    raise QrBillError(
        field,
        gettext_noop("“%(character)s” cannot stand on a QR-bill. Write it in Latin letters."),
        character=character if character.isprintable() else f"U+{ord(character):04X}",
    )


def _without_mark(part: str) -> str:
    return "" if unicodedata.category(part) == "Mn" else part
