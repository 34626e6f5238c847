"""Files attached to a mail: their names and contents."""

from __future__ import annotations

import contextlib
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from pathlib import PurePosixPath

from annotator.inbox.mail.mail_message import content_of
from annotator.inbox.mail.mail_parts import is_mail_part
from annotator.inbox.mail.mail_text import charset_of
from annotator.inbox.pages.page_encoding import is_known_encoding

_LONGEST_NAME = 200
_SUFFIXES = {
    "text/plain": ".txt",
    "text/html": ".html",
    "text/markdown": ".md",
    "application/json": ".json",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "message/rfc822": ".eml",
}


def attached_name(part: Message, number: int) -> str:
    """The file name of an attachment, never a path; without one, its number and kind."""
    try:
        name = str(make_header(decode_header(part.get_filename() or "")))
    except (HeaderParseError, LookupError, ValueError, TypeError):
        name = ""
    name = PurePosixPath(name.replace("\\", "/")).name
    name = "".join(letter for letter in name if letter.isprintable()).strip()
    if not name.strip("."):
        kind = "mail" if is_mail_part(part) else "attachment"
        return f"{kind} {number}{_SUFFIXES.get(part.get_content_type(), '')}"
    stem, dot, suffix = name.rpartition(".")
    return f"{stem[:_LONGEST_NAME]}{dot}{suffix[:_LONGEST_NAME]}"


def attached_bytes(part: Message) -> bytes:
    """The contents of an attachment; of a text with a declared encoding, in UTF-8.

    Raises ReadError if they break off.
    """
    contents = content_of(part)
    charset = charset_of(part) if part.get_content_maintype() == "text" else None
    if charset is not None and is_known_encoding(charset):
        with contextlib.suppress(UnicodeError):
            return contents.decode(charset).encode("utf-8-sig")
    return contents
