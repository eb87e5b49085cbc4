"""Refresh the catalogues of messages (fr, de, it): what the code says, and compiled. Needs gettext."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.core.management.commands import makemessages

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
APART = [".venv/*", "tests/*", "static/*", "node_modules/*"]


class Catalogues(makemessages.Command):
    """Without guesses: a message whose English changed is untranslated, not fuzzy."""

    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]


class Command(BaseCommand):
    help = "Extracts the messages into optamed/locale/*.po and compiles them."

    def handle(self, *args: Any, **options: Any) -> None:
        extract()
        call_command("compilemessages", ignore_patterns=APART, verbosity=0)
        for language in LANGUAGES:
            self.stdout.write(f"{language}: {_untranslated(language)} to translate")


def extract() -> None:
    """Write what the code says into the three catalogues."""
    call_command(
        Catalogues(),
        locale=LANGUAGES,
        no_location=True,
        no_wrap=True,
        no_obsolete=True,
        ignore_patterns=APART,
        verbosity=0,
    )


def _untranslated(language: str) -> int:
    catalogue = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"
    return sum(1 for block in catalogue.read_text().split("\n\n") if block.rstrip().endswith('msgstr ""'))
