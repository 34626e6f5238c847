"""Whether a hyphen at the end of a line belongs to its word, or only divides it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import east_asian_width

from annotator.inbox.documents.page_lines import SOFT_END, PageLine

_WORD = re.compile(r"\w[\w'’]*(?:-\w[\w'’]*)*")
_LAST = re.compile(r"[^\W\d_]+$")
_FIRST = re.compile(r"^[^\W\d_]+")
# How many lines end with a hyphen where lines are justified by dividing words.
_DIVIDES = 3
_COMPOUND_WORDS = (
    "self well vice cross low high long short left right north south east west second third two "
    "three four five six seven eight nine ten twenty thirty forty fifty sixty seventy eighty "
    "ninety cease mother father sister brother"
)
_COMPOUNDS = frozenset(_COMPOUND_WORDS.split())
_ENDINGS_WORDS = (
    "ing ings ed er ers est ly ment ments mental tion tions tional sion sions cial cially tial ity "
    "ities ness ous ious able ible ably ance ances ence ences ant ants ent ents al ally ary aries "
    "ery ory ive ively tive tives ture tures ism ist ists ical ically ful fully less ship cies cy "
    "fied fy ize ise ized ised izes ises izing ising ic ics ial ian ians ate ated ates ating ation "
    "ations ator ators ernment ernments tary tary's ology ologist ologists sive sively ties"
)
_ENDINGS = frozenset(_ENDINGS_WORDS.split())


class WordDivision:
    """Decides on the hyphens at line ends of one document, by what else is written in it."""

    def __init__(self, lines: Sequence[PageLine]) -> None:
        self._words: set[str] = set()
        for line in lines:
            words = _WORD.findall(line.text.casefold())
            self._words.update(words[1:-1] if line.ends_with_hyphen else words)
        self._divides = sum(one.ends_with_hyphen for one in lines) >= _DIVIDES

    def joined(self, before: str, after: str) -> str:
        """The texts of two lines as one; a hyphen at the end of the first one is kept unless it
        surely divides a word. Between Chinese or Japanese letters there is no blank."""
        if before[-1:] not in ("-", SOFT_END, "\u2010") or len(before) < 2:
            return before + ("" if _is_wide(before[-1:]) and _is_wide(after[:1]) else " ") + after
        stem = before[:-1]
        if before[-1] == SOFT_END or self._divides_word(stem, after):
            return stem + after
        return f"{stem}-{after}" if stem[-1:].isalnum() else f"{stem}- {after}"

    def _divides_word(self, before: str, after: str) -> bool:
        last, first = _LAST.search(before), _FIRST.match(after)
        if last is None or first is None or not after[0].islower() or before[-2:-1] == "-":
            return False
        one, other = last[0].casefold(), first[0].casefold()
        if f"{one}-{other}" in self._words:
            return False
        if one + other in self._words or other in _ENDINGS:
            return True
        if one in _COMPOUNDS or "-" in before[-len(one) - 1 :]:
            return False
        both_are_words = {one, other} <= self._words and min(len(one), len(other)) > 2
        return self._divides and not both_are_words


def _is_wide(letter: str) -> bool:
    return bool(letter) and east_asian_width(letter) in "WF" and not "\uac00" <= letter <= "\ud7a3"
