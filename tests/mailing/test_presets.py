"""The providers we know."""

import json
from datetime import date

import pytest

from mailing import presets, smtp_reach
from mailing.presets import DATA, all_presets, preset, preset_of_address, preset_of_host


def test_every_provider_of_the_page_is_there_once() -> None:
    keys = [each.key for each in all_presets()]

    first = ["gmail", "icloud", "yahoo", "outlook", "microsoft365", "infomaniak", "bluewin"]
    assert keys == [*first, "gmx", "hostpoint", "sunrise", "proton", "other"]


def test_the_data_says_when_it_was_checked() -> None:
    checked_on = json.loads(DATA.read_text(encoding="utf-8"))["checked_on"]

    assert date.fromisoformat(checked_on) >= date(2026, 11, 24)


@pytest.mark.parametrize("each", [each for each in all_presets() if each.key != "other"], ids=lambda each: each.key)
def test_every_server_is_one_that_the_test_may_reach(each: presets.Preset) -> None:
    reach = smtp_reach.BRIDGE if each.secret == "bridge" else smtp_reach.INTERNET

    smtp_reach.check_port(each.port, reach)

    assert smtp_reach.ascii_host(each.host) == each.host
    assert (each.port == 465) == (each.security == "tls")


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("claire@gmail.com", "gmail"),
        ("c@Bluewin.CH", "bluewin"),
        ("c@hotmail.com", "outlook"),
        ("c@troislacs.ch", "other"),
        ("", "other"),
    ],
)
def test_an_address_tells_its_provider(address: str, key: str) -> None:
    assert preset_of_address(address).key == key


def test_a_server_tells_its_provider() -> None:
    assert preset_of_host("SMTP.gmail.com").key == "gmail"
    assert preset_of_host("mail.example.ch").key == "other"
    assert preset_of_host("").key == "other"
    assert preset("unknown").key == "other"
