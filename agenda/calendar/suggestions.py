"""Which services a new practice is offered first. Codes of Tarif 590, V6; lengths as they are usual."""

from collections.abc import Sequence
from dataclasses import dataclass

from optamed.core.text import fold

ANAMNESIS, ANAMNESIS_MINUTES = "1200", 20
PERIOD = 5  # minutes: Tarif 590 counts in periods of five


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A service: its length, and whether it is for a first visit."""

    minutes: int
    first: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """A position of the tariff and how many periods of it."""

    code: str
    periods: int


# What a profession calls itself in the four languages, folded: the first line that fits counts.
MAIN_CODES = (
    (("osteo",), "1203"),
    (("etio",), "1204"),
    (("acupunct", "akupunkt", "agopunt", "mtc", "tcm"), "1004"),
    (("lymph", "linfo"), "1066"),
    (("reflexo", "riflesso"), "1052"),
    (("massag", "massagg", "masseu"), "1062"),
    (("cranio",), "1034"),
    (("kinesi", "chinesi"), "1060"),
    (("homeo", "homoo", "omeo"), "1057"),
    (("shiatsu",), "1100"),
    (("phyto", "fito"), "1085"),
    (("sophro", "sofro"), "1102"),
    (("polarity",), "1087"),
    (("ayurved",), "1215"),
    (("kunst", "art-", "arte", "art "), "1217"),
    (("natur",), "1208"),
    (("yoga",), "1054"),
)
USUAL: Sequence[Suggestion] = (Suggestion(75, first=True), Suggestion(60), Suggestion(30))


def main_code(profession: str) -> str:
    """The position a profession uses most; empty when the profession is not a usual one."""
    folded = fold(profession)
    return next((code for words, code in MAIN_CODES if any(word in folded for word in words)), "")


def codes_for(code: str, minutes: int, *, first: bool) -> list[Code]:
    """The position for the whole visit; a first one begins with the anamnesis. Each code once a visit (Tarif 590)."""
    if not code:
        return []
    if not first or code == ANAMNESIS or minutes <= ANAMNESIS_MINUTES:
        return [Code(code, max(minutes // PERIOD, 1))]
    return [Code(ANAMNESIS, ANAMNESIS_MINUTES // PERIOD), Code(code, (minutes - ANAMNESIS_MINUTES) // PERIOD)]
