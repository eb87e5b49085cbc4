"""From visits to an issued invoice, and back by counter-document."""

import hashlib
from datetime import date, timedelta
from decimal import Decimal

import pytest

from agenda.consultations.models import Consultation
from agenda.consultations.services.lines import LineInput
from billing.document import InvoiceDocument
from billing.models import BilledConsultation, Invoice, Sheet
from billing.services import cancelling, drafting, invoicing, payments, readiness
from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.practice.models import BankAccount, Practice, TariffPosition
from tests import factories


def issue(world, invoice: Invoice, **given) -> Invoice:
    invoicing.number(**{"invoice": invoice, "on": dates.today(), "by": world.owner, "mail": False} | given)
    invoice.refresh_from_db()
    return invoice


def test_a_draft_copies_what_was_done(world):
    invoice = world.draft()

    assert [(line.code, line.text, line.amount) for line in invoice.lines.all()] == [
        ("1200", "Anamnèse / bilan / diagnostic / constatations médicales, par période de 5 min.", Decimal("24.00")),
        ("1203", "Ostéopathie, par période de 5 min.", Decimal("108.00")),
    ]
    assert (invoice.number, invoice.total, invoice.state) == (None, Decimal("132.00"), Invoice.State.DRAFT)


def test_a_visit_is_on_one_live_invoice_only_drafts_included(world):
    visit = world.consultation()
    drafting.draft(patient=visit.patient, consultations=[visit], by=world.owner)

    with pytest.raises(DomainError, match="already on an invoice"):
        drafting.draft(patient=visit.patient, consultations=[visit], by=world.owner)

    assert Invoice.objects.count() == 1


def test_visits_that_differ_do_not_go_on_one_invoice_and_the_difference_is_named(world):
    patient = world.patient()
    first, second = world.consultation(patient=patient), world.consultation(patient=patient)
    Consultation.objects.filter(pk=second.pk).update(reason="maternity", law="KVG")
    second.refresh_from_db()

    with pytest.raises(DomainError, match="law, reason of treatment"):
        drafting.draft(patient=patient, consultations=[first, second], by=world.owner)


def test_several_visits_go_on_one_invoice_by_date(world):
    patient = world.patient()
    later = world.consultation(patient=patient)
    earlier = world.consultation(patient=patient, treated_on=dates.today() - timedelta(days=7))

    invoice = drafting.draft(patient=patient, consultations=[later, earlier], by=world.owner)

    assert invoice.total == Decimal("264.00")
    assert invoice.lines.first().treated_on == earlier.treated_on


def test_issuing_gives_number_dates_reference_and_photograph(world):
    invoice = issue(world, world.draft())

    assert (invoice.number, invoice.state) == ("F-00001", Invoice.State.ISSUED)
    assert invoice.due_on == dates.today() + timedelta(days=30)
    assert invoice.reference.startswith("RF")
    assert invoice.reference.endswith("F00001")
    assert invoice.qr_payload.splitlines()[3] == factories.NORMAL_IBAN


def test_a_photograph_is_not_looked_up_again(world):
    invoice = issue(world, world.draft())
    TariffPosition.objects.filter(code="1203").update(text_fr="Autre chose")
    Practice.objects.update(name="Autre cabinet", payment_days=10)
    invoice.patient.last_name = "Autre"
    invoice.patient.save()

    document = InvoiceDocument.from_json(Invoice.objects.get(pk=invoice.pk).document)

    assert document.recipient.name == "Marc Tavernay"
    assert document.lines[1].text == "Ostéopathie, par période de 5 min."
    assert document.due_on == dates.today() + timedelta(days=30)


@pytest.mark.parametrize(
    ("account", "kind", "reference"),
    [
        ({"iban": factories.NORMAL_IBAN}, "SCOR", "RF"),
        ({"iban": factories.NORMAL_IBAN, "slip": "NON"}, "NON", ""),
        ({"iban": factories.QR_IBAN, "slip": "QRR", "qrr_prefix": "210000"}, "QRR", "210000"),
    ],
)
def test_the_kind_of_iban_decides_the_kind_of_reference(world, account, kind, reference):
    BankAccount.objects.update(**account)

    invoice = issue(world, world.draft())

    lines = invoice.qr_payload.split("\n")
    assert lines[27].strip() == kind
    assert invoice.reference.startswith(reference)
    assert lines[28].strip() == invoice.reference


def test_issuing_twice_is_refused_and_takes_no_number(world):
    invoice = issue(world, world.draft())

    with pytest.raises(DomainError, match="already issued"):
        issue(world, invoice)

    assert issue(world, world.draft()).number == "F-00002"


def test_a_refused_invoice_takes_no_number(world):
    BankAccount.objects.update(holder="Кабинет")
    refused = world.draft()

    with pytest.raises(DomainError):
        issue(world, refused)

    BankAccount.objects.update(holder="Cabinet")
    assert issue(world, refused).number == "F-00001"


def test_a_date_may_lie_45_days_ahead_and_no_further(world):
    near, far = world.draft(), world.draft()

    issue(world, near, on=dates.today() + timedelta(days=45))

    with pytest.raises(DomainError, match="45 days"):
        issue(world, far, on=dates.today() + timedelta(days=46))


def test_the_sheets_are_stored_with_their_hashes_and_drawn_once(world):
    invoice = invoicing.issue(invoice=world.draft(), on=dates.today(), by=world.owner)
    first = set(invoice.sheets.values_list("pk", "kind"))

    invoicing.finish(invoice=invoice)

    sheets = list(invoice.sheets.all())
    assert {sheet.kind for sheet in sheets} == {Sheet.Kind.INVOICE, Sheet.Kind.FORM, Sheet.Kind.ANNEX}
    assert all(bytes(sheet.pdf).startswith(b"%PDF") for sheet in sheets)
    assert all(sheet.sha256 == hashlib.sha256(bytes(sheet.pdf)).hexdigest() for sheet in sheets)
    assert {(sheet.pk, sheet.kind) for sheet in sheets} == first


def test_a_cancelled_invoice_gets_the_paper_of_its_counter_document(world):
    invoice = world.invoice()
    cancelling.cancel(invoice=invoice, reason="Wrong date", by=world.owner)

    invoicing.finish(invoice=invoice)

    assert set(invoice.sheets.values_list("kind", flat=True)) == {"invoice", "form", "annex", "storno"}


def test_what_a_crash_left_between_is_finished_by_the_schedule(world):
    invoice = world.invoice()

    found = invoicing.finish_left_behind(before=dates.now())

    assert found == 1
    assert invoice.sheets.count() == 3
    assert invoicing.finish_left_behind(before=dates.now()) == 0


def test_cancelling_keeps_the_number_frees_the_visit_and_makes_money_credit(world):
    invoice = world.invoice()
    visit = invoice.consultations.get()
    payment = payments.receive(
        patient=invoice.patient,
        amount=Decimal(50),
        received_on=dates.today(),
        means="qr",
        invoice=invoice,
        by=world.owner,
    )

    counter = cancelling.cancel(invoice=invoice, reason="Wrong date", by=world.owner)

    invoice.refresh_from_db()
    visit.refresh_from_db()
    assert (counter.number, invoice.number, invoice.open_amount) == ("S-00001", "F-00001", 0)
    assert visit.billing_state == Consultation.Billing.FREE
    assert payment.allocations.standing().count() == 0
    assert drafting.draft(patient=visit.patient, consultations=[visit], by=world.owner).is_draft


def test_a_payment_on_the_visit_stays_on_the_visit_when_the_invoice_is_cancelled(world):
    visit = world.consultation()
    payments.receive(
        patient=visit.patient,
        amount=Decimal(132),
        received_on=dates.today(),
        means="twint",
        consultation=visit,
        by=world.owner,
    )
    invoice = issue(world, drafting.draft(patient=visit.patient, consultations=[visit], by=world.owner))

    cancelling.cancel(invoice=invoice, reason="Wrong text", by=world.owner)

    visit.refresh_from_db()
    assert visit.paid_amount == Decimal("132.00")


def test_what_was_paid_at_the_desk_leaves_nothing_to_pay_and_no_slip(world):
    visit = world.consultation()
    payments.receive(
        patient=visit.patient,
        amount=Decimal(132),
        received_on=dates.today(),
        means="twint",
        consultation=visit,
        by=world.owner,
    )

    invoice = issue(world, drafting.draft(patient=visit.patient, consultations=[visit], by=world.owner))

    assert (invoice.open_amount, invoice.is_paid, invoice.qr_payload) == (0, True, "")


def test_a_cancelled_invoice_is_not_cancelled_again_and_a_draft_is_deleted_instead(world):
    draft, invoice = world.draft(), world.invoice()
    cancelling.cancel(invoice=invoice, reason="x", by=world.owner)

    with pytest.raises(DomainError, match="Only an issued"):
        cancelling.cancel(invoice=invoice, reason="x", by=world.owner)
    with pytest.raises(DomainError, match="Only an issued"):
        cancelling.cancel(invoice=draft, reason="x", by=world.owner)
    with pytest.raises(DomainError, match="Say why"):
        cancelling.cancel(invoice=world.invoice(), reason=" ", by=world.owner)


def test_deleting_a_draft_frees_its_visits_and_an_issued_invoice_is_never_deleted(world):
    draft, invoice = world.draft(), world.invoice()
    visit = draft.consultations.get()

    drafting.delete_draft(invoice=draft, by=world.owner)

    visit.refresh_from_db()
    assert visit.billing_state == Consultation.Billing.FREE
    assert not BilledConsultation.objects.filter(consultation=visit).exists()
    with pytest.raises(DomainError, match="never deleted"):
        drafting.delete_draft(invoice=invoice, by=world.owner)


def test_five_rappen_are_a_visible_line(world):
    invoice = issue(world, world.draft(lines=[LineInput(Decimal(1), own_text="Tape", unit_price=Decimal("10.02"))]))

    document = InvoiceDocument.from_json(invoice.document)

    assert (document.rounding, document.total, invoice.total) == (Decimal("-0.02"), Decimal("10.00"), Decimal("10.00"))


def test_a_patient_without_an_address_leaves_the_payers_box_empty(world):
    patient = world.patient(postcode="", town="", street="", house_no="", canton="")

    invoice = issue(world, world.draft(patient=patient))

    assert [line.strip() for line in invoice.qr_payload.split("\n")[20:27]] == [""] * 7


def test_the_patients_column_says_what_is_open(world):
    invoice = world.invoice()

    invoice.patient.refresh_from_db()

    assert invoice.patient.open_amount == Decimal("132.00")


def test_an_overdue_invoice_is_a_question_of_the_day(world):
    invoice = world.invoice(on=date(2026, 1, 5), treated_on=date(2026, 1, 5))

    assert invoice in Invoice.objects.overdue(date(2026, 2, 5))
    assert invoice not in Invoice.objects.overdue(date(2026, 2, 4))


def test_an_account_that_was_put_away_is_none(world):
    own = factories.account(label="Own", iban=factories.QR_IBAN, is_default=False, archived_at=dates.now())
    world.therapist.account = own
    world.therapist.save()
    visit = world.consultation()

    assert [gap for gap in readiness.missing(consultation=visit) if gap.blocks] == []
    world.account.delete()
    assert [gap.sentence for gap in readiness.missing(consultation=visit) if gap.blocks] == [
        "There is no bank account yet, so the invoice has no QR-bill."
    ]


def test_one_that_cannot_be_drawn_does_not_keep_the_others_waiting(world):
    broken, whole = world.invoice(), world.invoice()
    Invoice.objects.filter(pk=broken.pk).update(document="{}")

    drawn = invoicing.finish_left_behind(before=dates.now() + timedelta(minutes=1))

    assert drawn == 1
    assert set(Sheet.objects.values_list("invoice", flat=True)) == {whole.pk}


def test_without_an_account_no_number_is_given(world):
    draft = world.draft()
    BankAccount.objects.update(archived_at=dates.now())

    with pytest.raises(DomainError) as refused:
        invoicing.number(invoice=draft, on=dates.today(), by=world.owner, mail=False)

    assert refused.value.link == "/settings/accounts/"
    assert not Invoice.objects.issued().exists()
