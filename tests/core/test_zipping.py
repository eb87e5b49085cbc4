"""A ZIP that leaves while it is written."""

import io
import zipfile

from optamed.core import zipping


def test_members_come_out_as_they_went_in() -> None:
    small = zipfile.ZipInfo("b.xml", date_time=(2026, 11, 24, 9, 0, 0))
    small.compress_type = zipfile.ZIP_DEFLATED

    packed = zipfile.ZipFile(io.BytesIO(b"".join(zipping.packed([("a.pdf", b"A" * 99), (small, "é" * 99)]))))

    assert packed.testzip() is None
    assert [packed.read(name).decode() for name in ("a.pdf", "b.xml")] == ["A" * 99, "é" * 99]
    assert [one.compress_type for one in packed.infolist()] == [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]
    assert packed.getinfo("b.xml").date_time == (2026, 11, 24, 9, 0, 0)


def test_each_member_leaves_before_the_next_is_made() -> None:
    made = []

    def members():
        for name in ("a", "b", "c"):
            made.append(name)
            yield name, b"x" * 1000

    pieces = zipping.packed(members())

    assert made == []
    assert len(next(pieces)) > 1000
    assert made == ["a"]


def test_nothing_is_an_empty_archive() -> None:
    assert zipfile.ZipFile(io.BytesIO(b"".join(zipping.packed([])))).namelist() == []
