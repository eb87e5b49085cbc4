"""Measure the program on the reference practice, in a data folder of its own."""

import json
import os
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import platformdirs
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from optamed.desk.management.bench import build, measure


class Command(BaseCommand):
    help = (
        "Builds the reference practice once (in a cache folder, or --folder) and prints what its pages and verbs take."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", type=float, default=1.0, help="1 is ten years of 10,000 patients")
        parser.add_argument("--runs", type=int, default=20)
        parser.add_argument("--json", dest="file", help="also write the figures to this file")
        parser.add_argument("--folder", help="where the practice is kept")
        parser.add_argument("--inside", action="store_true", help="used by the command itself")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["inside"]:
            self._measure(options)
            return
        cache = Path(options["folder"] or platformdirs.user_cache_dir("OptaMed-bench", appauthor=False))
        folder = cache / f"scale-{options['scale']:g}"
        folder.mkdir(parents=True, exist_ok=True)
        command = [
            sys.executable,
            "manage.py",
            "bench",
            "--inside",
            f"--scale={options['scale']}",
            f"--runs={options['runs']}",
        ]
        command += [f"--json={Path(options['file']).resolve()}"] if options["file"] else []
        environment = os.environ | {"OPTAMED_DATA_DIR": str(folder)}
        sys.exit(subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=False).returncode)  # noqa: S603

    def _measure(self, options: dict[str, Any]) -> None:
        done = settings.DATA_DIR / "built"
        if not done.exists():
            call_command("migrate", verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
            self.stdout.write("Building the reference practice…")
            build.Builder(options["scale"]).build()
            done.touch()
        self.stdout.write(f"{'':34}{'median':>8}{'p95':>8}{'queries':>9}{'budget':>8}")
        figures = []
        for figure in measure.all_figures(runs=options["runs"]):
            figures.append(figure.as_dict())
            mark = "" if figure.holds else "  over"
            line = f"{figure.name:34}{figure.median:>8}{figure.p95:>8}{figure.queries:>9}{figure.budget:>8}{mark}"
            self.stdout.write(line)
        if options["file"]:
            Path(options["file"]).write_text(json.dumps({"scale": options["scale"], "figures": figures}, indent=1))
