"""What a file holds under a name that says otherwise: a page or a mail where plain text belongs."""

from __future__ import annotations

import contextlib
import email
import email.policy
import re
from email.message import EmailMessage

from annotator.errors import ReadError

_HEAD = 4096
_PAGE = re.compile(
    r"\s*(?:<\?xml\b[^>]{0,200}>\s*|<!--.{0,2000}?-->\s*){0,3}<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(r"\s*<\?xml\s|\s*<(?:rss|feed|nitf|newsml|newsitem)\b", re.IGNORECASE)
# A piece of a page: it begins with an element, and elements it is to its end.
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
    """ReadError if `text` is a page or a mail; not if it only quotes of one."""
    if _PAGE.match(text[:_HEAD]) or _is_fragment(text, name):
        raise ReadError(
            "This is a web page (HTML), not plain text.",
            hint="Rename it to end in .html: its article is read then.",
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
            hint="Rename it to end in .html: its article is read then.",
        )
    raise ReadError(
        "This is a mail with its headers, not plain text.",
        hint="Open it in a mail program (rename it to end in .eml) and save its text as .txt.",
    )


def headers_of(text: str) -> dict[str, str] | None:
    """The headers, by their names in lower case, that a mail or MHTML file begins with; None if
    `text` begins with anything else."""
    headers: dict[str, str] = {}
    count = 0
    lines = text[:_HEAD].lstrip("\ufeff").splitlines()
    for number, line in enumerate(lines[:-1] if len(text) > _HEAD else lines):
        found = _HEADER.fullmatch(line)
        if not found and not (number == 0 and _ENVELOPE.match(line)):
            # A blank line ends them, and so may the beginning of the text that is looked at.
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
    """The HTML in a page saved as MHTML, or in a mail, and its address; None if `raw` is neither,
    or holds no HTML."""
    if headers_of(raw[:_HEAD].decode("latin-1")) is None:
        return None
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # that is what this policy makes
    for part in message.walk():
        if part.get_content_type() != "text/html":
            continue
        address = message.get("Snapshot-Content-Location") or part.get("Content-Location")
        html = part.get_payload(decode=True)
        if not isinstance(html, bytes):
            return None
        with contextlib.suppress(LookupError, UnicodeError):
            # What the mail says of it; else the page says it itself.
            html = html.decode(part.get_content_charset("")).encode("utf-8-sig")
        return html, str(address) if address else None
    return None


def _is_fragment(text: str, name: str) -> bool:
    # Markdown may hold elements of HTML by right.
    if name.lower().endswith(".md"):
        return False
    return bool(_FRAGMENT.match(text) and _FRAGMENT_END.search(text[-200:]))
