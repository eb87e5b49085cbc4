import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from optamed.practice import insurers, postcodes, professions, reference
from optamed.practice.models import TariffPosition, VatRate
from optamed.practice.services import tariff

ROW = {"tariff": "590", "code": "1", "fr": "a", "de": "b", "it": "c", "unit": "5min", "valid_from": "2026-01-01"}


@pytest.mark.django_db
def test_a_fresh_practice_has_the_whole_tariff() -> None:
    assert TariffPosition.objects.count() == 151
    assert set(TariffPosition.objects.values_list("version", flat=True)) == {"6"}


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "valid"), [(date(2025, 12, 31), True), (date(2026, 1, 1), False)])
def test_ear_acupuncture_ended_with_2025(day: date, valid: bool) -> None:
    assert TariffPosition.objects.valid_on(day).filter(code="1077").exists() is valid


@pytest.mark.django_db
def test_some_positions_are_for_certified_professions_only() -> None:
    certified = TariffPosition.objects.filter(certified_only=True).values_list("code", flat=True)

    assert set(certified) == {"1208", "1212", "1213", "1215", "1216", "1217", "1221", "1257"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "normal"), [(date(2023, 12, 31), "7.7"), (date(2024, 1, 1), "8.1"), (date(2026, 11, 24), "8.1")]
)
def test_the_rate_of_vat_depends_on_the_day(day: date, normal: str) -> None:
    assert VatRate.objects.rate_on("normal", day) == Decimal(normal)


@pytest.mark.django_db
def test_the_shipped_catalogue_taken_in_again_changes_nothing() -> None:
    catalogue = reference.shipped_catalogue()

    taken = tariff.import_positions(rows=catalogue.positions, version=catalogue.version)

    assert taken == tariff.Taken(new=0, changed=0, same=151)


@pytest.mark.django_db
def test_the_next_version_closes_a_position_and_brings_another(tmp_path, capsys) -> None:
    row = {
        "tariff": "590", "code": "1203", "unit": "5min", "fr": "Ostéopathie, par période de 5 min.",
        "de": "Osteopathie, pro 5 Min.", "it": "Osteopatia, ogni 5 min.", "chapters": "2, 9.0",
        "valid_from": "2016-01-01", "valid_to": "2026-12-31",
    }  # fmt: skip
    new = row | {"fr": "Ostéopathie, nouveau", "valid_from": "2027-01-01", "valid_to": None}
    file = tmp_path / "v7.json"
    file.write_text(json.dumps({"version": "7", "positions": [row, new]}), encoding="utf-8")

    call_command("import_tariff", str(file), "--json")

    assert json.loads(capsys.readouterr().out) == {"version": "7", "new": 1, "changed": 1, "same": 0}
    assert TariffPosition.objects.valid_on(date(2026, 6, 1)).get(code="1203").version == "7"
    assert TariffPosition.objects.valid_on(date(2027, 1, 1)).get(code="1203").text_fr == "Ostéopathie, nouveau"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [
        "no json",
        "[]",
        '{"version": "7"}',
        '{"version": "7", "positions": [{"code": "1"}]}',
        '{"version": "7", "positions": ["1203"]}',
        json.dumps({"version": "7", "positions": [ROW | {"unit": "hour"}]}),
        json.dumps({"version": "7", "positions": [ROW | {"valid_to": "2025-12-31"}]}),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused_with_a_sentence(tmp_path, content: str) -> None:
    file = tmp_path / "bad.json"
    file.write_text(content, encoding="utf-8")

    with pytest.raises(CommandError, match="catalogue"):
        call_command("import_tariff", str(file))

    assert TariffPosition.objects.count() == 151


def test_a_position_twice_with_the_same_first_day_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        reference.catalogue(json.dumps({"version": "7", "positions": [ROW, ROW]}))


@pytest.mark.parametrize(
    ("postcode", "town"),
    [
        ("2502", ("Biel/Bienne", "BE")),
        (" 1003 ", ("Lausanne", "VD")),
        ("CH-6900", ("Lugano", "TI")),
        ("9490", ("Vaduz", "LI")),
    ],
)
def test_the_town_follows_from_the_postcode(postcode: str, town: tuple[str, str]) -> None:
    assert town in postcodes.towns(postcode)


@pytest.mark.parametrize("postcode", ["", "0000", "D-10115", "abc"])
def test_an_unknown_postcode_has_no_town(postcode: str) -> None:
    assert postcodes.towns(postcode) == []


def test_every_canton_of_the_register_can_be_chosen() -> None:
    used = {canton for postcode in range(1000, 9999) for _town, canton in postcodes.towns(str(postcode))}

    assert used == set(postcodes.CANTONS)


def test_an_insurer_has_its_gln_only_where_it_is_known() -> None:
    assert insurers.gln_of("CSS") == "7601003001082"
    assert insurers.gln_of("Visana") == ""
    assert insurers.gln_of("Nobody") == ""
    assert "SWICA" in insurers.names()


@pytest.mark.parametrize(("language", "first"), [("fr", "Ostéopathie"), ("it", "Osteopatia"), ("rm", "Osteopathy")])
def test_professions_are_offered_in_the_language_of_the_screen(language: str, first: str) -> None:
    assert professions.names(language)[0] == first
