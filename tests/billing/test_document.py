"""The photograph of an invoice survives its storage."""

import json
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from billing.document import InvoiceDocument, Line, Sender, Treated
from billing.qr_bill import Party
from billing.totals import VatShare
from tests.billing.samples import document

TEXT = st.text(max_size=20)
MONEY = st.decimals(min_value=-1000, max_value=10**9, places=2)
PARTY = st.builds(Party, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT)
RATE = st.none() | st.decimals(min_value=0, max_value=20, places=1)
LINE = st.builds(Line, st.dates(), TEXT, TEXT, TEXT, MONEY, MONEY, MONEY, RATE)
DOCUMENTS = st.builds(
    InvoiceDocument,
    number=TEXT,
    issued_on=st.dates(),
    due_on=st.dates(),
    language=TEXT,
    currency=TEXT,
    sender=st.builds(Sender, PARTY, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT),
    recipient=PARTY,
    patient=st.builds(Treated, TEXT, st.none() | st.dates()),
    lines=st.lists(LINE, max_size=4).map(tuple),
    total=MONEY,
    amount_due=MONEY,
    discount=MONEY,
    rounding=MONEY,
    already_paid=MONEY,
    vat=st.lists(st.builds(VatShare, MONEY, MONEY, MONEY), max_size=3).map(tuple),
    payload=TEXT,
    text_before=TEXT,
    text_after=TEXT,
)


@given(DOCUMENTS)
def test_a_photograph_comes_back_as_it_was_stored(photograph: InvoiceDocument) -> None:
    assert InvoiceDocument.from_json(photograph.to_json()) == photograph


def test_amounts_are_stored_as_text_and_days_as_iso() -> None:
    stored = json.loads(document().to_json())

    assert stored["total"] == "132.00"
    assert stored["lines"][0]["on"] == "2026-10-13"
    assert stored["template_version"] == 1


def test_a_photograph_of_an_older_program_is_still_read() -> None:
    stored = json.loads(document().to_json())
    del stored["discount"], stored["text_before"]

    photograph = InvoiceDocument.from_json(json.dumps(stored))

    assert photograph == document()
    assert photograph.discount == Decimal("0.00")
    assert photograph.due_on == date(2026, 11, 12)
