"""The article that the text of a mail is."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from email.message import Message

from annotator.core.article import Article, title_line
from annotator.errors import ReadError
from annotator.inbox.decoding import checked
from annotator.inbox.html_pages import read_html
from annotator.inbox.mail.mail_headers import origin_of, title_of
from annotator.inbox.mail.mail_message import SAVE_TEXT
from annotator.inbox.mail.mail_parts import Body
from annotator.inbox.mail.mail_text import characters_of_part, plain_text

_BLANK_LINES = re.compile(r"\n\s*\n")
_ADDRESS = re.compile(r"\w+://\S+")
# If the article found in the HTML has less than this share of the words of the plain text, the
# layout misled the reader of pages.
_LEAST_SHARE = 1 / 3


def body_article(
    message: Message, body: Body, name: str | None, encodings: Sequence[str]
) -> Article | None:
    """The article in the text of a mail, from its HTML where there is any; None if it has no words.

    Raises ReadError if the text cannot be read.
    """
    found = _article(body, encodings)
    if found is None:
        return None
    origin = origin_of(message, name)
    origin = replace(origin, outlet=origin.outlet or found.origin.outlet)
    title = title_of(message) or found.title or title_line(found.text)
    return replace(found, title=title, origin=origin)


def _article(body: Body, encodings: Sequence[str]) -> Article | None:
    plain = _plain(body.plain, encodings) if body.is_without_html else None
    if not body.has_html:
        return plain
    try:
        page = _page(body.rich, encodings)
    except ReadError as error:
        if plain is not None:
            return plain
        raise ReadError(error.message, hint=SAVE_TEXT) from error
    if plain is not None and (
        page is None or _words_in(page.text) < _LEAST_SHARE * _words_in(plain.text)
    ):
        return plain
    return page


def _plain(parts: Sequence[Message], encodings: Sequence[str]) -> Article | None:
    texts = (plain_text(part, encodings).strip() for part in parts)
    text = "\n\n".join(text for text in texts if text)
    return Article(checked(text, "", what="The text of the mail")) if text else None


def _page(parts: Sequence[Message], encodings: Sequence[str]) -> Article | None:
    """The article in the parts of the text, put together as one page."""
    page = "\n".join(_as_html(part, encodings) for part in parts)
    if not any(map(str.isalnum, re.sub(r"<[^<>]*>", "", page))):
        return None
    (article,) = read_html(page.encode("utf-8-sig", "surrogatepass"), "")
    return article


def _as_html(part: Message, encodings: Sequence[str]) -> str:
    if part.get_content_type() == "text/html":
        return characters_of_part(part, encodings)
    paragraphs = _BLANK_LINES.split(plain_text(part, encodings))
    return "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs)


def _words_in(text: str) -> int:
    return len(_ADDRESS.sub(" ", text).split())
