"""Is the journal whole? Drains what waits and walks the chain of hashes."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from optamed.journal import chain, services


class Command(BaseCommand):
    help = "Checks that no entry of the journal was changed or taken out."

    def handle(self, *args: Any, **options: Any) -> None:
        services.drain()
        try:
            count = chain.verify(settings.JOURNAL_FILE)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The journal is whole: {count} entries.")
