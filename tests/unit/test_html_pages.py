"""Saved web pages: the article in them, what they say of themselves, what they are written in."""

from __future__ import annotations

import codecs

import pytest

from annotator.core.article import Article
from annotator.errors import ReadError
from annotator.inbox import html_pages
from annotator.inbox.readers import articles_of, pieces_of

PAGE = """<!DOCTYPE html>
<html lang="en"><head>{declared}<title>Council rejects bridge | Varnholm Post</title>
<meta property="og:site_name" content="Varnholm Post">
<meta property="og:title" content="Council rejects bridge">
<meta name="author" content="Ada Low">
<meta name="description" content="A long debate ends.">
<link rel="canonical" href="https://post.example/bridge">
<meta property="article:published_time" content="2018-12-19T09:00:00Z">
<style>p {{ color: red }}</style><script>var menu = "<p>no</p>";</script></head>
<body><nav><a href="/">Home</a> <a href="/world">World</a></nav>
<article><p>The council of Varnholm said no on Tuesday to the naïve plan of a bridge.</p>
<p>“Nobody should expect more,” the mayor said, after a debate of ten hours.</p></article>
<footer>All rights reserved</footer></body></html>
"""
TEXT = (
    "The council of Varnholm said no on Tuesday to the naïve plan of a bridge.\n\n"
    "“Nobody should expect more,” the mayor said, after a debate of ten hours."
)
META = '<meta charset="{}">'


def page(declared: str = "") -> str:
    return PAGE.format(declared=declared)


def read(raw: bytes, **how: tuple[str, ...]) -> Article:
    (article,) = articles_of(raw, "bridge.html", **how)
    return article


def test_a_page_gives_its_article_and_what_it_says_of_itself() -> None:
    article = read(page().encode())
    assert article.text == TEXT
    assert article.title == "Council rejects bridge"
    origin = article.origin
    assert (origin.name, origin.outlet, origin.author) == (
        "bridge.html",
        "Varnholm Post",
        "Ada Low",
    )
    assert (origin.url, origin.published) == ("https://post.example/bridge", "2018-12-19")
    assert origin.part is None
    assert article.meta == {"description": "A long debate ends."}


def test_a_page_that_says_nothing_of_itself_has_its_first_line_for_a_title() -> None:
    article = read(b"<html><body><article><p>The mayor said no.</p></article></body></html>")
    assert (article.text, article.title) == ("The mayor said no.", "The mayor said no.")
    assert article.origin.url is None
    assert article.origin.published is None


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
        (META.format("utf-8"), "utf-8"),
        (META.format("windows-1252"), "cp1252"),
        (META.format("ISO-8859-1"), "cp1252"),  # which is what browsers take it for
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">',
            "cp1252",
        ),
        (META.format("windows-1252"), "utf-8-sig"),  # a mark is surer than a word
        (META.format("macintosh"), "mac-roman"),
    ],
)
def test_a_page_is_read_in_what_it_says_it_is_written_in(declared: str, encoding: str) -> None:
    assert read(page(declared).encode(encoding)).text == TEXT


def test_a_declaration_of_xml_counts_too() -> None:
    raw = b'<?xml version="1.0" encoding="windows-1252"?>\n' + page().encode("cp1252")
    assert read(raw).text == TEXT


def test_an_undeclared_page_is_read_in_the_encoding_that_the_workspace_names() -> None:
    assert read(page().encode("cp1252"), encodings=("cp1252",)).text == TEXT


REFUSED = [
    ("empty", b"", "is empty", "Save"),
    ("no text", b"<html><body><script>go()</script></body></html>", "No article", "browser"),
    ("pictures alone", b"<html><body><img src='a.png'><hr></body></html>", "No article", "browser"),
    ("not HTML", b"The mayor said no.", "No article", "browser"),
    ("undeclared", page().encode("cp1252"), "probably WINDOWS-1252", "iconv"),
    (
        "declared as UTF-8",
        page(META.format("utf-8")).encode("cp1252"),
        "not UTF-8",
        "iconv",
    ),
    (
        "declared as what it is not",
        page(META.format("us-ascii")).encode(),
        "written in us-ascii, but it is written in UTF-8",
        "charset",
    ),
    (
        "bytes that the declared encoding does not have",
        page(META.format("windows-1252")).encode("cp1252") + b"\x81",
        "which its byte 0x81",
        "UTF-8",
    ),
    ("unknown encoding", page(META.format("klingon")).encode(), "klingon", "browser"),
    ("no encoding of texts", page(META.format("hex")).encode(), "hex", "browser"),
    ("an escape", page(META.format("unicode_escape")).encode(), "unicode_escape", "browser"),
    ("NUL", page().replace("naïve", "na\0ve").encode(), "NUL", "tr -d"),
    ("a PDF", b"%PDF-1.7", "a PDF document", "pdftotext"),
    ("half a character", b"<html><body><p>He said \xed\xa0\x80 no", "not UTF-8", "iconv"),
    ("cut off", page().encode()[: page().encode().index(b"\xc3\xaf") + 1], "breaks off", "again"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "reason", "hint"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_a_page_without_article_is_refused_with_a_way_out(
    raw: bytes, reason: str, hint: str
) -> None:
    with pytest.raises(ReadError) as caught:
        articles_of(raw, "bridge.html")
    assert reason in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 40_000,
        "<b>x " * 20_000,
        "<p>a</p>" * 20_000,
        "<" * 500_000,
        "&amp;" * 200_000,
        "<p " + "a=1 " * 100_000 + ">The mayor said no.</p>",
    ],
    ids=["deep", "unclosed", "many", "brackets", "characters", "attributes"],
)
def test_pages_made_to_hurt_end_as_an_article_or_with_a_reason(body: str) -> None:
    (piece,) = pieces_of(f"<html><body>{body}".encode(), "bomb.html")
    said = piece.problem.message if piece.problem else ""
    assert bool(said) != bool(piece.articles)
    assert "failed" not in said


def test_a_page_of_countless_elements_is_refused_unparsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_pages, "_extracted", lambda _: pytest.fail("it was parsed"))
    with pytest.raises(ReadError, match="more than 25,000 elements"):
        articles_of(b"<html><body>" + b"<p>a</p>" * 25_001, "archive.html")


def test_a_mark_of_utf_16_is_believed_before_a_declaration() -> None:
    raw = codecs.BOM_UTF16_LE + page(META.format("utf-8")).encode("utf-16-le")
    assert read(raw).text == TEXT
