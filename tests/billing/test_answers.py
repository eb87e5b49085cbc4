"""PDFs as answers, and what their files are called."""

import pytest

from billing import file_names
from billing.models import Sheet
from billing.views.answers import pdf_answer


@pytest.mark.parametrize(("inline", "manner"), [(True, "inline"), (False, "attachment")])
def test_a_pdf_is_shown_or_saved_under_its_name_and_in_a_sandbox(inline: bool, manner: str) -> None:
    answer = pdf_answer(b"%PDF-1.7", "F-00001.pdf", inline=inline)

    assert (answer.content, answer.headers["Content-Type"]) == (b"%PDF-1.7", "application/pdf")
    assert answer.headers["Content-Disposition"] == f'{manner}; filename="F-00001.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox ")
    assert "allow-same-origin" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["Übersicht 24.pdf", 'F"; filename="x.exe', "F\\"])
def test_a_name_never_breaks_out_of_the_header(name: str) -> None:
    disposition = pdf_answer(b"%PDF-1.7", name, inline=False).headers["Content-Disposition"]

    assert disposition.isascii()
    assert disposition.replace(r"\\", "").replace(r"\"", "").count('"') in (0, 2)


@pytest.mark.parametrize("language", ["fr", "de", "it", "en"])
def test_every_paper_has_a_word_of_its_own_that_any_system_takes_in_a_file_s_name(language: str) -> None:
    words = file_names.words(language)

    assert set(words) == set(Sheet.Kind.values)
    assert len(set(words.values())) == len(words)
    assert all(word.replace("_", "").replace("-", "").isascii() for word in words.values())


def test_a_language_that_is_none_of_ours_is_served_in_english() -> None:
    assert file_names.words("rm") == file_names.words("en")
