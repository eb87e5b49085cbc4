"""Opening, filling, closing a consultation."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import ProtectedError

from agenda.consultations.models import Consultation
from agenda.consultations.services import billing_marks, notes, visits
from agenda.consultations.services.lines import LineInput
from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.practice.models import PracticeAddress, Product, Therapist
from optamed.practice.services import addresses
from tests import factories


def lines_of(visit: Consultation) -> list[tuple[str, Decimal, Decimal]]:
    return [(line.code, line.quantity, line.unit_price) for line in visit.lines.all()]


def test_an_appointment_has_one_consultation_however_often_it_is_asked_for(world):
    appointment = world.appointment()

    first = visits.open_for(appointment=appointment, by=world.owner)
    second = visits.open_for(appointment=appointment, by=world.owner)

    assert first == second
    assert Consultation.objects.count() == 1


def test_it_opens_with_what_the_service_suggests(world):
    visit = visits.open_for(appointment=world.appointment(), by=world.owner)

    assert lines_of(visit) == [("1200", 2, Decimal("12.00")), ("1203", 9, Decimal("12.00"))]
    assert visit.amount == Decimal("132.00")


def test_it_opens_as_last_time_for_the_same_service(world):
    patient = world.patient()
    earlier = dates.now() - timedelta(days=7)
    before = visits.open_for(appointment=world.appointment(patient=patient, starts_at=earlier), by=world.owner)
    visits.set_lines(consultation=before, lines=[LineInput(Decimal(6), "1203")], by=world.owner)

    visit = visits.open_for(appointment=world.appointment(patient=patient), by=world.owner)

    assert lines_of(visit) == [("1203", 6, Decimal("12.00"))]


def test_todays_price_is_taken_not_last_times(world):
    patient = world.patient()
    earlier = dates.now() - timedelta(days=7)
    visits.open_for(appointment=world.appointment(patient=patient, starts_at=earlier), by=world.owner)
    world.therapist.prices.update(price=Decimal("13.50"))

    visit = visits.open_for(appointment=world.appointment(patient=patient), by=world.owner)

    assert {price for _, _, price in lines_of(visit)} == {Decimal("13.50")}


def test_the_practices_address_is_frozen(world):
    visit = visits.open_for(appointment=world.appointment(), by=world.owner)
    world.address.street = "Rue Neuve"
    world.address.save()

    visit.refresh_from_db()

    assert visit.address_text["street"] == "Quai du Bas"


def test_a_corrected_address_is_taken_over_until_the_visit_is_billed(world):
    visit = world.consultation()
    before = visits.moved_to(consultation=visit)
    world.address.street = "Rue Neuve"
    world.address.save()
    visit = Consultation.objects.get(pk=visit.pk)

    offered = visits.moved_to(consultation=visit)
    visits.take_over_address(consultation=visit, by=world.owner)

    assert (before, offered["street"]) == ({}, "Rue Neuve")
    assert Consultation.objects.get(pk=visit.pk).address_text == offered
    assert visits.moved_to(consultation=visit) == {}


def test_a_billed_visit_keeps_its_address(world):
    visit = world.consultation()
    billing_marks.mark_billing(consultations=[visit], state=Consultation.Billing.BILLED)
    world.address.street = "Rue Neuve"
    world.address.save()
    visit = Consultation.objects.get(pk=visit.pk)

    with pytest.raises(DomainError):
        visits.take_over_address(consultation=visit, by=world.owner)

    assert visits.moved_to(consultation=visit) == {}
    assert Consultation.objects.get(pk=visit.pk).address_text["street"] == "Quai du Bas"


def test_an_address_that_was_used_is_archived_and_never_deleted(world):
    visit = world.consultation()
    other = factories.address(label="Lausanne")

    with pytest.raises(ProtectedError):
        world.address.delete()
    addresses.archive(address=world.address, by=world.owner)

    assert visit.address_text["town"] == "Biel/Bienne"
    assert list(PracticeAddress.objects.active()) == [other]


def test_a_code_of_a_diagnosis_is_given_with_its_kind(world):
    visit = world.consultation(closed=False)

    with pytest.raises(DomainError) as refused:
        visits.set_billing_facts(consultation=visit, diagnosis_type="ICD", by=world.owner)

    assert refused.value.sentence == "Enter the code of the diagnosis, or choose your own words."
    assert Consultation.objects.get(pk=visit.pk).diagnosis_type == "freetext"


def test_numbers_follow_each_other(world):
    first, second = world.consultation(), world.consultation()

    assert (first.number_label, second.number_label) == ("C-00001", "C-00002")


def test_closing_marks_the_patients_last_visit_and_closing_twice_changes_nothing(world):
    visit = world.consultation(closed=False)

    visits.close(consultation=visit, by=world.owner)
    closed_at = visit.closed_at
    visits.close(consultation=visit, by=world.owner)

    visit.patient.refresh_from_db()
    assert visit.patient.last_visit_on == dates.today()
    assert visit.closed_at == closed_at


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([LineInput(Decimal(1), "1203"), LineInput(Decimal(2), "1203")], "only once"),
        (
            [
                LineInput(Decimal(1), "1251", unit_price=Decimal(30)),
                LineInput(Decimal(1), "1252", unit_price=Decimal(30)),
            ],
            "exclude",
        ),
        ([LineInput(Decimal(1), "1077", unit_price=Decimal(10))], "may not be used"),
        ([LineInput(Decimal(1), "1310", unit_price=Decimal(10))], "needs a text"),
        ([LineInput(Decimal(0), "1203")], "above zero"),
        ([LineInput(Decimal(1), "1203", unit_price=Decimal(-1))], "below zero"),
        ([LineInput(Decimal(1), "1251")], "no price yet"),
        ([LineInput(Decimal(1), own_text="Tape")], "needs a price"),
        ([LineInput(Decimal(1), own_text="  ", unit_price=Decimal(1))], "a code of the tariff or a text"),
    ],
)
def test_the_rules_of_the_tariff_are_sentences(world, lines, sentence):
    visit = world.consultation(closed=False)

    with pytest.raises(DomainError, match=sentence):
        visits.set_lines(consultation=visit, lines=lines, by=world.owner)

    visit.refresh_from_db()
    assert visit.amount == Decimal("132.00")


def test_a_code_is_valid_by_the_date_of_treatment(world):
    visit = world.consultation(treated_on=date(2025, 12, 31), lines=[LineInput(Decimal(3), "1077")])

    assert visit.lines.get().code == "1077"


def test_the_binding_text_is_not_changed_by_an_own_text(world):
    visit = world.consultation(lines=[LineInput(Decimal(1), "1203", own_text="Ostéopathie douce")])

    assert visit.lines.get().text_in("fr") == "Ostéopathie, par période de 5 min."


def test_free_text_is_tariff_999_and_a_product_brings_its_own_price(world):
    product = Product.objects.create(tariff="1310", name="Arnica, Weleda, 50 ml, gel", price=Decimal("18.40"))

    visit = world.consultation(
        lines=[
            LineInput(Decimal(2), product=product),
            LineInput(Decimal(1), own_text="Tape", unit_price=Decimal("5.00")),
        ]
    )

    assert [(line.tariff, line.code, line.own_text) for line in visit.lines.all()] == [
        ("590", "1310", "Arnica, Weleda, 50 ml, gel"),
        ("999", "", "Tape"),
    ]
    assert visit.amount == Decimal("41.80")


def test_vat_is_carried_by_a_therapist_who_is_liable(world):
    Therapist.objects.filter(pk=world.therapist.pk).update(vat=Therapist.Vat.LIABLE)
    world.therapist.refresh_from_db()

    visit = world.consultation()

    assert {line.vat_code for line in visit.lines.all()} == {"normal"}


def test_an_accident_needs_its_date(world):
    visit = world.consultation(closed=False)

    with pytest.raises(DomainError, match="needs its date"):
        visits.set_billing_facts(consultation=visit, reason="accident", by=world.owner)


def test_a_billed_visit_is_not_changed_reopened_or_deleted(world):
    visit = world.consultation()
    billing_marks.mark_billing(consultations=[visit], state=Consultation.Billing.BILLED)

    for verb in (
        lambda: visits.set_lines(consultation=visit, lines=[], by=world.owner),
        lambda: visits.reopen(consultation=visit, by=world.owner),
        lambda: visits.delete(consultation=visit, reason="typo", by=world.owner),
    ):
        with pytest.raises(DomainError, match="on an invoice"):
            verb()


def test_an_unbilled_visit_is_deleted_with_a_reason_and_its_number_is_not_given_again(world):
    visit = world.consultation()

    visits.delete(consultation=visit, reason="Wrong patient", by=world.owner)

    assert world.consultation().number_label == "C-00002"


def test_a_consultation_does_not_lie_in_the_future(world):
    with pytest.raises(DomainError, match="future"):
        world.consultation(treated_on=dates.today() + timedelta(days=1))


def test_a_note_goes_by_the_hand_of_those_who_may_read_it_alone(world):
    visit = world.consultation(closed=False)
    notes.save(consultation=visit, html="<div>clinical</div>", version=0, by=world.owner)

    with pytest.raises(DomainError, match="those who treat"):
        visits.delete(consultation=visit, reason="typed twice", by=factories.secretary())

    visits.delete(consultation=visit, reason="typed twice", by=world.owner)
    assert not Consultation.objects.exists()


def test_the_desk_deletes_a_visit_in_which_nothing_was_noted(world):
    visit = world.consultation(closed=False)

    visits.delete(consultation=visit, reason="typed twice", by=factories.secretary())

    assert not Consultation.objects.exists()


@pytest.mark.parametrize("state", ["cancelled", "late_cancelled"])
def test_a_visit_that_was_called_off_opens_no_consultation(world, state):
    with pytest.raises(DomainError, match="already cancelled"):
        visits.open_for(appointment=world.appointment(state=state), by=world.owner)


def test_a_visit_whose_day_is_still_to_come_opens_no_consultation(world):
    tomorrow = dates.now() + timedelta(days=1)

    with pytest.raises(DomainError, match="still to come"):
        visits.open_for(appointment=world.appointment(starts_at=tomorrow), by=world.owner)


def test_the_last_visit_follows_when_the_newest_is_deleted(world):
    patient, week = world.patient(), timedelta(days=7)
    world.consultation(patient=patient, treated_on=dates.today() - week)
    newest = world.consultation(patient=patient)

    visits.delete(consultation=newest, reason="typed twice", by=world.owner)

    patient.refresh_from_db()
    assert patient.last_visit_on == dates.today() - week
