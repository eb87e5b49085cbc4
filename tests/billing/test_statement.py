"""The yearly statement: what was paid in the year, never more, in the patient's language."""

from datetime import date, time
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.document import Look, Sender, Treated
from billing.models import Invoice, Payment
from billing.reports import statements
from billing.services import cancelling, payments
from billing.services.sheets import statement as sheet
from billing.services.sheets.statement import WORDS, Paid, Statement
from optamed.core import dates
from tests import factories
from tests.billing.samples import PAYER, PRACTICE, texts
from tests.factories import World

D = Decimal
YEAR = 2025
AUTUMN, WINTER = date(2025, 11, 4), date(2026, 1, 12)


def on_day(day: date):
    return dates.pretend(dates.at(day, time(10)))


def issued(world: World, on: date = AUTUMN, **given) -> Invoice:
    with on_day(on):
        return world.invoice(on=on, treated_on=on, **given)


def paid(world: World, invoice: Invoice, amount: str = "132", means: str = "twint", on: date = AUTUMN) -> Payment:
    with on_day(on):
        return payments.receive(
            patient=invoice.patient, amount=D(amount), received_on=on, means=means, invoice=invoice, by=world.owner
        )


def of(invoice: Invoice, year: int = YEAR) -> Statement:
    return statements.of_patient(invoice.patient, year, look=Look())


def sample(**changes) -> Statement:
    given = {
        "year": YEAR,
        "language": "fr",
        "made_on": date(2026, 1, 20),
        "sender": Sender(PRACTICE, phone="032 000 00 00"),
        "recipient": PAYER,
        "patient": Treated("Marc Tavernay", date(1974, 5, 3)),
        "paid": (Paid(AUTUMN, D("1132.00"), "F-00042", (date(2025, 10, 1), date(2025, 10, 8)), D("1132.00")),),
        "therapists": (
            Sender(PRACTICE, "Claire Montavel", "ostéopathe", rcc="A123456", gln="7601003000382"),
            Sender(PRACTICE, "Luc Rey", "masseur médical", rcc="B123456"),
        ),
    }
    return Statement(**given | changes)


def test_it_says_when_what_was_treated_invoiced_and_paid(world: World) -> None:
    invoice = issued(world)
    paid(world, invoice, "100")
    paid(world, invoice, "32", on=WINTER)

    found = of(invoice)

    assert found.paid == (Paid(AUTUMN, D("100.00"), "F-00001", (AUTUMN,), D("132.00")),)
    assert found.total == D("100.00")
    assert of(invoice, 2026).total == D("32.00")


def test_losses_discounts_and_what_was_taken_back_are_not_paid(world: World) -> None:
    invoice = issued(world)
    paid(world, invoice, "30", means="loss")
    paid(world, invoice, "2", means="discount")
    payments.cancel(payment=paid(world, invoice, "50"), by=world.owner)

    assert of(invoice).paid == ()
    assert statements.years(invoice.patient) == []


def test_money_at_the_desk_stands_beside_its_invoice_or_its_visit(world: World) -> None:
    with on_day(AUTUMN):
        visit = world.consultation(treated_on=AUTUMN)
        payments.receive(
            patient=visit.patient, amount=D("132"), received_on=AUTUMN, means="cash", consultation=visit, by=world.owner
        )
    before = statements.of_patient(visit.patient, YEAR, look=Look())

    with on_day(AUTUMN):
        made = factories.drafting.draft(patient=visit.patient, consultations=[visit], by=world.owner)
        factories.invoicing.number(invoice=made, on=AUTUMN, by=world.owner, mail=False)

    after = statements.of_patient(visit.patient, YEAR, look=Look())
    assert [one.number for one in before.paid] == [visit.number_label]
    assert [one.number for one in after.paid] == ["F-00001"]
    assert before.total == after.total == D("132.00")


def test_a_year_takes_the_same_queries_however_often_was_paid_at_the_desk(world: World) -> None:
    patient, counts = world.patient(), []
    for _ in range(2):
        for _ in range(2):
            with on_day(AUTUMN):
                visits = [world.consultation(patient=patient, treated_on=AUTUMN) for _ in range(2)]
                for visit in visits:
                    payments.receive(
                        patient=patient, amount=D("132"), received_on=AUTUMN, means="cash", consultation=visit, by=None
                    )
                draft = factories.drafting.draft(patient=patient, consultations=visits[:1], by=world.owner)
                factories.invoicing.number(invoice=draft, on=AUTUMN, by=world.owner, mail=False)
        with CaptureQueriesContext(connection) as queries:
            found = statements.of_patient(patient, YEAR, look=Look())
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert (len(found.paid), len(found.therapists)) == (8, 1)


def test_therapists_stand_in_the_order_of_the_payments(world: World) -> None:
    other = factories.therapist(at=world.address, first_name="Luc", last_name="Rey", gln="")
    patient = world.patient()
    with on_day(AUTUMN):
        visit = world.consultation(patient=patient, therapist=other, treated_on=AUTUMN)
        payments.receive(
            patient=patient, amount=D("132"), received_on=AUTUMN, means="cash", consultation=visit, by=world.owner
        )
    paid(world, issued(world, patient=patient))

    found = statements.of_patient(patient, YEAR, look=Look())

    assert [one.therapist for one in found.therapists] == ["Luc Rey", "Claire Montavel"]


def test_what_was_paid_on_a_cancelled_invoice_is_paid_ahead(world: World) -> None:
    invoice = issued(world)
    paid(world, invoice)
    cancelling.cancel(invoice=invoice, reason="wrong", by=world.owner)

    found = of(invoice)

    assert found.paid == (Paid(AUTUMN, D("132.00")),)
    assert found.sender.party.name == "Cabinet Trois-Lacs"


def test_each_therapist_stands_there_once_with_the_rcc(world: World) -> None:
    other = factories.therapist(at=world.address, first_name="Luc", last_name="Rey", gln="")
    patient = world.patient()
    for therapist in (world.therapist, other, world.therapist):
        paid(world, issued(world, patient=patient, therapist=therapist))

    found = statements.of_patient(patient, YEAR, look=Look())

    assert [one.therapist for one in found.therapists] == ["Claire Montavel", "Luc Rey"]
    assert [one.rcc for one in found.therapists] == [
        world.therapist.places.get().rcc, other.places.get().rcc
    ]  # fmt: skip


def test_who_paid_is_listed_by_name_and_by_what_was_paid(world: World) -> None:
    for name, amount in (("Zumstein", "132"), ("Aebi", "50")):
        paid(world, issued(world, patient=world.patient(last_name=name)), amount)
    paid(world, issued(world, patient=world.patient(last_name="Later")), on=WINTER)

    every, some = statements.payers(YEAR), statements.payers(YEAR, at_least=D("100"))

    assert [(one.patient.last_name, one.amount) for one in every] == [("Aebi", D("50.00")), ("Zumstein", D("132.00"))]
    assert [one.patient.last_name for one in some] == ["Zumstein"]
    assert statements.years() == [2026, 2025]


@pytest.mark.parametrize("language", ["fr", "de", "it", "en"])
def test_the_letter_speaks_the_patients_language_and_adds_up(language: str) -> None:
    (page,) = texts(sheet.render(sample(language=language)))

    words = WORDS[language]
    for said in (
        words["title"] % {"year": YEAR}, words["purpose"], words["sum"] % {"year": YEAR},
        "Marc Tavernay", "03.05.1974", "A123456", "B123456", "F-00042", "01.10.2025, 08.10.2025", "04.11.2025",
    ):  # fmt: skip
        assert said in page
    assert page.count("1’132.00") == 3


@pytest.mark.parametrize("window", ["left", "right"])
def test_many_payments_take_several_pages_with_their_headings(window: str) -> None:
    rows = tuple(Paid(AUTUMN, D("10.00"), f"F-{number:05d}", (AUTUMN,), D("10.00")) for number in range(120))

    pages = texts(sheet.render(sample(paid=rows, look=Look(window=window))))

    assert len(pages) >= 3
    assert all(WORDS["fr"]["paid_on"] in page for page in pages)
    assert [page.count("1’200.00") for page in pages] == [0] * (len(pages) - 1) + [1]
    assert sum(page.count("F-00") for page in pages) == 120


def test_names_are_text_and_never_markup() -> None:
    (page,) = texts(sheet.render(sample(patient=Treated("<b>Marc</b> & Cie"))))

    assert "<b>Marc</b> & Cie" in page
