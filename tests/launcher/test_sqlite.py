"""Which SQLite is used, and that only one copy of it is in the process."""

import importlib.util
import subprocess
import sys

import pytest

from optamed import sqlite


@pytest.mark.parametrize(
    ("version", "sound"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_wal_is_used_where_its_fault_is_mended(version: tuple[int, int, int], *, sound: bool) -> None:
    assert sqlite.wal_is_sound(version) is sound


def test_one_copy_of_sqlite_is_in_the_process() -> None:
    if importlib.util.find_spec("pysqlite3") is None:
        pytest.skip("Python's own SQLite is the only one here")
    program = "import optamed.settings, django.db.backends.sqlite3.base, huey, sys; print('_sqlite3' in sys.modules)"

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert said.strip() == "False"
