from datetime import time
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from agenda.calendar import suggestions
from agenda.calendar.models import AppointmentType, WorkingHours
from agenda.calendar.services import first_services, hours, types
from agenda.calendar.services.first_services import Offer
from agenda.calendar.services.hours import Span
from optamed.core.errors import DomainError
from optamed.practice.models import Unit
from optamed.practice.services import prices
from tests import factories

MORNING, AFTERNOON = Span(0, time(8), time(12)), Span(0, time(13), time(18))


@pytest.mark.parametrize(
    ("profession", "code"),
    [
        ("Ostéopathie", "1203"),
        ("ostéopathe", "1203"),
        ("Akupunktur und TCM", "1004"),
        ("Massaggio medico", "1062"),
        ("Naturheilkunde", "1208"),
        ("Homöopathie", "1057"),
        ("Chiromancie", ""),
        ("", ""),
    ],
)
def test_a_profession_has_its_main_position(profession: str, code: str) -> None:
    assert suggestions.main_code(profession) == code


@pytest.mark.parametrize(
    ("minutes", "first", "expected"),
    [
        (60, False, [("1203", 12)]),
        (75, True, [("1200", 4), ("1203", 11)]),
        (20, True, [("1203", 4)]),
        (5, False, [("1203", 1)]),
    ],
)
def test_a_visit_is_counted_in_periods_of_five_minutes(
    minutes: int, first: bool, expected: list[tuple[str, int]]
) -> None:
    codes = suggestions.codes_for("1203", minutes, first=first)

    assert [(one.code, one.periods) for one in codes] == expected


def test_without_a_position_a_service_suggests_nothing() -> None:
    assert suggestions.codes_for("", 60, first=False) == []


def test_the_first_services_come_with_price_and_hours(world: factories.World) -> None:
    AppointmentType.objects.all().delete()
    WorkingHours.objects.all().delete()
    offers = [Offer("First visit", 75, is_first_visit=True), Offer("Treatment", 60)]

    made = first_services.start(
        therapist=world.therapist,
        address=world.address,
        offers=offers,
        code="1203",
        hourly=Decimal("132.00"),
        by=world.owner,
    )

    assert [str(one) for one in made] == ["First visit", "Treatment"]
    assert [(line.code, line.quantity) for line in made[1].suggested_lines.all()] == [("1203", Decimal(12))]
    assert prices.price_of(therapist=world.therapist, code="1203", unit=Unit.PERIOD) == Decimal("11.00")
    assert WorkingHours.objects.filter(therapist=world.therapist).count() == 10


def test_the_first_services_asked_twice_are_made_once(world: factories.World) -> None:
    for _ in range(2):
        first_services.start(
            therapist=world.therapist,
            address=world.address,
            offers=[Offer("Treatment", 60)],
            code="1203",
            hourly=None,
            by=world.owner,
        )

    assert AppointmentType.objects.filter(name="Treatment").count() == 1


def test_a_changed_service_has_the_new_lines_only(world: factories.World) -> None:
    service = types.Service(name="Ostéopathie", minutes=45)

    types.change(type=world.type, service=service, lines=[types.Suggested(Decimal(9), code="1203")], by=world.owner)

    world.type.refresh_from_db()
    assert world.type.minutes == 45
    assert [line.code for line in world.type.suggested_lines.all()] == ["1203"]


def test_an_archived_service_is_no_longer_offered_and_can_come_back(world: factories.World) -> None:
    types.archive(type=world.type, by=world.owner)
    assert not AppointmentType.objects.active().exists()

    types.restore(type=world.type, by=world.owner)
    assert AppointmentType.objects.active().exists()


def test_a_week_replaces_the_one_before(world: factories.World) -> None:
    hours.set_week(therapist=world.therapist, address=world.address, spans=[MORNING], by=world.owner)

    assert [str(row) for row in world.therapist.hours.all()] == ["0 08:00–12:00"]


def test_hours_with_dates_of_validity_stay(world: factories.World) -> None:
    row = world.therapist.hours.first()
    world.therapist.hours.filter(pk=row.pk).update(valid_to="2026-12-31")

    hours.set_week(therapist=world.therapist, address=world.address, spans=[AFTERNOON], by=world.owner)

    assert world.therapist.hours.count() == 2


@pytest.mark.parametrize(
    ("spans", "sentence"),
    [
        ([MORNING, Span(0, time(11), time(13))], "overlap"),
        ([Span(0, time(12), time(8))], "end is before"),
    ],
)
def test_impossible_hours_are_refused(world: factories.World, spans: list[Span], sentence: str) -> None:
    with pytest.raises(DomainError, match=sentence):
        hours.set_week(therapist=world.therapist, address=world.address, spans=spans, by=world.owner)

    assert world.therapist.hours.count() == 10


def test_nobody_works_at_two_places_at_once(world: factories.World) -> None:
    elsewhere = factories.address(label="Neuchâtel")

    with pytest.raises(DomainError, match="another one"):
        hours.set_week(therapist=world.therapist, address=elsewhere, spans=[MORNING], by=world.owner)


def lines(*rows: tuple[str, str]) -> dict[str, str]:
    data = {"lines-TOTAL_FORMS": str(len(rows)), "lines-INITIAL_FORMS": "0"}
    for nth, (code, quantity) in enumerate(rows):
        data |= {f"lines-{nth}-code": code, f"lines-{nth}-quantity": quantity}
    return data


def test_the_owner_makes_a_service(signed_in: Client) -> None:
    data = {"name": "Long", "minutes": "90"} | lines(("1203", "18"), ("", ""))

    answer = signed_in.post(reverse("calendar:service-new"), data)

    made = AppointmentType.objects.get(name="Long")
    assert answer.status_code == 302
    assert [(line.code, line.quantity) for line in made.suggested_lines.all()] == [("1203", Decimal(18))]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("9999", "1")], "no position 9999"),
        ([("1203", "")], "How many?"),
        ([("", "3")], "Of what?"),
        ([("1203", "3"), ("1203", "4")], "can stand here once"),
    ],
)
def test_lines_that_make_no_sense_are_told(signed_in: Client, rows: list[tuple[str, str]], said: str) -> None:
    answer = signed_in.post(reverse("calendar:service-new"), {"name": "Long", "minutes": "90"} | lines(*rows))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not AppointmentType.objects.filter(name="Long").exists()


def test_the_owner_sets_hours_and_an_empty_line_is_free_time(world: factories.World, signed_in: Client) -> None:
    url = f"{reverse('calendar:hours')}?therapist={world.therapist.pk}&place={world.address.pk}"
    data = {f"{end}_{day}_{nth}": "" for end in ("opens", "closes") for day in range(7) for nth in range(2)}

    answer = signed_in.post(url, data | {"opens_5_0": "9", "closes_5_0": "12.30"})

    assert answer.status_code == 302
    assert [str(row) for row in world.therapist.hours.all()] == ["5 09:00–12:30"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"opens_5_0": "9"}, "A time is missing."),
        ({"opens_5_0": "12", "closes_5_0": "9"}, "The end is before the start."),
        ({"opens_5_0": "8", "closes_5_0": "12", "opens_5_1": "11", "closes_5_1": "13"}, "overlap"),
    ],
)
def test_hours_that_make_no_sense_are_told(
    world: factories.World, signed_in: Client, typed: dict[str, str], said: str
) -> None:
    blank = {f"{end}_{day}_{nth}": "" for end in ("opens", "closes") for day in range(7) for nth in range(2)}

    answer = signed_in.post(reverse("calendar:hours"), blank | typed)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert world.therapist.hours.count() == 10


def test_the_last_step_of_the_first_run_makes_services(world: factories.World, signed_in: Client) -> None:
    data = {"hourly": "120", "code": "1203", "offers-TOTAL_FORMS": "2", "offers-INITIAL_FORMS": "2"}
    data |= {"offers-0-wanted": "on", "offers-0-name": "Behandlung", "offers-0-minutes": "60"}
    data |= {"offers-1-name": "Kurz", "offers-1-minutes": "30"}

    answer = signed_in.post(reverse("calendar:first-services"), data)

    assert answer.status_code == 302
    assert AppointmentType.objects.filter(name="Behandlung").exists()
    assert not AppointmentType.objects.filter(name="Kurz").exists()


@pytest.mark.parametrize("name", ["services", "service-new", "hours", "first-services"])
def test_settings_are_the_owners(signed_in: Client, desk: Client, stranger: Client, name: str) -> None:
    url = reverse(f"calendar:{name}")

    assert signed_in.get(url).status_code == 200
    assert desk.get(url).status_code == 403
    assert stranger.get(url).status_code == 302


@pytest.mark.parametrize("name", ["service-archive", "service-restore"])
def test_archiving_is_a_post_of_the_owner(world: factories.World, signed_in: Client, desk: Client, name: str) -> None:
    url = reverse(f"calendar:{name}", args=[world.type.pk])

    assert signed_in.get(url).status_code == 405
    assert desk.post(url).status_code == 403
    assert signed_in.post(url).status_code == 302
