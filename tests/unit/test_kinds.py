"""Pages and mail under a text suffix are refused; articles that quote them are not."""

from __future__ import annotations

import pytest

from annotator.errors import ReadError
from annotator.inbox.readers import articles_of, pieces_of

SENTENCE = "Ada Low said the bridge was closed."
MAIL = (
    "From: Ada Low <ada@example.org>\nTo: desk@example.org\nSubject: Bridge\nMIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    "The bridge =E2=80=93 the only one =E2=80=93 was closed on Mon=\nday.\n"
)
MHTML = (
    "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://post.example/bridge\r\n"
    "Subject: Bridge\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
    '\ttype="text/html";\r\n\tboundary="--=_x"\r\n\r\n\r\n----=_x\r\nContent-Type: text/html\r\n'
    "Content-Transfer-Encoding: quoted-printable\r\nContent-Location: https://post.example/b\r\n\r\n"
    '<!DOCTYPE html><html><head><meta http-equiv=3D"Content-Type" content=3D"text/html; charset=3D'
    'UTF-8"><title>B</title></head><body><article><p>The bridge =E2=80=93 the only one =E2=80=93 '
    "was closed on Mon=\r\nday, Ada Low said.</p></article></body></html>\r\n"
    "----=_x\r\nContent-Type: text/css\r\n\r\np { color: red }\r\n----=_x--\r\n"
)


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        (f"<!DOCTYPE html>\n<html><body><p>{SENTENCE}</p></body></html>", "web page", ".html"),
        (f"\n  <html lang=en><body>{SENTENCE}</body></html>", "web page", ".html"),
        (
            f"<!-- saved from url=(1)x -->\n<HTML><BODY>{SENTENCE}</BODY></HTML>",
            "web page",
            ".html",
        ),
        (f'<?xml version="1.0"?>\n<!DOCTYPE html><html>{SENTENCE}</html>', "web page", ".html"),
        (f"<div class='a'><p>{SENTENCE}</p></div>\n", "web page", ".html"),
        (f"<?xml version='1.0'?><rss><item>{SENTENCE}</item></rss>", "XML", ".jsonl"),
        (MAIL, "mail", ".eml"),
        ("From ada@example.org Mon Jan  5 10:00:00 2026\n" + MAIL, "mail", ".eml"),
        ("Received: from a\n\tby b\n" * 9 + MAIL, "mail", ".eml"),
        (MHTML.replace("\r\n", "\n"), "MHTML", ".html"),
    ],
)
def test_markup_and_mail_in_a_text_file_are_refused(text: str, what: str, hint: str) -> None:
    with pytest.raises(ReadError) as caught:
        articles_of(text.encode(), "bridge.txt")
    assert what in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        f"{SENTENCE} Its page begins with <html> and <body>.",
        f"The tag <p> is old.\n\n{SENTENCE}\n<p>A paragraph.</p>",
        f"<b>Bridge closed</b>\n\n{SENTENCE}",
        f"From: the harbour\n\n{SENTENCE}",
        f"Subject: the bridge\nDate: Monday\n\n{SENTENCE}",
        f"From: Ada\nTo: Bob\nSubject: Bridge\n\n{SENTENCE}",
        f"Note: this is no mail.\nTwo: neither.\nThree: nor this.\n\n{SENTENCE}",
        f"<3 the bridge. {SENTENCE}",
    ],
)
def test_a_text_that_quotes_a_tag_or_starts_like_a_letter_is_read(text: str) -> None:
    (article,) = articles_of(text.encode(), "bridge.txt")
    assert article.text == text


def test_markdown_may_contain_html_elements() -> None:
    text = f"<div align=center>Bridge</div>\n\n{SENTENCE}\n<p>End.</p>"
    assert articles_of(text.encode(), "bridge.md")[0].text == text


def test_mhtml_under_the_suffix_of_a_page_is_read() -> None:
    (article,) = articles_of(MHTML.encode(), "bridge.html")
    assert article.text == "The bridge – the only one – was closed on Monday, Ada Low said."
    assert article.origin.url == "https://post.example/bridge"


@pytest.mark.parametrize(
    "raw",
    [
        MHTML.encode()[:400],
        MHTML.replace("text/html", "text/plain").encode(),
        MHTML.replace("quoted-printable", "klingon").encode(),
        MHTML.replace("text/html\r\nContent-T", "text/html; charset=klingon\r\nContent-T").encode(),
        MAIL.encode(),
    ],
)
def test_damaged_mhtml_is_read_or_refused(raw: bytes) -> None:
    (piece,) = pieces_of(raw, "bridge.html")
    said = piece.problem.message if piece.problem else ""
    assert bool(said) != bool(piece.articles)
    assert "failed" not in said
