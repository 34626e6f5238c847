"""Why a PDF document is refused, and what to do about it."""

from __future__ import annotations

from enum import StrEnum

_OTHER_WAY = "Get the article as a web page or as text, or print it to a new PDF."


class PdfRefusal(StrEnum):
    """Why a PDF document is refused."""

    DAMAGED = "damaged"
    PASSWORD = "password"
    SCAN = "scan"
    NO_TEXT = "no text"
    GARBLED = "garbled"
    TOO_LARGE = "too large"
    TOO_LONG = "too long"
    CRASH = "crash"

    @property
    def said(self) -> tuple[str, str]:
        """The reason as a sentence, and advice; advice to run OCR precedes its command."""
        return _SAID[self]

    @property
    def wants_ocr(self) -> bool:
        """Whether text recognition makes the document readable."""
        return self in (PdfRefusal.SCAN, PdfRefusal.GARBLED)

    @property
    def ocr_option(self) -> str:
        """The option of ocrmypdf, with a blank, that makes it replace wrong text."""
        return "--force-ocr " if self is PdfRefusal.GARBLED else ""


_SAID = {
    PdfRefusal.DAMAGED: ("The PDF document is damaged.", "Copy it again: it may not be whole."),
    PdfRefusal.PASSWORD: (
        "The PDF document is protected by a password.",
        "Open it in a PDF viewer and print it to a new PDF.",
    ),
    PdfRefusal.SCAN: (
        "The PDF document has pictures of its pages, but no text: it is a scan.",
        "Have its text recognised, for example",
    ),
    PdfRefusal.NO_TEXT: (
        "The PDF document contains no text: its pages are empty, or its letters are drawn.",
        _OTHER_WAY,
    ),
    PdfRefusal.GARBLED: (
        "The text of the PDF document is garbled: its fonts do not say which letters they draw.",
        "Have its text recognised anew, for example",
    ),
    PdfRefusal.TOO_LARGE: (
        "The PDF document is no article: it has more than 300 pages or 300,000 letters.",
        "Split it into single articles.",
    ),
    PdfRefusal.TOO_LONG: (
        "The PDF document was not read in time: it is too large, or made to be.", _OTHER_WAY,
    ),
    PdfRefusal.CRASH: (
        "The PDF document cannot be read: it is damaged, or needs too much memory.", _OTHER_WAY,
    ),
}  # fmt: skip
