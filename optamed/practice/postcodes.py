"""Towns and cantons by postcode, from the official register of localities (swisstopo, April 2026). Pure."""

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "postcodes.csv"
CANTONS = (
    *("AG", "AI", "AR", "BE", "BL", "BS", "FR", "GE", "GL", "GR", "JU", "LU", "NE"),
    *("NW", "OW", "SG", "SH", "SO", "SZ", "TG", "TI", "UR", "VD", "VS", "ZG", "ZH"),
    "LI",
)

Town = tuple[str, str]


@cache
def _register() -> Mapping[str, Sequence[Town]]:
    towns: dict[str, list[Town]] = defaultdict(list)
    with FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            towns[row["postcode"]].append((row["town"], row["canton"]))
    return towns


def towns(postcode: str) -> list[Town]:
    """The towns of a postcode of Switzerland or Liechtenstein, each with its canton; the first is the usual one."""
    bare = postcode.strip().upper().removeprefix("CH-").removeprefix("LI-")
    return list(_register().get(bare, ()))
