"""The 324 characters of a QR-bill, and what is made of others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.qr_text import ALLOWED, QrBillError, clean


def test_exactly_324_characters_are_allowed() -> None:
    assert len(ALLOWED) == 324


def test_an_allowed_character_stays_as_it_is() -> None:
    changed = {character for character in ALLOWED if clean(f"a{character}b") != f"a{character}b"}

    assert changed == {"\u00a0"}  # the blank that does not break becomes an ordinary one


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("äöüÄÖÜ àâçéèêëïîôûùÿ Ł ł Ș ș Ț ț Œ œ € £ ¥ ^", "äöüÄÖÜ àâçéèêëïîôûùÿ Ł ł Ș ș Ț ț Œ œ € £ ¥ ^"),
        ("Mu\u0308ller", "Müller"),
        ("l’Œil de ‘Bœuf’", "l'Œil de 'Bœuf'"),
        ("„Adler“ – «Bär»", '"Adler" - «Bär»'),
        ("2026—2027…", "2026-2027..."),
        ("1\u202f000\u2009CHF", "1 000 CHF"),
        ("Biel\r\nBienne", "Biel Bienne"),
        ("a   b  c", "a b c"),
        (" Rorschach ", "Rorschach"),
        ("zero\u200bwidth", "zerowidth"),
        ("Ǒ", "O"),
        ("ǉǌﬃ", "ljnjffi"),
        ("Ⅶ", "VII"),
        ("③", "3"),
        ("ʷ", "w"),
        ("Ǽ", "Æ"),
    ],
)
def test_what_has_another_form_is_written_in_it(typed: str, cleaned: str) -> None:
    assert clean(typed) == cleaned


@pytest.mark.parametrize("text", ["Anna 😀", "Иван", "Γιώργος", "مريم", "Ɖ", "a\tb", "a\u0001b", "\u0085"])
def test_what_has_no_latin_form_is_refused(text: str) -> None:
    with pytest.raises(QrBillError, match="Latin letters") as refused:
        clean(text, "debtor.name")

    assert refused.value.field == "debtor.name"


def test_an_error_keeps_its_sentence_apart_from_its_values() -> None:
    with pytest.raises(QrBillError) as refused:
        clean("Ж")

    assert refused.value.sentence % refused.value.values == str(refused.value)
    assert refused.value.values == {"character": "Ж"}


@given(st.text())
def test_cleaned_text_is_allowed_and_stays_when_cleaned_again(text: str) -> None:
    try:
        cleaned = clean(text)
    except QrBillError:
        return

    assert set(cleaned) <= ALLOWED
    assert clean(cleaned) == cleaned
