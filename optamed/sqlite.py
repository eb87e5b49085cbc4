"""Chooses the SQLite library. Imported first in settings, manage.py and the launcher: before Django or huey import one.

One process must never open a file with two copies of SQLite: closing a handle in one drops the locks of the other
(POSIX), and that corrupts. Python's own library may have the WAL-reset fault; pysqlite3 brings a newer one, and is
optional.
"""

import os
import sys
from typing import Any


def _swap() -> None:
    if os.environ.get("OPTAMED_SQLITE") == "stdlib" or "django.db.backends.sqlite3.base" in sys.modules:
        return
    try:
        import pysqlite3  # noqa: PLC0415
        from pysqlite3 import dbapi2  # noqa: PLC0415
    except ImportError:
        return
    sys.modules["sqlite3"], sys.modules["sqlite3.dbapi2"] = pysqlite3, dbapi2


def wal_is_sound(version: tuple[int, ...]) -> bool:
    """Whether WAL can be trusted: its reset fault is mended in 3.51.3, and in 3.50.7 and 3.44.6 of the older lines."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0)


_swap()
import sqlite3  # noqa: E402  after the swap

JOURNAL_MODE = "WAL" if wal_is_sound(sqlite3.sqlite_version_info) else "TRUNCATE"

# Measured with four processes writing at once: IMMEDIATE loses no write to a lock, Django's default a third of them.
# secure_delete: health data that was deleted must not stay in free pages.
OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        f"PRAGMA journal_mode={JOURNAL_MODE}; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; "
        "PRAGMA trusted_schema=OFF"
    ),
}
