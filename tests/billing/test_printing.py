"""Papers that leave: which, in what order, as one PDF or a ZIP; what is on paper, and what is mailed."""

import io
import zipfile
from datetime import timedelta

import pytest
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from billing.models import Invoice, InvoiceSettings, Sheet
from billing.services import archives, cancelling, invoicing, printing
from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.journal.models import PendingEntry
from tests.factories import World


def pages(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def every() -> "printing.InvoiceQuerySet":
    return Invoice.objects.order_by("pk")


def letter_only(world: World) -> Invoice:
    made = world.invoice()
    Invoice.objects.filter(pk=made.pk).update(forms=Invoice.Forms.LETTER)
    made.refresh_from_db()
    return made


@pytest.mark.parametrize(
    ("of_patient", "channel", "papers"),
    [
        ("", "mail", ("invoice", "form")),
        ("", "print", ("invoice", "annex", "copy")),
        ("form,invoice", "print", ("invoice", "form")),
        ("nonsense", "mail", ("invoice",)),
    ],
)
def test_the_patient_s_wish_comes_before_the_practice_s(
    world: World, of_patient: str, channel: printing.Channel, papers: tuple[str, ...]
) -> None:
    InvoiceSettings.objects.create(pk=1, mail_papers="form,invoice", print_papers="copy,annex,invoice")
    invoice = world.invoice(patient=world.patient(papers=of_patient))

    assert printing.papers_of(invoice=invoice, channel=channel) == papers


def test_what_an_invoice_does_not_have_is_not_asked_for(world: World) -> None:
    InvoiceSettings.objects.create(pk=1, mail_papers="form,annex", print_papers="form,annex,copy")
    invoice = letter_only(world)

    assert printing.papers_of(invoice=invoice, channel="mail") == ("invoice",)
    assert printing.papers_of(invoice=invoice, channel="print") == ("copy",)


def test_a_paper_is_the_stored_sheet_byte_for_byte(world: World) -> None:
    invoice = world.invoice()

    drawn = {kind: printing.paper(invoice=invoice, paper=kind) for kind in ("invoice", "form", "annex")}

    assert drawn == {sheet.kind: bytes(sheet.pdf) for sheet in Sheet.objects.filter(invoice=invoice)}


@pytest.mark.parametrize("paper", ["storno", "nonsense"])
def test_a_paper_that_is_not_there_is_refused_with_a_sentence(world: World, paper: str) -> None:
    with pytest.raises(DomainError, match="no such paper"):
        printing.paper(invoice=world.invoice(), paper=paper)


def test_a_draft_has_no_papers(world: World) -> None:
    draft = world.draft()

    with pytest.raises(DomainError, match="draft"):
        printing.paper(invoice=draft, paper="invoice")
    with pytest.raises(DomainError, match="draft"):
        printing.bundle(invoices=[draft])


def test_the_copy_is_the_form_and_says_so_and_is_not_kept(world: World) -> None:
    invoice = invoicing.finish(invoice=world.invoice())

    form, copy = (pages(printing.paper(invoice=invoice, paper=paper))[0].split() for paper in ("form", "copy"))

    assert [pair for pair in zip(form, copy, strict=True) if len(set(pair)) > 1] == [("Non", "Oui")]
    assert Sheet.objects.filter(invoice=invoice).count() == 3


def test_where_there_is_no_form_the_copy_is_the_letter_s(world: World) -> None:
    invoice = world.invoice()
    invoice.requests.all().delete()

    copy = printing.paper(invoice=invoice, paper="copy")

    assert str(invoice.number) in pages(copy)[0]


def test_one_pdf_holds_the_papers_of_each_in_page_order(world: World) -> None:
    first, second = world.invoice(), world.invoice()
    expected = [
        page
        for invoice in (second, first)
        for kind in ("invoice", "form", "annex")
        for page in pages(printing.paper(invoice=invoice, paper=kind))
    ]

    bound = printing.bundle(invoices=[second, first])

    assert pages(bound) == expected
    assert PdfReader(io.BytesIO(bound)).metadata.title == f"2 invoices, {second.number} to {first.number}"  # type: ignore[union-attr]


def test_named_papers_are_cut_to_what_each_invoice_has(world: World) -> None:
    both = [world.invoice(), letter_only(world)]

    bound = printing.bundle(invoices=both, papers=["form"])

    assert len(pages(bound)) == len(pages(printing.paper(invoice=both[0], paper="form"))) + 1


def test_none_and_more_than_five_hundred_are_refused(world: World) -> None:
    invoice = world.invoice()

    with pytest.raises(DomainError, match="at least one"):
        printing.bundle(invoices=[])
    with pytest.raises(DomainError, match="at most 500"):
        printing.bundle(invoices=[invoice] * 501)


def test_copies_of_many_are_drawn_together_and_stand_behind_the_papers_of_their_invoice(world: World) -> None:
    InvoiceSettings.objects.create(pk=1, print_papers="form,copy")
    someone, without = world.patient(), world.patient(papers="form")
    many = [world.invoice(patient=someone, treated_on=dates.today() - timedelta(days=back)) for back in range(4)]
    many.insert(2, world.invoice(patient=without))
    expected = [
        page
        for invoice in many
        for kind in ("form", "copy")[: 1 if invoice.patient == without else 2]
        for page in pages(printing.paper(invoice=invoice, paper=kind))
    ]

    bound = pages(printing.bundle(invoices=many))

    assert bound == expected
    assert len(set(bound)) == len(bound)


@pytest.mark.parametrize("count", [1, 4])
def test_stored_sheets_are_read_at_once_for_one_and_for_many(
    world: World, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _ in range(count):
        invoicing.finish(invoice=world.invoice())
    chosen = list(every().for_lists())

    with django_assert_num_queries(2):  # the settings, the sheets
        bound = printing.bundle(invoices=chosen)

    assert len(pages(bound)) == 3 * count


def test_copies_are_counted_as_the_patient_wishes_otherwise_as_the_practice_does(world: World) -> None:
    for wished in ("", "invoice,copy", "invoice"):
        world.invoice(patient=world.patient(papers=wished))

    before = printing.copies_in(invoices=every())
    InvoiceSettings.objects.create(pk=1, print_papers="invoice,copy")
    after = printing.copies_in(invoices=every())

    assert (before, after) == (1, 2)


def test_more_copies_than_somebody_waits_for_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "MOST_COPIES", 1)
    InvoiceSettings.objects.create(pk=1, print_papers="form,copy")
    many = [world.invoice(), world.invoice()]

    with pytest.raises(DomainError, match="at most 100 copies"):
        printing.bundle(invoices=many)
    assert len(pages(printing.bundle(invoices=many, papers=["form"]))) == 2


def test_a_bundle_draws_what_a_crash_left_undrawn(world: World) -> None:
    whole, left = invoicing.finish(invoice=world.invoice()), world.invoice()

    bound = printing.bundle(invoices=[whole, left], papers=["invoice"])

    assert [str(one.number) in page for one, page in zip((whole, left), pages(bound), strict=True)] == [True, True]
    assert left.sheets.count() == 3


def test_the_archive_holds_the_stored_bytes_and_the_xml_under_the_number(world: World) -> None:
    invoice, gone = world.invoice(), world.invoice()
    done = cancelling.cancel(invoice=gone, reason="Typed twice", by=world.owner)
    world.draft()

    packed = zipfile.ZipFile(io.BytesIO(b"".join(archives.archive(invoices=every()))))

    names, number, other = set(packed.namelist()), invoice.number, gone.number
    assert names == {
        f"{number}_Facture.pdf", f"{number}_Justificatif.pdf", f"{number}_Feuille_QR.pdf", f"{number}.xml",
        f"{other}_Facture.pdf", f"{other}_Justificatif.pdf", f"{other}_Feuille_QR.pdf", f"{other}.xml",
        f"{other}_Annulation.pdf", f"{other}_Annulation.xml",
    }  # fmt: skip
    assert packed.testzip() is None
    assert packed.read(f"{number}_Facture.pdf") == printing.paper(invoice=invoice, paper="invoice")
    assert packed.read(f"{number}.xml").decode() == invoice.requests.get().xml
    assert done.number in pages(packed.read(f"{other}_Annulation.pdf"))[0]


def test_the_archive_comes_piece_by_piece(world: World) -> None:
    for _ in range(3):
        invoicing.finish(invoice=world.invoice())

    pieces = list(archives.archive(invoices=every()))

    assert max(map(len, pieces)) < sum(map(len, pieces)) / 3


def test_what_cannot_be_drawn_is_named_and_does_not_spoil_the_rest(world: World) -> None:
    whole, broken = world.invoice(), world.invoice()
    Invoice.objects.filter(pk=broken.pk).update(document='{"broken": 1}')

    packed = zipfile.ZipFile(io.BytesIO(b"".join(archives.archive(invoices=every()))))

    assert f"{whole.number}_Facture.pdf" in packed.namelist()
    assert str(broken.number) in packed.read("Missing.txt").decode()


def test_an_archive_of_nothing_is_refused_before_it_begins(world: World) -> None:
    world.draft()

    with pytest.raises(DomainError, match="at least one"):
        archives.archive(invoices=every())


def test_missing_sheets_are_drawn_step_by_step(world: World) -> None:
    for _ in range(3):
        world.invoice()

    left = [printing.draw_some(invoices=every(), seconds=0) for _step in range(3)]

    assert left == [2, 1, 0]
    assert not every().without_paper().exists()


def test_one_that_cannot_be_drawn_is_named(world: World) -> None:
    broken = world.invoice()
    Invoice.objects.filter(pk=broken.pk).update(document='{"broken": 1}')

    with pytest.raises(DomainError, match=str(broken.number)):
        printing.draw_some(invoices=every())


def test_a_cancelled_one_without_its_counter_document_was_left_behind(world: World) -> None:
    gone = invoicing.finish(invoice=world.invoice())
    cancelling.cancel(invoice=gone, reason="Typed twice", by=world.owner)
    later = dates.now() + timedelta(minutes=1)

    before = list(Invoice.objects.left_behind(later))
    invoicing.finish_left_behind(before=later)

    assert before == [gone]
    assert not Invoice.objects.left_behind(later).exists()


def test_who_still_gets_paper(world: World) -> None:
    by_post = world.invoice(patient=world.patient(delivery="print"))
    unreachable = world.invoice(patient=world.patient(email=""))
    world.invoice()
    world.draft(patient=world.patient(delivery="print"))
    cancelling.cancel(
        invoice=world.invoice(patient=world.patient(delivery="print")), reason="Typed twice", by=world.owner
    )

    assert list(Invoice.objects.awaiting_paper().order_by("pk")) == [by_post, unreachable]


def test_on_paper_is_said_once_and_can_be_taken_back(world: World) -> None:
    invoice = world.invoice(patient=world.patient(delivery="print"))
    world.draft()

    said = [printing.mark_printed(invoices=every(), by=world.owner) for _ in range(2)]
    marked = Invoice.objects.get(pk=invoice.pk).printed_at
    taken_back = printing.unmark_printed(invoices=every(), by=world.owner)

    assert said == [1, 0]
    assert marked is not None
    assert taken_back == 1
    assert Invoice.objects.awaiting_paper().get() == invoice
    assert list(PendingEntry.objects.filter(verb__endswith="printed").values_list("verb", flat=True)) == [
        "printed",
        "not printed",
    ]


def test_many_are_mailed_each_once(world: World) -> None:
    fresh, before, unreachable = world.invoice(), world.invoice(), world.invoice(patient=world.patient(email=""))
    printing.note_mail(invoice_id=before.pk, state="sent")
    world.draft()

    first, second = (printing.want_mail(invoices=every(), by=world.owner) for _ in range(2))

    assert first == printing.Asked(wanted=1, before=1, without_address=1)
    assert second == printing.Asked(wanted=0, before=2, without_address=1)
    assert set(Invoice.objects.filter(mail_wanted=True)) == {fresh, before}
    assert not Invoice.objects.get(pk=unreachable.pk).mail_wanted


def test_only_cancelled_ones_are_hidden(world: World) -> None:
    standing, gone = world.invoice(), world.invoice()
    cancelling.cancel(invoice=gone, reason="Typed twice", by=world.owner)

    hidden = printing.hide(invoices=every(), by=world.owner)

    assert hidden == 1
    assert list(every().shown()) == [standing]


@pytest.mark.parametrize("verb", [printing.mark_printed, printing.want_mail])
def test_more_than_five_hundred_are_not_changed_at_once(world: World, verb: object) -> None:
    one = world.invoice()
    copies = [
        Invoice(**{
            field.attname: getattr(one, field.attname)
            for field in Invoice._meta.concrete_fields
            if not field.primary_key
        } | {"number": f"X-{number:05d}"})
        for number in range(500)
    ]  # fmt: skip
    Invoice.objects.bulk_create(copies)

    with pytest.raises(DomainError, match="At most 500"):
        verb(invoices=every(), by=world.owner)  # type: ignore[operator]
    assert not Invoice.objects.filter(printed_at__isnull=False).exists()
    assert not Invoice.objects.filter(mail_wanted=True).exists()
