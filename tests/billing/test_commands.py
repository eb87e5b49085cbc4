"""The commands of billing: papers on disk, and the proof that all is whole."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from billing import xml_reading
from billing.models import Cancellation, InsurerRequest, Invoice, InvoiceSettings, Sheet
from billing.reports import verification
from billing.services import cancelling, drafting, invoicing
from optamed.practice.models import Counter
from tests.factories import World


def drawn(world: World, **given) -> Invoice:
    return invoicing.finish(invoice=world.invoice(**given))


def letter(world: World, **given) -> Invoice:
    """One whose only paper is the letter, and that is drawn quickly: its bytes are ours."""
    invoice = world.draft(**given)
    drafting.change(invoice=invoice, forms=Invoice.Forms.LETTER, by=world.owner)
    invoicing.number(invoice=invoice, on=invoice.created_at.date(), by=world.owner, mail=False)
    stored(invoice)
    invoice.refresh_from_db()
    return invoice


def stored(invoice: Invoice, kind: str = "invoice", paper: bytes = b"%PDF-1.7 as issued") -> Sheet:
    return Sheet.objects.create(invoice=invoice, kind=kind, pdf=paper, sha256=hashlib.sha256(paper).hexdigest())


def faults() -> list[str]:
    return [fault.sentence for fault in verification.verify().faults]


@pytest.fixture
def out() -> Iterator[StringIO]:
    with StringIO() as stream:
        yield stream


def test_the_stored_paper_is_written_and_its_path_printed(world: World, tmp_path: Path, out: StringIO) -> None:
    letter(world)

    call_command("export_invoice", "F-00001", to=tmp_path / "new folder", stdout=out)

    file = Path(out.getvalue().strip())
    assert file == tmp_path / "new folder" / "F-00001.pdf"
    assert file.read_bytes() == b"%PDF-1.7 as issued"


def test_all_papers_and_the_xml_are_written(world: World, tmp_path: Path, out: StringIO) -> None:
    drawn(world)

    call_command("export_invoice", "F-00001", to=tmp_path, paper="all", stdout=out)

    names = ["F-00001.pdf", "F-00001-form.pdf", "F-00001-annex.pdf", "F-00001.xml"]
    assert [Path(line).name for line in out.getvalue().splitlines()] == names
    assert xml_reading.read((tmp_path / "F-00001.xml").read_bytes()).number == "F-00001"
    assert all((tmp_path / name).read_bytes().startswith(b"%PDF") for name in names[:3])


def test_one_paper_alone_can_be_asked_for(world: World, tmp_path: Path) -> None:
    stored(letter(world), "form", b"%PDF-1.7 the form")

    call_command("export_invoice", "F-00001", to=tmp_path, paper="form", stdout=StringIO())

    assert [file.name for file in tmp_path.iterdir()] == ["F-00001-form.pdf"]


@pytest.mark.parametrize("number", ["F-99999", "../F-00001", ""])
def test_an_unknown_number_is_an_error_with_a_sentence(world: World, tmp_path: Path, number: str) -> None:
    letter(world)

    with pytest.raises(CommandError, match="There is no invoice"):
        call_command("export_invoice", number, to=tmp_path)

    assert not list(tmp_path.iterdir())


def test_a_paper_that_it_does_not_have_is_an_error_with_a_sentence(world: World, tmp_path: Path) -> None:
    letter(world)

    with pytest.raises(CommandError, match="has no storno"):
        call_command("export_invoice", "F-00001", to=tmp_path, paper="storno")


def test_a_folder_that_is_a_file_is_an_error_with_a_sentence(world: World, tmp_path: Path) -> None:
    letter(world)
    (tmp_path / "taken").write_text("")

    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_invoice", "F-00001", to=tmp_path / "taken")


def test_whole_invoices_are_verified_a_cancelled_one_and_one_in_euros_among_them(world: World, out: StringIO) -> None:
    drawn(world)
    gone = drawn(world)
    cancelling.cancel(invoice=gone, reason="wrong", by=world.owner)
    invoicing.finish(invoice=gone)
    euros = world.draft()
    drafting.change(invoice=euros, currency="EUR", euro_rate=Decimal("0.93"), by=world.owner)
    invoicing.issue(invoice=euros, on=euros.created_at.date(), by=world.owner)
    world.draft()

    call_command("verify_invoices", stdout=out)

    assert "3 invoices, 8 papers and 3 XML files verified" in out.getvalue()


def test_the_result_can_be_read_by_a_program(world: World, out: StringIO) -> None:
    letter(world)
    Sheet.objects.update(pdf=b"%PDF-1.7 as Issued")

    with pytest.raises(CommandError):
        call_command("verify_invoices", json=True, stdout=out)

    found = json.loads(out.getvalue())
    assert (found["invoices"], found["papers"], found["is_whole"]) == (1, 1, False)
    assert [(fault["subject"], fault["kind"]) for fault in found["faults"]] == [("F-00001", "paper")]


def test_every_fault_is_a_line_and_the_exit_code_says_so(world: World) -> None:
    errors = StringIO()
    letter(world)
    Sheet.objects.update(pdf=b"%PDF-1.7 as Issued")

    with pytest.raises(CommandError, match=r"Faults found: 1\.") as raised:
        call_command("verify_invoices", stderr=errors)

    assert raised.value.returncode == 1
    assert errors.getvalue().splitlines() == ["F-00001: the stored paper (invoice) is not the one that was issued."]


def test_one_changed_letter_of_the_xml_is_found(world: World) -> None:
    drawn(world)
    request = InsurerRequest.objects.get()
    InsurerRequest.objects.update(xml=request.xml.replace("Tavernay", "Tavernax"))

    assert faults() == ["F-00001: the stored XML (invoice) is not the one that was issued."]


def test_an_xml_of_another_invoice_is_found(world: World) -> None:
    drawn(world)
    xml = InsurerRequest.objects.get().xml.replace("F-00001", "F-00009")
    InsurerRequest.objects.update(xml=xml, sha256=hashlib.sha256(xml.encode()).hexdigest())

    assert faults() == ["F-00001: the XML (invoice) names the number F-00009."]


def test_an_xml_that_is_none_is_found(world: World) -> None:
    drawn(world)
    InsurerRequest.objects.update(xml="<a/>", sha256=hashlib.sha256(b"<a/>").hexdigest())

    assert faults() == ["F-00001: the stored XML (invoice) cannot be read."]


def test_papers_and_requests_that_are_missing_are_named(world: World) -> None:
    drawn(world)
    Sheet.objects.filter(kind__in=["annex", "form"]).delete()
    InsurerRequest.objects.all().delete()
    cancelling.cancel(invoice=letter(world), reason="wrong", by=world.owner)

    assert faults() == [
        "F-00001: missing papers: annex, form.",
        "F-00001: missing XML: invoice.",
        "F-00002: missing papers: storno.",
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"total": "99.00"}, "F-00001: it was issued over 132.00, and stands in the books with 99.00."),
        ({"document": "{}"}, "F-00001: what was issued cannot be read."),
        ({"currency": "EUR"}, "F-00001: it was issued in CHF."),
    ],
)
def test_columns_that_are_unlike_what_was_issued_are_found(world: World, change: dict[str, str], sentence: str) -> None:
    letter(world)
    Invoice.objects.update(**change)

    assert faults() == [sentence]


def test_a_number_unlike_the_one_that_was_issued_is_found(world: World) -> None:
    for _ in range(3):
        letter(world)
    Invoice.objects.filter(number="F-00002").update(number="X")

    assert faults() == [
        "X: it was issued under the number F-00002.",
        "X is no number of ours.",
        "Number F-00002 is missing.",
    ]


def test_several_missing_numbers_are_one_line(world: World) -> None:
    for _ in range(5):
        letter(world)
    gone = Invoice.objects.filter(number__in=["F-00002", "F-00003", "F-00004"])
    Sheet.objects.filter(invoice__in=gone).delete()
    gone.delete()

    assert faults() == ["Numbers F-00002 to F-00004 are missing."]


def test_a_number_given_twice_in_two_spellings_is_found(world: World) -> None:
    for _ in range(2):
        letter(world)
    Invoice.objects.filter(number="F-00002").update(number="F-001")

    assert "Number F-00001 was given 2 times." in faults()


@pytest.mark.parametrize(
    ("last", "sentence"),
    [
        (0, "The counter of F stands at 0, but F-00001 was given already."),
        (4, "Numbers F-00002 to F-00004 are missing."),
    ],
)
def test_a_counter_that_disagrees_is_found(world: World, last: int, sentence: str) -> None:
    letter(world)
    Counter.objects.filter(name="F").update(last=last)

    assert faults() == [sentence]


def test_each_series_counts_for_itself(world: World) -> None:
    for pattern in ("plain", "year", "therapist", "year"):
        InvoiceSettings.objects.update_or_create(pk=1, defaults={"pattern": pattern})
        letter(world)

    this_year = f"{date.fromisoformat(str(Invoice.objects.first().issued_on)):%Y}"
    labels = sorted(Invoice.objects.values_list("number", flat=True))
    assert labels == ["F-00001", f"F-{this_year}-00001", f"F-{this_year}-00002", "F-CM-00001"]
    assert faults() == []


def test_counter_documents_are_a_series_too(world: World) -> None:
    for _ in range(3):
        cancelled = letter(world)
        cancelling.cancel(invoice=cancelled, reason="wrong", by=world.owner)
        stored(cancelled, "storno")
    Cancellation.objects.filter(number="S-00002").delete()

    assert faults() == ["Number S-00002 is missing."]
