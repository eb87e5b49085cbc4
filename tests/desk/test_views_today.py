"""Today: page, part, wrong method, stranger, secretary, whose day, what waits, undo and undo again."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agenda.consultations.services.lines import LineInput
from billing.services import cancelling
from mailing.models import Message
from mailing.services import sending
from optamed.core import dates
from optamed.desk.services import finishing
from optamed.desk.services.finishing import Wish
from tests import factories
from tests.factories import World

PART = {"HX-Request": "true"}
LINES = [LineInput(2, "1200"), LineInput(9, "1203")]


@pytest.fixture(autouse=True)
def grace(settings: Any) -> None:
    settings.MAIL_GRACE_SECONDS = 180


def text(answer: Any) -> str:
    return str(answer.content.decode())


def finished(world: World, **given: Any) -> Any:
    appointment = world.appointment(**given)
    finishing.finish(appointment=appointment, wish=Wish(lines=LINES), by=world.owner)
    return appointment


def test_a_stranger_is_led_to_the_door(stranger: Client) -> None:
    assert stranger.get("/").headers["Location"].startswith("/sign-in/")


def test_today_only_shows(signed_in: Client, world: World) -> None:
    assert signed_in.post("/").status_code == 405
    assert signed_in.get(reverse("desk:undo", args=[world.appointment().pk])).status_code == 405


def test_htmx_gets_the_visits_and_a_browser_the_page(signed_in: Client, world: World) -> None:
    world.appointment()

    page, part = text(signed_in.get("/")), text(signed_in.get("/", headers=PART))

    assert ("<html" in page, "To settle" in page, "Marc Tavernay" in page) == (True, True, True)
    assert ("<html" in part, "To settle" in part, "Marc Tavernay" in part) == (False, False, True)


def test_an_empty_day_says_so_and_how_it_fills(signed_in: Client) -> None:
    page = text(signed_in.get("/"))

    assert "No appointments today" in page
    assert "Nothing is booked today" in page
    assert reverse("calendar:new") in page
    assert "Everything is settled" in page


def test_a_therapist_sees_the_own_day_first_and_everybodys_when_asked(signed_in: Client, world: World) -> None:
    other = factories.therapist(at=world.address, first_name="Lukas", last_name="Brunner")
    world.appointment()
    world.appointment(patient=world.patient(last_name="Wyss"), therapist=other)

    own, everybody = text(signed_in.get("/")), text(signed_in.get("/?whose=all"))

    assert ("Marc Wyss" in own, "Marc Wyss" in everybody) == (False, True)


def test_the_desk_sees_everybodys_day(desk: Client, world: World) -> None:
    world.appointment()

    assert "Marc Tavernay" in text(desk.get("/"))


def test_what_was_called_off_is_no_longer_of_the_day(signed_in: Client, world: World) -> None:
    world.appointment(state="cancelled")
    world.appointment(state="missed", starts_at=dates.at(dates.today(), time(15)))

    rows = signed_in.get("/").context["rows"]

    assert [row.appointment.state for row in rows] == ["missed"]


def test_who_has_arrived_carries_the_one_primary_action(signed_in: Client, world: World) -> None:
    world.appointment()
    here = world.appointment(state="arrived", arrived_at=dates.now(), starts_at=dates.at(dates.today(), time(15)))

    answer = signed_in.get("/")

    assert [row.appointment for row in answer.context["rows"] if row.is_next] == [here]
    assert text(answer).count("data-primary") == 1


def test_every_figure_of_what_waits_leads_to_a_list_that_proves_it(signed_in: Client, world: World) -> None:
    long_ago = dates.today() - timedelta(days=60)
    world.invoice(treated_on=long_ago, on=long_ago)
    world.consultation()
    world.consultation(closed=False, treated_on=long_ago)
    finished(world)
    Message.objects.update(state="failed")

    answer = signed_in.get("/")

    todos = answer.context["todos"]
    assert [todo.count for todo in todos] == [1, 1, 2, 1]
    assert [_listed(signed_in, todo.url) for todo in todos] == [1, 1, 2, 1]
    assert answer.context["unbilled"].sums["count"] == _listed(signed_in, "/consultations/?state=billable") == 1


def _listed(browser: Client, url: str) -> int:
    return len(browser.get(url).context["page"])


def test_a_birthday_is_told_with_the_age_that_is_reached(signed_in: Client, world: World) -> None:
    today = dates.today()
    world.patient(last_name="Aebi", birth_on=date(today.year - 40, today.month, today.day))

    assert "Marc Aebi</a>, 40 years" in text(signed_in.get("/"))


@pytest.mark.parametrize(("headers", "most"), [({}, 31), (PART, 11)], ids=["page", "part"])
def test_today_asks_the_same_number_of_questions_with_one_visit_and_with_three(
    signed_in: Client, world: World, headers: dict[str, str], most: int
) -> None:
    finished(world, starts_at=dates.at(dates.today(), time(8)))
    signed_in.get("/", headers=headers)
    with_one = _questions(signed_in, headers)
    for hour in (9, 11):
        finished(world, patient=world.patient(), starts_at=dates.at(dates.today(), time(hour)))

    with_three = _questions(signed_in, headers)

    assert with_one == with_three <= most


def _questions(browser: Client, headers: dict[str, str]) -> int:
    with CaptureQueriesContext(connection) as asked:
        browser.get("/", headers=headers)
    return len(asked)


# --- undo ------------------------------------------------------------------------------------------------------------


def test_undo_withdraws_the_mail_and_leads_to_the_invoice(signed_in: Client, world: World) -> None:
    appointment = finished(world)

    answer = signed_in.post(reverse("desk:undo", args=[appointment.pk]))

    assert answer.headers["Location"].startswith("/invoices/")
    assert Message.objects.get().state == Message.State.CANCELLED


def test_undo_twice_is_told_that_it_is_too_late(signed_in: Client, world: World) -> None:
    appointment = finished(world)
    signed_in.post(reverse("desk:undo", args=[appointment.pk]))

    answer = signed_in.post(reverse("desk:undo", args=[appointment.pk]), headers=PART)

    assert answer.status_code == 409
    assert "already left" in answer.headers["HX-Trigger"]


def test_a_visit_without_invoice_has_nothing_to_undo(signed_in: Client, world: World) -> None:
    answer = signed_in.post(reverse("desk:undo", args=[world.appointment().pk]), headers=PART)

    assert answer.status_code == 409


def test_an_unknown_visit_is_not_found(signed_in: Client) -> None:
    assert signed_in.post(reverse("desk:undo", args=[999])).status_code == 404


def test_the_mail_of_an_invoice_that_is_cancelled_within_the_grace_never_leaves(world: World) -> None:
    appointment = finished(world)
    invoice = finishing.invoice_of(appointment.consultation)
    assert invoice is not None
    cancelling.cancel(invoice=invoice, reason="Wrong services", by=world.owner)

    sending.send_due(now=dates.now() + timedelta(minutes=10))

    assert Message.objects.get().state == Message.State.CANCELLED
