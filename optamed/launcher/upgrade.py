"""Brings the data to what this version expects: migrations with a copy before them, and the files that pages load.

Needs Django to be set up, and the launcher's lock.
"""

import hashlib
import os
import shutil
import signal
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from optamed.launcher import datafile
from optamed.launcher.refusal import Refusal

# They import examples that do not exist, which the hashing of names takes for a fault.
UNUSED_FILES = ["django_htmx/ext/*"]


def bring_up_to_date(folder: Path) -> None:
    """Run what migrations are pending.

    On a fault the copy is put back and Refusal raised; after a kill the next start puts it back.
    """
    hosted = bool(settings.DATABASE_URL)  # there migrations are all or nothing each, and copies are the host's
    if not hosted and not (folder / datafile.DATABASE).exists():
        _migrate_with_copy(folder)  # before anything opens, and so makes, the file
    elif _is_pending():
        _migrate() if hosted else _migrate_with_copy(folder)


def _is_pending() -> bool:
    executor = MigrationExecutor(connection)
    _refuse_newer(executor)
    pending = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    connections.close_all()
    return pending


def _migrate_with_copy(folder: Path) -> None:
    datafile.begin_update(folder)
    try:
        _migrate()
        _fault("migrated")
    except Exception as fault:
        connections.close_all()
        datafile.undo_update(folder)
        message = (
            "The data could not be brought to this version of OptaMed. It is as it was before, and nothing is lost: "
            f"please go on with the version you had. ({type(fault).__name__}: {fault})"
        )
        raise Refusal(message) from fault
    datafile.end_update(folder)


def _migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    connections.close_all()


def _refuse_newer(executor: MigrationExecutor) -> None:
    known = executor.loader.disk_migrations
    ours = {app for app, _ in known}
    if any(done not in known for done in executor.loader.applied_migrations if done[0] in ours):
        message = "This data was last used by a newer version of OptaMed. Please start that one; nothing was changed."
        raise Refusal(message)


def _fault(point: str) -> None:
    """A named place where tests break the program: OPTAMED_FAULT=point:raise or point:kill."""
    if os.environ.get("OPTAMED_TESTING") != "1":
        return
    if os.environ.get("OPTAMED_FAULT") == f"{point}:raise":
        raise RuntimeError(point)
    if os.environ.get("OPTAMED_FAULT") == f"{point}:kill":
        os.kill(os.getpid(), signal.SIGKILL)


def collect_static_files() -> None:
    """Put the files that pages load under hashed names; a start that finds nothing changed does nothing."""
    place = Path(settings.STATIC_ROOT)
    stamp = place / ".made-from"
    wanted = _fingerprint()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    shutil.rmtree(place, ignore_errors=True)
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=UNUSED_FILES)
    stamp.write_text(wanted)


def _fingerprint() -> str:
    seen = hashlib.sha256(settings.VERSION.encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            seen.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return seen.hexdigest()
