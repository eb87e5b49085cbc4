"""Texts in their places: how wide they are, where a line breaks, how small they must be to fit."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from billing.slip import MM, text_width

LABEL, VALUE = 6.5, 8.3  # the two sizes of type of the form
BASE = 0.847  # where the base of Liberation Sans lies in a line as high as the type
ROUNDED = 0.015  # how far two distances of rounded places may differ
FARTHEST = 12.0  # millimetres from line to line: a taller line would reach over the page and be lost
PAPER, RULE = 210.0, 0.18  # millimetres: the width of the paper and of a frame's line
# Advance widths of the bold face in thousandths of the size, by character, as billing.slip has those of the regular.
CLASSES = {
    238: "'",
    278: " ,./I\\ijl",
    280: "|",
    333: "!()-:;[]`ft",
    389: "*r{}",
    474: '"',
    500: "z",
    556: "#$0123456789J_aceksvxy",
    584: "+<=>~^",
    611: "?FLTZbdghnopqu",
    667: "EPSVXY",
    722: "&ABCDHKNRU",
    778: "GOQw",
    889: "%m",
}
BOLD = {character: width for width, characters in CLASSES.items() for character in characters}
WIDEST = 1015
AS_WIDE = str.maketrans("’‘“”«»–·°\u00a0", "iivvaaa-s ")  # at least as wide as the mark of print


@dataclass(frozen=True)
class Text:
    """One line. ``x`` is its left edge, its right one where ``right`` is set, ``y`` its base, in millimetres."""

    x: float
    y: float
    text: str
    size: float = LABEL
    bold: bool = False
    right: bool = False


@dataclass(frozen=True)
class Stack:
    """Texts of one look below one another at equal distances: drawn at once, which takes a quarter of the time."""

    texts: tuple[Text, ...]

    @property
    def look(self) -> Text:
        """The first of them."""
        return self.texts[0]

    @property
    def text(self) -> str:
        """A line for each."""
        return "\n".join(text.text for text in self.texts)

    @property
    def pitch(self) -> str:
        """From line to line, in millimetres; of a single text as high as its type."""
        return f"{self._pitch:.3f}"

    @property
    def top(self) -> str:
        """Of the first line's box, in millimetres: what a style sheet wants."""
        em = self.look.size / MM
        return f"{self.look.y - (self._pitch - em) / 2 - BASE * em:.2f}"

    @property
    def edge(self) -> str:
        """From the left, or from the right edge of the paper."""
        return f"{PAPER - self.look.x if self.look.right else self.look.x:.2f}"

    @property
    def _pitch(self) -> float:
        steps = len(self.texts) - 1
        return (self.texts[-1].y - self.look.y) / steps if steps else self.look.size / MM


@dataclass(frozen=True)
class Frame:
    """A box across the page."""

    top: float
    bottom: float

    @property
    def height(self) -> str:
        """With the line itself, so that neighbours share it."""
        return f"{self.bottom - self.top + RULE:.2f}"


def put(
    x: float,
    y: float,
    text: str,
    *,
    room: float = 190,
    size: float = LABEL,
    line: float = VALUE,
    bold: bool = False,
    right: bool = False,
) -> Text:
    """A text on the base of a line of type ``line`` whose top is ``y``, smaller where ``room`` is too narrow."""
    text = " ".join(text.split())
    width = measure(text, size, bold=bold)
    fitted = min(size, size * room * MM / width) if width else size
    return Text(x, round(y + BASE * line / MM, 2), text, int(fitted * 100) / 100, bold, right)


def stacked(texts: Iterable[Text]) -> list[Stack]:
    """The same texts in as few stacks as one pass finds."""
    columns: dict[tuple[float, bool, float, bool], list[list[Text]]] = {}
    for text in texts:
        stacks = columns.setdefault((text.x, text.right, text.size, text.bold), [[]])
        if not _continues(stacks[-1], text):
            stacks.append([])
        stacks[-1].append(text)
    return [Stack(tuple(stack)) for stacks in columns.values() for stack in stacks]


def _continues(stack: list[Text], text: Text) -> bool:
    if len(stack) < 2:  # noqa: PLR2004 (the second sets the distance)
        return not stack or 0 < text.y - stack[0].y <= FARTHEST
    return abs(text.y - stack[-1].y - (stack[1].y - stack[0].y)) <= ROUNDED


def measure(text: str, size: float, *, bold: bool = False) -> float:
    """The width in points; what the tables do not know counts as the widest."""
    plain = text.translate(AS_WIDE)
    if not bold:
        return text_width(plain, size)
    letters = (unicodedata.normalize("NFD", character)[0] for character in plain)
    return sum(BOLD.get(letter, WIDEST) for letter in letters) * size / 1000


def broken(text: str, room: float, *, bold: bool = False) -> tuple[str, ...]:
    """The lines of a small text, broken at blanks and where it has breaks, inside a word only where it is too long."""
    return tuple(line for part in text.splitlines() for line in _wrapped(part.split(), room * MM, bold=bold))


def _wrapped(words: list[str], width: float, *, bold: bool) -> list[str]:
    lines = [""]
    for word in words:
        joined = f"{lines[-1]} {word}".lstrip()
        if measure(joined, LABEL, bold=bold) <= width:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        for character in word:
            if measure(lines[-1] + character, LABEL, bold=bold) > width:
                lines.append("")
            lines[-1] += character
    return lines
