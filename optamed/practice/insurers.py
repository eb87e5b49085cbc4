"""Insurers for the picker on a patient's file, with GLN and address where two sources agree on them. Pure."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "insurers.csv"


@dataclass(frozen=True)
class Insurer:
    """``gln`` is empty where it is not sure: an empty one is better than a wrong one."""

    name: str
    gln: str
    street: str
    postcode: str
    town: str


@cache
def _register() -> Mapping[str, Insurer]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return {row["name"]: Insurer(**row) for row in csv.DictReader(lines)}


def names() -> list[str]:
    """Every insurer that is known, by name. A patient may have another one: the field stays free."""
    return list(_register())


def entry_of(name: str) -> Insurer | None:
    """The insurer of that very name, where it is one of the list."""
    return _register().get(name)


def gln_of(name: str) -> str:
    """The GLN of an insurer, or nothing."""
    known = entry_of(name)
    return known.gln if known else ""
