"""The editor of lines, the facts for the insurer, and the state of a consultation."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agenda.consultations.models import Consultation
from agenda.consultations.services import billing_marks, visits
from tests.factories import World

PART = {"HX-Request": "true"}


def text(response: Any) -> str:
    return str(response.content.decode())


def url(name: str, consultation: Consultation) -> str:
    return reverse(f"consultations:{name}", args=[consultation.pk])


def line(number: int, **values: Any) -> dict[str, Any]:
    fields = {"code": "", "product": "", "own_text": "", "quantity": "", "unit_price": ""} | values
    return {f"lines-{number}-{name}": value for name, value in fields.items()}


def sent(*lines: dict[str, Any]) -> dict[str, Any]:
    body = {"lines-TOTAL_FORMS": len(lines), "lines-INITIAL_FORMS": 0}
    for number, values in enumerate(lines):
        body |= line(number, **values)
    return body


@pytest.fixture
def visit(world: World) -> Consultation:
    return world.consultation(closed=False)


def billed(consultation: Consultation) -> Consultation:
    billing_marks.mark_billing(consultations=[consultation], state=Consultation.Billing.BILLED)
    return consultation


# --- lines ---------------------------------------------------------------------------------------------------------


def test_lines_are_saved_with_the_therapists_price(signed_in: Client, visit: Consultation) -> None:
    body = sent({"code": "1203", "quantity": "6"}, {"own_text": "Tape", "quantity": "1", "unit_price": "8.50"}, {})

    answer = signed_in.post(url("lines", visit), body)

    visit.refresh_from_db()
    assert answer.status_code == 302
    assert visit.amount == Decimal("80.50")
    assert [(one.tariff, one.code, one.unit_price) for one in visit.lines.all()] == [
        ("590", "1203", Decimal("12.00")),
        ("999", "", Decimal("8.50")),
    ]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([{"code": "1077", "quantity": "1"}], "may not be used"),
        ([{"code": "1203", "quantity": "1"}, {"code": "1203", "quantity": "2"}], "only once"),
        ([{"own_text": "Tape", "quantity": "1"}], "needs a price"),
        ([{"code": "1310", "quantity": "1", "unit_price": "5"}], "text of its own"),
        ([{"code": "1203", "quantity": "-1"}], "greater than or equal"),
        ([{"code": "1203", "quantity": "many"}], "Enter a number"),
        ([{"code": "1203"}], "How many"),
    ],
)
def test_a_broken_rule_of_the_tariff_is_said_and_nothing_is_lost(
    signed_in: Client, visit: Consultation, lines: list[dict[str, Any]], sentence: str
) -> None:
    answer = signed_in.post(url("lines", visit), sent(*lines), headers=PART)

    visit.refresh_from_db()
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert visit.amount == Decimal("132.00")


def test_a_quantity_of_zero_takes_the_line_away(signed_in: Client, visit: Consultation) -> None:
    signed_in.post(url("lines", visit), sent({"code": "1200", "quantity": "0"}, {"code": "1203", "quantity": "9"}))

    assert [one.code for one in visit.lines.all()] == ["1203"]


def test_the_lines_of_a_billed_visit_stay(signed_in: Client, visit: Consultation) -> None:
    billed(visit)

    answer = signed_in.post(url("lines", visit), sent({"code": "1203", "quantity": "1"}), headers=PART)

    visit.refresh_from_db()
    assert answer.status_code == 409
    assert visit.amount == Decimal("132.00")


def test_a_line_is_added_to_the_editor_without_being_saved(signed_in: Client, visit: Consultation) -> None:
    body = sent({"code": "1203", "quantity": "9", "unit_price": "12.00"}) | {"add": "code:1004"}

    editor = text(signed_in.post(url("lines-draft", visit), body, headers=PART))

    assert 'value="1203"' in editor
    assert 'value="1004"' in editor
    assert "120.00" in editor
    assert visit.lines.filter(code="1004").count() == 0


@pytest.mark.parametrize("added", ["code:9999", "product:99", "product:x", "nonsense", ""])
def test_nonsense_added_to_the_editor_does_not_break_it(signed_in: Client, visit: Consultation, added: str) -> None:
    answer = signed_in.post(url("lines-draft", visit), sent({"code": "1203", "quantity": "9"}) | {"add": added})

    assert answer.status_code == 200


def test_a_code_that_stands_there_already_grows_by_one(signed_in: Client, visit: Consultation) -> None:
    body = sent({"code": "1203", "quantity": "9", "unit_price": "12.00"}) | {"add": "code:1203"}

    editor = text(signed_in.post(url("lines-draft", visit), body))

    assert editor.count("data-line ") == 1
    assert 'value="10"' in editor


def test_the_search_offers_codes_of_the_day_and_an_own_text(signed_in: Client, visit: Consultation) -> None:
    by_code, closed = (
        text(signed_in.get(url("positions", visit), {"find": "1203"})),
        text(signed_in.get(url("positions", visit), {"find": "1077"})),
    )

    assert 'id="position-1203"' in by_code
    assert 'id="position-1077"' not in closed
    assert 'id="own-text"' in closed


def test_own_words_with_quotes_reach_the_editor_whole(signed_in: Client, visit: Consultation) -> None:
    words = 'Tape "blue" <b>'

    options = text(signed_in.get(url("positions", visit), {"find": words}))
    editor = text(signed_in.post(url("lines-draft", visit), sent({}) | {"add": f"text:{words}"}))

    assert "<b>" not in options.replace("<b></b>", "")
    assert "Tape &quot;blue&quot; &lt;b&gt;" in editor


# --- facts, state --------------------------------------------------------------------------------------------------


def test_facts_for_the_insurer_are_saved(signed_in: Client, visit: Consultation) -> None:
    facts = {
        "law": "UVG",
        "reason": "accident",
        "accident_on": "1.10.2026",
        "diagnosis": "Lumbago",
        "therapy": "",
        "insurer_remark": "",
    }

    answer = signed_in.post(url("facts", visit), facts)

    visit.refresh_from_db()
    assert answer.status_code == 302
    assert (visit.law, visit.accident_on, visit.diagnosis) == ("UVG", date(2026, 10, 1), "Lumbago")


def test_what_is_seldom_asked_for_is_saved_too(signed_in: Client, visit: Consultation) -> None:
    facts = {
        "law": "VVG",
        "reason": "disease",
        "case_no": "U-77",
        "contract_no": "K-12",
        "approval_no": "KG-9",
        "approval_on": "3.11.2026",
        "diagnosis_type": "ICD",
        "diagnosis_code": "M54.5",
    }

    signed_in.post(url("facts", visit), facts)

    visit.refresh_from_db()
    assert (visit.case_no, visit.contract_no, visit.approval_no) == ("U-77", "K-12", "KG-9")
    assert visit.approval_on == date(2026, 11, 3)
    assert (visit.diagnosis_type, visit.diagnosis_code, visit.reimbursement) == ("ICD", "M54.5", "TG")


def test_the_rare_facts_are_folded_away_until_there_is_one(signed_in: Client, visit: Consultation) -> None:
    calm = text(signed_in.get(url("consultation", visit)))
    Consultation.objects.filter(pk=visit.pk).update(contract_no="K-12")

    told = text(signed_in.get(url("consultation", visit)))

    assert '<details class="as-table">' in calm
    assert '<details class="as-table" open>' in told


def test_a_secretary_neither_sees_nor_sets_the_code_of_a_diagnosis(
    desk: Client, world: World, visit: Consultation
) -> None:
    visits.set_billing_facts(consultation=visit, diagnosis_type="ICD", diagnosis_code="F32.1", by=world.owner)
    page = text(desk.get(url("consultation", visit)))

    desk.post(
        url("facts", visit), {"law": "KVG", "reason": "disease", "diagnosis_type": "ICPC", "diagnosis_code": "P76"}
    )

    visit.refresh_from_db()
    assert "F32.1" not in page
    assert "diagnosis_code" not in page
    assert (visit.law, visit.diagnosis_type, visit.diagnosis_code) == ("KVG", "ICD", "F32.1")


def test_the_address_of_today_is_taken_over_in_one_click(signed_in: Client, world: World, visit: Consultation) -> None:
    before = text(signed_in.get(url("consultation", visit)))
    world.address.street = "Rue Neuve <b>"
    world.address.save()
    asked = text(signed_in.get(url("consultation", visit)))

    answer = signed_in.post(url("take-over-address", visit))

    assert "Take over today" not in before
    assert "Take over today" in asked
    assert "Rue Neuve &lt;b&gt;" in asked
    assert answer.headers["Location"] == url("consultation", visit)
    assert "Take over today" not in text(signed_in.get(url("consultation", visit)))


def test_the_address_of_a_billed_visit_is_no_longer_offered(signed_in: Client, world: World) -> None:
    visit = billed(world.consultation())
    world.address.street = "Rue Neuve"
    world.address.save()

    page = text(signed_in.get(url("consultation", visit)))
    answer = signed_in.post(url("take-over-address", visit), headers=PART)

    assert "Take over today" not in page
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("accident_on", {"law": "UVG", "reason": "accident"}),
        ("accident_on", {"law": "UVG", "reason": "accident", "accident_on": "24.12.2099"}),
        ("reimbursement", {"law": "VVG", "reason": "disease", "reimbursement": "TP"}),
        ("diagnosis_code", {"law": "VVG", "reason": "disease", "diagnosis_type": "ICD"}),
        ("diagnosis_code", {"law": "VVG", "reason": "disease", "diagnosis_type": "ICD", "diagnosis_code": "M" * 13}),
        ("diagnosis_type", {"law": "VVG", "reason": "disease", "diagnosis_code": "M54.5"}),
        ("case_no", {"law": "VVG", "reason": "disease", "case_no": "9" * 36}),
        ("approval_on", {"law": "VVG", "reason": "disease", "approval_on": "31.2.2026"}),
        ("insurer_remark", {"law": "VVG", "reason": "disease", "insurer_remark": "x" * 351}),
        ("law", {"law": "XXX", "reason": "disease"}),
    ],
)
def test_facts_that_do_not_fit_are_said_beside_their_field(
    signed_in: Client, visit: Consultation, field: str, facts: dict[str, str]
) -> None:
    answer = signed_in.post(url("facts", visit), facts)

    assert answer.status_code == 422
    assert answer.context["facts"].errors[field]


def test_a_visit_is_closed_reopened_and_closed_again(signed_in: Client, visit: Consultation) -> None:
    for name, is_open in (("close", False), ("close", False), ("reopen", True), ("close", False)):
        signed_in.post(url(name, visit))
        visit.refresh_from_db()
        assert visit.is_open is is_open


def test_a_billed_visit_is_not_opened_again(signed_in: Client, world: World) -> None:
    visit = billed(world.consultation())

    answer = signed_in.post(url("reopen", visit), headers=PART)

    visit.refresh_from_db()
    assert answer.status_code == 409
    assert not visit.is_open


def test_a_visit_is_deleted_only_with_a_reason(signed_in: Client, visit: Consultation) -> None:
    refused = signed_in.post(url("delete", visit), {"reason": ""})
    gone = signed_in.post(url("delete", visit), {"reason": "typed twice"})

    assert refused.status_code == 422
    assert gone.headers["Location"] == visit.patient.get_absolute_url()
    assert not Consultation.objects.exists()


def test_the_one_primary_action_follows_the_state(signed_in: Client, world: World) -> None:
    open_one, done, on_invoice = world.consultation(closed=False), world.consultation(), billed(world.consultation())

    pages = [text(signed_in.get(url("consultation", one))) for one in (open_one, done, on_invoice)]

    assert "Mark as done" in pages[0]
    assert "Make the invoice" in pages[1]
    assert "To the invoice" in pages[2]
    assert "Make the invoice" not in pages[0] + pages[2]
