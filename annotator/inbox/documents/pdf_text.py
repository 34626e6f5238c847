"""The text of a PDF document, or why there is none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from annotator.inbox.documents.document_names import honest_author, honest_title
from annotator.inbox.documents.line_joining import JoinedParagraph, paragraphs_of
from annotator.inbox.documents.page_columns import blocks_of
from annotator.inbox.documents.page_lines import usual_size
from annotator.inbox.documents.pdf_characters import MOST_CHARACTERS as MOST_ON_PAGE
from annotator.inbox.documents.pdf_characters import PageText, text_on
from annotator.inbox.documents.pdf_refusals import PdfRefusal
from annotator.inbox.documents.running_heads import without_running_heads

MOST_PAGES = 300
MOST_CHARACTERS = 300_000
"""Of a document: 50,000 words, put together in some seconds."""
_MOST_UNKNOWN = 0.05
"""Share of unknown characters from which a text is garbled."""
_FEWEST_CHARACTERS = 30
"""Of a page; a scan may have its number as text."""
_HEADLINE = 1.25
_LONGEST_TITLE = 200
_FEWEST_WORDS = 20
_LATIN = re.compile(r"[A-Za-z]{4,}")
_VOWEL = re.compile(r"[aeiouyAEIOUY]")
_BROKEN = re.compile(r"[A-Za-z][\\\[\]{}|^~`#$%*+<=>_][A-Za-z]|[a-z][A-Z0-9][a-z]")


def found_in(raw: bytes) -> dict[str, Any]:
    """`paragraphs`, `title` and `author` of a document, or its `refusal`."""
    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        needs_password = error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        return {"refusal": PdfRefusal.PASSWORD if needs_password else PdfRefusal.DAMAGED}
    try:
        pages = _pages_of(document)
    except pypdfium2.PdfiumError:  # a page is damaged: it would be missing from the text silently
        return {"refusal": PdfRefusal.DAMAGED}
    if pages is None:
        return {"refusal": PdfRefusal.TOO_LARGE}
    refusal = _refusal(document, pages)
    if refusal is not None:
        return {"refusal": refusal}
    kept = without_running_heads([page.lines for page in pages])
    if not any(kept):
        kept = [list(page.lines) for page in pages]
    paragraphs = paragraphs_of([block for page in kept for block in blocks_of(page)])
    if _is_garbled(" ".join(one.text for one in paragraphs)):
        return {"refusal": PdfRefusal.GARBLED}
    body = usual_size(line for page in kept for line in page)
    return {
        "paragraphs": [one.text for one in paragraphs],
        "title": honest_title([_property(document, "Title")]) or _headline(paragraphs, body),
        "author": honest_author([_property(document, "Author")]),
    }


def _pages_of(document: Any) -> list[PageText] | None:
    """The texts of all pages; None if they are too many, or too long. Raises PdfiumError."""
    if len(document) > MOST_PAGES:
        return None
    pages: list[PageText] = []
    left = MOST_CHARACTERS
    for page in document:
        pages.append(text_on(page))
        page.close()
        left -= pages[-1].characters
        if left < 0 or pages[-1].characters > MOST_ON_PAGE:
            return None
    return pages


def _refusal(document: Any, pages: Sequence[PageText]) -> PdfRefusal | None:
    characters = sum(page.characters for page in pages)
    if not pages:
        return PdfRefusal.DAMAGED
    if characters < _FEWEST_CHARACTERS * len(pages):
        bare = [n for n, page in enumerate(pages) if page.characters < _FEWEST_CHARACTERS]
        if any(_has_picture(document, number) for number in bare[:3]):
            return PdfRefusal.SCAN
        if not characters:
            return PdfRefusal.NO_TEXT
    if sum(page.unknown for page in pages) > _MOST_UNKNOWN * characters:
        return PdfRefusal.GARBLED
    return None


def _has_picture(document: Any, number: int) -> bool:
    try:
        objects = document[number].get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)
        return next(iter(objects), None) is not None
    except pypdfium2.PdfiumError:
        return False


def _is_garbled(text: str) -> bool:
    """Whether a text in Latin letters has no words: the letters of its fonts are others."""
    words, latin = text.split(), _LATIN.findall(text)
    if len(latin) < _FEWEST_WORDS:
        return False
    without_vowels = sum(not _VOWEL.search(one) for one in latin)
    broken = sum(bool(_BROKEN.search(one)) for one in words)
    return without_vowels > len(latin) / 3 or broken > len(words) / 4


def _property(document: Any, key: str) -> str:
    return " ".join(document.get_metadata_value(key).split())


def _headline(paragraphs: Sequence[JoinedParagraph], body: float) -> str | None:
    """The first of the largest paragraphs, if it is larger than the text."""
    short = [one for one in paragraphs if len(one.text) <= _LONGEST_TITLE]
    largest = max(short, key=lambda one: round(one.size), default=None)
    return largest.text if largest is not None and largest.size > _HEADLINE * body else None
