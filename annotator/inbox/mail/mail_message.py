"""Parses mails within limits, whatever is in them."""

from __future__ import annotations

import email
import email.policy
import re
from email.errors import (
    CloseBoundaryNotFoundDefect,
    InvalidBase64LengthDefect,
    InvalidBase64PaddingDefect,
    StartBoundaryNotFoundDefect,
)
from email.message import Message
from typing import Any

from annotator.errors import ReadError, TooSlowError
from annotator.inbox.pages.page_clock import TooLongError, within

MOST_SECONDS = 10
"""Processor time allowed for parsing one mail; one of 40 MB takes about one."""
SAVE_TEXT = "Open it in a mail program and save its text as .txt (UTF-8)."
_AGAIN = f"It was probably not copied whole: copy it again. Or: {SAVE_TEXT}"
# Of a mail: bytes of the headers at its beginning, lines, and lines that may begin a part.
_LONGEST_HEAD, _MOST_LINES, _MOST_PARTS = 1_000_000, 1_000_000, 10_000
# Parsing takes a time quadratic in the depth of parts within parts.
_MOST_MULTIPARTS = 300
_LONGEST_HEADER = 10_000
# Parsing fewer bytes takes less than a second, whatever they are.
_SHORT = 20_000
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n|\r\r")
_CUT_OFF = (
    StartBoundaryNotFoundDefect,
    CloseBoundaryNotFoundDefect,
    InvalidBase64LengthDefect,
    InvalidBase64PaddingDefect,
)


class _Bounded(email.policy.Compat32):
    """Parses headers only when they are used, since that takes most of the time, and cuts them."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST_HEADER]


_POLICY = _Bounded()


class _MailPart(Message):
    """A part whose damaged parameters, on which the library fails in many ways, are missing."""

    def get_param(self, param: str, failobj: Any = None, *args: Any, **more: Any) -> Any:
        try:
            return super().get_param(param, failobj, *args, **more)
        except Exception:
            return failobj


def _message(raw: bytes) -> Message:
    return email.message_from_bytes(raw, _MailPart, policy=_POLICY)


def parsed(raw: bytes) -> Message:
    """The mail in `raw`; raises ReadError if it has too many parts or takes too long to parse."""
    head = _END_OF_HEAD.search(raw, 0, _LONGEST_HEAD)
    if head is None and len(raw) > _LONGEST_HEAD:
        raise ReadError("The headers of the mail have no end.", hint=SAVE_TEXT)
    lines = raw.count(b"\n") + raw.count(b"\r")
    if lines > 2 * _MOST_LINES or raw.count(b"\n--") > _MOST_PARTS:
        raise ReadError("The mail has too many lines or parts.", hint=SAVE_TEXT)
    if raw.lower().count(b"multipart/") > _MOST_MULTIPARTS:
        raise nested_too_deeply()
    try:
        if len(raw) < _SHORT:
            return _message(raw)
        return within(MOST_SECONDS, lambda: _message(raw))
    except TooLongError as error:
        raise TooSlowError(
            f"The mail was not read within {MOST_SECONDS} seconds of processor time.",
            hint=SAVE_TEXT,
        ) from error
    except RecursionError as error:
        raise nested_too_deeply() from error


def nested_too_deeply() -> ReadError:
    return ReadError("The parts of the mail are nested too deeply.", hint=SAVE_TEXT)


def refuse_cut_off(part: Message) -> None:
    """Raises ReadError if this part lacks its end; to be called after its content was decoded."""
    if any(isinstance(defect, _CUT_OFF) for defect in part.defects):
        raise ReadError("The mail breaks off in the middle.", hint=_AGAIN)


def content_of(part: Message) -> bytes:
    """The decoded bytes of a part that holds no other parts; raises ReadError if it breaks off."""
    content = part.get_payload(decode=True)
    refuse_cut_off(part)
    return content if isinstance(content, bytes) else b""
