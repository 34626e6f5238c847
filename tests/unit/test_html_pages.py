"""Saved web pages: the article, its metadata, the encoding."""

from __future__ import annotations

import codecs
import contextlib

import pytest

from annotator.core.article import Article
from annotator.errors import ReadError
from annotator.inbox import html_pages
from annotator.inbox.pages.page_bounds import refuse_too_costly
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


PARAGRAPHS = (
    "The council of Varnholm said no on Tuesday to the plan of a bridge, after a debate of hours.",
    "“Nobody should expect more of us than that,” the mayor said as she left the chamber at dawn.",
    "Residents of Lower Quay disagreed, and a spokesman called the vote a mistake for the town.",
)


@pytest.mark.parametrize(
    "body",
    [
        "<table><tr><td class=menu>Home</td><td><p>{}</p><p>{}</p><p>{}</p></td></tr></table>",
        "<table><tr><td><table><tr><td>{}<br><br>{}<br><br>{}</table></td></tr></table>",
        "<article><div>{}<div class=ad>Advertisement</div>{}</div><p>{}</p></article>",
        "<center>{}<p>{}<p>{}</center>",
        "<div><p>{}<div></p>{}</span></div><p>{}</b></div>",
        "<div>{}<br><br>{}<br><br>{}</div>",
    ],
    ids=["table", "table in table", "advertising", "first", "broken", "breaks"],
)
def test_every_paragraph_of_an_old_or_broken_page_is_a_line(body: str) -> None:
    html = f"<html><body>{body.format(*PARAGRAPHS)}</body></html>"
    lines = read(html.encode()).text.split("\n")
    assert [line for line in lines if line in PARAGRAPHS] == list(PARAGRAPHS)


def test_bare_text_keeps_what_stands_within_it() -> None:
    first, *rest = PARAGRAPHS
    linked = first.replace("Varnholm", '<a href="/v">Varnholm</a>').replace("Tues", "<b>Tues</b>")
    html = f"<article>{linked}<p>{rest[0]}</p>{rest[1]}</article>"
    assert read(html.encode()).text.split("\n\n") == list(PARAGRAPHS)


@pytest.mark.parametrize("before", ["", "<body>", f"<!-- {'x' * 60} --><html><body>"])
def test_a_page_without_head_is_a_page(before: str) -> None:
    assert read(f"{before}<p>{PARAGRAPHS[0]}</p>".encode()).text == PARAGRAPHS[0]


def test_a_table_of_figures_is_its_rows() -> None:
    rows = "<tr><th>Year</th><th>Boats</th></tr><tr><td>2009</td><td>95</td></tr>"
    body = "".join(f"<p>{words}</p>" for words in PARAGRAPHS)
    html = f"<article>{body}<table>{rows}</table></article>"
    assert read(html.encode()).text.split("\n\n")[-2:] == ["Year | Boats", "2009 | 95"]


def test_noscript_text_is_not_an_article() -> None:
    html = b"<body><div id=app></div><noscript>You need JavaScript to run this.</noscript></body>"
    with pytest.raises(ReadError, match="No article was found in the page"):
        read(html)


@pytest.mark.parametrize(
    "remark",
    [
        "<!-- saved from url=(0027)https://post.example/bridge -->",
        "<!--\n Page saved with SingleFile \n url: https://post.example/bridge \n date: x -->",
    ],
)
def test_the_address_that_a_browser_saved_with_the_page_is_its_own(remark: str) -> None:
    html = f"<!DOCTYPE html>\n{remark}\n<html><body><p>{PARAGRAPHS[0]}</p></body></html>"
    assert read(html.encode()).origin.url == "https://post.example/bridge"
    assert read((remark + page()).encode()).origin.url == "https://post.example/bridge"


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
        "many bytes that the declared encoding does not have",
        page(META.format("windows-1252")).encode("cp1252") + b"\x81" * 30,
        "but its byte 0x81",
        "UTF-8",
    ),
    ("unknown encoding", page(META.format("klingon")).encode(), "klingon", "browser"),
    ("no encoding of texts", page(META.format("hex")).encode(), "hex", "browser"),
    ("an escape", page(META.format("unicode_escape")).encode(), "unicode_escape", "browser"),
    ("NULs all over", page().replace("a", "a\0").encode(), "NUL", "tr -d"),
    ("a PDF", b"%PDF-1.7", "a PDF document", ".pdf"),
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
        "<p>a</p>" * 5_000,
        "<" * 500_000,
        "&amp;" * 200_000,
        "<table><tr><td>" * 8_000 + "The mayor said no.",
        "<div><p>x</p><span>" * 8_000 + "The mayor said no.",
        "<div>x</div>" * 20_000,
        f"{'The mayor said no. ' * 5}<hr>" * 5_000,
        "<p " + "a=1 " * 100_000 + ">The mayor said no.</p>",
    ],
    ids=[
        "deep",
        "unclosed",
        "many",
        "brackets",
        "characters",
        "attributes",
        "tables",
        "mixed",
        "flat",
        "bare",
    ],
)
def test_pages_made_to_hurt_end_as_an_article_or_with_a_reason(body: str) -> None:
    (piece,) = pieces_of(f"<html><body>{body}".encode(), "bomb.html")
    said = piece.problem.message if piece.problem else ""
    assert bool(said) != bool(piece.articles)
    assert "failed" not in said


@pytest.mark.parametrize(
    "tag",
    [
        "<a " + " ".join(f"x{n}=1" for n in range(15_000)) + ">",
        "<a " + " ".join(f"x{n}" for n in range(15_000)) + ">",
        "<a " + "/".join(f"x{n}='>'" for n in range(15_000)) + ">",
        '<a t=">"' + " ".join(f"x{n}" for n in range(15_000)) + ">",
        '<a t="<p>"\n' + "\n".join(f'x{n} = "<"' for n in range(15_000)) + ">",
        "<body " + " ".join(f"x{n}" for n in range(110_000)),
    ],
    ids=["values", "names", "slashes", "end in quotes", "tags in quotes", "unclosed"],
)
def test_a_page_with_an_element_of_countless_attributes_is_refused_unparsed(
    tag: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(html_pages, "_found_in", lambda _: pytest.fail("it was parsed"))
    with pytest.raises(ReadError, match="thousands of attributes"):
        articles_of(f"<html>{tag}b</a><p>The mayor said no.</p>".encode(), "page.html")


@pytest.mark.parametrize(
    "tag",
    [
        "<a style='" + "color: red; " * 5_000 + "'>",
        '<a data-state="' + "{'a': 1} " * 5_000 + '">',
        "<a " + " ".join(f"x{n}=1" for n in range(100)) + ">",
        "<p>" + "a < b, 'c' > d " * 2_000,
    ],
)
def test_long_values_and_signs_in_a_text_are_no_attributes(tag: str) -> None:
    page = f"<html><body>{tag}b</a><article><p>{PARAGRAPHS[0]}</p></article></body></html>"
    assert PARAGRAPHS[0] in read(page.encode()).text


def test_counting_takes_time_in_proportion_to_the_page() -> None:
    """Each of these would take minutes if steps were retraced."""
    for piece in (
        "<a ",
        "<a '",
        '<a "',
        "<a x='<",
        "<a = ' = ",
        "<a" + " " * 100,
        "<a x=",
        "<a/'\"",
    ):
        with contextlib.suppress(ReadError):
            refuse_too_costly(piece * 24_000, hint="")


def test_a_page_of_countless_elements_is_refused_unparsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_pages, "_found_in", lambda _: pytest.fail("it was parsed"))
    with pytest.raises(ReadError, match="more than 25,000 elements"):
        articles_of(b"<html><body>" + b"<p>a</p>" * 25_001, "archive.html")


@pytest.mark.parametrize("declared", ["gb2312", "us-ascii", "windows-1252", "shift_jis"])
def test_a_page_that_is_utf_8_is_read_as_that_whatever_it_declares(declared: str) -> None:
    assert read(page(META.format(declared)).encode()).text == TEXT


@pytest.mark.parametrize(
    ("damaged", "text"),
    [
        (b"na\xef\xbf\xc3ve", "na\ufffd\ufffdve"),
        (b"na\xc3ve", "na\ufffdve"),
        (b"na\0\xc3\xafve", "naïve"),
    ],
    ids=["half a character", "one byte", "NUL"],
)
def test_a_few_damaged_bytes_cost_themselves_and_not_the_page(damaged: bytes, text: str) -> None:
    raw = page(META.format("utf-8")).encode().replace("naïve".encode(), damaged)
    assert read(raw).text == TEXT.replace("naïve", text)


def test_a_nul_in_a_script_costs_nothing() -> None:
    assert read(page().replace("var menu", "var nul = '\0', menu").encode()).text == TEXT


def test_a_byte_that_the_declared_encoding_does_not_have_costs_itself() -> None:
    raw = page(META.format("windows-1252")).encode("cp1252")
    assert read(raw.replace(b"ve plan", b"ve\x81 plan")).text == TEXT.replace(
        "ve plan", "ve\ufffd plan"
    )


def test_a_mark_of_utf_16_is_believed_before_a_declaration() -> None:
    raw = codecs.BOM_UTF16_LE + page(META.format("utf-8")).encode("utf-16-le")
    assert read(raw).text == TEXT
