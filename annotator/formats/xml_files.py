"""Refuses XML with declarations of its own, whose entities can grow without end or read files."""

from __future__ import annotations

import re

from annotator.formats.external_text import InvalidAnnotation

HOSTILE = "XML with a document type"
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")


def refuse_doctype(content: bytes) -> None:
    """Raises InvalidAnnotation for XML with a document type or an entity declaration, and for XML
    other than UTF-8, in which these could hide."""
    if content.startswith(_WIDE) or _names_other_encoding(content):
        raise InvalidAnnotation("its encoding is not UTF-8; save it as UTF-8", HOSTILE)
    if _DOCTYPE.search(content):
        raise InvalidAnnotation(
            "it declares a document type (<!DOCTYPE), whose entities are not expanded; remove the "
            "declaration",
            HOSTILE,
        )


def _names_other_encoding(content: bytes) -> bool:
    declared = re.match(rb"\s*(?:\xef\xbb\xbf)?<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)", content)
    return declared is not None and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")
