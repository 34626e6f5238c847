"""Word documents: their text as a reader sees it, and a clear answer to whatever else comes."""

from __future__ import annotations

import io
import zipfile
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.article import Article
from annotator.errors import ReadError
from annotator.inbox.readers import articles_of, pieces_of
from tests.helpers.office_documents import docx, paragraph, zipped

SAID = paragraph("The mayor said no.")
DELETED_MARK = "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"
LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Cn"), exclude_characters="\u00ad\ufeff")
PARAGRAPHS = st.lists(
    st.text(LETTERS, min_size=1, max_size=40)
    .map(str.strip)
    .filter(lambda one: any(map(str.isalnum, one))),
    min_size=1,
    max_size=6,
)


def read(raw: bytes) -> Article:
    (article,) = articles_of(raw, "bridge.docx")
    return article


def text_of(body: str, **more: str) -> str:
    return read(docx(body, **more)).text


def run(inner: str) -> str:
    return f"<w:p><w:r>{inner}</w:r></w:p>"


@given(PARAGRAPHS)
def test_paragraphs_come_back_equal(paragraphs: list[str]) -> None:
    body = "".join(paragraph(escape(one)) for one in paragraphs)
    assert text_of(body) == "\n\n".join(paragraphs)


def test_a_document_of_the_library_comes_back_equal() -> None:
    library = pytest.importorskip("docx", reason="python-docx is not installed")
    document, stream = library.Document(), io.BytesIO()
    paragraphs = ["Naïve", "a  b & <c>", "市长👨‍👩", "a b c"]
    for one in paragraphs:
        document.add_paragraph(one)
    document.save(stream)
    article = read(stream.getvalue())
    assert article.text == "\n\n".join(paragraphs)
    assert article.origin.author is None  # the library signs with its own name


def test_headings_lists_and_cells_of_a_table_are_paragraphs() -> None:
    library = pytest.importorskip("docx", reason="python-docx is not installed")
    document, stream = library.Document(), io.BytesIO()
    document.core_properties.title, document.core_properties.author = "Bridge closed", "Ada Low"
    document.add_heading("What happened", 1)
    document.add_paragraph("It cracked.", style="List Bullet")
    cells = document.add_table(1, 2).rows[0].cells
    cells[0].text, cells[1].text = "Pillars", "Nine"
    document.sections[0].header.paragraphs[0].text = "The Courier"
    document.save(stream)
    article = read(stream.getvalue())
    assert article.text.split("\n\n") == ["What happened", "It cracked.", "Pillars", "Nine"]
    assert (article.title, article.origin.author) == ("Bridge closed", "Ada Low")
    assert article.origin.published is None


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "<w:p><w:r><w:t xml:space='preserve'>She </w:t></w:r><w:ins><w:r><w:t>never</w:t></w:r>"
            "</w:ins><w:del><w:r><w:delText>often</w:delText></w:r></w:del><w:moveTo><w:r>"
            "<w:t xml:space='preserve'> agreed</w:t></w:r></w:moveTo><w:moveFrom><w:r><w:t>x</w:t>"
            "</w:r></w:moveFrom></w:p>",
            "She never agreed",
        ),
        (paragraph("The mayor ", DELETED_MARK) + paragraph("said no."), "The mayor said no."),
        (
            f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{SAID}</w:tc></w:tr>"
            f"<w:tr><w:tc>{paragraph('Yes.')}</w:tc></w:tr></w:tbl>",
            "Yes.",
        ),
        ("<w:p><w:hyperlink><w:r><w:t>the report</w:t></w:r></w:hyperlink></w:p>", "the report"),
        (
            '<w:p><w:fldSimple w:instr="DATE"><w:r><w:t>2 May</w:t></w:r></w:fldSimple></w:p>',
            "2 May",
        ),
        (
            run('<w:fldChar w:fldCharType="begin"/>')
            .removesuffix("</w:p>")
            .replace("<w:p>", "<w:p><w:r><w:t xml:space='preserve'>See </w:t></w:r>")
            + "<w:r><w:instrText>HYPERLINK x</w:instrText><w:t>code</w:t></w:r>"
            '<w:r><w:fldChar w:fldCharType="separate"/><w:t>page 5</w:t>'
            '<w:fldChar w:fldCharType="end"/></w:r></w:p>',
            "See page 5",
        ),
        (run('<w:fldChar w:fldCharType="begin"/>') + SAID, "The mayor said no."),
        (run("<w:t>self</w:t><w:noBreakHyphen/><w:t>made</w:t>"), "self-made"),
        (run("<w:t>hyphen</w:t><w:softHyphen/><w:t>a\u00adtion</w:t>"), "hyphenation"),
        (run("<w:t>in a</w:t><w:br/><w:t>sentence.</w:t><w:br/><w:t>Next.</w:t>"),
         "in a sentence.\n\nNext."),
        (run("<w:t>one</w:t><w:br/><w:br/><w:t>two</w:t>"), "one\n\ntwo"),
        (run("<w:t>Name</w:t><w:tab/><w:t>Age</w:t>"), "Name Age"),
        (run('<w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t>') + SAID, "The mayor said no."),
        (run('<w:rPr><w:vanish w:val="0"/></w:rPr><w:t>shown</w:t>'), "shown"),
        (run('<w:sym w:font="Symbol" w:char="20AC"/><w:t>5</w:t>'), "€5"),
        (run('<w:sym w:font="Wingdings" w:char="F04A"/><w:t>smile</w:t>'), "smile"),
        (
            "<w:p><w:r><w:t>Text.</w:t><mc:AlternateContent><mc:Choice><wps:txbx><w:txbxContent>"
            f"{paragraph('Boxed.')}</w:txbxContent></wps:txbx></mc:Choice><mc:Fallback><w:pict>"
            f"<v:textbox><w:txbxContent>{paragraph('Boxed.')}</w:txbxContent></v:textbox></w:pict>"
            "</mc:Fallback></mc:AlternateContent></w:r></w:p>",
            "Text.\n\nBoxed.",
        ),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{SAID}</w:sdtContent></w:sdt>", "The mayor said no."),
        (
            "<w:p><w:commentRangeStart/><w:r><w:t>No.</w:t></w:r><w:r><w:commentReference/></w:r>"
            "</w:p>",
            "No.",
        ),
    ],
    ids=[
        "tracked changes", "deleted end of a paragraph", "deleted row", "link", "simple field",
        "field", "field without end", "hyphen", "soft hyphens", "line break", "two line breaks",
        "tab", "hidden", "not hidden", "symbol", "symbol of a font", "text box", "control",
        "comment",
    ],
)  # fmt: skip
def test_visible_text_is_read(body: str, text: str) -> None:
    assert text_of(body) == text


def test_footnotes_follow_the_text_in_the_order_of_their_marks() -> None:
    body = (
        '<w:p><w:r><w:t>He left.</w:t><w:footnoteReference w:id="3"/></w:r></w:p>'
        '<w:p><w:r><w:t>She stayed.</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
    )
    notes = "".join(
        f'<w:footnote w:id="{n}">{paragraph(f"Note {n}.")}</w:footnote>' for n in range(4)
    )
    assert text_of(body, footnotes=notes) == "He left.\n\nShe stayed.\n\nNote 3.\n\nNote 2."


def test_a_paragraph_in_the_style_of_a_title_is_the_title() -> None:
    style = '<w:pPr><w:pStyle w:val="Title"/></w:pPr>'
    article = read(docx(paragraph("Bridge closed", style) + SAID, title="Another title"))
    assert article.title == "Bridge closed"


@pytest.mark.parametrize(
    ("title", "author"),
    [("Document1", "user"), ("Microsoft Word - a.doc", "ADMIN"), ("bridge_final.docx", "mq1984"),
     ("Untitled", "Microsoft Office User"), ("", ""), ("template", "m.quill@courier.example")],
)  # fmt: skip
def test_default_properties_of_word_processors_are_ignored(title: str, author: str) -> None:
    article = read(docx(SAID, title=title, author=author))
    assert (article.title, article.origin.author) == ("The mayor said no.", None)


@pytest.mark.parametrize("author", ["Ada Low", "María José Núñez", "Reuters", "J. R. Low-Smith"])
def test_a_name_is_an_author(author: str) -> None:
    assert read(docx(SAID, author=author)).origin.author == author


LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
REFUSED = [
    ("empty body", docx(""), "no text"),
    ("text", b"The mayor said no.", "not a Word document"),
    ("cut off", docx(SAID)[:-40], "damaged"),
    ("no text part", zipped({"word/styles.xml": "<a/>"}), "its text is missing"),
    ("not XML", zipped({"word/document.xml": "<w:document>"}), "damaged"),
    ("spreadsheet", zipped({"xl/workbook.xml": "<workbook/>"}), "a spreadsheet"),
    ("another archive", zipped({"notes.txt": "No."}), "a zip archive"),
    ("entities", docx(paragraph("&b;"), head=LAUGHS), "declares entities"),
    ("a file outside", docx(paragraph("&c;"), head=LAUGHS), "declares entities"),
    ("deep", docx("<w:sdt>" * 3_000 + SAID + "</w:sdt>" * 3_000), ("damaged", "too deeply")),
    ("old", OLE, "an old office document"),
    ("password", OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "reason"), [row[1:] for row in REFUSED],
                         ids=[row[0] for row in REFUSED])  # fmt: skip
def test_other_files_are_refused_with_a_way_out(raw: bytes, reason: str | tuple[str, ...]) -> None:
    assert_refused(raw, reason)


def test_a_document_that_unpacks_to_very_much_is_refused() -> None:
    assert_refused(docx(paragraph("no " * 7_000_000)), "unpacks to more than 20 MB")


def assert_refused(raw: bytes, reason: str | tuple[str, ...]) -> None:
    with pytest.raises(ReadError) as caught:
        read(raw)
    reasons = (reason,) if isinstance(reason, str) else reason
    assert any(one in caught.value.message for one in reasons), caught.value.message
    assert caught.value.hint


def test_an_archive_that_understates_its_size_is_read_within_the_limit() -> None:
    raw = docx(paragraph("no " * 1_000_000))
    size = zipfile.ZipFile(io.BytesIO(raw)).getinfo("word/document.xml").file_size
    with pytest.raises(ReadError, match="damaged"):
        read(raw.replace(size.to_bytes(4, "little"), (1_000).to_bytes(4, "little")))


WHOLE = docx(SAID * 3, footnotes=paragraph("x"), title="Bridge closed", author="Ada Low")


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=8))
def test_damaged_bytes_give_an_article_or_a_reason(changes: list[tuple[int, int]]) -> None:
    raw = bytearray(WHOLE)
    for place, value in changes:
        raw[place] = value
    (piece,) = pieces_of(bytes(raw), "bridge.docx")
    assert piece.articles or piece.problem
    assert piece.problem is None or "failed" not in piece.problem.message
