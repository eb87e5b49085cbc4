"""Keys that are made once per data folder, in files that only their owner can read."""

import os
import threading
from collections.abc import Callable
from pathlib import Path


def kept(file: Path, make: Callable[[], bytes]) -> bytes:
    """The key in this file, made on first use. Of two processes that start at once, both get the key of the first."""
    if not file.exists():
        _publish(file, make())
    return file.read_bytes().strip()


def _publish(file: Path, key: bytes) -> None:
    """Whole or not at all: written beside its place, then linked there unless somebody was first."""
    part = file.with_name(f"{file.name}.{os.getpid()}-{threading.get_ident()}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(key)
    try:
        os.link(part, file)
    except FileExistsError:
        pass
    finally:
        part.unlink()
