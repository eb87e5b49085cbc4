"""The demo: a practice of its own in a folder of its own, made once and kept. Needs Django to be set up."""

import io
from pathlib import Path

from django.core.management import call_command

from optamed.launcher import datafile, terminal
from optamed.launcher.refusal import Refusal

EMAIL = "demo@optamed.example"
PASSWORD = "demo-optamed-2026"  # noqa: S105  nothing in the demo is anybody's
MADE = "demo-made"
BEGUN = "demo-begun"


def prepare(folder: Path) -> None:
    """Before migrations: a demo that was interrupted while it was made is begun anew. Raises Refusal for real data."""
    if (folder / MADE).exists():
        return
    if (folder / BEGUN).exists():
        for name in ("journal.sqlite3", datafile.DATABASE):  # in this order: a journal without its database is refused
            for side in ("", *datafile.SIDE_FILES):
                (folder / f"{name}{side}").unlink(missing_ok=True)
    elif (folder / datafile.DATABASE).exists():
        message = f"The folder {folder} holds a practice that is not the demo. Please name another one: --data-dir DIR"
        raise Refusal(message)
    (folder / BEGUN).touch()


def make(folder: Path, *, patients: int = 80, weeks: int = 6) -> None:
    """Fill the empty practice through the services, as a user would."""
    if (folder / MADE).exists():
        return
    terminal.say("Making the demo practice. This takes a few seconds, once.")
    owner = {"owner_email": EMAIL, "owner_password": PASSWORD}
    call_command("seed", patients=patients, weeks=weeks, seed=1, stdout=io.StringIO(), **owner)
    (folder / MADE).touch()
    (folder / BEGUN).unlink(missing_ok=True)
