"""Billing information of Swico, with the examples of its syntax definition."""

from datetime import date
from decimal import Decimal

from billing.swico import swico_s1


def test_number_alone() -> None:
    assert swico_s1("X.66711-8831") == "//S1/10/X.66711-8831"


def test_an_invoice_with_one_rate_and_two_terms() -> None:
    text = swico_s1(
        "10201409",
        date(2019, 5, 12),
        customer="1400.000-53",
        uid="CHE-106.017.086",
        served=date(2018, 5, 8),
        vat=[(Decimal("7.70"), None)],
        terms=[(2, 10), (0, 30)],
    )

    assert text == "//S1/10/10201409/11/190512/20/1400.000-53/30/106017086/31/180508/32/7.7/40/2:10;0:30"


def test_a_period_and_the_net_of_several_rates() -> None:
    text = swico_s1(
        "10104",
        date(2018, 2, 28),
        uid="395856455",
        served=(date(2018, 2, 26), date(2018, 2, 27)),
        vat=[(Decimal("3.7"), Decimal("400.19")), (Decimal("7.7"), Decimal("553.39")), (Decimal(0), Decimal(14))],
        terms=[(0, 30)],
    )

    assert text == "//S1/10/10104/11/180228/30/395856455/31/180226180227/32/3.7:400.19;7.7:553.39;0:14/40/0:30"


def test_import_vat() -> None:
    text = swico_s1(
        "4031202511",
        date(2018, 1, 7),
        customer="61257233.4",
        uid="105493567",
        vat=[(Decimal(8), Decimal("49.82"))],
        import_vat=[(Decimal("2.5"), Decimal("14.85"))],
        terms=[(0, 30)],
    )

    assert text == "//S1/10/4031202511/11/180107/20/61257233.4/30/105493567/32/8:49.82/33/2.5:14.85/40/0:30"


def test_slashes_and_backslashes_are_escaped() -> None:
    text = swico_s1(
        "X.66711/8824",
        date(2020, 7, 12),
        customer="MW-2020\\04",
        uid="107978798",
        vat=[(Decimal("2.5"), Decimal("117.22"))],
        terms=[(3, 5), (Decimal("1.5"), 20), (1, 40), (0, 60)],
    )

    assert text == (
        r"//S1/10/X.66711\/8824/11/200712/20/MW-2020\\04/30/107978798/32/2.5:117.22/40/3:5;1.5:20;1:40;0:60"
    )
