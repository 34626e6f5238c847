"""Guesses the encoding of a text, for hints only; nothing is decoded with a guess."""

from __future__ import annotations

import codecs
import re

_SAMPLE = 1 << 16
# How far around the first invalid byte a text is examined for being UTF-8 otherwise.
_AROUND = 1 << 19
_WESTERN = frozenset(
    "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœšž"
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŸŒŠŽ"
    "“”‘’‚„–—…•€£§°«»¿¡©®™\xa0\xad½·"
)
# Signs of western text decoded in the wrong western encoding: capitals and marks within words,
# capitals directly after a mark.
_CAPITALS = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŸŒŠŽ"
_MISPLACED = re.compile(
    rf"(?<=[a-zß-öø-ÿ])[{_CAPITALS}‚„€£§°¿¡©®™½•]|(?<=[.,!?])[{_CAPITALS}]"
    rf"|(?<=[^\W\d_])[“”„‚…«»](?=[^\W\d_])"
)
_WESTERN_ENCODINGS = (
    ("cp1252", "WINDOWS-1252"),
    ("mac_roman", "MACINTOSH"),
    ("cp850", "CP850"),
)
# Encodings of news texts; a guess among all encodings is wrong more often.
_LIKELY = (
    "cp1252",
    "latin_1",
    "cp1250",
    "iso8859_2",
    "cp1251",
    "iso8859_5",
    "koi8_r",
    "koi8_u",
    "cp866",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "mac_roman",
    "shift_jis",
    "euc_jp",
    "euc_kr",
    "gb18030",
    "big5",
)
_NAMES_OF_ICONV = (
    ("mac-roman", "macintosh"),
    ("cp125", "windows-125"),
    ("iso8859", "iso-8859"),
    ("euc_", "euc-"),
)
# A truncated character is one fault, however many bytes it has.
_BAD = re.compile("[\udce0-\udcf4][\udc80-\udcbf]{1,2}|[\udc80-\udcff]")
_GOOD = re.compile("[\x80-\ud7ff\ue000-\U0010ffff]")


def likely_encoding(raw: bytes) -> str | None:
    """The name (as iconv knows it) of the encoding that `raw` is most likely in; None if unclear.

    A western encoding (Windows, old Macintosh, DOS) if all characters are western letters and
    marks, few of them are accented, and capitals and marks are in plausible places; otherwise the
    guess of charset-normalizer among common encodings of news texts.
    """
    western = _western(raw[:_SAMPLE])
    if western is not None:
        return western
    from charset_normalizer import from_bytes

    best = from_bytes(raw[:_SAMPLE], cp_isolation=list(_LIKELY)).best()
    if best is None:
        return None
    name = codecs.lookup(best.encoding).name
    for ours, theirs in _NAMES_OF_ICONV:
        name = name.replace(ours, theirs)
    return name.upper()


def utf16_side(raw: bytes) -> str | None:
    """The byte order of UTF-16 without its mark, as an encoding; None for other data.

    In European text every other byte is NUL; in other alphabets only blanks and line ends contain
    NUL bytes, so the decoded text must consist of words.
    """
    sample = raw[: _SAMPLE & ~1]
    pairs = len(sample) // 2
    if pairs < 4 or b"\0" not in sample:
        return None
    for offset, encoding in ((1, "UTF-16LE"), (0, "UTF-16BE")):
        nuls = sample[offset::2].count(0)
        if sample[1 - offset :: 2].count(0) or nuls < 0.02 * pairs:
            continue
        if nuls > 0.7 * pairs or _is_words(sample.decode(encoding, "replace")):
            return encoding
    return None


def faults_in_utf8(raw: bytes, first: int) -> int:
    """The number of invalid places in text that is otherwise UTF-8; 0 if it is probably not UTF-8.

    `first` is the offset of the first. UTF-8 is recognised by its characters of several bytes:
    text in another encoding has them only by chance, and always fewer than invalid places.
    """
    before = raw[:first][-_AROUND:].lstrip(bytes(range(0x80, 0xC0)))
    text = (before + raw[first : first + _AROUND]).decode("utf-8", "surrogateescape")
    bad = sum(1 for _ in _BAD.finditer(text))
    return bad if sum(1 for _ in _GOOD.finditer(text)) >= bad else 0


def _western(raw: bytes) -> str | None:
    best: tuple[int, str] | None = None
    for codec, name in _WESTERN_ENCODINGS:
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        letters = sum(map(str.isalpha, text))
        foreign = [letter for letter in text if letter > "\x7f"]
        if not _WESTERN.issuperset(foreign) or len(foreign) >= 0.2 * letters:
            continue
        misplaced = sum(1 for _ in _MISPLACED.finditer(text))
        if 2 * misplaced <= len(foreign) and (best is None or misplaced < best[0]):
            best = misplaced, name
    return best[1] if best else None


def _is_words(text: str) -> bool:
    """Whether nearly all of it is letters of one alphabet, digits and blanks."""
    blocks = {ord(letter) >> 8 for letter in text if letter.isalpha()}
    known = sum(1 for letter in text if letter.isalnum() or letter.isspace())
    return len(blocks) <= 3 and known > 0.8 * len(text)
