"""A key is made once, whole, and for its owner's eyes."""

import stat
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from optamed.core.keyfile import kept


def test_of_many_that_start_at_once_all_get_the_same_key(tmp_path):
    number = count()

    def start(_) -> bytes:
        return kept(tmp_path / "key", f"key {next(number)}".encode)

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(start, range(40)))

    assert len(keys) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["key"]


def test_the_file_is_readable_by_its_owner_only(tmp_path):
    kept(tmp_path / "key", lambda: b"secret")

    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
