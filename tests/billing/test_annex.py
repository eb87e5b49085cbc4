"""The request in codes: as the standard cuts it, and nothing that a stranger could print into them does harm."""

import base64
import random
import zlib
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from billing import annex
from billing.annex import AnnexError
from billing.xml_writing import write
from tests.billing.drawn_codes import decoded
from tests.billing.requests_sample import request, services


def _deflated(data: bytes) -> bytes:
    squeeze = zlib.compressobj(level=9, wbits=-15)
    return squeeze.compress(data) + squeeze.flush()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _noise(size: int) -> bytes:
    return random.Random(590).randbytes(size)


@given(st.binary(max_size=3000))
def test_what_is_packed_is_unpacked(xml: bytes) -> None:
    assert annex.unpack(annex.pack(xml)) == xml


def test_the_codes_are_equally_long_and_only_the_last_is_filled_up() -> None:
    chunks = annex.pack(_noise(5000))

    assert len({len(chunk) for chunk in chunks}) == 1
    assert all(len(chunk) <= 1262 for chunk in chunks)
    assert " " not in "".join(chunks[:-1])


def test_it_is_raw_deflate_in_base64() -> None:
    chunks = annex.pack(b"<request/>" * 40)

    assert zlib.decompress(base64.b64decode("".join(chunks)), -15) == b"<request/>" * 40


@pytest.mark.parametrize(("size", "codes"), [(1, 1), (940, 1), (950, 2), (11300, 12)])
def test_there_are_as_few_codes_as_can_be(size: int, codes: int) -> None:
    assert len(annex.pack(_noise(size))) == codes


def test_a_thirteenth_code_is_refused() -> None:
    with pytest.raises(AnnexError, match="two invoices"):
        annex.pack(_noise(11400))


@pytest.mark.parametrize(("rows", "codes"), [(1, 2), (10, 2), (40, 2), (99, 3)])
def test_long_invoices_need_few_codes(rows: int, codes: int) -> None:
    assert len(annex.pack(write(request(rows)))) == codes


def test_99_lines_of_which_no_two_are_alike_still_fit() -> None:
    dice = random.Random(590)
    words = (
        "massage",
        "drainage",
        "conseil",
        "bilan",
        "thérapie",
        "manuelle",
        "respiration",
        "par période",
        "de 5 min.",
    )
    rows = tuple(
        replace(
            row,
            code=str(dice.randrange(1000, 1400)),
            name=" ".join(dice.choices(words, k=12)),
            on=date.fromordinal(739_000 + dice.randrange(700)),
            unit_price=Decimal(dice.randrange(500, 3000)) / 100,
        )
        for row in services(99)
    )

    chunks = annex.pack(write(request(services=rows)))

    assert 5 <= len(chunks) <= 9


def test_the_codes_of_an_invoice_can_be_read_from_paper() -> None:
    xml = write(request(40))
    chunks = annex.pack(xml)

    codes = [segno.make_qr(chunk, error="m", boost_error=False) for chunk in chunks]

    assert all(int(code.version) <= 29 for code in codes)
    assert annex.unpack([decoded(code.matrix, zxingcpp.BarcodeFormat.QRCode) for code in codes]) == xml


def test_a_full_code_is_of_version_29() -> None:
    chunks = annex.pack(_noise(11350))

    assert len(chunks[0]) == 1262
    assert int(segno.make_qr(chunks[0], error="m", boost_error=False).version) == 29


def test_blanks_that_a_reader_cuts_or_adds_do_not_matter() -> None:
    chunks = annex.pack(_noise(3001))

    assert annex.unpack([f" {chunk.strip()}  " for chunk in chunks]) == _noise(3001)


@pytest.mark.parametrize(
    "chunks",
    [
        [],
        [""],
        ["@@@@"],
        ["é" * 8],
        ["AAA"],
        [_text(b"not deflated at all")],
        [_text(zlib.compress(b"with the header of zlib"))],
        [_text(_deflated(b"whole" * 99)[:-4])],
        [_text(_deflated(b"whole") + b"and more")],
        [_text(_deflated(bytes(2_000_001)))],
        ["", *annex.pack(_noise(11300))],
    ],
    ids=["none", "empty", "alphabet", "letters", "padding", "plain", "zlib", "cut", "tail", "bomb", "thirteen"],
)
def test_codes_of_something_else_are_refused(chunks: list[str]) -> None:
    with pytest.raises(AnnexError, match="no invoice"):
        annex.unpack(chunks)


def test_a_missing_code_is_noticed() -> None:
    chunks = annex.pack(_noise(3000))

    with pytest.raises(AnnexError):
        annex.unpack(chunks[:-1])


@given(st.lists(st.text(max_size=60), max_size=4))
def test_no_text_makes_it_fall(chunks: list[str]) -> None:
    try:
        annex.unpack(chunks)
    except AnnexError as error:
        assert error.sentence  # noqa: PT017
