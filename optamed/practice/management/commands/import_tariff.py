"""Take in a version of Tarif 590."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from optamed.practice import reference
from optamed.practice.services import tariff


class Command(BaseCommand):
    help = "Takes in a catalogue of Tarif 590 (a JSON file with version and positions). It may be repeated."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            catalogue = reference.catalogue(options["file"].read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        taken = tariff.import_positions(rows=catalogue.positions, version=catalogue.version)
        counts = {"version": catalogue.version, "new": taken.new, "changed": taken.changed, "same": taken.same}
        if options["json"]:
            self.stdout.write(json.dumps(counts))
            return
        self.stdout.write("Version {version}: {new} new, {changed} changed, {same} as they were.".format(**counts))
