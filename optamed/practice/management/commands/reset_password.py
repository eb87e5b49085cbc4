"""A way back in for whoever may start programs on this computer."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from optamed.practice.models import User
from optamed.practice.services import recovery


class Command(BaseCommand):
    help = "Prints a one-time code; with it a new password is set on the page “Forgotten password”."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"There is no account with the e-mail {options['email']}.")
        self.stdout.write(recovery.add_one(user=user))
