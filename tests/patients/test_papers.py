"""The papers of an invoice, and a choice of them as it is stored."""

import pytest

from patients import papers


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("", ()),
        ("annex,invoice", ("invoice", "annex")),
        ("poster,form", ("form",)),
        ("copy,form,annex,invoice", ("invoice", "form", "annex", "copy")),
    ],
)
def test_a_stored_choice_is_read_in_page_order_without_what_is_none_of_ours(text: str, chosen: tuple[str, ...]) -> None:
    assert papers.chosen(text) == chosen


@pytest.mark.parametrize(
    ("named", "text"), [([], ""), (["copy", "invoice"], "invoice,copy"), (["annex", "poster", "annex"], "annex")]
)
def test_a_choice_is_stored_in_page_order(named: list[str], text: str) -> None:
    assert papers.stored(named) == text
