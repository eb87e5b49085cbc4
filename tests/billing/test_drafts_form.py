"""What is typed about a draft: limits of bank and insurer, discount, euros, the way into the file."""

from decimal import Decimal
from typing import Any

import pytest

from billing.forms.drafts import DraftForm, stored
from billing.forms.issuing import IssueForm, offer
from billing.models import Invoice, InvoiceSettings
from billing.services import drafting, readiness
from billing.services.readiness import Gap, Level
from optamed.core import dates
from tests.factories import World, patient

OTHER = {
    "who": "other", "name": "Carole Wyss", "street": "Rue Haute", "house_no": "3", "postcode": "2502",
    "town": "Biel/Bienne", "country": "ch",
}  # fmt: skip


def typed(draft: Invoice, **changed: Any) -> DraftForm:
    shown = {name: "" if value is None else value for name, value in stored(draft).items()}
    return DraftForm(shown | changed, invoice=draft)


@pytest.fixture
def draft(world: World) -> Invoice:
    return world.draft()


def test_what_is_stored_comes_back_unchanged(draft: Invoice) -> None:
    form = typed(draft)

    assert form.is_valid(), form.errors
    assert form.wishes == {
        "language": "fr", "payment_days": None, "delivery": "mail", "recipient_email": "marc.tavernay@example.ch",
        "discount": Decimal("0.00"), "discount_text": "", "remark": "", "recipient": {}, "currency": "CHF",
        "euro_rate": None, "forms": "full",
    }  # fmt: skip


def test_every_wish_survives_the_way_through_service_and_form(world: World, draft: Invoice) -> None:
    form = typed(
        draft, **OTHER, language="de", payment_days="10", delivery="print", discount="12.50", discount_text="Family",
        remark="Second series", papers="letter",
    )  # fmt: skip
    assert form.is_valid(), form.errors

    changed = drafting.change(invoice=draft, by=world.owner, **form.wishes)

    again = typed(changed)
    assert again.is_valid(), again.errors
    assert again.wishes == form.wishes
    assert changed.recipient["country"] == "CH"
    assert changed.total == Decimal("119.50")


@pytest.mark.parametrize(
    ("field", "value", "papers", "sentence"),
    [
        ("name", "x" * 36, "full", "holds 35 characters, these are 36"),
        ("name", "x" * 71, "letter", "70 characters a QR-bill can hold"),
        ("name", "Иванова", "letter", "Latin letters"),
        ("street", "x" * 36, "placeholders", "holds 35 characters"),
        ("street", "x" * 71, "letter", "70 characters"),
        ("town", "x" * 36, "letter", "35 characters"),
        ("house_no", "x" * 17, "letter", "16 characters"),
        ("postcode", "", "full", "Another recipient needs this."),
        ("country", "Suisse", "full", "two letters"),
        ("country", "", "full", "Another recipient needs this."),
    ],
)
def test_what_bank_or_insurer_cannot_hold_is_refused_beside_its_field(
    draft: Invoice, field: str, value: str, papers: str, sentence: str
) -> None:
    form = typed(draft, **OTHER | {field: value, "papers": papers})

    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert sentence in form.errors[field][0]


@pytest.mark.parametrize(("length", "papers"), [(35, "full"), (70, "letter")])
def test_the_longest_name_that_fits_is_taken(draft: Invoice, length: int, papers: str) -> None:
    assert typed(draft, **OTHER | {"name": "x" * length, "papers": papers}).is_valid()


def test_an_address_that_is_not_used_is_not_looked_at(draft: Invoice) -> None:
    assert typed(draft, name="x" * 90, who="patient").is_valid()


def test_a_euro_invoice_has_no_form_so_its_names_may_be_longer(draft: Invoice) -> None:
    form = typed(draft, **OTHER | {"name": "x" * 60}, currency="EUR", euro_rate="0,9512")

    assert form.is_valid(), form.errors
    assert (form.wishes["forms"], form.wishes["euro_rate"]) == ("letter", Decimal("0.9512"))


@pytest.mark.parametrize("rate", ["", "0", "-1", "one", "1.23456"])
def test_a_euro_invoice_needs_a_rate(draft: Invoice, rate: str) -> None:
    form = typed(draft, currency="EUR", euro_rate=rate)

    assert list(form.errors) == ["euro_rate"]


def test_the_rate_of_the_settings_stands_ready(draft: Invoice) -> None:
    InvoiceSettings.objects.create(pk=1, euro_rate=Decimal("0.9500"))

    assert stored(draft)["euro_rate"] == "0.95"


@pytest.mark.parametrize(
    ("discount", "valid"), [("132.00", True), ("132.01", False), ("-1", False), ("", True), ("1e3", False)]
)
def test_a_discount_takes_off_at_most_everything(draft: Invoice, discount: str, valid: bool) -> None:
    assert typed(draft, discount=discount).is_valid() is valid


@pytest.mark.parametrize(("days", "valid"), [("0", True), ("365", True), ("366", False), ("-1", False), ("x", False)])
def test_the_term_is_a_number_of_days(draft: Invoice, days: str, valid: bool) -> None:
    assert typed(draft, payment_days=days).is_valid() is valid


def test_an_empty_term_shows_what_then_holds(world: World) -> None:
    form = DraftForm(invoice=world.draft(patient=patient(payment_days=20)))

    assert form.fields["payment_days"].widget.attrs["placeholder"] == 20


def test_an_address_for_the_file_must_be_one(draft: Invoice) -> None:
    assert list(typed(draft, recipient_email="", also_file="on").errors) == ["recipient_email"]


def test_a_remark_has_at_most_350_characters(draft: Invoice) -> None:
    assert typed(draft, remark="x" * 350).is_valid()
    assert list(typed(draft, remark="x" * 351).errors) == ["remark"]


def test_while_it_is_typed_an_empty_field_is_no_fault(draft: Invoice) -> None:
    form = typed(draft, **OTHER | {"name": "x" * 90, "town": ""})

    wrong = {field.name for field in form.noted if field.errors}

    assert wrong == {"name"}


# --- which papers --------------------------------------------------------------------------------------------------


def gap(level: Level) -> Gap:
    return Gap("missing", "/", level)


@pytest.mark.parametrize(
    ("levels", "wished", "choices", "chosen"),
    [
        ([], "full", ["full"], "full"),
        ([], "letter", ["letter"], "letter"),
        ([Level.PLACEHOLDER], "full", ["letter", "placeholders"], "letter"),
        ([Level.PLACEHOLDER], "placeholders", ["letter", "placeholders"], "placeholders"),
        ([Level.REFUSED], "full", ["letter", "full"], "full"),
        ([Level.REFUSED], "letter", ["letter", "full"], "letter"),
        ([Level.NO_FORM, Level.PLACEHOLDER], "placeholders", ["letter"], "letter"),
        ([Level.BLOCKS], "full", ["full"], "full"),
    ],
)
def test_what_is_offered_follows_what_is_missing(
    world: World, levels: list[Level], wished: str, choices: list[str], chosen: str
) -> None:
    offered = offer(Invoice(forms=wished), [gap(level) for level in levels])

    assert ([value for value, _label in offered.choices], offered.chosen) == (choices, chosen)


def test_the_practice_says_what_stands_chosen(world: World) -> None:
    InvoiceSettings.objects.create(pk=1, when_incomplete="placeholders")

    assert offer(Invoice(), [gap(Level.PLACEHOLDER)]).chosen == "placeholders"


def test_a_choice_that_is_no_longer_offered_gives_way(world: World) -> None:
    assert offer(Invoice(), [gap(Level.NO_FORM)]).answered("placeholders") == "letter"


def test_a_euro_invoice_is_a_letter(world: World) -> None:
    assert [value for value, _label in offer(Invoice(currency="EUR"), []).choices] == ["letter"]


def test_a_draft_with_gaps_offers_what_would_be_issued(world: World) -> None:
    draft = world.draft(patient=patient(avs=""))

    offered = offer(draft, readiness.of_invoice(invoice=draft))

    assert offered.chosen == readiness.forms_for(invoice=draft, gaps=readiness.of_invoice(invoice=draft))


@pytest.mark.parametrize("day", ["31.12.2014", "1.1.1850", "1.1.2150", "29.2.2027"])
def test_an_impossible_date_is_refused(world: World, day: str) -> None:
    assert list(IssueForm({"on": day}).errors) == ["on"]


def test_no_date_is_today(world: World) -> None:
    form = IssueForm({})

    assert form.is_valid()
    assert form.cleaned_data["on"] == dates.today()
