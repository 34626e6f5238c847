"""Reads the article in a PDF document that has a text layer.

PDFium reads it, in a process of its own: a damaged or hostile document can make it crash, take all
memory or never end, and that must stop neither the inbox nor other files.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from annotator.core.article import Article
from annotator.errors import Command, Hint, ReadError, TooSlowError
from annotator.inbox.decoding import refuse_documents
from annotator.inbox.documents import pdf_subprocess
from annotator.inbox.documents.document_article import article_of
from annotator.inbox.documents.pdf_refusals import PdfRefusal
from annotator.inbox.files import shell_word

MOST_SECONDS = 60
"""Time allowed for one document; of the processor, `pdf_subprocess.MOST_SECONDS`."""
_MAGIC = b"%PDF-"
_HEAD = 1024
_BY_OCR = "Have its text recognised first, for example by ocrmypdf."
_NEEDED = "pypdfium2"
HOW_TO_INSTALL = 'Install it: pip install "annotator[pdf]"'


def can_read_pdf() -> bool:
    """Whether the package that reads PDF is installed."""
    return find_spec(_NEEDED) is not None


def read_pdf(raw: bytes, name: str, *, encodings: Sequence[str] = ()) -> tuple[Article, ...]:  # noqa: ARG001
    """The one article of a PDF document. Raises ReadError if it has none, or none that is text."""
    if _MAGIC not in raw[:_HEAD]:
        refuse_documents(raw, name)
        raise ReadError(
            "This is not a PDF document.", hint="If it is plain text, rename it to end in .txt."
        )
    if not can_read_pdf():
        raise ReadError(
            "Reading PDF documents needs another package.",
            hint=f"{HOW_TO_INSTALL}; then have the file read again: annotator add --retry-rejected",
        )
    found = _found_in(raw)
    if "refusal" in found:
        raise _refusal(PdfRefusal(found["refusal"]), name)
    return (article_of(found["paragraphs"], name, title=found["title"], author=found["author"]),)


def _found_in(raw: bytes) -> dict[str, Any]:
    """What the other process found: paragraphs, title and author, or why there is no text."""
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", pdf_subprocess.__name__],
            input=raw,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=MOST_SECONDS,
            check=False,
            start_new_session=True,  # ctrl+c ends the batch in hand, not this document
        )
    except subprocess.TimeoutExpired:
        return {"refusal": PdfRefusal.TOO_LONG}
    if pdf_subprocess.took_too_long(done.returncode):
        return {"refusal": PdfRefusal.TOO_LONG}
    if done.returncode:
        return {"refusal": PdfRefusal.CRASH}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _refusal(refusal: PdfRefusal, name: str) -> ReadError:
    message, advice = refusal.said
    source = shell_word(name)
    text = shell_word(f"{name.removesuffix('.pdf')}.ocr.pdf")
    if refusal.wants_ocr:
        command = Command(f"ocrmypdf {refusal.ocr_option}{source} {text}")
        return ReadError(message, hint=Hint(advice, command, piped=_BY_OCR))
    is_slow = refusal in (PdfRefusal.TOO_LONG, PdfRefusal.CRASH)
    return (TooSlowError if is_slow else ReadError)(message, hint=advice)
