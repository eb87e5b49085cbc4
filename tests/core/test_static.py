"""Everything a page loads is shipped with the program, and its names can be hashed."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template.loader import get_template
from django.test import override_settings

from optamed.core import navigation
from optamed.launcher import upgrade

STATIC = Path("static")
OURS = [*sorted(STATIC.glob("css/*.css")), *sorted(STATIC.glob("js/*.js"))]
TEXT = [path for path in sorted(STATIC.rglob("*")) if path.suffix in {".css", ".js", ".svg", ".md"}]
TEMPLATES = sorted(Path("templates").rglob("*.html"))
SPRITE = STATIC / "vendor/lucide-1.62.0/sprite.svg"
VENDOR = sorted(path for path in (STATIC / "vendor").iterdir() if path.is_dir())
LOADS = re.compile(r"""(?:url\(\s*["']?|@import\s+["']|from\s+["']|import\s+["'])([^"')\s]+)""")


def loaded_by(path: Path) -> list[str]:
    return [found for found in LOADS.findall(path.read_text()) if not found.startswith("data:")]


@pytest.mark.parametrize(
    "path", [path for path in TEXT if path.suffix in {".css", ".js"} and ".min." not in path.name], ids=str
)
def test_what_a_file_loads_is_there(path: Path) -> None:
    for found in loaded_by(path):
        assert (path.parent / found).resolve().is_file(), found


@pytest.mark.parametrize("path", OURS, ids=str)
def test_our_files_load_nothing_from_elsewhere(path: Path) -> None:
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", path.read_text())


@pytest.mark.parametrize("path", TEXT, ids=str)
def test_no_file_points_to_a_source_map(path: Path) -> None:
    assert not re.search(r"[#@] sourceMappingURL=", path.read_text())


@pytest.mark.parametrize("folder", VENDOR, ids=lambda folder: folder.name)
def test_each_vendor_has_its_licence_and_its_line(folder: Path) -> None:
    assert (folder / "LICENSE").is_file()
    assert f"`{folder.name}`" in (STATIC / "vendor/README.md").read_text()


def test_the_names_can_be_hashed(tmp_path: Path) -> None:
    storages = {"staticfiles": {"BACKEND": "optamed.core.static_files.HashedFiles"}}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages, DEBUG=False):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=upgrade.UNUSED_FILES)

    app = next(tmp_path.glob("js/app.*.js")).read_text()
    assert re.search(r'import"\./toasts\.[0-9a-f]{12}\.js"', app)
    assert next(tmp_path.glob("vendor/tabler-1.6.1/tabler.min.*.css"))


def icons_named(text: str) -> set[str]:
    return set(re.findall(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']""", text)) | set(
        re.findall(r"""\bicon=["']([a-z0-9-]+)["']""", text)
    )


def test_the_sprite_has_each_icon_that_a_template_names() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z0-9-]+)"', SPRITE.read_text()))

    missing = {name for path in TEMPLATES for name in icons_named(path.read_text())} - drawn

    assert not missing


def test_the_sprite_has_each_icon_of_the_navigation() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z0-9-]+)"', SPRITE.read_text()))

    assert {item.icon for item in (*navigation.PLACES, *navigation.FOOT, *navigation.NEW)} <= drawn


@pytest.mark.parametrize(
    "name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html", "errors/broken_rule.html"]
)
def test_a_page_of_trouble_needs_nothing_from_the_program(name: str) -> None:
    html = get_template(name).render({}, None)

    assert "<h1" in html
    assert 'href="/"' in html


def test_the_signed_in_page_carries_what_the_script_needs() -> None:
    html = get_template("base.html").render({}, None)

    for piece in ("toasts", "dialog", "signin", "keys", "words", "toast-error", "conflict"):
        assert f'id="{piece}"' in html


def test_no_template_carries_script_style_or_handlers() -> None:
    pages = [path for path in TEMPLATES if not {"sheets", "mail"} & set(path.parts)]

    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE)

    assert not [str(path) for path in pages if inline.search(path.read_text())]
