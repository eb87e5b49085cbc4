import hashlib
import io
import struct
import zlib
from contextlib import suppress

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from optamed.core.errors import DomainError
from optamed.journal.models import PendingEntry
from optamed.practice.models import BankAccount, Picture, PracticeAddress, Therapist, User
from optamed.practice.services import counters, pictures
from tests import factories

NO_PICTURE = "This is no picture in PNG or JPEG, or the file is damaged."
TOO_MANY = "This picture has too many pixels. Save it smaller and try again."


def picture(kind: str = "PNG", size: tuple[int, int] = (120, 40), mode: str = "RGB", **more) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, "#0f766e" if mode.startswith("RGB") else 0).save(made, kind, **more)
    return made.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says how large it would be."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("kind", "mode", "mime"),
    [
        ("PNG", "RGB", "image/png"),
        ("PNG", "RGBA", "image/png"),
        ("PNG", "L", "image/png"),
        ("PNG", "1", "image/png"),
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg"),
    ],
)
def test_a_picture_is_kept_by_its_content(owner: User, kind: str, mode: str, mime: str) -> None:
    kept = pictures.store(data=picture(kind, mode=mode), by=owner)

    assert (kept.mime, kept.width, kept.height) == (mime, 120, 40)
    assert kept.sha256 == hashlib.sha256(bytes(kept.data)).hexdigest()
    with Image.open(io.BytesIO(bytes(kept.data))) as opened:
        assert opened.mode in ("RGB", "RGBA")


def test_the_same_picture_twice_is_kept_once(owner: User) -> None:
    first = pictures.store(data=picture(), by=owner)

    second = pictures.store(data=picture(), by=owner)

    assert first == second
    assert Picture.objects.count() == 1
    assert PendingEntry.objects.filter(verb="created", subject="practice.picture").count() == 1


def test_a_clear_background_stays_clear(owner: User) -> None:
    kept = pictures.store(data=picture(mode="RGBA"), by=owner)

    with Image.open(io.BytesIO(bytes(kept.data))) as opened:
        assert opened.mode == "RGBA"


def test_what_hides_in_a_picture_is_not_kept(owner: User) -> None:
    remarks = PngImagePlugin.PngInfo()
    remarks.add_text("Comment", "secret-of-the-camera")
    noted = picture(pnginfo=remarks) + b"secret-behind-the-end"

    kept = pictures.store(data=noted, by=owner)

    assert b"secret-of-the-camera" in noted
    assert b"secret" not in bytes(kept.data)


def test_a_photograph_is_turned_upright_and_loses_its_place(owner: User) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned to the right
    exif[0x010E] = "taken at home"

    kept = pictures.store(data=picture("JPEG", exif=exif), by=owner)

    assert (kept.width, kept.height) == (40, 120)
    assert b"taken at home" not in bytes(kept.data)


def test_a_large_picture_is_kept_in_the_size_of_print(owner: User) -> None:
    kept = pictures.store(data=picture("JPEG", size=(4000, 1000)), by=owner)

    assert (kept.width, kept.height) == (1600, 400)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty."),
        (b"%PDF-1.7 not a picture", NO_PICTURE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", NO_PICTURE),
        (picture("GIF", mode="P"), NO_PICTURE),
        (picture()[:60], NO_PICTURE),
        (bomb(30_000, 30_000), TOO_MANY),
        (bomb(100_000, 2), TOO_MANY),
        (bomb(9_000, 9_000), TOO_MANY),
        (picture(size=(15, 400)), "This picture is too small to be printed. It needs at least 16 pixels each way."),
        (b"\x89PNG" + bytes(5 * 1024 * 1024), "This picture is larger than 5 MB. Save it smaller and try again."),
    ],
    ids=["empty", "pdf", "svg", "gif", "cut", "bomb", "ribbon", "megapixels", "tiny", "heavy"],
)
def test_anything_else_is_refused_with_its_reason(owner: User, data: bytes, sentence: str) -> None:
    with pytest.raises(DomainError) as refused:
        pictures.store(data=data, by=owner)

    assert refused.value.sentence == sentence
    assert not Picture.objects.exists()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10_000), byte=st.integers(0, 255), cut=st.integers(0, 400))
def test_a_damaged_file_is_kept_or_refused_but_never_crashes(
    owner: User, kind: str, place: int, byte: int, cut: int
) -> None:
    data = bytearray(picture(kind))
    data[place % len(data)] = byte
    hurt = bytes(data[: max(len(data) - cut, 1)])

    with suppress(DomainError):
        pictures.store(data=hurt, by=owner)

    for kept in Picture.objects.all():
        assert hashlib.sha256(bytes(kept.data)).hexdigest() == kept.sha256


def test_a_series_goes_on_higher_and_never_lower(owner: User) -> None:
    counters.start_at(name="F", next_number=1200)

    with pytest.raises(DomainError) as refused:
        counters.start_at(name="F", next_number=1199)

    assert refused.value.sentence == "Number 1199 is given already. The next one can only be higher."
    assert counters.next_of(name="F") == 1200
    assert counters.take(name="F") == 1200


def test_a_therapist_gets_role_series_and_own_account(signed_in: Client, records: dict[str, int]) -> None:
    typed = {
        "first_name": "Claire",
        "last_name": "Montavel",
        "role": "naturopathicdoctor",
        "series": "cm",
        "vat": "exempt",
        "colour": "#03726a",
        "account": records["account"],
        "gln": "7601003000382",
    }

    answer = signed_in.post(reverse("practice:therapist", args=[records["therapist"]]), typed)

    kept = Therapist.objects.get(pk=records["therapist"])
    assert answer.status_code == 302
    assert (kept.role, kept.series, kept.account_id) == ("naturopathicdoctor", "CM", records["account"])


@pytest.mark.parametrize(
    ("series", "sentence"),
    [("C1", "Up to four capital letters, such as CM."), ("XY", "Another therapist has these letters already.")],
)
def test_letters_of_a_series_are_letters_and_ones_own(
    signed_in: Client, records: dict[str, int], series: str, sentence: str
) -> None:
    Therapist.objects.create(first_name="Xenia", last_name="Yersin", series="XY")
    typed = {
        "first_name": "Claire",
        "last_name": "Montavel",
        "role": "naturopathicdoctor",
        "series": series,
        "vat": "exempt",
        "colour": "#03726a",
    }

    answer = signed_in.post(reverse("practice:therapist", args=[records["therapist"]]), typed)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert f'value="{series}"' in answer.content.decode()


def test_a_place_has_its_own_account(signed_in: Client, records: dict[str, int]) -> None:
    place = PracticeAddress.objects.get(pk=records["address"])
    kept = {name: getattr(place, name) for name in ("label", "name", "street", "postcode", "town", "canton", "gln")}

    answer = signed_in.post(reverse("practice:address", args=[place.pk]), {**kept, "account": records["account"]})

    place.refresh_from_db()
    assert answer.status_code == 302
    assert place.account_id == records["account"]


def test_an_archived_account_is_offered_only_where_it_stands(signed_in: Client, records: dict[str, int]) -> None:
    old = factories.account(label="Old bank", iban=factories.QR_IBAN, is_default=False, archived_at="2026-01-01T00:00Z")
    place = PracticeAddress.objects.get(pk=records["address"])
    before = signed_in.get(reverse("practice:address", args=[place.pk])).content.decode()
    PracticeAddress.objects.filter(pk=place.pk).update(account=old)

    page = signed_in.get(reverse("practice:address", args=[place.pk])).content.decode()

    assert BankAccount.objects.filter(label="Old bank").exists()
    assert "Old bank" not in before
    assert "Old bank" in page
