"""A ZIP that is written while it is read, so that it begins at once and memory stays flat."""

import zipfile
from collections.abc import Iterable, Iterator
from zipfile import ZipInfo


def packed(members: Iterable[tuple[str | ZipInfo, str | bytes]]) -> Iterator[bytes]:
    """The archive piece by piece, as its members come. Stored as they are, unless a member's ``ZipInfo`` says more."""
    basket = _Basket()
    with zipfile.ZipFile(basket, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members:
            archive.writestr(name, content)
            yield basket.fetch()
    yield basket.fetch()


class _Basket:
    """What the archive has written and nobody has fetched yet. It cannot go back, so the archive does not try."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, part: bytes, /) -> int:
        self._parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is held."""

    def fetch(self) -> bytes:
        taken, self._parts = b"".join(self._parts), []
        return taken
