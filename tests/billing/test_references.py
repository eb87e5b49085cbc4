"""References, with the vectors of the banks' and of the open libraries' tests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649
from stdnum.ch import esr

from billing import references


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ("210000000003139471430009017", "210000000003139471430009017"),
        ("21 00000 00003 13947 14300 09017", "210000000003139471430009017"),
        ("000008207791225857421286694", "000008207791225857421286694"),
        ("123456789012345678901234567", "123456789012345678901234567"),
    ],
)
def test_a_right_qr_reference_is_given_back_without_blanks(value: str, plain: str) -> None:
    assert references.validate_qrr(value) == plain


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("012345678901234567890123456", "check digit"),
        ("210000000003139471430009016", "check digit"),
        ("210000000003139471430009018", "check digit"),
        ("0" * 27, "zeros"),
        ("2100000003139471430009017", "27 digits"),
        ("0210000000003139471430009017", "27 digits"),
        ("11", "27 digits"),
        ("", "27 digits"),
        ("210000S00003139471430009017", "27 digits"),
        ("21000000000313947143000901%", "27 digits"),
        ("21000000000313947143000901Ä", "27 digits"),
        ("21000000000313947143000901٧", "27 digits"),
        ("210000000003139471430009017\n", "27 digits"),
    ],
)
def test_a_wrong_qr_reference_is_refused(value: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        references.validate_qrr(value)


def test_a_qr_reference_is_filled_up_with_zeros() -> None:
    assert references.qrr("123456") == "000000000000000000001234565"


def test_the_prefix_of_the_bank_stands_in_front() -> None:
    reference = references.qrr("1240", prefix="210000")

    assert reference.startswith("210000")
    assert reference[6:26] == "1240".zfill(20)
    assert references.validate_qrr(reference) == reference


@pytest.mark.parametrize(
    ("body", "prefix"), [("", ""), ("1" * 27, ""), ("1" * 21, "210000"), ("12a", ""), ("1", "2x"), ("0", "")]
)
def test_what_cannot_become_a_qr_reference_is_refused(body: str, prefix: str) -> None:
    with pytest.raises(ValueError, match="QR reference"):
        references.qrr(body, prefix)


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ("RF18539007547034", "RF18539007547034"),
        ("RF49N73GBST73AKL38ZX", "RF49N73GBST73AKL38ZX"),
        ("RF040", "RF040"),
        ("RF08 B370 0321", "RF08B3700321"),
        ("RF66qs9H7NJ4fvs99SPO", "RF66QS9H7NJ4FVS99SPO"),
        ("RF097", "RF097"),
    ],
)
def test_a_right_creditor_reference_is_given_back_in_capitals(value: str, plain: str) -> None:
    assert references.validate_scor(value) == plain


@pytest.mark.parametrize(
    "value",
    [
        "RF20.0000.3",
        "RF04",
        "RF12",
        "RF04GHJ74CV9B4DFH99RXPLMMQ43JKL0",
        "RF00539007547034",
        "RF38302!!3393",
        "RF181234567890123456789012",
        "DK5750510001322617",
        "RF720191230100405JSH0438",
        "",
    ],
)
def test_a_wrong_creditor_reference_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="creditor reference"):
        references.validate_scor(value)


@pytest.mark.parametrize(
    ("body", "reference"),
    [
        ("2021007834", "RF672021007834"),
        ("B334BOPQE39D902DC", "RF91B334BOPQE39D902DC"),
        ("7", "RF097"),
        ("F-01240", "RF11F01240"),
    ],
)
def test_a_creditor_reference_is_made_of_a_number(body: str, reference: str) -> None:
    assert references.scor(body) == reference
    assert iso11649.is_valid(reference)


@pytest.mark.parametrize("body", ["", "1" * 22, "F.1", "Ä"])
def test_what_cannot_become_a_creditor_reference_is_refused(body: str) -> None:
    with pytest.raises(ValueError, match="1 to 21"):
        references.scor(body)


@given(st.integers(min_value=1, max_value=10**26 - 1))
def test_every_number_makes_a_qr_reference_that_another_reader_accepts(number: int) -> None:
    reference = references.qrr(str(number))

    assert len(reference) == 27
    assert esr.is_valid(reference)
    assert references.printed(reference).replace(" ", "") == reference


@given(st.from_regex(r"\A[0-9A-Z]{1,21}\Z"))
def test_every_body_makes_a_creditor_reference_that_is_accepted(body: str) -> None:
    assert references.validate_scor(references.scor(body)) == references.scor(body)


@pytest.mark.parametrize(
    ("reference", "kind", "printed"),
    [
        ("210000000003139471430009017", "QRR", "21 00000 00003 13947 14300 09017"),
        ("RF18539007547034", "SCOR", "RF18 5390 0754 7034"),
        (" ", "NON", ""),
    ],
)
def test_references_are_printed_in_groups(reference: str, kind: str, printed: str) -> None:
    assert references.kind_of(reference) == kind
    assert references.printed(reference) == printed
