"""PDF documents: what is read of them, in a process of its own, and why others are refused."""

from __future__ import annotations

from itertools import zip_longest
from textwrap import wrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.article import Article
from annotator.errors import ReadError
from annotator.inbox.documents import pdf_files
from annotator.inbox.documents.pdf_refusals import PdfRefusal
from annotator.inbox.piped_input import PipedInput
from annotator.inbox.readers import articles_of
from annotator.inbox.reading import ReadingRules
from tests.helpers.pdf_documents import FONT, column, lines_of, pdf, placed, stream, written

pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed")
from annotator.inbox.documents.pdf_text import found_in  # it needs pypdfium2

BRIDGE = (
    "The harbour authority of Varnholm said on Tuesday that the old bridge would stay closed until "
    "spring, because inspectors had found cracks in four of its nine pillars."
)
SHOPS = (
    "Shopkeepers on the eastern bank disagree. Per Aldous, who sells fishing tackle, told "
    "reporters that his takings had fallen by a third, and that no official had asked him about it."
)
FERRY = (
    "A ferry will carry pedestrians from next week. It leaves every twenty minutes, takes sixty "
    "passengers and costs nothing, the council promised in a statement."
)


def read(raw: bytes) -> Article:
    (article,) = articles_of(raw, "bridge.pdf")
    return article


def paragraphs(raw: bytes) -> list[str]:
    return list(found_in(raw)["paragraphs"])


def refused(raw: bytes) -> ReadError:
    with pytest.raises(ReadError) as caught:
        read(raw)
    return caught.value


def test_an_article_in_two_columns_is_read_in_order() -> None:
    drawn = placed(150, 780, "Bridge to stay closed", size=24)
    # Row by row, as some programs draw them.
    left, right = column(50, 740, [BRIDGE, SHOPS]), column(310, 740, [FERRY, BRIDGE[:90]])
    rows = zip_longest(left.splitlines(), right.splitlines(), fillvalue="")
    drawn += "\n".join(line for row in rows for line in row)
    article = read(pdf(drawn, info="/Title (Microsoft Word - a.doc) /Author (Ada Low)"))
    assert article.text.split("\n\n") == [
        "Bridge to stay closed",
        BRIDGE,
        SHOPS,
        FERRY,
        BRIDGE[:90],
    ]
    assert article.title == "Bridge to stay closed"
    assert (article.origin.author, article.origin.published) == ("Ada Low", None)


def test_a_sentence_goes_on_over_the_end_of_a_page_and_its_head() -> None:
    said = BRIDGE.removesuffix(".") + " and that a ferry would cross in the meantime."
    lines = wrap(said, 45)
    pages = [
        placed(60, 800, "The Varnholm Courier")
        + placed(500, 800, f"Page {n + 1}")
        + lines_of(lines[half])
        for n, half in enumerate((slice(3), slice(3, None)))
    ]
    assert paragraphs(pdf(*pages)) == [said]


def test_ligatures_and_divided_words_are_read_as_letters() -> None:
    codes = (
        "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <ff> "
        "endcodespacerange 2 beginbfchar <01> <FB01> <02> <FB03> endbfchar 1 beginbfrange "
        "<20> <7e> <0020> endbfrange endcmap end"
    )
    font = FONT.replace(">>", "/ToUnicode 90 0 R >>")
    drawn = lines_of(["The o\x02cial said that the \x01nal govern-", "ment did it."])
    raw = pdf(drawn, font=font, objects={90: stream(codes.encode())})
    assert paragraphs(raw) == ["The official said that the final government did it."]


@pytest.mark.parametrize("turn", ["0 1 -1 0 595 0 cm", "-1 0 0 -1 595 842 cm", "0 -1 1 0 0 842 cm"])
def test_a_page_on_its_side_is_read_without_its_watermark(turn: str) -> None:
    mark = "q 0.7 0.7 -0.7 0.7 200 200 cm BT /F1 60 Tf (DRAFT) Tj ET Q\n"
    raw = pdf(f"{mark}q {turn}\n{lines_of(wrap(BRIDGE, 50), x=60, y=400)}Q")
    assert paragraphs(raw) == [BRIDGE]


@given(st.lists(st.sampled_from([BRIDGE, SHOPS, FERRY]), min_size=1, max_size=4))
def test_paragraphs_come_back_whole_however_wide_their_lines_are(written: list[str]) -> None:
    for letters in (30, 90):
        assert paragraphs(pdf(column(50, 780, written, letters=letters, gap=12))) == written


NO_NAMES = (
    "<< /Type /Font /Subtype /Type1 /BaseFont /ABCDEF+Odd /FirstChar 33 /LastChar 126 /Widths ["
    + "500 " * 94
    + "] /Encoding << /Type /Encoding /Differences [33 "
    + " ".join(f"/g{n}" for n in range(94))
    + "] >> >>"
)
PICTURE = {90: stream(bytes(100), "/Type /XObject /Subtype /Image /Width 10 /Height 10 "
                      "/ColorSpace /DeviceGray /BitsPerComponent 8")}  # fmt: skip
FORM = "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 90 0 R >> >>"
TEXT = lines_of(wrap(BRIDGE, 60))
WHOLE = pdf(TEXT)
# By the standard handler, with a password of the user: nobody can know it.
LOCKED = written(
    {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [] /Count 0 >>"},
    trailer="/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 "
    f"/O <{'11' * 32}> /U <{'22' * 32}> >>",
)
REFUSED = [
    ("cut off", WHOLE[:-300], PdfRefusal.DAMAGED),
    ("head alone", b"%PDF-1.7\n", PdfRefusal.DAMAGED),
    ("a page without contents", pdf(TEXT, TEXT, objects={5: b"null"}), PdfRefusal.DAMAGED),
    ("without pages", pdf(), PdfRefusal.DAMAGED),
    ("password", LOCKED, PdfRefusal.PASSWORD),
    ("scan", pdf("/X Do " + placed(290, 20, "1"), resources="/XObject << /X 90 0 R >>",
                 objects=PICTURE), PdfRefusal.SCAN),
    ("drawn letters", pdf("0 0 9 9 re f"), PdfRefusal.NO_TEXT),
    ("fonts without letters", pdf(TEXT.replace(" (", " (x"), font=NO_NAMES), PdfRefusal.GARBLED),
    ("letters exchanged", pdf(lines_of(wrap("Thrx pqrst wvxz zxcbn mnbv " * 9, 60))),
     PdfRefusal.GARBLED),
    ("thousands of pages", pdf(*[""] * 301), PdfRefusal.TOO_LARGE),
    ("a hundred thousand letters on a page", pdf(lines_of([BRIDGE] * 800)), PdfRefusal.TOO_LARGE),
    ("a page that is the tree",
     pdf(TEXT, objects={2: b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"}), PdfRefusal.DAMAGED),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "refusal"), [row[1:] for row in REFUSED],
                         ids=[row[0] for row in REFUSED])  # fmt: skip
def test_a_document_without_readable_text_is_refused(raw: bytes, refusal: PdfRefusal) -> None:
    assert found_in(raw) == {"refusal": refusal}


def test_a_file_that_is_no_pdf_is_refused() -> None:
    assert "not a PDF document" in refused(b"The mayor said no.").message


def test_a_scan_is_to_be_recognised_by_a_command_that_can_be_pasted() -> None:
    raw = next(raw for name, raw, _ in REFUSED if name == "scan")
    with pytest.raises(ReadError) as caught:
        articles_of(raw, "my scan.pdf")
    assert caught.value.hint.endswith("ocrmypdf 'my scan.pdf' 'my scan.ocr.pdf'")


def test_a_tree_of_pages_that_leads_back_to_itself_has_an_end() -> None:
    looped = {2: b"<< /Type /Pages /Kids [2 0 R 5 0 R] /Count 2 >>"}
    found = found_in(pdf(TEXT, objects=looped))
    assert found == {"refusal": PdfRefusal.DAMAGED} or found["paragraphs"][0] == BRIDGE
    endless = {2: b"<< /Type /Pages /Kids [5 0 R] /Count 2000000000 >>"}
    assert paragraphs(pdf(TEXT, objects=endless)) == [BRIDGE]


def test_a_document_without_end_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_files, "MOST_SECONDS", 1.0)
    loop = pdf("/X Do " + TEXT, resources="/XObject << /X 90 0 R >>",
               objects={90: stream(b"/X Do " * 50, FORM)})  # fmt: skip
    assert "not read in time" in refused(loop).message


def test_without_the_library_the_refusal_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf_files, "find_spec", lambda _: None)
    error = refused(WHOLE)
    assert "another package" in error.message
    assert 'pip install "annotator[pdf]"' in error.hint


def test_a_piped_document_is_recognised() -> None:
    arrivals, problem = PipedInput(WHOLE).arrivals(ReadingRules())
    assert problem is None
    assert [article.text for one in arrivals for article in one.articles] == [BRIDGE]


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=6))
def test_damaged_bytes_give_paragraphs_or_a_reason(changes: list[tuple[int, int]]) -> None:
    raw = bytearray(WHOLE)
    for place, value in changes:
        raw[place] = value
    found = found_in(bytes(raw))
    assert found.get("paragraphs") or PdfRefusal(found["refusal"])


def test_every_refusal_has_words() -> None:
    for one in PdfRefusal:
        message, advice = one.said
        assert message.endswith(".")
        assert advice
