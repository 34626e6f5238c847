"""Reads the article in an OpenDocument text (.odt), as LibreOffice saves it.

Deletions of tracked changes, comments, headers and footers are left out; footnotes follow the text.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml.etree import _Element as Element

from annotator.core.article import Article
from annotator.errors import ReadError
from annotator.inbox.decoding import document_suffix, refuse_documents
from annotator.inbox.documents.document_article import article_of, in_time
from annotator.inbox.documents.document_names import honest_author, honest_title
from annotator.inbox.documents.office_package import (
    OfficePackage,
    attribute,
    damaged,
    local,
    password_needed,
    words_in,
)

_NOT_SHOWN_NAMES = (
    "tracked-changes annotation note-citation sequence-decls title desc forms ruby-text"
)
_NOT_SHOWN = frozenset(_NOT_SHOWN_NAMES.split())
_MOST_BLANKS = 1000


def read_odt(raw: bytes, name: str, *, encodings: Sequence[str] = ()) -> tuple[Article, ...]:  # noqa: ARG001
    """The one article of an OpenDocument text. Raises ReadError if there is none."""
    if not raw.startswith(b"PK"):
        refuse_documents(raw, name)
        raise ReadError(
            "This is not an OpenDocument text.",
            hint="If it is plain text, rename it to end in .txt.",
        )
    return (in_time(lambda: _article_in(raw, name)),)


def _article_in(raw: bytes, name: str) -> Article:
    package = OfficePackage(raw)
    if b"encryption-data" in (package.bytes_of("META-INF/manifest.xml") or b""):
        raise password_needed()
    root = package.xml_of("content.xml")
    text = (
        None
        if root is None
        else next(root.iter("{urn:oasis:names:tc:opendocument:xmlns:office:1.0}text"), None)
    )
    if text is None:
        if document_suffix(raw) != ".odt":
            refuse_documents(raw, name)
        raise damaged("its text is missing")
    paragraphs, later = _paragraphs_in(text)
    about = package.xml_of("meta.xml")
    return article_of(
        [*paragraphs, *later],
        name,
        title=honest_title(words_in(about, "title")),
        author=honest_author(words_in(about, "initial-creator", "creator")),
    )


def _paragraphs_in(parent: Element) -> tuple[list[str], list[str]]:
    """The paragraphs in an element, and those of its footnotes."""
    found: list[str] = []
    notes: list[str] = []
    for one in parent:
        if local(one) in ("p", "h"):
            boxes: list[Element] = []
            words = " ".join(_words_in(one, boxes).replace("\u00ad", "").split("\n")).strip()
            found += [words] if words else []
            for box in boxes:
                inner, later = _paragraphs_in(box)
                (notes if local(box) == "note-body" else found).extend(inner)
                notes += later
        elif local(one) not in _NOT_SHOWN:
            inner, later = _paragraphs_in(one)
            found += inner
            notes += later
    return found, notes


def _words_in(parent: Element, boxes: list[Element]) -> str:
    words = [parent.text or ""]
    for one in parent:
        name = local(one)
        if name == "s":
            count = attribute(one, "c") or "1"
            words.append(" " * min(int(count) if count.isdecimal() else 1, _MOST_BLANKS))
        elif name in ("tab", "line-break"):
            words.append(" ")
        elif name in ("note-body", "text-box"):
            boxes.append(one)
        elif name not in _NOT_SHOWN:
            words.append(_words_in(one, boxes))
        words.append(one.tail or "")
    return "".join(words)
