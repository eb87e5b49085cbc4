"""Bars of a year as geometry: values in, rectangles out. The template draws them as SVG that follows the theme."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

LEFT, RIGHT, TOP, BOTTOM = 52, 962, 10, 208
BAR, GAP = 18, 2
STEPS = 4
ROUND = (1, 2, 5, 10)


@dataclass(frozen=True)
class Bar:
    """A bar, in units of the picture."""

    x: int
    y: int
    width: int
    height: int
    value: Decimal


@dataclass(frozen=True)
class Slot:
    """A month: the middle of its place, its name, its two bars."""

    middle: int
    name: str
    first: Bar
    second: Bar


@dataclass(frozen=True)
class Rule:
    """A horizontal line with the value it stands for."""

    y: int
    value: int


@dataclass(frozen=True)
class Plot:
    slots: Sequence[Slot]
    rules: Sequence[Rule]


def bars(rows: Sequence[tuple[str, Decimal, Decimal]]) -> Plot:
    """Two bars per row over a scale that ends on a round number."""
    step = _step(max((value for row in rows for value in row[1:]), default=Decimal(0)))
    top = step * STEPS
    width = (RIGHT - LEFT) // max(len(rows), 1)
    slots = [_slot(LEFT + width * index + width // 2, row, top) for index, row in enumerate(rows)]
    return Plot(slots, [Rule(_y(Decimal(step * n), top), step * n) for n in range(STEPS + 1)])


def _step(highest: Decimal) -> int:
    """The smallest 1, 2 or 5 times a power of ten that holds the highest value in four steps."""
    size = 1
    while True:
        for factor in ROUND:
            if factor * size * STEPS >= highest:
                return factor * size
        size *= 10


def _slot(middle: int, row: tuple[str, Decimal, Decimal], top: int) -> Slot:
    name, first, second = row
    return Slot(middle, name, _bar(middle - BAR - GAP // 2, first, top), _bar(middle + GAP // 2, second, top))


def _bar(x: int, value: Decimal, top: int) -> Bar:
    y = _y(value, top)
    return Bar(x, y, BAR, BOTTOM - y, value)


def _y(value: Decimal, top: int) -> int:
    return BOTTOM - int(value * (BOTTOM - TOP) / top)
