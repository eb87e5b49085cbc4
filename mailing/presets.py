"""The mail providers we know: servers, kind of password, limits. Dated data, checked on the day presets.json names."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from mailing.smtp_dialogue import Security

DATA = Path(__file__).with_name("presets.json")
Secret = Literal["app", "mailbox", "bridge", "none"]


@dataclass(frozen=True, slots=True)
class Preset:
    """One provider. `secret` is what it wants as a password; `per_day` is its limit of messages (0: not known)."""

    key: str
    label: str
    domains: tuple[str, ...]
    host: str
    port: int
    security: Security
    secret: Secret
    help: str
    per_day: int


@cache
def all_presets() -> tuple[Preset, ...]:
    """In the order of the page."""
    rows = json.loads(DATA.read_text(encoding="utf-8"))["presets"]
    return tuple(Preset(**{**row, "domains": tuple(row["domains"])}) for row in rows)


def preset(key: str) -> Preset:
    """The preset of that key, else "other"."""
    known = {each.key: each for each in all_presets()}
    return known.get(key, known["other"])


def preset_of_address(address: str) -> Preset:
    """The provider of an address such as claire@bluewin.ch, else "other"."""
    domain = address.rpartition("@")[2].lower()
    return next((each for each in all_presets() if domain in each.domains), preset("other"))


def preset_of_host(host: str) -> Preset:
    """The provider whose server this is, else "other"."""
    return next((each for each in all_presets() if each.host and each.host == host.lower()), preset("other"))
