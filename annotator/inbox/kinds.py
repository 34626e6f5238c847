"""Recognises web pages and mails in files with the suffix of plain text."""

from __future__ import annotations

import contextlib
import re

from annotator.errors import ReadError
from annotator.inbox.mail.mail_message import parsed
from annotator.inbox.pages.page_encoding import is_known_encoding

_HEAD = 4096
_PAGE = re.compile(
    r"\s*(?:<\?xml\b[^>]{0,200}>\s*|<!--.{0,2000}?-->\s*){0,3}<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(r"\s*<\?xml\s|\s*<(?:rss|feed|nitf|newsml|newsitem)\b", re.IGNORECASE)
# A fragment of a page: it begins and ends with an element.
_FRAGMENT = re.compile(
    r"\s*<(?:p|div|h[1-6]|article|section|main|table|span)\b[^<>]*>", re.IGNORECASE
)
_FRAGMENT_END = re.compile(
    r"</(?:p|div|h[1-6]|article|section|main|table|span)>\s*\Z", re.IGNORECASE
)
_HEADER = re.compile(r"([!-9;-~]{1,60}):[ \t]?(.*)|[ \t]+\S.*")
_OF_MACHINES = re.compile(
    r"mime-version|content-(?:type|transfer-encoding)|message-id|received|return-path|x-[\w-]+"
    r"|dkim-signature|delivered-to",
    re.IGNORECASE,
)
_OF_MAIL = frozenset({"from", "to", "subject", "date", "message-id", "received", "mime-version"})
_ENVELOPE = re.compile(r"From \S+@?\S* .*\d{4}\s*\Z")
_FEWEST_HEADERS = 3


def refuse_markup_and_mail(text: str, name: str) -> None:
    """Raises ReadError if `text` is a web page, XML or a mail; not if it only quotes from one."""
    if _PAGE.match(text[:_HEAD]) or _is_fragment(text, name):
        raise ReadError(
            "This is a web page (HTML), not plain text.",
            hint="Rename it to end in .html; the article in it is then read.",
        )
    if _XML.match(text[:_HEAD]):
        raise ReadError(
            "This is XML, not plain text.",
            hint="Save each article's text in a file of its own, or all as JSON lines (.jsonl).",
        )
    headers = headers_of(text)
    if headers is None:
        return
    if headers.get("content-type", "").lower().startswith("multipart/related"):
        raise ReadError(
            "This is a saved web page (MHTML), not plain text.",
            hint="Rename it to end in .html; the article in it is then read.",
        )
    raise ReadError(
        "This is a mail with its headers, not plain text.",
        hint="Rename it to end in .eml; the article in it is then read.",
    )


def headers_of(text: str) -> dict[str, str] | None:
    """The headers at the beginning of a mail or MHTML file, by lower-case name; None if `text`
    begins with anything else."""
    headers: dict[str, str] = {}
    count = 0
    lines = text[:_HEAD].lstrip("\ufeff").splitlines()
    for number, line in enumerate(lines[:-1] if len(text) > _HEAD else lines):
        found = _HEADER.fullmatch(line)
        if not found and not (number == 0 and _ENVELOPE.match(line)):
            # Headers end with a blank line, or with the examined part of the text.
            if line.strip():
                return None
            break
        if found and found[1]:
            count += 1
            headers.setdefault(found[1].lower(), found[2])
    machines = any(_OF_MACHINES.fullmatch(one) for one in headers)
    is_mail = machines and count >= _FEWEST_HEADERS and not _OF_MAIL.isdisjoint(headers)
    return headers if is_mail else None


def page_in_mail(raw: bytes) -> tuple[bytes, str | None] | None:
    """The HTML in an MHTML file or a mail, and its address if known; None if `raw` is neither, or
    contains no HTML. Raises ReadError if it has too many parts or takes too long."""
    if headers_of(raw[:_HEAD].decode("latin-1")) is None:
        return None
    message = parsed(raw)
    for part in message.walk():
        if part.get_content_type() != "text/html":
            continue
        address = message.get("Snapshot-Content-Location") or part.get("Content-Location")
        html = part.get_payload(decode=True)
        if not isinstance(html, bytes):
            return None
        charset = part.get_content_charset("")
        if is_known_encoding(charset):  # otherwise the page's own declaration counts
            with contextlib.suppress(UnicodeError):
                html = html.decode(charset).encode("utf-8-sig")
        return html, str(address) if address else None
    return None


def _is_fragment(text: str, name: str) -> bool:
    # Markdown may contain HTML elements.
    if name.lower().endswith(".md"):
        return False
    return bool(_FRAGMENT.match(text) and _FRAGMENT_END.search(text[-200:]))
