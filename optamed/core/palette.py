"""From one hex to colours that stay readable in light and dark: the practice's accent, the therapists' colours.

Thought in OKLCH, where lightness is what the eye sees (Björn Ottosson, 2020); contrast as in WCAG 2.2, 1.4.3.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

Rgb = tuple[float, float, float]
Lab = tuple[float, float, float]

# AA asks for 4.5; the rest is for a row that the pointer darkens.
ENOUGH = 5.0
WHITE, NIGHT = "#ffffff", "#0b0f14"
GREY_BELOW, COLOURLESS = 0.01, 0.001  # chroma under which a hue means nothing, and under which there is none
SLACK = 0.0001  # of a channel, for the arithmetic
# Where sRGB's curve turns into a line (IEC 61966-2-1).
BEND, LINEAR_BEND = 0.04045, 0.0031308
# Grounds on which accent-coloured text stands, the surface first: lightness and chroma as in static/css/tokens.css.
LIGHT_GROUNDS = ((1.0, 0.0), (0.977, 0.003), (0.966, 0.004))
DARK_GROUNDS = ((0.235, 0.006), (0.195, 0.006), (0.21, 0.006), (0.275, 0.007))
LIGHT_SHARE, DARK_SHARE = 0.09, 0.16  # of the accent in --accent-soft


@dataclass(frozen=True, slots=True)
class Palette:
    """A colour for light and dark, each with the colour of text on it; the hue in degrees tints the greys."""

    hue: float
    light: str
    light_fg: str
    dark: str
    dark_fg: str


def derive(hex_colour: str) -> Palette:
    """The palette of a colour such as ``#0f766e``; ValueError for anything else."""
    lightness, chroma, hue = _oklch(_rgb(hex_colour))
    light = _darken(lightness, chroma, hue)
    dark = _lighten(max(lightness, 0.6), chroma, hue)
    degrees = 0.0 if chroma < GREY_BELOW else round(math.degrees(hue) % 360, 1)
    return Palette(hue=degrees, light=light, light_fg=_text_on(light), dark=dark, dark_fg=_text_on(dark))


def css(practice_hex: str, therapist_hexes: Mapping[int, str]) -> str:
    """The sheet ``/theme.css``: ``--hue --accent --accent-fg``; per therapist ``--th-7`` with the class ``.th-7``."""
    own = derive(practice_hex)
    others = {key: derive(colour) for key, colour in therapist_hexes.items()}
    lines = [
        ":root {",
        f"  --hue: {own.hue:g};",
        f"  --accent: light-dark({own.light}, {own.dark});",
        f"  --accent-fg: light-dark({own.light_fg}, {own.dark_fg});",
        *(f"  --th-{key}: light-dark({colour.light}, {colour.dark});" for key, colour in others.items()),
        "}",
        *(f".th-{key} {{ --c: var(--th-{key}); }}" for key in others),
    ]
    return "\n".join(lines) + "\n"


def contrast(one: str, other: str) -> float:
    """Contrast of two hexes, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def grounds(accent: str, hue: float, *, dark: bool) -> list[str]:
    """Every ground on which accent-coloured text may stand, the tinted one included."""
    plain = [
        _fit(lightness, chroma, math.radians(hue)) for lightness, chroma in (DARK_GROUNDS if dark else LIGHT_GROUNDS)
    ]
    return [*plain, mix(accent, plain[0], DARK_SHARE if dark else LIGHT_SHARE)]


def mix(one: str, other: str, share: float) -> str:
    """``color-mix(in oklab, one share, other)``."""
    pairs = zip(_oklab(_rgb(one)), _oklab(_rgb(other)), strict=True)
    lightness, a, b = (share * first + (1 - share) * second for first, second in pairs)
    return _hex(_from_oklab((lightness, a, b)))


def _darken(lightness: float, chroma: float, hue: float) -> str:
    while not _readable(colour := _fit(lightness, chroma, hue), hue, dark=False):
        lightness -= 0.01
    return colour


def _lighten(lightness: float, chroma: float, hue: float) -> str:
    while not _readable(colour := _fit(lightness, chroma, hue), hue, dark=True):
        lightness += 0.01
    return colour


def _readable(colour: str, hue: float, *, dark: bool) -> bool:
    return all(contrast(colour, ground) >= ENOUGH for ground in grounds(colour, math.degrees(hue), dark=dark))


def _text_on(colour: str) -> str:
    return WHITE if contrast(colour, WHITE) >= contrast(colour, NIGHT) else NIGHT


def _rgb(hex_colour: str) -> Rgb:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", hex_colour):
        raise ValueError(f"not a colour: {hex_colour!r}")
    red, green, blue = (int(hex_colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(max(0.0, min(1.0, channel)) * 255):02x}" for channel in rgb)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= BEND else ((channel + 0.055) / 1.055) ** 2.4


def _gamma(channel: float) -> float:
    channel = max(0.0, min(1.0, channel))
    return 12.92 * channel if channel <= LINEAR_BEND else 1.055 * channel ** (1 / 2.4) - 0.055


def _luminance(rgb: Rgb) -> float:
    red, green, blue = map(_linear, rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _oklab(rgb: Rgb) -> Lab:
    red, green, blue = map(_linear, rgb)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
    )


def _oklch(rgb: Rgb) -> Lab:
    lightness, a, b = _oklab(rgb)
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _linear_of(lab: Lab) -> Rgb:
    lightness, a, b = lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
    )


def _from_oklab(lab: Lab) -> Rgb:
    red, green, blue = map(_gamma, _linear_of(lab))
    return red, green, blue


def _fit(lightness: float, chroma: float, hue: float) -> str:
    """The nearest colour a screen can show: chroma gives way, lightness and hue stay."""
    while True:
        lab = lightness, chroma * math.cos(hue), chroma * math.sin(hue)
        if chroma < COLOURLESS or all(-SLACK <= channel <= 1 + SLACK for channel in _linear_of(lab)):
            return _hex(_from_oklab(lab))
        chroma *= 0.96
