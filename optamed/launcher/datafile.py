"""The database as a file: whether it is sound, its copy before an update, and putting that copy back.

An update in progress leaves a note beside the copy; a start that finds the note knows that the last one did
not get through.
"""

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from optamed.core import dates
from optamed.launcher.refusal import Refusal

DATABASE = "optamed.sqlite3"
COPIES = "before-migration"
NOTE = "unfinished.json"
KEPT = 5
MAGIC = b"SQLite format 3\0"
# What only a practice that was in use leaves behind.
TRACES = ("journal.sqlite3", "documents/*", f"{COPIES}/*.sqlite3")
SIDE_FILES = ("-wal", "-shm", "-journal")


def check(folder: Path) -> None:
    """Raises Refusal if the database is missing beside other data of a practice, empty or damaged. Changes nothing."""
    database = folder / DATABASE
    if not database.exists():
        if any(any(folder.glob(trace)) for trace in TRACES):
            message = (
                f"The database {database} is missing, but this folder holds other data of a practice. OptaMed does not "
                "start with an empty one. Please put the file back, or a backup of it."
            )
            raise Refusal(message)
        return
    if not _is_sound(database):
        message = (
            f"The database {database} is damaged. OptaMed has not touched it and does not start with an empty one. "
            "Please put a backup in its place; copies from before each update are in the folder "
            f"{folder / COPIES}."
        )
        raise Refusal(message)


def _is_sound(database: Path) -> bool:
    """0.7 s for 500 MB; what the structure does not show (one flipped bit in a text) is the backups' to find."""
    with database.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            return False
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=rw", uri=True, timeout=20)) as connection:
            return connection.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)]
    except sqlite3.DatabaseError:
        return False


# --- the update -------------------------------------------------------------------------------------------------------


def begin_update(folder: Path) -> Path | None:
    """Copy the database (None: there is none yet) and note that an update has begun. Raises Refusal without room."""
    copies = folder / COPIES
    copies.mkdir(mode=0o700, exist_ok=True)
    copy = _copy(folder / DATABASE, copies) if (folder / DATABASE).exists() else None
    note = copies / f"{NOTE}.part"
    note.write_text(json.dumps({"copy": copy.name if copy else None}))
    _keep(note, copies / NOTE)
    return copy


def end_update(folder: Path) -> None:
    """All went well: the copy stays as a backup, the oldest ones go."""
    copies = folder / COPIES
    (copies / NOTE).unlink()
    for old in sorted(copies.glob("*.sqlite3"))[:-KEPT]:
        old.unlink()
    if not any(copies.iterdir()):
        copies.rmdir()  # a first start has copied nothing


def undo_update(folder: Path) -> bool:
    """Put the data back to where a begun update found it. False: none was begun."""
    copies = folder / COPIES
    try:
        name = json.loads((copies / NOTE).read_text())["copy"]
    except FileNotFoundError:
        return False
    database = folder / DATABASE
    for side in SIDE_FILES:
        database.with_name(DATABASE + side).unlink(missing_ok=True)
    if name is None:
        database.unlink(missing_ok=True)
    else:
        fresh = database.with_name(f"{DATABASE}.part")
        shutil.copyfile(copies / name, fresh)
        _keep(fresh, database)
    (copies / NOTE).unlink()
    return True


def _copy(database: Path, copies: Path) -> Path:
    """VACUUM INTO: measured to be whole under a busy writer, where a copied file was not."""
    copy = copies / f"{dates.now():%Y%m%dT%H%M%S%fZ}.sqlite3"
    part = copy.with_suffix(".part")
    for left in copies.glob("*.part"):
        left.unlink()  # of a start that was killed
    try:
        with closing(sqlite3.connect(database, timeout=20)) as connection:
            connection.execute("VACUUM INTO ?", (str(part),))
    except sqlite3.OperationalError as fault:
        part.unlink(missing_ok=True)
        message = f"Before its update the data could not be copied to {copies}: {fault}. Nothing was changed."
        raise Refusal(message) from fault
    _keep(part, copy)
    return copy


def _keep(part: Path, target: Path) -> None:
    """Under its final name only when it is whole on the disk."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(target)
    if os.name == "posix":
        handle = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
