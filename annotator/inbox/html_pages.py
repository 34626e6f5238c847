"""Web pages as they were saved: the article in them, and what the page says of itself."""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from annotator.core.article import Article, Origin, normalise, title_line
from annotator.errors import ReadError
from annotator.inbox.decoding import checked, decoded

if TYPE_CHECKING:
    from trafilatura.settings import Document

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# A page says what it is written in within its first kilobyte; some say it a little later.
_HEAD = 4096
_DECLARED = re.compile(
    rb"""<meta\b[^>]{0,300}?\bcharset\s*=\s*["']?\s*([\w.:-]{1,40})"""
    rb"""|^\s*<\?xml\b[^>]{0,100}?\bencoding\s*=\s*["']([\w.:-]{1,40})""",
    re.IGNORECASE,
)
# What browsers take these names for (the Encoding Standard of the WHATWG): supersets of them.
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}
_OTHER_NAMES = {"x-sjis": "cp932", "x-gbk": "gb18030", "unicode": "utf-8", "macintosh": "mac-roman"}
# Python knows more by name than what texts are written in.
_OF_TEXTS = re.compile(
    r"ascii|utf-8|utf-16.*|iso8859-\d+|iso2022_\w+|cp\d+|koi8-\w|mac-\w+|tis-620"
    r"|shift_jis\w*|euc_\w+|gb\d+|gbk|hz|big5\w*|johab"
)
# As browsers write it ("Mark of the Web"), and SingleFile.
_SAVED_FROM = re.compile(
    r"<!--\s*saved from url=\(\d+\)(https?://[^\s<>]{1,2000}?)\s*-->"
    r"|<!--\s*Page saved with SingleFile\s+url:\s*(https?://[^\s<>]{1,2000})",
    re.IGNORECASE,
)
# The line that extraction puts between the head of a table and its figures.
_RULE = re.compile(r"\|(?:-{3,}\|)+")
_TAG = re.compile(r"<[a-zA-Z]")
# Extraction takes longer than in proportion: one or two seconds for so many, minutes for ten
# times as many.
_MOST_TAGS = 25_000
_BROWSER = "Open the page in a browser and save the article's text as a .txt file."
_KEPT = ("description", "categories", "tags", "license")


def read_html(raw: bytes, name: str, *, encodings: Sequence[str] = ()) -> tuple[Article, ...]:
    """The one article of a saved page: main text, title, and origin as far as the page says so.

    Text is found by trafilatura; each of its blocks is a paragraph, with a blank line between.
    """
    html = _characters(raw, name, encodings)
    if "\0" in html:
        checked(html, name, raw)
    if not html.strip():
        raise ReadError("The file is empty.", hint="Save the page again.")
    if not _TAG.search(html):
        raise ReadError(
            "No article was found in the page: it is no HTML, there is not one element in it.",
            hint="If it is plain text, rename it to end in .txt; else save it in a browser again.",
        )
    if sum(1 for _ in _TAG.finditer(html)) > _MOST_TAGS:
        raise ReadError(
            f"The page is too large for one article: it has more than {_MOST_TAGS:,} elements.",
            hint=_BROWSER,
        )
    page = _extracted(html)
    text = _text(page)
    if not any(map(str.isalnum, text)):
        raise ReadError(
            "No article was found in the page; it may hold menus or scripts alone.", hint=_BROWSER
        )
    checked(text, name)
    return (
        Article(
            text,
            title=_words(page, "title") or title_line(text),
            origin=Origin(
                name=name,
                outlet=_words(page, "sitename"),
                url=_words(page, "url") or _saved_from(html),
                author=_words(page, "author"),
                published=_words(page, "date"),
            ),
            meta={key: value for key in _KEPT if (value := _plain(getattr(page, key, None)))},
        ),
    )


def _extracted(html: str) -> Document | None:
    # Half a second and much memory: only for those who have pages.
    from trafilatura import bare_extraction, load_html

    from annotator.inbox.page_layout import set_right

    # It tells its own troubles with a page; ours is only whether there is text.
    for library in ("trafilatura", "htmldate", "justext", "readability"):
        logging.getLogger(library).setLevel(logging.CRITICAL + 1)
    # Without that word near its beginning a page with no head would not be taken for one.
    page = load_html(html if "html" in html[:50].lower() else f"<html>{html}")
    if page is None:
        return None
    set_right(page)
    found = bare_extraction(
        page,
        include_comments=False,
        with_metadata=True,
        # What the page says of its date; no guesses from whatever else looks like one.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    assert not isinstance(found, dict)  # that is what `as_dict` would give
    return found


def _text(page: Document | None) -> str:
    lines = normalise((page.text if page else None) or "").split("\n")
    words = (_RULE.sub("", line).strip() for line in lines)
    return "\n\n".join(_row(line) for line in words if line)


def _row(line: str) -> str:
    """A row of figures without the bars that extraction puts around it; any other line as it is."""
    is_row = line.startswith("|") and line.endswith("|") and len(line) > 1
    return line[1:-1].strip() if is_row else line


def _saved_from(html: str) -> str | None:
    """The address that the browser wrote into the page when it saved it."""
    found = _SAVED_FROM.search(html[:_HEAD])
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


def _characters(raw: bytes, name: str, encodings: Sequence[str]) -> str:
    """By its mark, else by what the page declares, else as any other file."""
    declared = None if raw.startswith(_MARKS) else _DECLARED.search(raw[:_HEAD])
    if declared is None:
        return decoded(raw, name, encodings)
    label = (declared[1] or declared[2]).decode("ascii")
    codec = _codec(label)
    if codec == "utf-8":
        return decoded(raw, name, encodings)
    if not raw.isascii() and _is_utf_8(raw):
        raise ReadError(
            f"The page says that it is written in {label}, but it is written in UTF-8.",
            hint=f"Change {label} to utf-8 where the page says charset=.",
        )
    try:
        return raw.decode(codec)
    except UnicodeDecodeError as error:
        raise ReadError(
            f"The page says that it is written in {label}, which its byte 0x{raw[error.start]:02x} "
            f"at {error.start} is not.",
            hint=f"Save the page again from a browser, as UTF-8. Or: {_BROWSER}",
        ) from error


def _codec(label: str) -> str:
    try:
        name = codecs.lookup(_OTHER_NAMES.get(label.lower(), label)).name
    except LookupError:
        name = ""
    if not _OF_TEXTS.fullmatch(name):
        raise ReadError(
            f"The page says that it is written in {label}, which is not known.", hint=_BROWSER
        )
    return _MEANT.get(name, name)


def _is_utf_8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
