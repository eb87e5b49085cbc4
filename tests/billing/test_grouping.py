"""Which visits stand on one invoice, and how few invoices the others need."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing import grouping

PLAIN = {
    "therapist": 1,
    "address": (("town", "Bienne"),),
    "law": "VVG",
    "reason": "disease",
    "accident_on": None,
    "case_no": "",
    "reimbursement": "TG",
    "contract_no": "",
    "approval_no": "",
    "approval_on": None,
    "therapy": "Ostéopathie",
    "vat": "exempt",
    "tariff": frozenset({("1200", "6"), ("1203", "6")}),
}
OTHER = {
    "therapist": 2,
    "address": (("town", "Lausanne"),),
    "law": "UVG",
    "reason": "accident",
    "accident_on": date(2026, 3, 1),
    "case_no": "U-77",
    "reimbursement": "TP",
    "contract_no": "K-1",
    "approval_no": "KG-9",
    "approval_on": date(2026, 2, 1),
    "therapy": "Massage",
    "vat": "liable",
    "tariff": frozenset({("1200", "7")}),
}


def test_the_plain_values_name_every_attribute():
    assert tuple(PLAIN) == tuple(OTHER) == grouping.ATTRIBUTES


@pytest.mark.parametrize("name", grouping.ATTRIBUTES)
def test_each_attribute_alone_keeps_visits_apart(name):
    other = PLAIN | {name: OTHER[name]}

    assert grouping.differences([PLAIN, other]) == [name]
    assert grouping.split([PLAIN, other, PLAIN]) == [[0, 2], [1]]


def test_equal_visits_stand_on_one():
    assert grouping.differences([PLAIN, dict(PLAIN)]) == []
    assert grouping.split([PLAIN] * 3) == [[0, 1, 2]]


def test_nothing_gives_no_group():
    assert grouping.split([]) == []
    assert grouping.differences([]) == []


@pytest.mark.parametrize(
    ("versions", "groups"),
    [
        # Two releases on one sheet are fine as long as no code stands there with both of its texts.
        ([{("1200", "6")}, {("1203", "7")}], [[0, 1]]),
        ([{("1200", "6")}, {("1200", "7")}], [[0], [1]]),
        ([{("1200", "6"), ("1203", "6")}, {("1203", "7")}, {("1310", "6")}], [[0, 2], [1]]),
        ([{("1200", "6")}, {("1203", "6")}, {("1200", "7"), ("1203", "7")}], [[0, 1], [2]]),
        ([set(), {("1200", "6")}, set()], [[0, 1, 2]]),
    ],
)
def test_a_code_has_one_text_on_a_sheet(versions, groups):
    visits = [PLAIN | {"tariff": frozenset(pairs)} for pairs in versions]

    assert grouping.split(visits) == groups


few = {name: st.sampled_from([PLAIN[name], OTHER[name]]) for name in ("law", "therapy", "approval_no")}
some_visits = st.lists(st.fixed_dictionaries(few).map(lambda drawn: PLAIN | drawn), max_size=12)


@given(some_visits)
def test_groups_hold_each_visit_once_agree_inside_and_are_as_few_as_can_be(visits):
    groups = grouping.split(visits)

    assert sorted(index for group in groups for index in group) == list(range(len(visits)))
    assert all(not grouping.differences(visits[index] for index in group) for group in groups)
    assert len(groups) == len({tuple(sorted(visit.items(), key=str)) for visit in visits})
    assert all(first[0] < second[0] for first, second in pairwise(groups))


@given(st.lists(st.tuples(st.booleans(), st.sets(st.sampled_from("ABC"))), max_size=10))
def test_one_release_in_between_makes_at_most_two(drawn):
    """Old visits before new ones, as they come by date."""
    by_date = sorted(drawn, key=lambda one: one[0])
    visits = [PLAIN | {"tariff": frozenset((code, "7" if new else "6") for code in codes)} for new, codes in by_date]

    groups = grouping.split(visits)

    assert len(groups) == (0 if not visits else 2 if grouping.differences(visits) else 1)
