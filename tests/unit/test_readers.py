"""From bytes to articles, and every refusal with a helpful message."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from importlib.metadata import EntryPoint

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.article import Article, normalise
from annotator.errors import ReadError
from annotator.inbox import readers
from annotator.inbox.decoding import text_of
from annotator.inbox.encoding_hints import likely_encoding
from annotator.inbox.readers import articles_of, pieces_of, read_text

PLAIN = "Council Rejects Bridge\n\nThe council of Varnholm said no on Tuesday.\n"
ACCENTS = "Le maire a déclaré jeudi que le pont était fermé à la circulation. " * 4
CYRILLIC = "Мэр города заявил в четверг, что мост закрыт для движения до осени. " * 4


def test_a_text_file_is_one_article_with_its_title_line_in_the_text() -> None:
    (article,) = articles_of(PLAIN.encode(), "bridge.txt")
    assert article.text == PLAIN
    assert article.title == "Council Rejects Bridge"
    assert article.origin.name == "bridge.txt"


def test_a_markdown_file_is_read_unchanged() -> None:
    (article,) = articles_of(b"# Bridge\n\nIt is *closed*.", "bridge.MD")
    assert article.text == "# Bridge\n\nIt is *closed*."
    assert article.title == "Bridge"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"\xef\xbb\xbfA mark before it.", "A mark before it."),
        (b"One\r\ntwo\rthree\n", "One\ntwo\nthree\n"),
        ("Naïve".encode("utf-16"), "Naïve"),
        (codecs.BOM_UTF16_BE + "Naïve".encode("utf-16-be"), "Naïve"),
        (b"  Kept blanks \n\n\n", "  Kept blanks \n\n\n"),
        (b"\x1b[31mRed\x1b[0m and [bold]no[/bold]", "\x1b[31mRed\x1b[0m and [bold]no[/bold]"),
        ("Decomposed e\u0301 stays".encode(), "Decomposed e\u0301 stays"),
        ("\u202eright to left\u202c".encode(), "\u202eright to left\u202c"),
        ("Joined \U0001f468\u200d\U0001f469".encode(), "Joined \U0001f468\u200d\U0001f469"),
        (b"Form\x0cfeed and\ttab", "Form\x0cfeed and\ttab"),
        (
            "Line\u2028separator and a stray \ufffd".encode(),
            "Line\u2028separator and a stray \ufffd",
        ),
        (b"x", "x"),
        (b"a" * 5_000_000, "a" * 5_000_000),
        (b"\n" * 1_000_000 + b"End.", "\n" * 1_000_000 + "End."),
    ],
)
def test_text_is_kept_unchanged(raw: bytes, text: str) -> None:
    (article,) = read_text(raw, "odd.txt")
    assert article.text == text


REFUSED = [
    ("empty", b"", "empty", "Save the article's text"),
    ("blank", b" \n\t\n", "empty", "Save the article's text"),
    ("a mark alone", codecs.BOM_UTF8, "empty", "Save the article's text"),
    ("a million blank lines", b"\n" * 1_000_000, "empty", "Save the article's text"),
    ("rules only", b"-----\n*****\n", "no words", "Save the article's text"),
    ("NUL", b"The mayor\0said no.", "NUL", "tr -d"),
    ("NUL at the end", PLAIN.encode() + b"\0", "NUL", "tr -d"),
    (
        "UTF-16 without mark",
        PLAIN.encode("utf-16-le"),
        "UTF-16 without its mark",
        "iconv -f UTF-16LE",
    ),
    (
        "UTF-16BE without mark",
        PLAIN.encode("utf-16-be"),
        "UTF-16 without its mark",
        "iconv -f UTF-16BE",
    ),
    ("UTF-16 cut off", "Naïve".encode("utf-16")[:-1], "UTF-16 text breaks off", "copy it again"),
    (
        "UTF-16 half character",
        codecs.BOM_UTF16_LE + b"\x00\xd8a\x00",
        "UTF-16 text breaks off",
        "copy it again",
    ),
    ("UTF-32", PLAIN.encode("utf-32"), "UTF-32", "iconv -f UTF-32"),
    (
        "UTF-8 cut off",
        "Varnholm said no to café".encode()[:-1],
        "UTF-8 text breaks off",
        "copy it again",
    ),
    ("half character as UTF-8", b"A lone \xed\xa0\x80 surrogate", "not UTF-8", "iconv -f"),
    ("Latin-1", ACCENTS.encode("latin-1"), "probably", "iconv -f"),
    ("windows-1251", CYRILLIC.encode("cp1251"), "probably WINDOWS-1251", "iconv -f WINDOWS-1251"),
    ("random bytes", bytes(range(256)) * 8, "binary", "plain text"),
    ("controls that decode", bytes([1, 2, 3, 4, 65]) * 50, "control characters", "plain text"),
    ("PDF", b"%PDF-1.7\n%\xe2\xe3", "a PDF document", "Rename it to end in .pdf"),
    ("RTF", b"{\\rtf1\\ansi The mayor said no.}", "an RTF document", "plain text"),
    ("RTF behind a mark", codecs.BOM_UTF8 + b"{\\rtf1 no}", "an RTF document", "plain text"),
    ("Word", b"PK\x03\x04" + b"\0" * 26 + b"word/document.xml", "a Word document", ".docx"),
    (
        "OpenDocument",
        b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.text",
        "an OpenDocument text",
        "Rename it to end in .odt",
    ),
    ("spreadsheet", b"PK\x03\x04....xl/workbook.xml", "a spreadsheet", "plain text"),
    ("zip", b"PK\x03\x04....notes.txt", "a zip archive", "Unpack"),
    (
        "old Word",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99,
        "an old office document",
        "plain text",
    ),
    ("gzip", b"\x1f\x8b\x08\0\0", "a gzip archive", "gunzip"),
    ("PNG", b"\x89PNG\r\n\x1a\n", "a picture", "text"),
    ("JPEG", b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture", "text"),
    ("program", b"\x7fELF\x02\x01\x01", "a program", "Remove"),
    ("program of Windows", b"MZ\x90\0\x03", "a program", "Remove"),
    ("sound", b"ID3\x04\0\0", "a sound recording", "text"),
    ("film", b"\0\0\0\x18ftypmp42", "a film", "text"),
    ("tar", b"notes.txt" + b"\0" * 248 + b"ustar\0", "a tar archive", "tar -xf odd.txt"),
    ("PostScript", b"%!PS-Adobe-3.0\n", "a PostScript document", "ps2ascii odd.txt"),
    ("zstandard", b"\x28\xb5\x2f\xfd\x04", "a zstandard archive", "unzstd"),
    ("RTF behind a blank line", b"\r\n{\\rtf1 no}", "an RTF document", "plain text"),
    ("a book", b"PK\x03\x04mimetypeapplication/epub+zip", "a book", "plain text"),
    (
        "Word with large pictures before its text",
        b"PK\x03\x04pictures" + bytes(200_000) + b"PK\x01\x02word/document.xml",
        "a Word document",
        "Rename it to end in .docx",
    ),
]


@pytest.mark.parametrize(("raw", "reason", "hint"), [row[1:] for row in REFUSED],
                         ids=[row[0] for row in REFUSED])  # fmt: skip
def test_non_text_is_refused_with_reason_and_advice(raw: bytes, reason: str, hint: str) -> None:
    with pytest.raises(ReadError) as caught:
        articles_of(raw, "odd.txt")
    assert reason in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize("name", ["note.xyz", "note", "note.rtf"])
def test_a_suffix_without_reader_is_refused_with_the_readable_ones(name: str) -> None:
    with pytest.raises(ReadError, match="no reader for") as caught:
        articles_of(PLAIN.encode(), name)
    assert ".md" in caught.value.hint
    assert ".txt" in caught.value.hint


@pytest.mark.parametrize("letters", ["MZ", "ID3", "RIFF", "PAR1", "OggS"])
def test_text_that_starts_like_a_binary_file_is_text(letters: str) -> None:
    (article,) = articles_of(f"{letters} is what they say.".encode(), "odd.txt")
    assert article.text.startswith(letters)


@pytest.mark.parametrize("suffix", ["txt", "md", "html", "htm", "json", "jsonl", "odt", "docx"])
def test_documents_are_recognised_by_content_under_any_suffix(suffix: str) -> None:
    with pytest.raises(ReadError, match="a PDF document"):
        articles_of(b"%PDF-1.7\n%\xe2\xe3", f"paper.{suffix}")


def test_a_name_in_the_hint_is_safe_to_paste_into_a_shell() -> None:
    with pytest.raises(ReadError) as caught:
        articles_of(ACCENTS.encode("latin-1"), "my notes; rm -rf.txt")
    assert "'my notes; rm -rf.txt'" in caught.value.hint


def test_a_configured_fallback_encoding_is_tried() -> None:
    raw = ACCENTS.encode("cp1252")
    (article,) = articles_of(raw, "odd.txt", encodings=("ascii", "cp1252"))
    assert article.text == ACCENTS


def test_utf_8_is_never_read_in_a_fallback_encoding() -> None:
    (article,) = articles_of(ACCENTS.encode(), "odd.txt", encodings=("cp1252",))
    assert article.text == ACCENTS


@pytest.mark.parametrize("side", ["utf-16-le", "UTF_16BE"])
def test_unmarked_utf_16_is_read_if_configured(side: str) -> None:
    raw = "The mayor said no.\n".encode(side)
    with pytest.raises(ReadError, match="UTF-16 without its mark"):
        articles_of(raw, "odd.txt", encodings=("cp1252",))
    (article,) = articles_of(raw, "odd.txt", encodings=("cp1252", side))
    assert article.text == "The mayor said no.\n"


def test_an_unknown_fallback_encoding_is_reported_with_its_setting() -> None:
    with pytest.raises(ReadError, match="latin-17") as caught:
        articles_of(ACCENTS.encode("latin-1"), "odd.txt", encodings=("latin-17",))
    assert "annotator.toml" in caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "Der Bürgermeister sagte, die Brücke müsse schließen.",
        "“The mayor’s office,” she said – naïve to the end…",
        "El alcalde dijo: «¡No más puentes, señor!»",
        ACCENTS,
    ],
)
def test_western_text_is_recognised_by_its_letters(text: str) -> None:
    assert likely_encoding(text.encode("cp1252")) == "WINDOWS-1252"


def test_the_guessed_encoding_can_decode_the_text() -> None:
    guess = likely_encoding(CYRILLIC.encode("cp1251"))
    assert guess is not None
    assert CYRILLIC.encode("cp1251").decode(guess) == CYRILLIC


def test_a_failing_reader_affects_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = EntryPoint("boom", "tests.unit.test_readers:failing_reader", readers.GROUP)
    monkeypatch.setattr(readers, "_registered", lambda: {".boom": broken})
    with pytest.raises(ReadError, match=r"reader for \.boom files failed: ZeroDivisionError"):
        articles_of(PLAIN.encode(), "a.boom")


def test_a_reader_that_fails_to_load_is_reported_with_its_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    absent = EntryPoint("gone", "no_such_package:read", readers.GROUP)
    monkeypatch.setattr(readers, "_registered", lambda: {".gone": absent})
    with pytest.raises(ReadError, match="cannot be loaded") as caught:
        articles_of(PLAIN.encode(), "a.gone")
    assert "no_such_package:read" in caught.value.hint


def test_a_third_party_reader_may_fail_after_many_articles(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stanzas = EntryPoint("poem", "tests.unit.test_readers:reader_of_stanzas", readers.GROUP)
    monkeypatch.setattr(readers, "_registered", lambda: {".poem": stanzas})
    (piece,) = pieces_of(b"One.\n\nTwo.\n\nThree.\n\n", "a.poem")
    assert [(a.text, a.origin.part) for a in piece.articles] == [
        ("One.", None),
        ("Two.", "2"),
        ("Three.", "3"),
    ]
    assert piece.problem is not None
    assert "ValueError" in piece.problem.message


def reader_of_stanzas(
    raw: bytes, name: str, *, encodings: tuple[str, ...] = ()
) -> Iterator[Article]:
    for stanza in text_of(raw, name, encodings=encodings).split("\n\n"):
        if not stanza:
            raise ValueError("an empty stanza")
        yield Article(stanza)


def failing_reader(raw: bytes, name: str, *, encodings: tuple[str, ...] = ()) -> None:
    raise ZeroDivisionError((raw, name, encodings))


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"])).filter(
        lambda t: any(map(str.isalnum, t))
    )
)
def test_any_utf_8_text_is_read_unchanged(text: str) -> None:  # fmt: skip
    assert text_of(text.encode(), "any.txt") == normalise(text)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        (article,) = articles_of(raw, "any.txt")
    except ReadError:
        return
    assert "\0" not in article.text
    assert article.text.encode()


def test_readers_of_other_packages_are_found_beside_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    stanzas = EntryPoint("Poem", "tests.unit.test_readers:reader_of_stanzas", readers.GROUP)
    stale = EntryPoint("txt", "annotator.moved:read_text", readers.GROUP)
    monkeypatch.setattr(readers, "entry_points", lambda group: (stanzas, stale))  # noqa: ARG005
    readers._registered.cache_clear()
    try:
        assert articles_of(b"One.\n\nTwo.", "a.poem")[1].text == "Two."
        assert articles_of(PLAIN.encode(), "a.txt")[0].text == PLAIN
    finally:
        readers._registered.cache_clear()
