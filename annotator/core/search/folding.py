"""The words of a text as a search sees them: case and accents folded, at their offsets.

A word is a run of letters and digits; a character of Chinese or Japanese writing (with its voicing
mark), an emoji, a flag or another picture is a word by itself. Index and search use the same words,
so whatever stands in a text is found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

from annotator.core.text.invisible import INVISIBLE

LONGEST = 64
"""Characters of a folded word that count; any after them are ignored."""
_MEASURED = 1000  # characters of a word that are folded
# Accents of Latin, Greek and Cyrillic, vowel points of Hebrew and Arabic; they are dropped.
_ACCENTS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u064b-\u065f\u0670"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"
)
# Vowel signs inside words of Indian and South-East Asian scripts: kept, they tell words apart.
_SIGNS = (
    "\u0900-\u0903\u093a-\u094f\u0962\u0963\u0980-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17d3"
)
_ALONE = (
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U000323af"
    "\u2600-\u27bf\U0001f000-\U0001faff"
)
# A flag is two letters of a country; a voiced or half-voiced sound may have its mark apart.
_PICTURE = rf"[\U0001f1e6-\U0001f1ff]{{2}}|[{_ALONE}][\u3099\u309a\uff9e\uff9f]?"
_LETTER = rf"[^\W_{_ALONE}]"
_INNER = rf"{_LETTER}+|[{_SIGNS}{_ACCENTS}]|[{INVISIBLE}]+(?=[\w{_SIGNS}{_ACCENTS}])"
_ANY_WORD = re.compile(rf"{_PICTURE}|(?:{_LETTER}|[{_SIGNS}])(?:{_INNER})*")
# Most texts hold nothing that needs the pattern above, which takes several times as long.
_PLAIN_WORD = re.compile(r"[^\W_]+")
_NOT_PLAIN = re.compile(f"[{_ACCENTS}{_SIGNS}{_ALONE}{INVISIBLE}]")
_KEPT = re.compile(rf"[{_SIGNS}{_ALONE}]|[^\W_]")
# Letters that Unicode does not take apart into a letter and an accent.
_SIMILAR = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "ŋ": "n", "ƒ": "f",
     "æ": "ae", "œ": "oe", "þ": "th"}
)  # fmt: skip


class Word(NamedTuple):
    """A word of a text: its offsets, and its folded form."""

    start: int
    end: int
    key: str


def words_in(text: str) -> Iterator[Word]:
    """The words of `text`, in order."""
    for found in _pattern(text).finditer(text):
        key = folded(found[0])
        if key:
            yield Word(found.start(), found.end(), key)


def keys_in(text: str) -> list[str]:
    """The folded forms of the words of `text`, in order."""
    if text.isascii():
        return [word[:LONGEST] for word in _PLAIN_WORD.findall(text.lower())]
    return [key for word in _pattern(text).findall(text) if (key := folded(word))]


def spans_of_words(text: str, numbers: Collection[int]) -> dict[int, tuple[int, int]]:
    """Start and end of the words with these numbers, counted from 0; faster than `words_in`."""
    found: dict[int, tuple[int, int]] = {}
    last = max(numbers, default=-1)
    number = -1
    for match in _pattern(text).finditer(text) if numbers else ():
        # Only words beyond ASCII may have nothing left when they are folded.
        if match[0].isascii() or folded(match[0]):
            number += 1
            if number in numbers:
                found[number] = match.span()
                if number == last:
                    break
    return found


def _pattern(text: str) -> re.Pattern[str]:
    is_plain = text.isascii() or not _NOT_PLAIN.search(text)
    return _PLAIN_WORD if is_plain else _ANY_WORD


def folded(word: str) -> str:
    """One word without case, accents and invisible characters; empty if nothing is left."""
    return word.lower()[:LONGEST] if word.isascii() else _folded(word[:_MEASURED])


@lru_cache(maxsize=10_000)
def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word).casefold().translate(_SIMILAR)
    plain = unicodedata.normalize("NFKD", plain).casefold()
    return "".join(_KEPT.findall(plain))[:LONGEST]
