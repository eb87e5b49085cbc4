"""The texts of our mails, one file per kind and language; fields stand in brackets and unknown ones are refused.

The first line of a file is the subject. User text is put in as it is: nothing in it is a template.
"""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("templates_text")
LANGUAGES = ("fr", "de", "it", "en")
FIELD = re.compile(r"\[([a-z_]+)\]")


class UnknownField(ValueError):  # noqa: N818
    """A text names a field that there is no value for."""


@cache
def _file(kind: str, language: str) -> str:
    return (FOLDER / f"{kind}.{language}.txt").read_text(encoding="utf-8")


def filled(text: str, fields: dict[str, str]) -> str:
    """The text with its fields, in one pass: brackets inside a value stay as they are. Raises UnknownField."""

    def value(found: re.Match[str]) -> str:
        if found[1] not in fields:
            raise UnknownField(found[1])
        return fields[found[1]]

    return FIELD.sub(value, text)


def letter(kind: str, language: str, fields: dict[str, str]) -> tuple[str, str]:
    """Subject and text. A language we do not write falls back to German."""
    text = _file(kind, language if language in LANGUAGES else "de")
    subject, _, body = text.partition("\n")
    return " ".join(filled(subject, fields).split()), filled(body.lstrip("\n"), fields)
