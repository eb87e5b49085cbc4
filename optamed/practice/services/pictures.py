"""Keeping logos and signatures: only what really is a picture, drawn anew, by its content."""

import hashlib
import io
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps

from optamed.core.errors import DomainError
from optamed.journal import services as journal
from optamed.practice.models import Picture, User

MOST_BYTES = 5 * 1024 * 1024
MOST_SIDE = 12_000  # pixels; a photograph of a telephone has 8000
MOST_PIXELS = 40_000_000  # unpacked: 160 MB
LEAST_SIDE = 16
KEPT_SIDE = 1600  # 60 mm at 600 dpi are 1417
MIMES = {"PNG": "image/png", "JPEG": "image/jpeg"}
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
# What Pillow raises over a file that is damaged or made to hurt.
FAULTS = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error, zlib.error)

_one_by_one = Lock()


@transaction.atomic
def store(*, data: bytes, by: User | None) -> Picture:
    """Keep a PNG or JPEG of at most 5 MB; the same content is kept once. DomainError with the reason otherwise.

    It is drawn anew, at most 1600 pixels wide and high, so that nothing hidden in the file is kept or sent on.
    """
    if not data:
        raise DomainError(_("This file is empty."))
    if len(data) > MOST_BYTES:
        raise DomainError(_("This picture is larger than 5 MB. Save it smaller and try again."))
    drawn, width, height, mime = _drawn_anew(data)
    picture, made = Picture.objects.get_or_create(
        sha256=hashlib.sha256(drawn).hexdigest(),
        defaults={"mime": mime, "width": width, "height": height, "data": drawn},
    )
    if made:
        journal.record(verb="created", subject=picture, by=by)
    return picture


def _drawn_anew(data: bytes) -> tuple[bytes, int, int, str]:
    """The bytes that are kept, with width and height in pixels and the kind."""
    try:
        with _whole_files_only(), Image.open(io.BytesIO(data), formats=list(MIMES)) as opened:
            _check_size(opened.width, opened.height)
            kind = str(opened.format)
            plain = _plain(opened)
    except BOMBS as bomb:
        raise DomainError(_too_many_pixels()) from bomb
    except FAULTS as fault:
        raise DomainError(_("This is no picture in PNG or JPEG, or the file is damaged.")) from fault
    kept = io.BytesIO()
    plain.save(kept, kind, **({"quality": 90} if kind == "JPEG" else {"optimize": True}))
    return kept.getvalue(), plain.width, plain.height, MIMES[kind]


@contextmanager
def _whole_files_only() -> Iterator[None]:
    """WeasyPrint lets Pillow take half a picture for a whole one; a logo that was cut off is refused."""
    with _one_by_one:
        before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def _check_size(width: int, height: int) -> None:
    """Before anything is unpacked: a file of a few kilobytes can hold a billion pixels."""
    if max(width, height) > MOST_SIDE or width * height > MOST_PIXELS:
        raise DomainError(_too_many_pixels())
    if min(width, height) < LEAST_SIDE:
        raise DomainError(_("This picture is too small to be printed. It needs at least 16 pixels each way."))


def _too_many_pixels() -> str:
    return _("This picture has too many pixels. Save it smaller and try again.")


def _plain(opened: Image.Image) -> Image.Image:
    """The right way up, in plain colours, without the remarks of the camera."""
    upright = ImageOps.exif_transpose(opened)
    is_clear = "A" in upright.getbands() or "transparency" in upright.info
    plain = upright.convert("RGBA" if is_clear else "RGB")
    plain.thumbnail((KEPT_SIDE, KEPT_SIDE))
    plain.info.clear()  # place, camera, comment, colour profile
    return plain
