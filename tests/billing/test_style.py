import io
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader

from billing.forms import style as style_forms
from billing.models import Invoice, InvoiceSettings, LetterText
from billing.services import invoicing, style
from optamed.core import dates
from optamed.core.errors import DomainError
from optamed.journal.models import PendingEntry
from optamed.practice.models import Counter, Picture, Therapist, TherapistPlace
from patients import forms as patient_forms
from patients import papers
from tests import factories
from tests.factories import World

PART = {"HX-Request": "true"}
LOOK = {"window": "left", "slip_page": "own", "offset_x": "1,5", "offset_y": "−0.5", "has_accent": "on"}
PAGES = ["style", "style-texts", "style-papers", "style-numbers", "style-preview"]


def url(name: str, *args: int) -> str:
    return reverse(f"billing:{name}", args=args)


def picture(colour: str = "#0f766e") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (240, 80), colour).save(made, "PNG")
    return made.getvalue()


def upload(data: bytes, name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def text_of(answer) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


@contextmanager
def therapist_named(first: str, last: str, **given) -> Iterator[Therapist]:
    yield Therapist.objects.create(first_name=first, last_name=last, **given)


@pytest.mark.parametrize("name", PAGES)
def test_the_settings_of_invoices_are_the_owners(signed_in: Client, desk: Client, stranger: Client, name: str):
    assert signed_in.get(url(name)).status_code == 200
    assert desk.get(url(name)).status_code == 403
    assert stranger.get(url(name)).status_code == 302


def test_pictures_are_put_there_by_owners_and_never_by_a_link(world: World, signed_in: Client, desk: Client):
    for target in (url("style-logo"), url("style-signature", world.therapist.pk)):
        assert signed_in.get(target).status_code == 405
        assert desk.post(target, {"picture": upload(picture())}).status_code == 403
    assert signed_in.post(url("style-signature", 9999), {"picture": upload(picture())}).status_code == 404
    assert not Picture.objects.exists()


def test_the_look_is_saved_as_people_write_it(signed_in: Client):
    answer = signed_in.post(url("style"), LOOK)

    kept = style.current()
    assert answer.status_code == 302
    assert (kept.window, kept.slip_page, kept.slip_lines, kept.has_accent) == ("left", "own", False, True)
    assert (kept.offset_x, kept.offset_y) == (Decimal("1.5"), Decimal("-0.5"))
    assert PendingEntry.objects.filter(verb="changed", subject="billing.invoicesettings").count() == 1


@pytest.mark.parametrize("shift", ["10.1", "-11", "abc", "1.55", "NaN", "1e9"])
def test_an_impossible_shift_is_refused_and_everything_typed_stays(signed_in: Client, shift: str):
    answer = signed_in.post(url("style"), LOOK | {"offset_x": shift})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'value="{shift}"' in page
    assert "window=left" in page
    assert 'id="id_offset_x_error"' in page
    assert style.current().window == "right"


def test_shifts_go_back_to_nothing_in_one_click(signed_in: Client, owner):
    style.save(offset_x=Decimal("2.5"), offset_y=Decimal("-1.0"), by=owner)
    page = signed_in.get(url("style")).content.decode()

    signed_in.post(url("style"), LOOK | {"reset": "1"})

    assert "Back to 0" in page
    assert (style.current().offset_x, style.current().offset_y) == (0, 0)


def test_a_choice_that_is_not_saved_is_previewed(signed_in: Client):
    answer = signed_in.get(url("style"), LOOK, headers=PART)

    part = answer.content.decode()
    assert "window=left" in part
    assert "The address stands on the left, the QR-bill on a page of its own" in part
    assert "<html" not in part
    assert style.current().window == "right"


def test_the_preview_is_the_pdf_and_follows(signed_in: Client):
    stored = signed_in.get(url("style-preview"))
    chosen = signed_in.get(url("style-preview"), LOOK)

    assert stored.headers["Content-Type"] == "application/pdf"
    assert "sandbox" in stored.headers["Content-Security-Policy"]
    assert "no-store" in stored.headers["Cache-Control"]
    assert len(PdfReader(io.BytesIO(chosen.content)).pages) > len(PdfReader(io.BytesIO(stored.content)).pages)


def test_the_sample_can_never_be_paid(signed_in: Client):
    shown = text_of(signed_in.get(url("style-preview"), {"language": "en"}))

    assert "DO NOT USE FOR PAYMENT" in shown
    assert "Draft" in shown


@pytest.mark.parametrize("query", [{"window": "up"}, {"window": "left", "offset_x": "x"}, {"language": "rm"}])
def test_nonsense_is_previewed_as_stored(signed_in: Client, query: dict[str, str]):
    assert signed_in.get(url("style-preview"), query).headers["Content-Type"] == "application/pdf"


def test_a_practice_without_account_and_therapist_has_a_preview_too(signed_in: Client, world: World):
    world.account.delete()
    TherapistPlace.objects.all().delete()
    Therapist.objects.update(archived_at=dates.now())

    shown = signed_in.get(url("style-preview"))

    assert shown.status_code == 200
    assert "DO NOT USE" not in text_of(shown)


def test_a_logo_is_put_there_and_taken_away_and_never_deleted(signed_in: Client):
    signed_in.post(url("style-logo"), {"picture": upload(picture())})
    put = style.current().logo

    signed_in.post(url("style-logo"), {"remove": "1"})

    assert put is not None
    assert style.current().logo is None
    assert Picture.objects.get() == put


def test_a_logo_is_put_there_without_leaving_the_page(signed_in: Client):
    answer = signed_in.post(url("style-logo"), {"picture": upload(picture())}, headers=PART)

    assert answer.status_code == 200
    assert "style:changed" in answer.headers["HX-Trigger"]
    assert "data:image/png;base64," in answer.content.decode()
    assert "look-form" not in answer.content.decode()


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"picture": upload(b"%PDF-1.7", "logo.png")}, "This is no picture in PNG or JPEG, or the file is damaged."),
        ({"picture": upload(b"", "logo.png")}, "This file is empty."),
        ({}, "Choose a picture first."),
    ],
)
def test_a_file_that_is_no_picture_is_refused_where_it_was_dropped(
    signed_in: Client, files: dict[str, SimpleUploadedFile], sentence: str
):
    answer = signed_in.post(url("style-logo"), files, headers=PART)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_each_therapist_signs_with_an_own_picture(signed_in: Client, world: World):
    with therapist_named("Luc", "Meier") as other:
        signed_in.post(url("style-signature", other.pk), {"picture": upload(picture("#111111"))})

    assert style.look_of(therapist=Therapist.objects.get(pk=other.pk)).signature
    assert not style.look_of(therapist=world.therapist).signature


def test_a_signature_is_taken_away_and_kept(signed_in: Client, world: World, owner):
    style.set_signature(therapist=world.therapist, data=picture(), by=owner)

    signed_in.post(url("style-signature", world.therapist.pk), {"remove": "1"})

    assert Therapist.objects.get(pk=world.therapist.pk).signature is None
    assert Picture.objects.count() == 1


def test_the_look_names_pictures_by_content_and_the_colour_of_the_practice(world: World, owner):
    style.set_logo(data=picture(), by=owner)
    style.save(window="left", offset_x=Decimal("1.0"), by=owner)

    look = style.look_of(therapist=world.therapist)

    assert look.logo == Picture.objects.get().sha256
    assert (look.accent, look.window, look.offset_x) == (world.practice.colour, "left", Decimal("1.0"))
    style.save(has_accent=False, by=owner)
    assert style.look_of(therapist=world.therapist).accent == ""


def test_pictures_are_found_by_content_and_unknown_ones_left_out(world: World, owner):
    style.set_logo(data=picture(), by=owner)
    kept = Picture.objects.get()

    found = style.pictures_of(shas=[kept.sha256, "", "0" * 64])

    assert found == {kept.sha256: ("image/png", bytes(kept.data))}


def test_an_old_invoice_keeps_the_logo_that_was_removed(world: World, owner):
    style.set_logo(data=picture(), by=owner)
    old = world.invoice()
    style.remove_logo(by=owner)
    new = world.invoice()

    sheets = [invoicing.finish(invoice=one).sheets.get(kind="invoice") for one in (old, new)]

    images = [len(PdfReader(io.BytesIO(bytes(sheet.pdf))).pages[0].images) for sheet in sheets]
    assert images == [1, 0]


def test_texts_are_kept_by_language(signed_in: Client):
    typed = {f"{code}-{name}": "" for code in ("fr", "de", "it", "en") for name in ("before", "after", "footer")}

    answer = signed_in.post(
        url("style-texts"), typed | {"de-before": "Guten Tag\r\n\r\nWir danken.", "fr-footer": "Fermé le lundi"}
    )

    assert answer.status_code == 302
    assert style.text_in("de").before == "Guten Tag\n\nWir danken."
    assert style.text_in("fr").footer == "Fermé le lundi"
    assert style.text_in("it").before == ""
    assert PendingEntry.objects.filter(verb="changed texts").count() == 1


def test_a_text_of_600_characters_counts_as_it_is_typed(signed_in: Client):
    lines = "\r\n".join(["x" * 59] * 10) + "\r\n"
    fits = {"en-before": lines, "en-after": "", "en-footer": ""}

    assert signed_in.post(url("style-texts"), fits).status_code == 302
    assert signed_in.post(url("style-texts"), fits | {"en-before": "y" * 601}).status_code == 422
    assert LetterText.objects.get(language="en").before.startswith("x")


def test_a_text_too_long_is_refused_and_all_texts_stay(signed_in: Client):
    typed = {"fr-before": "z" * 601, "fr-after": "Merci beaucoup", "fr-footer": ""}

    answer = signed_in.post(url("style-texts"), typed)

    assert answer.status_code == 422
    assert "z" * 601 in answer.content.decode()
    assert "Merci beaucoup" in answer.content.decode()
    assert not LetterText.objects.exists()


def test_a_text_is_previewed_while_it_is_typed(signed_in: Client):
    typed = {"language": "de", "de-before": "Liebe Frau Muster", "de-after": "", "de-footer": "Montags zu"}
    part = signed_in.get(url("style-texts"), typed, headers=PART).content.decode()

    shown = text_of(signed_in.get(url("style-preview"), typed))

    assert "Liebe+Frau+Muster" in part
    assert "Rechnung" in shown
    assert "Liebe Frau Muster" in shown
    assert "Montags zu" in shown
    assert not LetterText.objects.exists()


def test_papers_are_kept_in_page_order(signed_in: Client):
    typed = {
        "mail_papers": ["annex", "invoice"],
        "print_papers": ["copy", "form", "invoice"],
        "nightly_run": "on",
        "when_incomplete": "placeholders",
        "euro_rate": "0.945",
    }

    answer = signed_in.post(url("style-papers"), typed)

    kept = style.current()
    assert answer.status_code == 302
    assert (kept.mail_papers, kept.print_papers) == ("invoice,annex", "invoice,form,copy")
    assert (kept.when_incomplete, kept.euro_rate, kept.nightly_run) == ("placeholders", Decimal("0.9450"), True)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"mail_papers": []}, "Choose at least one paper for e-mails."),
        ({"print_papers": ["poster"]}, "poster"),
        ({"euro_rate": "94.5"}, "How many francs is one euro? A rate lies between 0.50 and 2.00."),
        ({"euro_rate": "-1"}, "How many francs is one euro? A rate lies between 0.50 and 2.00."),
        ({"when_incomplete": "guess"}, "guess"),
    ],
)
def test_impossible_papers_are_refused(signed_in: Client, change: dict[str, object], sentence: str):
    typed = {"mail_papers": ["invoice"], "print_papers": ["invoice"], "when_incomplete": "letter"}

    answer = signed_in.post(url("style-papers"), typed | change)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not InvoiceSettings.objects.exists()


def test_papers_have_the_same_names_in_every_form():
    assert [paper for paper, _label in style_forms.PAPERS] == list(papers.ORDER)
    assert [paper for paper, _label in patient_forms.PAPERS] == list(papers.ORDER)
    assert [str(label) for _, label in patient_forms.PAPERS] == [str(label) for _, label in style_forms.PAPERS]


def test_each_page_saves_its_own_facts_only(signed_in: Client, owner):
    style.save(mail_papers="invoice", pattern="year", by=owner)

    signed_in.post(url("style"), LOOK)

    assert (style.current().mail_papers, style.current().pattern) == ("invoice", "year")


def test_a_series_goes_on_where_the_old_program_stopped(signed_in: Client, world: World):
    answer = signed_in.post(url("style-numbers"), {"pattern": "plain", "start": "1200"})

    assert answer.status_code == 302
    assert world.invoice().number == "F-01200"


def test_a_series_never_goes_back(signed_in: Client, world: World):
    world.invoice()
    world.invoice()

    answer = signed_in.post(url("style-numbers"), {"pattern": "plain", "start": "2"})

    assert answer.status_code == 422
    assert "Numbers can only go up. The next one is 3." in answer.content.decode()
    assert Counter.objects.get(name="F").last == 2


def test_a_number_taken_meanwhile_is_told_and_nothing_is_half_done(world: World, owner):
    world.invoice()

    with pytest.raises(DomainError):
        style.set_numbers(pattern="year", letters={world.therapist: "QQ"}, starts={"F": 1}, by=owner)

    assert style.current().pattern == "plain"
    assert Therapist.objects.get(pk=world.therapist.pk).series == ""


def test_a_series_per_year_shows_what_comes_next(signed_in: Client, world: World, owner):
    year = dates.today().year

    signed_in.post(url("style-numbers"), {"pattern": "year", "start_year": "42"})

    assert f"F-{year}-00042" in signed_in.get(url("style-numbers")).content.decode()
    assert world.invoice().number == f"F-{year}-00042"


def test_a_series_per_therapist_has_letters(signed_in: Client, world: World):
    key = world.therapist.pk

    signed_in.post(
        url("style-numbers"), {"pattern": "therapist", f"letters_{key}": "cmo", f"start_{key}": "1", "start": "x"}
    )

    assert Therapist.objects.get(pk=key).series == "CMO"
    assert world.invoice().number == "F-CMO-00001"


def test_two_therapists_never_share_letters(signed_in: Client, world: World):
    key = world.therapist.pk
    with therapist_named("Carl", "Muster") as other:
        typed = {"pattern": "therapist", f"letters_{key}": "", f"letters_{other.pk}": ""}
        answer = signed_in.post(url("style-numbers"), typed)

    assert answer.status_code == 422
    assert "Claire Montavel has the letters CM already." in answer.content.decode()
    assert style.current().pattern == "plain"


def test_letters_of_an_archived_therapist_stay_theirs(signed_in: Client, world: World):
    with therapist_named("Old", "Timer", series="OT", archived_at=dates.now()):
        answer = signed_in.post(url("style-numbers"), {"pattern": "therapist", f"letters_{world.therapist.pk}": "OT"})

    assert answer.status_code == 422
    assert "Old Timer has the letters OT already." in answer.content.decode()


def test_two_therapists_change_letters(signed_in: Client, world: World):
    Therapist.objects.filter(pk=world.therapist.pk).update(series="AA")
    with therapist_named("Carl", "Muster", series="BB") as other:
        typed = {"pattern": "therapist", f"letters_{world.therapist.pk}": "BB", f"letters_{other.pk}": "AA"}
        signed_in.post(url("style-numbers"), typed)

    assert list(Therapist.objects.order_by("pk").values_list("series", flat=True)) == ["BB", "AA"]


@pytest.mark.parametrize("start", ["0", "-5", "1000000", "many", "1.5"])
def test_an_impossible_number_is_refused(signed_in: Client, start: str):
    answer = signed_in.post(url("style-numbers"), {"pattern": "plain", "start": start})

    assert answer.status_code == 422
    assert f'value="{start}"' in answer.content.decode()
    assert not InvoiceSettings.objects.exists()


def test_issued_invoices_keep_their_number(signed_in: Client, world: World):
    issued = world.invoice()

    signed_in.post(url("style-numbers"), {"pattern": "year", "start_year": "1"})

    assert Invoice.objects.get(pk=issued.pk).number == "F-00001"


def test_the_settings_lead_to_invoices(signed_in: Client, world: World):
    page = signed_in.get("/settings/").content.decode()

    assert f'href="{url("style")}"' in page


def test_a_fresh_practice_opens_every_page(db):
    owner = factories.owner()
    client = Client()
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    factories.practice()

    assert [client.get(url(name)).status_code for name in PAGES] == [200] * len(PAGES)
