"""The request to the insurer: built from the photograph, frozen with its hash, equal to the letter in every figure."""

import hashlib
from datetime import date, timedelta
from decimal import Decimal

import pytest

from agenda.consultations.services import visits
from billing import xml_reading
from billing.document import InvoiceDocument
from billing.models import InsurerRequest, Invoice, InvoiceSettings
from billing.request import NO_GLN, NO_SSN, InvoiceRequest
from billing.services import cancelling, drafting, invoicing, payments
from optamed.core import dates
from optamed.practice.models import Therapist
from tests import factories
from tests.factories import World

D = Decimal


def request_of(invoice: Invoice, kind: str = "invoice") -> InvoiceRequest:
    return xml_reading.read(InsurerRequest.objects.get(invoice=invoice, kind=kind).xml.encode())


def document_of(invoice: Invoice) -> InvoiceDocument:
    return InvoiceDocument.from_json(invoice.document)


def test_an_issued_invoice_has_one_frozen_request(world: World) -> None:
    invoice = world.invoice()

    frozen = InsurerRequest.objects.get(invoice=invoice)

    assert frozen.sha256 == hashlib.sha256(frozen.xml.encode()).hexdigest()
    assert document_of(invoice).guid == request_of(invoice).guid
    assert invoice.forms == Invoice.Forms.FULL


def test_letter_and_request_agree_in_every_figure(world: World) -> None:
    patient = world.patient()
    visit = world.consultation(patient=patient)
    payments.receive(
        patient=patient, amount=D("32.00"), received_on=dates.today(), means="cash", by=world.owner, consultation=visit
    )
    draft = drafting.draft(patient=patient, consultations=[visit], by=world.owner)
    drafting.change(invoice=draft, by=world.owner, discount=D("10.03"), discount_text="Fidélité")
    invoicing.number(invoice=draft, on=dates.today(), by=world.owner, mail=False)
    draft.refresh_from_db()

    letter, request = document_of(draft), request_of(draft)

    assert request.number == letter.number == draft.number
    assert [row.amount for row in request.services] == [D("24.00"), D("108.00"), D("-10.03")]
    assert sum(row.amount for row in request.services) == request.balance.amount == D("121.97")
    assert (letter.rounding, letter.total) == (D("-0.02"), D("121.95"))
    assert request.balance.prepaid == letter.already_paid == D("32.00")
    assert request.balance.due == letter.amount_due == draft.open_amount == D("89.95")
    assert sum(line.amount for line in request.balance.vat) == request.balance.amount


def test_the_request_says_who_where_whom_and_under_which_law(world: World) -> None:
    patient = world.patient(insurer="CSS", insured_no="123.456", card_no="80756000010000000001")
    visit = world.consultation(patient=patient, closed=False)
    visits.set_billing_facts(
        consultation=visit, by=world.owner, reason="accident", accident_on=date(2026, 1, 15), law="UVG",
        diagnosis="Lumbago", insurer_remark="Suite d’accident",
    )  # fmt: skip
    visits.close(consultation=visit, by=world.owner)
    draft = drafting.draft(patient=patient, consultations=[visit], by=world.owner)
    invoicing.number(invoice=draft, on=dates.today(), by=world.owner, mail=False)

    request = request_of(draft)

    assert request.provider.gln == world.therapist.gln
    assert request.provider.location_gln == request.biller.gln == world.address.gln
    assert request.biller.rcc == world.therapist.places.get().rcc
    assert (request.patient.ssn, request.patient.born_on) == (patient.avs, patient.birth_on)
    assert request.insurance is not None
    assert request.insurance.gln == "7601003001082"
    assert (request.law.kind, request.law.insured_no, request.law.case_on) == ("UVG", "123.456", date(2026, 1, 15))
    assert (request.treatment.canton, request.treatment.reason) == ("BE", "accident")
    assert [diagnosis.text for diagnosis in request.treatment.diagnoses] == ["Lumbago"]
    assert request.remark == "Suite d’accident"


def test_an_english_invoice_has_the_form_of_the_practices_language(world: World) -> None:
    invoice = world.invoice(patient=world.patient(language="en"))

    request = request_of(invoice)

    assert (document_of(invoice).language, request.language) == ("en", "fr")
    assert request.services[0].name.startswith("Anamnèse")


def test_somebody_else_pays_and_the_patient_stays_the_patient(world: World) -> None:
    draft = world.draft()
    payer = {"name": "Carole Wyss", "street": "Rue du Lac", "house_no": "3", "postcode": "1003", "town": "Lausanne"}
    drafting.change(invoice=draft, by=world.owner, recipient=payer)
    invoicing.number(invoice=draft, on=dates.today(), by=world.owner, mail=False)
    draft.refresh_from_db()

    request = request_of(draft)

    assert document_of(draft).recipient.name == request.debitor.company == "Carole Wyss"
    assert request.patient.contact.family_name == draft.patient.last_name
    assert "Carole Wyss" in draft.qr_payload


@pytest.mark.parametrize(("choice", "requests"), [("letter", 0), ("placeholders", 1)])
def test_what_only_an_insurer_would_refuse_is_decided_by_the_practice(world: World, choice: str, requests: int) -> None:
    InvoiceSettings.objects.create(pk=1, when_incomplete=choice)

    invoice = world.invoice(patient=world.patient(avs=""))

    assert invoice.forms == choice
    assert InsurerRequest.objects.filter(invoice=invoice).count() == requests


def test_the_standards_placeholders_stand_for_what_is_missing(world: World) -> None:
    Therapist.objects.update(gln="")
    world.therapist.refresh_from_db()
    draft = world.draft(patient=world.patient(avs=""))
    drafting.change(invoice=draft, by=world.owner, forms="placeholders")
    invoicing.number(invoice=draft, on=dates.today(), by=world.owner, mail=False)

    request = request_of(draft)

    assert (request.patient.ssn, request.provider.gln) == (NO_SSN, NO_GLN)


@pytest.mark.parametrize("missing", [{"sex": ""}, {"street": ""}, {"postcode": "", "town": ""}])
def test_without_sex_or_address_only_the_letter_is_made(world: World, missing: dict[str, str]) -> None:
    draft = world.draft(patient=world.patient(**missing))
    drafting.change(invoice=draft, by=world.owner, forms="placeholders")
    invoicing.number(invoice=draft, on=dates.today(), by=world.owner, mail=False)
    draft.refresh_from_db()

    assert draft.forms == Invoice.Forms.LETTER
    assert not InsurerRequest.objects.exists()


def test_a_cancelled_invoice_takes_its_request_back(world: World) -> None:
    invoice = world.invoice()

    made = cancelling.cancel(invoice=invoice, reason="wrong code", by=world.owner)

    storno, original = request_of(invoice, "storno"), request_of(invoice)
    assert storno.subtype == "storno"
    assert storno.guid != original.guid
    assert storno.services == original.services
    assert made.number in storno.remark


def test_what_changes_later_does_not_reach_the_request(world: World) -> None:
    invoice = world.invoice()
    before = InsurerRequest.objects.get(invoice=invoice).xml

    world.address.town = "Genève"
    world.address.save()
    factories.practice(name="Autre nom")
    invoicing.finish(invoice=invoice)

    assert InsurerRequest.objects.get(invoice=invoice).xml == before


def test_a_bill_over_several_visits_says_from_when_to_when(world: World) -> None:
    patient, today = world.patient(), dates.today()
    days = [today - timedelta(days=20), today - timedelta(days=6), today]
    held = [world.consultation(patient=patient, treated_on=day) for day in days]
    draft = drafting.draft(patient=patient, consultations=held, by=world.owner)
    invoicing.number(invoice=draft, on=today, by=world.owner, mail=False)

    treatment = request_of(draft).treatment

    assert (treatment.begins_on, treatment.ends_on) == (days[0], today)
