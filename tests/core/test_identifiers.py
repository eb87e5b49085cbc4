"""Numbers of the Swiss health and payment world, right and wrong."""

import pytest

from optamed.core import identifiers


@pytest.mark.parametrize(
    ("rule", "given", "plain"),
    [
        (identifiers.clean_avs, "756.9217.0769.85", "7569217076985"),
        (identifiers.clean_gln, "7601 0030 0038 2", "7601003000382"),
        (identifiers.clean_gln, "2099999999998", "2099999999998"),
        (identifiers.clean_rcc, "a 1234.56", "A123456"),
        (identifiers.clean_uid, "CHE-100.155.212 MWST", "CHE100155212"),
        (identifiers.clean_iban, "CH93 0076 2011 6238 5295 7", "CH9300762011623852957"),
        (identifiers.clean_iban, "LI21088100002324013AA", "LI21088100002324013AA"),
    ],
)
def test_a_number_is_accepted_as_people_write_it(rule, given, plain):
    assert rule(given) == plain


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        (identifiers.clean_avs, "756.9217.0769.84"),
        (identifiers.clean_avs, "757.9217.0769.85"),
        (identifiers.clean_gln, "7601003000381"),
        (identifiers.clean_gln, "760100300038"),
        (identifiers.clean_gln, "2099999999999"),
        (identifiers.clean_rcc, "1234567"),
        (identifiers.clean_rcc, "AB12345"),
        (identifiers.clean_uid, "CHE-100.155.213"),
        (identifiers.clean_iban, "CH93 0076 2011 6238 5295 8"),
        (identifiers.clean_iban, "DE68201207003100755555"),
        (identifiers.clean_iban, "CH58 0079 1123 0008 8901"),
    ],
)
def test_a_wrong_number_is_refused_with_a_sentence(rule, given):
    with pytest.raises(ValueError, match=r"\.$"):
        rule(given)


@pytest.mark.parametrize(
    ("iban", "is_qr"),
    [
        ("CH2329999000000000001", False),
        ("CH3130000000000000001", True),
        ("CH1831999000000000001", True),
        ("CH2632000000000000001", False),
        ("CH9130000GS1895344367", True),
    ],
)
def test_a_qr_iban_is_told_by_its_institution_number(iban, is_qr):
    assert identifiers.is_qr_iban(iban) is is_qr
