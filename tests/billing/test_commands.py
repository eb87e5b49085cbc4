"""The commands of billing: a paper on disk, and the proof that all is whole."""

import hashlib
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from billing.models import Invoice, Sheet
from tests.factories import World


def stored(invoice: Invoice, paper: bytes = b"%PDF-1.7 as issued") -> Sheet:
    return Sheet.objects.create(invoice=invoice, pdf=paper, sha256=hashlib.sha256(paper).hexdigest())


def test_the_stored_paper_is_written_and_its_path_printed(world: World, tmp_path: Path) -> None:
    invoice, out = world.invoice(), StringIO()
    stored(invoice)

    call_command("export_invoice", "F-00001", to=tmp_path / "new folder", stdout=out)

    file = Path(out.getvalue().strip())
    assert file == tmp_path / "new folder" / "F-00001.pdf"
    assert file.read_bytes() == b"%PDF-1.7 as issued"


@pytest.mark.parametrize("number", ["F-99999", "../F-00001", ""])
def test_an_unknown_number_is_an_error_with_a_sentence(world: World, tmp_path: Path, number: str) -> None:
    world.invoice()

    with pytest.raises(CommandError, match="There is no invoice"):
        call_command("export_invoice", number, to=tmp_path)

    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_a_file_is_an_error_with_a_sentence(world: World, tmp_path: Path) -> None:
    stored(world.invoice())
    (tmp_path / "taken").write_text("")

    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_invoice", "F-00001", to=tmp_path / "taken")


def test_whole_invoices_are_verified(world: World) -> None:
    out = StringIO()
    for _ in range(2):
        stored(world.invoice())

    call_command("verify_invoices", stdout=out)

    assert "2 sheets verified" in out.getvalue()


def test_one_changed_byte_is_found(world: World) -> None:
    sheet, errors = stored(world.invoice()), StringIO()
    Sheet.objects.filter(pk=sheet.pk).update(pdf=b"%PDF-1.7 as Issued")

    with pytest.raises(CommandError, match="Faults found: 1"):
        call_command("verify_invoices", stderr=errors)

    assert "F-00001" in errors.getvalue()


def test_a_missing_number_is_named(world: World) -> None:
    numbers, errors = [world.invoice() for _ in range(3)], StringIO()
    Invoice.objects.filter(pk=numbers[1].pk).update(number="X-1")

    with pytest.raises(CommandError, match="Faults found: 1"):
        call_command("verify_invoices", stderr=errors)

    assert "F-00002 is missing" in errors.getvalue()
