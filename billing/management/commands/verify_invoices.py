"""Proves that the invoices are whole; every fault on a line, and an exit code of 1 where there is one."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.reports import verification


class Command(BaseCommand):
    help = (
        "Verifies every stored paper and XML against its SHA-256, every number against its series, "
        "and that each invoice has what belongs to it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        found = verification.verify()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(found) | {"is_whole": found.is_whole}, ensure_ascii=False))
        else:
            for fault in found.faults:
                self.stderr.write(fault.sentence)
        if not found.is_whole:
            raise CommandError(f"Faults found: {len(found.faults)}.")
        if not options["json"]:
            counts = f"{found.invoices} invoices, {found.papers} papers and {found.requests} XML files"
            self.stdout.write(f"All is whole: {counts} verified, no number is missing.")
