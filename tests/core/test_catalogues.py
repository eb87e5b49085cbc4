"""Every message is there in French, German and Italian, as the code says it, and compiled."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
LANGUAGES = ["fr", "de", "it"]
MARKS = re.compile(r"%\(\w+\)[sd]|\{\w*\}|</?\w+")
CODE = ["manage.py", "optamed", "patients", "agenda", "billing", "mailing", "templates"]


def catalogue(language: str, root: Path = ROOT) -> polib.POFile:
    return polib.pofile(str(root / "optamed" / "locale" / language / "LC_MESSAGES" / "django.po"))


def spoken(entries) -> dict:
    return {(one.msgctxt, one.msgid): one.msgstr_plural or one.msgstr for one in entries if one.msgid}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_complete_and_nothing_in_it_is_a_guess(language):
    wrong = [entry.msgid for entry in catalogue(language) if not entry.translated() or entry.fuzzy]

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_and_tags_survive_translation(language):
    wrong = [entry.msgid for entry in catalogue(language) for text in texts(entry) if not keeps_marks(entry, text)]

    assert wrong == []


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) or [entry.msgstr]


def keeps_marks(entry: polib.POEntry, text: str) -> bool:
    """A plural form may leave the number out ("one visit"); nothing may come in."""
    wanted, found = set(MARKS.findall(entry.msgid + entry.msgid_plural)), set(MARKS.findall(text))
    return found <= wanted if entry.msgid_plural else found == wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_says_the_same(language):
    source = ROOT / "optamed" / "locale" / language / "LC_MESSAGES" / "django.po"

    assert spoken(polib.mofile(str(source.with_suffix(".mo")))) == spoken(catalogue(language))


def test_german_is_written_the_swiss_way():
    assert [entry.msgid for entry in catalogue("de") if "ß" in entry.msgstr] == []


def test_the_catalogues_are_what_the_code_says(tmp_path):
    """Extracts anew in a copy of the program. Needs gettext."""
    for name in CODE:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    environment = os.environ | {
        "OPTAMED_DATA_DIR": str(tmp_path / "data"),
        "DJANGO_SETTINGS_MODULE": "optamed.settings",
    }

    subprocess.run(
        [sys.executable, "manage.py", "messages"], cwd=tmp_path, env=environment, check=True, capture_output=True
    )

    for language in LANGUAGES:
        assert spoken(catalogue(language, tmp_path)).keys() == spoken(catalogue(language)).keys()
