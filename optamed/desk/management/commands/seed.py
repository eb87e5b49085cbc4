"""Build a demo practice by calling the services."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from optamed.core.errors import DomainError
from optamed.desk.services import seeding


class Command(BaseCommand):
    help = "Fills an empty database with a demo practice. The same seed on the same day gives the same practice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--patients", type=int, default=40)
        parser.add_argument("--weeks", type=int, default=8)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--owner-email", default="demo@optamed.example")
        parser.add_argument("--owner-password", default="demo-optamed-2026")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            owner = seeding.seed(
                patients=options["patients"],
                weeks=options["weeks"],
                seed=options["seed"],
                email=options["owner_email"],
                password=options["owner_password"],
            )
        except DomainError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(f"The demo practice is ready. Sign in as {owner.email}.")
