"""May these visits stand on one invoice? Insurers refuse one whose visits differ in what concerns the whole sheet."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import cast

# In the order in which they are named to the user.
ATTRIBUTES = (
    "therapist",
    "address",
    "law",
    "reason",
    "accident_on",
    "case_no",
    "reimbursement",
    "contract_no",
    "approval_no",
    "approval_on",
    "therapy",
    "vat",
    "tariff",
)
# Positions that a new release leaves alone keep their version, so visits of one day may hold several, and two visits
# are only at odds where the same code stands under two of them: one sheet cannot print both of its binding texts.
VERSIONED = "tariff"

Facts = Mapping[str, Hashable]
Versions = frozenset[tuple[str, str]]


def differences(visits: Iterable[Facts]) -> list[str]:
    """The attributes in which the visits differ; empty where one invoice may hold them all."""
    facts = list(visits)
    return [name for name in ATTRIBUTES if _differs(name, facts)]


def split(visits: Sequence[Facts]) -> list[list[int]]:
    """The indexes that go together, as few groups as there can be, in the order of the visits.

    Visits are expected by date: then old and new versions of a code part after the day of the release.
    """
    groups: list[list[int]] = []
    for index, facts in enumerate(visits):
        fitting = (group for group in groups if not differences([*(visits[member] for member in group), facts]))
        home = next(fitting, None)
        if home is None:
            groups.append([index])
        else:
            home.append(index)
    return groups


def _differs(name: str, facts: Sequence[Facts]) -> bool:
    if name != VERSIONED:
        return len({visit.get(name) for visit in facts}) > 1
    versions = {pair for visit in facts for pair in cast("Versions", visit.get(name, frozenset()))}
    return len(versions) > len({code for code, _version in versions})
