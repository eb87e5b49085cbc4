"""The house holds: imports and foreign keys point leftwards, only services write, strangers stay at the door."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.urls import URLPattern, get_resolver

ROOT = Path(settings.BASE_DIR)
CONTRACTS = {
    one["id"]: one for one in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}
ORDER = [[name.strip() for name in layer.split("|")] for layer in reversed(CONTRACTS["order"]["layers"])]
PLACE = {module: number for number, layer in enumerate(ORDER) for module in layer}
PRODUCT = ("optamed", "patients", "agenda", "billing", "mailing")
# Sign-in is the rule; each exception stands here by the name of its URL.
PUBLIC = {
    "practice:admin-sign-in",  # Django admin's own door, which leads to ours
    "practice:first-run",
    "practice:first-run-owner",
    "practice:health",
    "practice:language",
    "practice:recover",
    "practice:sign-in",
    "practice:theme-css",
}
WRITES = re.compile(
    r"\.objects\..*\b(create|bulk_create|get_or_create|update_or_create|update|delete|bulk_update)\(|\.(save|delete)\(\)|save\(update_fields"
)


def own(config) -> bool:
    return Path(config.path).is_relative_to(ROOT) and "site-packages" not in config.path


def python_files():
    for part in PRODUCT:
        yield from (file for file in (ROOT / part).rglob("*.py") if "migrations" not in file.parts)


def test_import_contracts_hold():
    """In a process of its own: the linter rearranges the loggers of the one it runs in."""
    command = [str(Path(sys.executable).parent / "lint-imports")]
    linted = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert linted.returncode == 0, linted.stdout


def test_every_app_has_its_place():
    inside = set(CONTRACTS["inside"]["containers"]) | {"optamed.core"}

    mine = {config.name for config in apps.get_app_configs() if own(config)}

    assert mine == inside
    assert mine <= PLACE.keys()


def test_foreign_keys_point_leftwards():
    wrong = []
    for model in apps.get_models():
        config = model._meta.app_config
        for field in model._meta.get_fields() if own(config) else []:
            target = field.related_model if field.concrete and field.is_relation else None
            home = target._meta.app_config if target else config
            if own(home) and home != config and PLACE[home.name] >= PLACE[config.name]:
                wrong.append(f"{model._meta.label}.{field.name}")

    assert wrong == []


def test_views_and_forms_do_not_write():
    wrong = []
    for file in python_files():
        place = file.relative_to(ROOT)
        if {"views", "forms", "views.py", "forms.py", "reports.py", "access.py"} & set(place.parts):
            wrong += [f"{place}: {line.strip()}" for line in file.read_text().splitlines() if WRITES.search(line)]

    assert wrong == []


def test_files_and_functions_stay_short():
    wrong = []
    for file in python_files():
        text = file.read_text()
        lines = text.count("\n")
        if lines > 300:
            wrong.append(f"{file.relative_to(ROOT)}: {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > 40:
                    wrong.append(f"{file.relative_to(ROOT)}: {node.name} has {length} lines")

    assert wrong == []


def test_pages_hold_no_inline_script_style_or_handler():
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=\"|javascript:", re.IGNORECASE)
    sheets = ROOT / "templates" / "billing" / "sheets"

    wrong = [
        str(file.relative_to(ROOT))
        for file in (ROOT / "templates").rglob("*.html")
        if not file.is_relative_to(sheets) and inline.search(file.read_text())
    ]

    assert wrong == []


def test_the_clock_is_read_in_one_module_only():
    reads = re.compile(r"date\.today\(|datetime\.now\(|timezone\.now\(|datetime\.today\(")

    wrong = [
        str(file.relative_to(ROOT))
        for file in python_files()
        if reads.search(file.read_text()) and file != ROOT / "optamed" / "core" / "dates.py"
    ]

    assert wrong == []


def test_money_is_never_a_float():
    wrong = [
        str(file.relative_to(ROOT)) for file in python_files() if re.search(r"FloatField|\bfloat\(", file.read_text())
    ]

    assert wrong == []


def walk(resolver, space=""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name or entry.pattern}", entry.callback
        else:
            yield from walk(entry, f"{space}{entry.namespace}:" if entry.namespace else space)


def test_every_public_view_is_listed():
    public = {name for name, view in walk(get_resolver()) if not getattr(view, "login_required", True)}

    assert public - {"admin:login"} == PUBLIC


def test_migrations_are_up_to_date(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


TEXTS = {".py", ".html", ".md", ".toml", ".js", ".css", ".lock", ".txt", ".yml", ".json"}


def test_nothing_of_this_machine_is_named():
    named = re.compile(r"/work/|\.\./shared|helper session|files\.pythonhosted|registry\.npmjs|pypi\.org/simple")
    apart = {".git", ".venv", "node_modules", "vendor"}

    wrong = [
        str(file.relative_to(ROOT))
        for file in ROOT.rglob("*")
        if file.suffix in TEXTS
        and not apart & set(file.relative_to(ROOT).parts)
        and file != Path(__file__)
        and named.search(file.read_text(errors="ignore"))
    ]

    assert wrong == []
