"""The calendar under the hand: a visit is dragged, pulled longer, put back; the unusual asks, the second is told."""

from datetime import date, time, timedelta

import pytest
from django.db.models import F
from playwright.sync_api import Locator, Page, expect

from agenda.calendar.models import Appointment
from optamed.core import dates
from tests.e2e.test_autosave import REFUSED

HOUR = timedelta(hours=1)


@pytest.fixture
def tuesday() -> date:
    """Of next week: never today, always within the hours."""
    return dates.week_of(dates.today())[0] + timedelta(days=8)


@pytest.fixture
def visit(world, tuesday) -> Appointment:
    return world.appointment(starts_at=dates.at(tuesday, time(9)))


@pytest.fixture
def week(world, visitor, tuesday, visit) -> Page:
    """The week of that Tuesday, drawn."""
    page = visitor.sign_in(world.owner.email)
    page.goto(f"/agenda/?view=week&day={tuesday}")
    expect(drawn(page)).to_be_visible()
    return page


def drawn(page: Page) -> Locator:
    return page.locator(".ec-event.ev")


def drag(page: Page, what: Locator, *, hours: float) -> None:
    """Press, pull down, let go; an hour is as high as the visit of an hour."""
    height = drawn(page).bounding_box()["height"]
    box = what.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + hours * height / 2, steps=5)
    page.mouse.move(x, y + hours * height, steps=5)
    page.mouse.up()


def stands(visit: Appointment) -> tuple[time, int]:
    """When it begins on the clock, and its minutes."""
    visit.refresh_from_db()
    return dates.local(visit.starts_at).time(), visit.minutes


def test_a_dragged_visit_moves_and_undo_puts_it_back(week, visit):
    drag(week, drawn(week), hours=1)
    expect(week.locator("#toasts")).to_contain_text("Moved: Marc Tavernay")
    expect(drawn(week).locator("time")).to_have_text("10:00")
    assert stands(visit) == (time(10), 60)

    with week.expect_response("**/move/"):
        week.get_by_role("button", name="Undo").click()
    expect(drawn(week).locator("time")).to_have_text("09:00")

    assert stands(visit) == (time(9), 60)


def test_pulling_at_the_lower_edge_makes_it_longer(week, visit):
    drawn(week).hover()

    drag(week, week.locator(".ec-event.ev .ec-resizer").last, hours=0.5)
    expect(week.locator("#toasts")).to_contain_text("Moved: Marc Tavernay")

    assert stands(visit) == (time(9), 90)


def test_an_unusual_time_asks_first(week, visit, visitor):
    drag(week, drawn(week), hours=3)
    dialog = week.get_by_role("dialog")
    expect(dialog).to_contain_text("outside the working hours")
    assert stands(visit) == (time(9), 60)

    dialog.get_by_role("button", name="Move anyway").click()
    expect(dialog).not_to_be_visible()
    expect(drawn(week).locator("time")).to_have_text("12:00")

    assert stands(visit) == (time(12), 60)
    visitor.forgive(*REFUSED)


def test_without_a_yes_it_stays_where_it_was(week, visit, visitor):
    drag(week, drawn(week), hours=3)
    expect(week.get_by_role("dialog")).to_be_visible()

    week.keyboard.press("Escape")
    expect(drawn(week).locator("time")).to_have_text("09:00")

    assert stands(visit) == (time(9), 60)
    visitor.forgive(*REFUSED)


def test_the_second_window_is_told_and_sees_the_visit_where_it_is(week, visit, visitor):
    later = visit.starts_at + 2 * HOUR
    Appointment.objects.update(version=F("version") + 1, starts_at=later, ends_at=later + HOUR)

    drag(week, drawn(week), hours=1)
    expect(week.locator("#toasts")).to_contain_text("changed in another window")
    expect(drawn(week).locator("time")).to_have_text("11:00")

    assert stands(visit) == (time(11), 60)
    visitor.forgive(*REFUSED)


def test_while_the_server_is_lost_it_goes_back_and_says_so(week, visit, visitor):
    week.route("**/move/", lambda route: route.abort())

    drag(week, drawn(week), hours=1)
    expect(week.locator("#toasts")).to_contain_text("Not saved")
    expect(drawn(week).locator("time")).to_have_text("09:00")

    assert stands(visit) == (time(9), 60)
    visitor.forgive(*REFUSED)


def test_a_click_opens_the_visit_and_a_click_beside_it_books(week, visit, tuesday):
    drawn(week).click()
    expect(week.locator("#panel")).to_contain_text("Marc Tavernay")
    box = drawn(week).bounding_box()

    week.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 1.6)

    form = week.locator("#new-appointment")
    expect(form.locator("[name=day]")).to_have_value(f"{tuesday:%d.%m.%Y}")
    expect(form.locator("[name=clock]")).to_have_value("10:30")


def test_arrows_turn_the_weeks_and_views_keep_the_day(week, tuesday):
    week.keyboard.press("ArrowRight")
    expect(week.locator("[data-calendar]")).to_have_attribute("data-day", f"{tuesday + timedelta(days=7)}")
    expect(drawn(week)).to_have_count(0)
    week.keyboard.press("ArrowLeft")
    expect(drawn(week)).to_have_count(1)
    week.locator(".cal-views a", has_text="List").click()

    expect(week.locator("#agenda")).to_contain_text("Tavernay Marc")
    assert week.locator("#agenda").count() == 1
