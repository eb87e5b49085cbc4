"""The texts of our mails."""

import pytest

from mailing import letters
from mailing.letters import LANGUAGES, UnknownField

INVOICE = {
    "practice": "Cabinet Trois-Lacs",
    "number": "F-00001",
    "date": "24.11.2026",
    "due": "24.12.2026",
    "amount": "1’234.50",
    "sender": "Claire Montavel",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "fields"), [("invoice", INVOICE), ("trial", {"practice": "Cabinet"})])
def test_each_text_exists_in_each_language_and_fills_all_its_fields(
    kind: str, fields: dict[str, str], language: str
) -> None:
    subject, text = letters.letter(kind, language, fields)

    assert "\n" not in subject
    assert fields["practice"] in subject
    assert "[" not in subject + text
    assert all(value in subject + text for value in fields.values())


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(UnknownField):
        letters.filled("Hello [nobody]", {})


def test_brackets_in_a_value_are_not_filled_again() -> None:
    assert letters.filled("[a]", {"a": "[b] {{ c }}", "b": "!"}) == "[b] {{ c }}"


def test_swiss_german_has_no_sharp_s() -> None:
    assert "ß" not in "".join(letters.letter("invoice", "de", INVOICE))
