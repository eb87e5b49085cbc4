"""Numbers of invoices: three patterns, each series without gaps, its start only going up."""

from datetime import date

import pytest

from billing import numbering
from billing.models import Invoice, InvoiceSettings
from billing.services import invoicing
from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.practice.models import Counter
from optamed.practice.services import counters
from tests import factories
from tests.factories import World


@pytest.mark.parametrize(
    ("pattern", "counter", "label"),
    [
        ("plain", "F", "F-00042"),
        ("year", "F2026", "F-2026-00042"),
        ("therapist", "F-CM", "F-CM-00042"),
    ],
)
def test_a_pattern_names_its_counter_and_its_label(pattern: str, counter: str, label: str) -> None:
    series = numbering.series_of(pattern, on=date(2026, 11, 24), letters="CM")

    assert (series.counter, series.label(42)) == (counter, label)


@pytest.mark.parametrize(
    ("series", "first", "last", "letters"),
    [
        ("OSTE", "Claire", "Montavel", "OSTE"),
        ("", "Claire", "Montavel", "CM"),
        ("", "Élodie", "Șerban", "ES"),
        ("", "伟", "王", "T7"),
        ("", "Claire", "", "C"),
    ],
)
def test_the_letters_are_the_therapists_own_or_the_initials(series: str, first: str, last: str, letters: str) -> None:
    assert numbering.letters_of(series, first, last, 7) == letters


def _issued(world: World, on: date | None = None, **given: object) -> Invoice:
    return world.invoice(on=on, **given)


def test_a_new_year_begins_a_new_series(world: World) -> None:
    InvoiceSettings.objects.create(pk=1, pattern="year")
    today = dates.today()

    numbers = [_issued(world, on).number for on in (today, today, today.replace(year=today.year - 1))]

    assert numbers == [f"F-{today.year}-00001", f"F-{today.year}-00002", f"F-{today.year - 1}-00001"]


def test_each_therapist_has_a_series(world: World) -> None:
    InvoiceSettings.objects.create(pk=1, pattern="therapist")
    other = factories.therapist(at=world.address, first_name="Lukas", last_name="Brunner")

    numbers = [_issued(world).number, _issued(world, therapist=other).number, _issued(world).number]

    assert numbers == ["F-CM-00001", "F-LB-00001", "F-CM-00002"]


def test_the_reference_holds_the_number_whatever_the_pattern(world: World) -> None:
    InvoiceSettings.objects.create(pk=1, pattern="therapist")

    invoice = _issued(world)

    assert invoice.reference[4:] == "FCM00001"


def test_two_patterns_with_the_same_digits_have_two_qr_references(world: World) -> None:
    world.account.iban, world.account.slip = factories.QR_IBAN, "QRR"
    world.account.save()
    patient = world.patient()
    InvoiceSettings.objects.create(pk=1, pattern="year")
    by_year = _issued(world, dates.today(), patient=patient)
    InvoiceSettings.objects.update(pattern="plain")
    counters.start_at(name="F", next_number=int(f"{dates.today():%y}000001"))

    plain = _issued(world, dates.today(), patient=patient)

    assert (by_year.reference != plain.reference, len(plain.reference)) == (True, 27)


def test_two_series_never_share_a_qr_reference(world: World) -> None:
    world.account.iban, world.account.slip = factories.QR_IBAN, "QRR"
    world.account.save()
    patient = world.patient()

    references = set()
    for pattern in ("plain", "year", "therapist"):
        InvoiceSettings.objects.update_or_create(pk=1, defaults={"pattern": pattern})
        references.add(_issued(world, patient=patient).reference)

    assert len(references) == 3


def test_the_start_of_a_series_may_only_go_up(world: World) -> None:
    counters.start_at(name="F", next_number=500)
    first = _issued(world).number

    with pytest.raises(DomainError):
        counters.start_at(name="F", next_number=400)

    assert (first, _issued(world).number) == ("F-00500", "F-00501")


def test_a_refused_invoice_takes_no_number(world: World) -> None:
    draft = world.draft()

    with pytest.raises(DomainError):
        invoicing.number(invoice=draft, on=dates.today().replace(year=2014), by=world.owner, mail=False)

    assert not Counter.objects.filter(name="F", last__gt=0).exists()


@pytest.mark.parametrize(
    ("missing", "skipped", "left"),
    [
        ([(5, 9)], [], [(5, 9)]),
        ([(5, 9)], [(5, 9)], []),
        ([(5, 9)], [(6, 7)], [(5, 5), (8, 9)]),
        ([(5, 9), (20, 20)], [(1, 6), (20, 30)], [(7, 9)]),
        ([(2, 3)], [(10, 20)], [(2, 3)]),
    ],
)
def test_what_was_skipped_on_purpose_is_not_missing(missing: list, skipped: list, left: list) -> None:
    assert numbering.unexplained(missing, skipped) == left
