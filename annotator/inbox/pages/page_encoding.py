"""Detects the encoding of a saved page, from its declaration and its content."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

from annotator.errors import ReadError
from annotator.inbox.decoding import checked, decoded
from annotator.inbox.encoding_hints import faults_in_utf8, utf16_side

HEAD = 4096
"""The declaration must be within this many bytes."""
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DECLARED = re.compile(
    rb"""<meta\b[^>]{0,300}?\bcharset\s*=\s*["']?\s*([\w.:-]{1,40})"""
    rb"""|^\s*<\?xml\b[^>]{0,100}?\bencoding\s*=\s*["']([\w.:-]{1,40})""",
    re.IGNORECASE,
)
# Supersets that browsers use for these names (WHATWG Encoding Standard).
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}
_OTHER_NAMES = {"x-sjis": "cp932", "x-gbk": "gb18030", "unicode": "utf-8", "macintosh": "mac-roman"}
# Codecs of Python that are not text encodings.
_OF_TEXTS = re.compile(
    r"ascii|utf-8|utf-16.*|iso8859-\d+|iso2022_\w+|cp\d+|koi8-\w|mac-\w+|tis-620"
    r"|shift_jis\w*|euc_\w+|gb\d+|gbk|hz|big5\w*|johab"
)
_DAMAGED = "\ufffd"
# Up to this many damaged places are replaced; with more, or a higher rate, the page is probably in
# another encoding.
_FEW_FAULTS, _FEW_IN, _FEW_NULS = 20, 10, 100
_HIGH = bytes(range(0x80, 0x100))
_INSTEAD = "Open the page in a browser and save the article's text as a .txt file."


def characters_of(raw: bytes, name: str, encodings: Sequence[str]) -> str:
    """The decoded page: by its byte order mark, its declaration, or as any other file.

    A page that is valid UTF-8 is read as such, whatever it declares. NUL characters are removed and
    a few damaged bytes become U+FFFD, as in browsers.
    """
    declared = None if raw.startswith(_MARKS) else _DECLARED.search(raw[:HEAD])
    label = (declared[1] or declared[2]).decode("ascii") if declared else "utf-8"
    return characters_declared(raw, label, name, encodings)


def characters_declared(
    raw: bytes, label: str, name: str, encodings: Sequence[str], *, what: str = "The page"
) -> str:
    """The same for text that is declared, elsewhere, as in the encoding `label`; errors call it
    `what`."""
    codec = _codec(label, what)
    if codec == "utf-8" or (not raw.isascii() and _is_utf_8(raw)):
        return _without_nul(_decoded(raw, name, encodings, what), raw, name)
    text = raw.decode(codec, "replace")
    faults = text.count(_DAMAGED)
    others = len(raw) - len(raw.translate(None, _HIGH)) - faults
    if faults > min(_FEW_FAULTS, max(1, others // _FEW_IN)):
        raise _not_in(label, codec, raw, what)
    return _without_nul(text, raw, name)


def _decoded(raw: bytes, name: str, encodings: Sequence[str], what: str) -> str:
    try:
        return decoded(raw, name, encodings)
    except ReadError as error:
        cause = error.__cause__
        if not isinstance(cause, UnicodeDecodeError) or cause.encoding != "utf-8":
            raise
        if not 0 < faults_in_utf8(raw, cause.start) <= _FEW_FAULTS or _breaks_off(cause, raw):
            raise
    text = raw.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
    if text.count(_DAMAGED) > _FEW_FAULTS * 3:
        raise _not_in("UTF-8", "utf-8", raw, what)
    return text


def _breaks_off(error: UnicodeDecodeError, raw: bytes) -> bool:
    return error.reason == "unexpected end of data" and error.start >= len(raw) - 3


def _without_nul(text: str, raw: bytes, name: str) -> str:
    if "\0" not in text:
        return text
    if text.count("\0") * _FEW_NULS > len(text) or utf16_side(raw) is not None:
        checked(text, name, raw)
    return text.replace("\0", "")


def _not_in(label: str, codec: str, raw: bytes, what: str) -> ReadError:
    try:
        raw.decode(codec)
    except UnicodeDecodeError as error:
        where = f"byte 0x{raw[error.start]:02x} at {error.start}"
    else:
        where = "text"
    return ReadError(
        f"{what} is declared as {label}, but its {where} is invalid in it.",
        hint=f"Save the page again from a browser, as UTF-8. Or: {_INSTEAD}",
    )


def is_known_encoding(label: str) -> bool:
    """Whether text may be declared as in the encoding `label`."""
    return _OF_TEXTS.fullmatch(_name_of(label)) is not None


def _codec(label: str, what: str) -> str:
    name = _name_of(label)
    if not _OF_TEXTS.fullmatch(name):
        raise ReadError(
            f"{what} is declared as {label}, which is not a known encoding.", hint=_INSTEAD
        )
    return _MEANT.get(name, name)


def _name_of(label: str) -> str:
    """Python's name of an encoding; empty if there is none."""
    try:
        return codecs.lookup(_OTHER_NAMES.get(label.lower(), label)).name
    except (LookupError, ValueError):
        return ""


def _is_utf_8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
