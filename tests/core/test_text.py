"""Search knows neither accents nor case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optamed.core.text import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Élodie  Łukasz", "elodie lukasz"),
        ("Müller-Weiß", "muller-weiss"),
        ("L'Œil de Bœuf", "l'oeil de boeuf"),
        ("Øre", "ore"),
        ("Mu\u0308ller", "muller"),
    ],
)
def test_accents_and_case_fall_away(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
