"""Writes the stored PDF of an issued invoice into a folder and prints where it is."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing import reports
from billing.models import Invoice, Sheet
from billing.services import invoicing


class Command(BaseCommand):
    help = "Writes the PDF of an invoice, as it was issued, into a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", help="number of the invoice, such as F-00001")
        parser.add_argument("--to", required=True, type=Path, metavar="DIR", help="folder that takes the file")

    def handle(self, *args: Any, **options: Any) -> None:
        invoice = Invoice.objects.filter(number=options["number"]).first()
        if invoice is None:
            raise CommandError(f"There is no invoice {options['number']}.")
        file = Path(options["to"]) / reports.file_name(invoice)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(_paper(invoice))
        except OSError as error:
            raise CommandError(f"The file cannot be written: {error.strerror}.") from error
        self.stdout.write(str(file))


def _paper(invoice: Invoice) -> bytes:
    invoicing.finish(invoice=invoice)
    sheet = Sheet.objects.filter(invoice=invoice, kind=Sheet.Kind.INVOICE).first()
    if sheet is None:
        raise CommandError(f"Invoice {invoice.number} has no paper yet: the PDF library is missing on this computer.")
    return bytes(sheet.pdf)
