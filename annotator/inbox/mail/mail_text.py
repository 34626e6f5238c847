"""The text of a plain part of a mail: decoded, and without the line ends that mailing added."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.message import Message

from annotator.core.article import normalise
from annotator.errors import FileError, ReadError
from annotator.inbox.mail.mail_message import SAVE_TEXT, content_of
from annotator.inbox.pages.page_encoding import (
    characters_declared,
    characters_of,
    is_known_encoding,
)

_TEXT = "The text of the mail"
_QUOTES = re.compile(r">*")
_SIGNATURE = "-- "
_ENCRYPTED = "-----BEGIN PGP MESSAGE-----"
_SIGNED, _SIGNATURE_OF_PGP = "-----BEGIN PGP SIGNED MESSAGE-----\n", "\n-----BEGIN PGP SIGNATURE"
_DASHES = re.compile(r"^- ", re.MULTILINE)


def characters_of_part(part: Message, encodings: Sequence[str]) -> str:
    """A text part decoded, with line ends as LF; raises ReadError if its encoding is unclear.

    A known encoding in its header counts; in HTML without one, the page's own declaration.
    """
    raw, label = content_of(part), charset_of(part)
    if label is None or not is_known_encoding(label):
        label = None if part.get_content_type() == "text/html" else "utf-8"
    try:
        if label is None:
            return normalise(characters_of(raw, "", encodings))
        return normalise(characters_declared(raw, label, "", encodings, what=_TEXT))
    except FileError as error:
        raise ReadError(f"{_TEXT} {error.predicate}.", hint=SAVE_TEXT) from error
    except ReadError as error:
        raise ReadError(error.message, hint=SAVE_TEXT) from error


def charset_of(part: Message) -> str | None:
    """The declared encoding; None if there is none."""
    try:
        return part.get_content_charset()
    except (LookupError, UnicodeError, ValueError):
        return None


def plain_text(part: Message, encodings: Sequence[str]) -> str:
    """The text of a plain part: paragraphs as lines where the sender marked them so (RFC 3676),
    without the armour of a PGP signature; raises ReadError."""
    text = characters_of_part(part, encodings)
    if text.lstrip().startswith(_ENCRYPTED):
        raise ReadError("The mail is encrypted.", hint=f"Decrypt it first. {SAVE_TEXT}")
    text = _without_armour(text)
    if str(part.get_param("format", "")).lower() == "flowed":
        text = reflowed(text, deletes_space=str(part.get_param("delsp", "")).lower() == "yes")
    return text


def _without_armour(text: str) -> str:
    """The text that is signed (RFC 4880); all of `text` if none is."""
    begin = text.find(_SIGNED)
    head_end = text.find("\n\n", begin)
    end = text.find(_SIGNATURE_OF_PGP, head_end)
    if begin < 0 or head_end < 0 or end < 0:
        return text
    return _DASHES.sub("", text[head_end + 2 : end])


def reflowed(text: str, *, deletes_space: bool = False) -> str:
    """Text in `format=flowed` with each paragraph on one line.

    A line that ends with a blank goes on in the next if that is quoted as deeply; with
    `deletes_space` that blank is not part of the text.
    """
    lines: list[str] = []
    goes_on: str | None = None
    for line in text.split("\n"):
        quotes = _QUOTES.match(line)[0]  # type: ignore[index]  # it matches everywhere
        words = line[len(quotes) :].removeprefix(" ")
        if goes_on == quotes and words != _SIGNATURE:
            lines[-1] += words
        else:
            lines.append(f"{quotes} {words}" if quotes else words)
        goes_on = quotes if words.endswith(" ") and words != _SIGNATURE else None
        if goes_on is not None and deletes_space:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)
