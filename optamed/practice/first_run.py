"""The one-time token that opens the first run: who reads the data folder or the launcher's output may set up."""

import os
import secrets
from pathlib import Path


def make(path: Path) -> str:
    """A new token, kept in a file that only this user of the computer reads. An older one no longer opens."""
    token = secrets.token_urlsafe(24)
    fresh = path.with_name(f"{path.name}.part")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(token)
    fresh.replace(path)
    return token


def current(path: Path) -> str:
    """The token that opens now; empty when the first run is closed."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return ""


def matches(path: Path, token: str) -> bool:
    """Whether this token opens the first run. Compared in constant time; nothing matches a closed first run."""
    wanted = current(path)
    return bool(wanted) and secrets.compare_digest(wanted.encode(), token.encode())


def close(path: Path) -> None:
    """For good: the practice has its owner."""
    path.unlink(missing_ok=True)
