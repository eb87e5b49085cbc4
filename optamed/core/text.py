"""Text as people search it: without accents, without case."""

import unicodedata

LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "œ": "oe", "æ": "ae"})


def fold(text: str) -> str:
    """Élodie  Łukasz becomes elodie lukasz."""
    lower = unicodedata.normalize("NFKD", text).casefold()
    flat = unicodedata.normalize("NFKD", lower.translate(LETTERS))
    bare = "".join(letter for letter in flat if not unicodedata.combining(letter))
    return " ".join(bare.split())
