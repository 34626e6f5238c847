"""Reads the article and its metadata from a saved web page."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from annotator.core.article import Article, Origin, normalise, title_line
from annotator.errors import FileError, ReadError, TooSlowError
from annotator.inbox.decoding import checked
from annotator.inbox.kinds import page_in_mail
from annotator.inbox.pages.page_bounds import refuse_too_costly
from annotator.inbox.pages.page_clock import TooLongError, within
from annotator.inbox.pages.page_encoding import HEAD, characters_of

if TYPE_CHECKING:
    from trafilatura.settings import Document

# The address as browsers ("Mark of the Web") and SingleFile write it.
_SAVED_FROM = re.compile(
    r"<!--\s*saved from url=\(\d+\)(https?://[^\s<>]{1,2000}?)\s*-->"
    r"|<!--\s*Page saved with SingleFile\s+url:\s*(https?://[^\s<>]{1,2000})",
    re.IGNORECASE,
)
# The line that extraction inserts between the head and the body of a table.
_RULE = re.compile(r"\|(?:-{3,}\|)+")
_TAG = re.compile(r"<[a-zA-Z]")
_BROWSER = "Open the page in a browser and save the article's text as a .txt file."
MOST_SECONDS = 10
"""Processor time allowed for one page. Pages of the public benchmarks take 0.1 to 0.2 s each."""
_KEPT = ("description", "categories", "tags", "license")


def read_html(raw: bytes, name: str, *, encodings: Sequence[str] = ()) -> tuple[Article, ...]:
    """The one article of a saved page: main text, title, and origin as far as the page gives it.

    The text is found by trafilatura; blocks become paragraphs, separated by a blank line. Raises
    ReadError if there is no article, or if reading takes too long.
    """
    raw, address = page_in_mail(raw) or (raw, None)
    html = characters_of(raw, name, encodings)
    if not html.strip():
        raise FileError("is empty", hint="Save the page again.")
    if not _TAG.search(html):
        raise ReadError(
            "No article was found in the page: it is not HTML, it has no elements.",
            hint="If it is plain text, rename it to end in .txt. Otherwise save it from a browser.",
        )
    refuse_too_costly(html, hint=_BROWSER)
    found = _found_in_time(html)
    if found is None or not any(map(str.isalnum, found.text)):
        raise ReadError(
            "No article was found in the page; it may contain only menus or scripts.", hint=_BROWSER
        )
    if found.doubt is not None:
        raise ReadError(found.doubt, hint=_BROWSER)
    page, text = found.page, found.text
    checked(text, name)
    return (
        Article(
            text,
            title=_words(page, "title") or title_line(text),
            origin=Origin(
                name=name,
                outlet=_words(page, "sitename"),
                url=_words(page, "url") or _saved_from(html) or _web_address(address),
                author=found.author if found.author and _can_be_kept(found.author) else None,
                published=_words(page, "date"),
            ),
            meta={key: value for key in _KEPT if (value := _plain(getattr(page, key, None)))},
        ),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What was extracted from a page; `doubt` is why it is probably not the article, if so."""

    page: Document
    text: str
    author: str | None
    doubt: str | None


def _found_in_time(html: str) -> _Found | None:
    # Loading takes half a second and much memory, so only with the first page, outside the limit.
    import trafilatura  # noqa: F401

    try:
        return within(MOST_SECONDS, lambda: _found_in(html))
    except TooLongError as error:
        raise TooSlowError(
            f"No article was found in the page within {MOST_SECONDS} seconds of processor time.",
            hint=_BROWSER,
        ) from error


def _found_in(html: str) -> _Found | None:
    from trafilatura import bare_extraction, load_html

    from annotator.inbox.pages.page_blocks import blocks_of, collapse, in_paragraphs
    from annotator.inbox.pages.page_doubts import doubt
    from annotator.inbox.pages.page_gaps import filled
    from annotator.inbox.pages.page_lead import with_lead
    from annotator.inbox.pages.page_others import without_links, without_others, without_repeats
    from annotator.inbox.pages.page_people import author_of
    from annotator.inbox.pages.page_repair import repair_layout

    # These libraries log their problems with a page; we only need to know whether there is text.
    for library in ("trafilatura", "htmldate", "justext", "readability"):
        logging.getLogger(library).setLevel(logging.CRITICAL + 1)
    # lxml recognises a page without a head only if this word is near its beginning.
    page = load_html(html if "html" in html[:50].lower() else f"<html>{html}")
    if page is None:
        return None
    collapse(page)
    repair_layout(page)
    found = bare_extraction(
        page,
        include_comments=False,
        with_metadata=True,
        # Use only the date that the page states; do not guess from other dates.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    assert not isinstance(found, dict)  # only `as_dict` gives a dict
    if found is None:
        return None
    blocks = blocks_of(page)
    paragraphs = without_links(in_paragraphs(_text_lines(found), blocks), blocks)
    paragraphs = without_others(filled(paragraphs, blocks), blocks)
    paragraphs = without_repeats(paragraphs, blocks)
    paragraphs = with_lead(paragraphs, blocks, found.title or "", found.description or "")
    return _Found(
        found,
        "\n\n".join(one.text for one in paragraphs),
        author_of(page, blocks, guess=found.author, outlet=found.sitename),
        doubt(paragraphs, blocks, size=len(html)),
    )


def _text_lines(page: Document) -> list[str]:
    lines = normalise(page.text or "").split("\n")
    words = (_RULE.sub("", line).strip() for line in lines)
    return [_without_bars(line) for line in words if line]


def _without_bars(line: str) -> str:
    """A table row without the bars that extraction puts around it; other lines unchanged."""
    is_row = line.startswith("|") and line.endswith("|") and len(line) > 1
    return line[1:-1].strip() if is_row else line


def _web_address(address: str | None) -> str | None:
    return address if address and address.startswith(("http://", "https://")) else None


def _saved_from(html: str) -> str | None:
    """The address that the browser wrote into the page on saving; None if it did not."""
    found = _SAVED_FROM.search(html[:HEAD])
    return (found[1] or found[2]) if found else None


def _words(page: Document | None, field: str) -> str | None:
    value = getattr(page, field, None)
    words = " ".join(value.split()) if isinstance(value, str) else ""
    return words if words and _can_be_kept(words) else None


def _plain(value: Any) -> str | list[str] | None:
    if isinstance(value, str):
        return value if _can_be_kept(value) else None
    words = [word for word in value or () if isinstance(word, str) and word and _can_be_kept(word)]
    return words or None


def _can_be_kept(words: str) -> bool:
    return "\0" not in words and not any("\ud800" <= letter <= "\udfff" for letter in words)
