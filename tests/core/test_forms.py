"""Fields read what people type, say what they want, and are told apart by screen readers."""

from datetime import date, time
from decimal import Decimal

import pytest
import time_machine
from django import forms
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from optamed.core import money, reading
from optamed.core.forms import (
    Choices,
    ClockField,
    ConfirmableWarnings,
    DayField,
    MoneyField,
    OptaForm,
    PastDayField,
    swiss_field,
)

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("24.11.2026", date(2026, 11, 24)),
        ("24.11.26", date(2026, 11, 24)),
        ("24/11/2026", date(2026, 11, 24)),
        ("24-11-2026", date(2026, 11, 24)),
        ("4.1.2027", date(2027, 1, 4)),
        ("24 11 2026", date(2026, 11, 24)),
        ("24112026", date(2026, 11, 24)),
        ("241126", date(2026, 11, 24)),
        ("2026-11-24", date(2026, 11, 24)),
        ("  24.11.2026 ", date(2026, 11, 24)),
        ("29.02.2028", date(2028, 2, 29)),
        ("01.01.36", date(2036, 1, 1)),
        ("01.01.37", date(1937, 1, 1)),
    ],
)
def test_a_day_is_read_as_people_write_it(typed: str, meant: date) -> None:
    assert reading.day(typed, today=TODAY) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("03.05.74", date(1974, 5, 3)),
        ("24.11.26", date(2026, 11, 24)),
        ("25.11.26", date(1926, 11, 25)),
        ("01.01.27", date(1927, 1, 1)),
        ("03.05.1926", date(1926, 5, 3)),
    ],
)
def test_two_digits_of_a_birth_year_never_lie_ahead(typed: str, meant: date) -> None:
    assert reading.day(typed, today=TODAY, past=True) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "31.02.2026",
        "29.02.2026",
        "24.13.2026",
        "0.1.2026",
        "24.11",
        "tomorrow",
        "24.11.202",
        "",
        "1.1.0001",
        "9999-12-31",
    ],
)
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  any kind will do
        reading.day(typed, today=TODAY)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("10:07", time(10, 7)),
        ("10.07", time(10, 7)),
        ("10h07", time(10, 7)),
        ("1007", time(10, 7)),
        ("930", time(9, 30)),
        ("9", time(9)),
        ("9h", time(9)),
        ("00:00", time(0)),
        ("23:59", time(23, 59)),
    ],
)
def test_a_time_is_read_as_people_write_it(typed: str, meant: time) -> None:
    assert reading.clock(typed) == meant


@pytest.mark.parametrize("typed", ["24:00", "10:60", "10:7", "noon", "12345", ""])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        reading.clock(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1'234.50", "1234.50"),
        ("1’234,50", "1234.50"),
        ("1 234.5", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("12", "12.00"),
        ("12.–", "12.00"),
        ("12.-", "12.00"),
        ("CHF 132.00", "132.00"),
        ("Fr. 5", "5.00"),
        ("-5.05", "-5.05"),
        ("−5.05", "-5.05"),
        ("0,05", "0.05"),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed: str, meant: str) -> None:
    amount = reading.amount(typed)

    assert str(amount) == meant


@pytest.mark.parametrize(
    "typed", ["1.234", "12.345", "1,2,3", "twelve", "12.5.", "1e3", "NaN", "Infinity", "", "--5", "9" * 40]
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        reading.amount(typed)


@pytest.mark.parametrize(
    ("typed", "meant"), [("7", 7), ("007", 7), ("", None), (None, None), ("²", None), ("-1", None), ("9" * 19, None)]
)
def test_the_number_of_a_record_is_read_or_nothing_was_said(typed: str | None, meant: int | None) -> None:
    assert reading.key(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"), [(" Émery ", "Émery"), ("a\x00b\nc", "a b c"), (None, ""), ("x" * 300, "x" * 100)]
)
def test_words_that_are_searched_are_short_and_printable(typed: str | None, meant: str) -> None:
    assert reading.words(typed) == meant


@given(st.decimals(-9_999_999, 9_999_999, places=2))
def test_an_amount_is_read_back_as_it_is_shown(amount: Decimal) -> None:
    assert reading.amount(money.swiss(amount)) == amount


@given(st.dates(date(1850, 1, 1), date(2150, 12, 31)))
def test_a_day_is_read_back_as_it_is_shown(day: date) -> None:
    assert reading.day(f"{day:%d.%m}.{day.year}", today=TODAY) == day


class Visit(OptaForm):
    day = DayField(label="Day", help_text="Of the visit.")
    clock = ClockField(required=False)
    fee = MoneyField(required=False, min_value=Decimal(0))
    means = forms.ChoiceField(
        choices=[("invoice", "By invoice"), ("cash", "Cash")],
        widget=Choices(layout="list", hints={"cash": "Paid at the desk."}),
        required=False,
    )
    agreed = forms.BooleanField(label="Agreed", required=False)


def test_fields_show_what_they_hold_in_swiss_formats() -> None:
    form = Visit(initial={"day": date(2026, 11, 4), "clock": time(9, 5), "fee": Decimal("1234.5")})

    assert 'value="04.11.2026"' in str(form["day"])
    assert 'value="09:05"' in str(form["clock"])
    assert 'value="1’234.50"' in str(form["fee"])


def test_an_untouched_form_has_not_changed() -> None:
    form = Visit(
        {"day": "04.11.2026", "fee": "1’234.50"}, initial={"day": date(2026, 11, 4), "fee": Decimal("1234.50")}
    )

    assert not form.has_changed()


def test_what_was_typed_comes_back_with_a_sentence() -> None:
    form = Visit({"day": "31.02.2026", "clock": "25:00", "fee": "much"})

    assert form.errors == {
        "day": ["Write the day as 24.11.2026."],
        "clock": ["Write the time as 10:07."],
        "fee": ["Write the amount as 1’234.50."],
    }
    assert 'value="31.02.2026"' in str(form["day"])


def test_a_field_tells_a_screen_reader_its_hint_and_its_error() -> None:
    form = Visit({"day": ""})

    html = form["day"].as_field_group()

    assert '<label class="form-label" for="id_day">Day' in html
    assert 'aria-describedby="id_day_helptext id_day_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_day_helptext">Of the visit.' in html
    assert 'id="id_day_error"' in html
    assert "is-bad" in html


def test_a_required_field_is_marked_unless_the_form_says_no() -> None:
    form = Visit()

    marked = form["day"].as_field_group()
    form.mark_required = False
    unmarked = form["day"].as_field_group()

    assert 'class="must"' in marked
    assert 'class="must"' not in unmarked


def test_a_choice_is_a_named_group_of_buttons_with_hints() -> None:
    html = Visit()["means"].as_field_group()

    assert "<fieldset" in html
    assert '<legend class="form-label">Means' in html
    assert html.count('class="opt opt-left"') == 2
    assert "<small>Paid at the desk.</small>" in html


def test_a_check_box_carries_its_own_label() -> None:
    html = Visit()["agreed"].as_field_group()

    assert 'class="form-check-input"' in html
    assert '<span class="form-check-label">Agreed</span>' in html


def test_a_whole_form_renders_each_field_once() -> None:
    html = str(Visit())

    assert html.count('name="day"') == 1
    assert html.count('name="means"') == 2


@time_machine.travel("2026-11-24 12:00:00+00:00")
def test_a_birth_date_ahead_is_refused() -> None:
    field = PastDayField()

    with pytest.raises(forms.ValidationError, match="still to come"):
        field.clean("25.11.2026")


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (models.DateField(), DayField),
        (models.TimeField(), ClockField),
        (models.DecimalField(max_digits=8, decimal_places=2), MoneyField),
        (models.DecimalField(max_digits=8, decimal_places=4), forms.DecimalField),
        (models.DateTimeField(), forms.DateTimeField),
        (models.CharField(max_length=5), forms.CharField),
    ],
)
def test_a_column_gets_the_swiss_field(column: "models.Field[object, object]", expected: type[forms.Field]) -> None:
    assert type(swiss_field(column)) is expected


class Booking(ConfirmableWarnings, OptaForm):
    day = DayField()
    confirm_label = "Book anyway"

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("day") == date(2026, 12, 25):
            self.warn("holiday", "This is a public holiday.")
            self.warn("closed", "The practice is closed.")


def test_nothing_unusual_needs_no_confirmation() -> None:
    assert Booking({"day": "24.11.2026"}).is_valid()


def test_a_warning_waits_for_a_yes() -> None:
    form = Booking({"day": "25.12.2026"})

    assert not form.is_valid()
    assert not form.errors
    assert [warned.code for warned in form.unconfirmed] == ["holiday", "closed"]


def test_the_yes_must_name_every_warning() -> None:
    assert not Booking({"day": "25.12.2026", "confirmed": "holiday"}).is_valid()
    assert Booking({"day": "25.12.2026", "confirmed": "closed,holiday"}).is_valid()


def test_the_button_of_the_notice_says_yes_to_all() -> None:
    form = Booking({"day": "25.12.2026"})
    form.is_valid()

    again = Booking({"day": "25.12.2026", "confirmed": form.codes})

    assert again.is_valid()


def test_the_button_keeps_what_was_confirmed_before() -> None:
    form = Booking({"day": "25.12.2026", "confirmed": "overlap"})
    form.is_valid()

    assert form.codes == "closed,holiday,overlap"


def test_an_error_comes_before_a_warning() -> None:
    form = Booking({"day": "never"})

    assert not form.is_valid()
    assert not form.unconfirmed


def test_the_notice_shows_the_sentences_and_the_button() -> None:
    form = Booking({"day": "25.12.2026"})
    form.is_valid()

    html = form.renderer.render("components/warnings.html", {"form": form})

    assert "This is a public holiday." in html
    assert 'name="confirmed" value="closed,holiday"' in html
    assert ">Book anyway</button>" in html
