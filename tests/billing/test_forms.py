"""What is typed about invoices and payments: spans of days by name."""

from datetime import date

import pytest

from billing.forms.lists import span_of


@pytest.mark.parametrize(
    ("name", "today", "first", "last"),
    [
        ("month", date(2026, 2, 28), date(2026, 2, 1), date(2026, 2, 28)),
        ("month", date(2028, 2, 1), date(2028, 2, 1), date(2028, 2, 29)),
        ("month", date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
        ("last-month", date(2026, 1, 31), date(2025, 12, 1), date(2025, 12, 31)),
        ("year", date(2026, 11, 24), date(2026, 1, 1), date(2026, 12, 31)),
        ("last-year", date(2028, 2, 29), date(2027, 1, 1), date(2027, 12, 31)),
    ],
)
def test_a_span_has_its_first_and_last_day(name: str, today: date, first: date, last: date) -> None:
    assert span_of(name, today=today) == (first, last)


@pytest.mark.parametrize("name", ["", "week", "constructor"])
def test_an_unknown_name_is_no_span(name: str) -> None:
    assert span_of(name, today=date(2026, 11, 24)) is None
