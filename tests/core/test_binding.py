"""Several PDFs as one."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from optamed.core import binding, pdf

CSS = "@page { size: A5 } .own { break-before: page }"


@pytest.fixture(scope="module")
def sheets() -> list[bytes]:
    return [
        pdf.render("<p>First</p>", css=CSS),
        pdf.render("<p>Second</p><p class='own'><b>Third</b> 12 0 R</p>", css=CSS),
        pdf.render("<p>Fourth</p><svg width='20' height='20'><rect width='9' height='9'/></svg>", css=CSS),
    ]


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content), strict=True)


def words(content: bytes) -> list[str]:
    return [page.extract_text().strip() for page in read(content).pages]


def test_all_pages_stand_in_their_order(sheets: list[bytes]) -> None:
    bound = binding.bind(sheets, title="Three")

    assert [text.split()[0] for text in words(bound)] == ["First", "Second", "Third", "Fourth"]
    assert all(page.mediabox.width == read(sheets[0]).pages[0].mediabox.width for page in read(bound).pages)


def test_the_title_keeps_its_accents(sheets: list[bytes]) -> None:
    bound = binding.bind(sheets, title="Été – “3”")

    info = read(bound).metadata
    assert info is not None
    assert info.title == "Été – “3”"


def test_the_same_font_is_written_once(sheets: list[bytes]) -> None:
    once, often = (len(binding.bind([sheets[0]] * times, title="x")) for times in (1, 20))

    assert often < 20 * once / 2


def test_what_others_wrote_is_bound_all_the_same(sheets: list[bytes]) -> None:
    foreign = PdfWriter()
    foreign.add_blank_page(100, 200)
    out = io.BytesIO()
    foreign.write(out)

    bound = binding.bind([sheets[0], out.getvalue()], title="Mixed")

    assert [text[:5] for text in words(bound)] == ["First", ""]
    assert read(bound).metadata.title == "Mixed"  # type: ignore[union-attr]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=1, max_size=6))
def test_nothing_is_lost_in_any_order(order: list[int]) -> None:
    drawn = [pdf.render(f"<p>Sheet {number}</p>") for number in range(3)]

    bound = binding.bind([drawn[number] for number in order], title="x")

    assert words(bound) == [f"Sheet {number}" for number in order]
