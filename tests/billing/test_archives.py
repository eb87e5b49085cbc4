"""The ZIP of many invoices asks the database little."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import Invoice
from billing.services import archives, invoicing
from tests.factories import World


def test_each_further_invoice_is_one_query(world: World) -> None:
    counts = []
    for _ in range(2):
        for _ in range(2):
            invoicing.finish(invoice=world.invoice())
        with CaptureQueriesContext(connection) as queries:
            whole = b"".join(archives.archive(invoices=Invoice.objects.order_by("pk")))
        counts.append(len(queries))

    assert counts[1] - counts[0] == 2
    assert whole.count(b"_Facture.pdf") == 2 * 4
