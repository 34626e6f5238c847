"""Splits a mailbox (mbox) into its mails."""

from __future__ import annotations

import re
from collections.abc import Iterator

# The line before each mail, with a time, as in `From ada@example.org Mon Jan  5 10:00:00 2026`.
# In the text of a mail, such a line has `>` before it.
_BEGINNING = re.compile(rb"^From [^\n]{0,500}\d\d?:\d\d[^\n]{0,100}\r?\n", re.MULTILINE)
_BLANK_LINE = re.compile(rb"(?:\A|\n)\r?\n\Z")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
# Thunderbird keeps deleted mails until it compacts the mailbox.
_STATUS = re.compile(rb"^X-Mozilla-Status: *([0-9a-f]{4})\r?$", re.MULTILINE | re.IGNORECASE)
_DELETED = 0x8
_LONGEST_HEAD = 20_000
_END_OF_HEAD = re.compile(rb"\n\r?\n")


def is_mailbox(raw: bytes) -> bool:
    """Whether `raw` begins as a mailbox does."""
    return _BEGINNING.match(raw) is not None


def mails_in(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """The mails in a mailbox, with their numbers from 1, without deleted ones."""
    starts = [
        found
        for found in _BEGINNING.finditer(raw)
        if found.start() == 0 or _BLANK_LINE.search(raw, found.start() - 4, found.start())
    ]
    ends = [found.start() for found in starts[1:]] + [len(raw)]
    for number, (found, end) in enumerate(zip(starts, ends, strict=True), start=1):
        mail = raw[found.end() : end]
        status = _STATUS.search(_head_of(mail))
        if status is None or not int(status[1], 16) & _DELETED:
            yield number, _QUOTED.sub(rb"\1", mail)


def _head_of(mail: bytes) -> bytes:
    """The headers of a mail, as far as they matter here."""
    end = _END_OF_HEAD.search(mail, 0, _LONGEST_HEAD)
    return mail[: end.start() + 1 if end else _LONGEST_HEAD]
