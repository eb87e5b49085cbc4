"""Insurers for the picker on a patient's file, with their GLN where two sources agree on it. Pure."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "insurers.csv"


@cache
def _register() -> Mapping[str, str]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return {row["name"]: row["gln"] for row in csv.DictReader(lines)}


def names() -> list[str]:
    """Every insurer that is known, by name. A patient may have another one: the field stays free."""
    return list(_register())


def gln_of(name: str) -> str:
    """The GLN of an insurer, or nothing: an empty GLN is better than a wrong one."""
    return _register().get(name, "")
