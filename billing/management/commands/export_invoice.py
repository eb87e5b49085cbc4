"""Writes the stored papers and the XML of an issued invoice into a folder and prints where they are."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing import file_names
from billing.models import InsurerRequest, Invoice, Sheet
from billing.services import invoicing

INVOICE, XML, ALL = Sheet.Kind.INVOICE.value, "xml", "all"
PAPERS = (*Sheet.Kind.values, XML, ALL)


class Command(BaseCommand):
    help = "Writes the papers of an invoice, as they were issued, into a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", help="number of the invoice, such as F-00001")
        parser.add_argument("--to", required=True, type=Path, metavar="DIR", help="folder that takes the files")
        parser.add_argument("--paper", choices=PAPERS, default=INVOICE, help="which paper; all of them with 'all'")

    def handle(self, *args: Any, **options: Any) -> None:
        invoice = Invoice.objects.filter(number=options["number"]).first()
        if invoice is None:
            raise CommandError(f"There is no invoice {options['number']}.")
        invoicing.finish(invoice=invoice)
        found = dict(_files(invoice, options["paper"]))
        if not found:
            raise CommandError(_absent(invoice, options["paper"]))
        folder = Path(options["to"])
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, content in found.items():
                (folder / name).write_bytes(content)
        except OSError as error:
            raise CommandError(f"The file cannot be written: {error.strerror}.") from error
        for name in found:
            self.stdout.write(str(folder / name))


def _files(invoice: Invoice, wanted: str) -> Iterator[tuple[str, bytes]]:
    """Names and bytes: F-00001.pdf, F-00001-form.pdf, F-00001.xml …"""
    for kind, pdf in Sheet.objects.filter(invoice=invoice).order_by("pk").values_list("kind", "pdf"):
        if wanted in (kind, ALL):
            yield _name(invoice, kind, ".pdf"), bytes(pdf)
    if wanted in (XML, ALL):
        for kind, xml in InsurerRequest.objects.filter(invoice=invoice).order_by("pk").values_list("kind", "xml"):
            yield _name(invoice, kind, ".xml"), xml.encode()


def _name(invoice: Invoice, kind: str, ending: str) -> str:
    return file_names.of_invoice(invoice.number, invoice.pk, ending=ending if kind == INVOICE else f"-{kind}{ending}")


def _absent(invoice: Invoice, wanted: str) -> str:
    if wanted in (INVOICE, ALL):
        return f"Invoice {invoice.number} has no paper yet: the PDF library is missing on this computer."
    return f"Invoice {invoice.number} has no {wanted}."
