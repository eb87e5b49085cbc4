"""One hex recolours the program; whatever it is, text stays readable."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optamed.core import palette

TOKENS = Path("static/css/tokens.css")
any_hex = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
CORNERS = ["#000000", "#ffffff", "#ff0000", "#00ff00", "#0000ff", "#ffff00", "#00ffff", "#ff00ff", "#808080", "#facc15"]


# A little under the 5.0 aimed at: the hue is rounded to a tenth of a degree on its way into the style sheet.
AIM = 4.95


def weakest(colours: palette.Palette, *, dark: bool) -> float:
    accent = colours.dark if dark else colours.light
    return min(palette.contrast(accent, ground) for ground in palette.grounds(accent, colours.hue, dark=dark))


@given(any_hex)
def test_any_colour_is_readable_on_every_ground(colour: str) -> None:
    colours = palette.derive(colour)

    assert weakest(colours, dark=False) >= AIM
    assert weakest(colours, dark=True) >= AIM


@pytest.mark.parametrize("colour", CORNERS)
def test_the_corners_of_the_cube_are_readable_too(colour: str) -> None:
    colours = palette.derive(colour)

    assert weakest(colours, dark=False) >= AIM
    assert weakest(colours, dark=True) >= AIM


@given(any_hex)
def test_text_on_the_accent_and_on_its_hover_is_readable(colour: str) -> None:
    colours = palette.derive(colour)

    pairs = [
        (colours.light_fg, colours.light),
        (colours.dark_fg, colours.dark),
        (colours.light_fg, palette.mix(colours.light, "#000000", 0.88)),
        (colours.dark_fg, palette.mix(colours.dark, "#ffffff", 0.86)),
    ]

    assert all(palette.contrast(text, ground) >= 4.5 for text, ground in pairs)


@given(any_hex)
def test_the_text_of_an_appointment_is_readable_in_its_therapists_colour(colour: str) -> None:
    own = palette.derive(colour)

    light = palette.contrast(palette.mix(own.light, "#000000", 0.62), palette.mix(own.light, "#ffffff", 0.13))
    surface = palette.grounds(own.dark, own.hue, dark=True)[0]
    dark = palette.contrast(palette.mix(own.dark, "#ffffff", 0.28), palette.mix(own.dark, surface, 0.30))

    assert min(light, dark) >= 4.5


@given(any_hex)
def test_a_colour_keeps_its_hue(colour: str) -> None:
    before = palette.derive(colour)

    after = palette.derive(before.light)

    turn = abs(before.hue - after.hue) % 360
    assert min(turn, 360 - turn) < 12 or before.hue == 0 or after.hue == 0


@pytest.mark.parametrize("nonsense", ["", "teal", "#fff", "#12345g", "#0f766e;}", "0f766e"])
def test_what_is_not_a_hex_is_refused(nonsense: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        palette.derive(nonsense)


def test_the_style_sheet_names_the_practice_and_each_therapist() -> None:
    sheet = palette.css("#0f766e", {7: "#7c3aed", 12: "#b45309"})

    assert re.search(r"--hue: [\d.]+;", sheet)
    assert re.search(r"--accent: light-dark\(#[0-9a-f]{6}, #[0-9a-f]{6}\);", sheet)
    assert "--accent-fg: light-dark(#ffffff, #0b0f14);" in sheet
    assert re.search(r"--th-7: light-dark\(#[0-9a-f]{6}, #[0-9a-f]{6}\);", sheet)
    assert ".th-12 { --c: var(--th-12); }" in sheet


def test_the_grounds_are_those_of_the_tokens() -> None:
    tokens = TOKENS.read_text()

    for lightness, chroma in [*palette.LIGHT_GROUNDS[1:], *palette.DARK_GROUNDS]:
        assert re.search(rf"oklch\({lightness:g} {chroma:g} var".replace("(0.", "(.").replace(" 0.", " ."), tokens)
    assert f"var(--accent) {palette.LIGHT_SHARE:.0%}" in tokens
    assert f"var(--accent) {palette.DARK_SHARE:.0%}" in tokens
