"""Reference data that comes with the program: Tarif 590 and the rates of VAT. Text in, rows out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"
TARIFF_FILE = FOLDER / "tarif590_v6.json"
UNITS = frozenset({"5min", "flat", "piece"})


@dataclass(frozen=True, slots=True)
class Position:
    """A position of the tariff between two dates, its texts as SASIS publishes them."""

    tariff: str
    code: str
    text_fr: str
    text_de: str
    text_it: str
    hint_fr: str
    hint_de: str
    unit: str
    chapters: str
    certified_only: bool
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A version of the tariff."""

    version: str
    positions: Sequence[Position]


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate of VAT in per cent, from a day on."""

    code: str
    rate: Decimal
    valid_from: date


# VATA art. 25, and the ordinances that raised the rates for the AHV (2024) and let the IV's addition end (2018).
VAT_RATES = (
    Rate("normal", Decimal("7.70"), date(2018, 1, 1)),
    Rate("reduced", Decimal("2.50"), date(2018, 1, 1)),
    Rate("normal", Decimal("8.10"), date(2024, 1, 1)),
    Rate("reduced", Decimal("2.60"), date(2024, 1, 1)),
)


def catalogue(text: str) -> Catalogue:
    """The tariff in a JSON file with ``version`` and ``positions``; ValueError names the faulty row."""
    try:
        content = json.loads(text)
        rows = content["positions"]
        version = str(content["version"])
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise ValueError("The file is no catalogue: it needs “version” and “positions”.") from error
    positions = [_position(row, number) for number, row in enumerate(rows, start=1)]
    if len({(row.tariff, row.code, row.valid_from) for row in positions}) != len(positions):
        raise ValueError("A position stands in the file twice with the same first day.")
    return Catalogue(version, positions)


def shipped_catalogue() -> Catalogue:
    """The version that comes with the program."""
    return catalogue(TARIFF_FILE.read_text(encoding="utf-8"))


def _position(row: dict[str, Any], number: int) -> Position:
    try:
        position = Position(
            tariff=row["tariff"],
            code=row["code"],
            text_fr=row["fr"],
            text_de=row["de"],
            text_it=row["it"],
            hint_fr=row.get("hint_fr", ""),
            hint_de=row.get("hint_de", ""),
            unit=row["unit"],
            chapters=row.get("chapters", ""),
            certified_only=bool(row.get("certified_only")),
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]) if row.get("valid_to") else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"Row {number} of the catalogue cannot be read.") from error
    if position.unit not in UNITS or (position.valid_to and position.valid_to < position.valid_from):
        raise ValueError(f"Row {number} of the catalogue has an unknown unit, or ends before it begins.")
    return position
