"""Texts, offsets and claims as other programs' files hold them, made into ours.

Their line ends become LF and their offsets code points of the text with LF. Where a file says which
words stand at its offsets, those must stand there.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from itertools import count
from typing import Any

import regex

from annotator.core.annotations import Claim, Entity, Item, Junk, in_text_order, problems
from annotator.core.article import Article, Span, normalise
from annotator.core.decisions import Answer
from annotator.core.record import Record, ReviewFacts
from annotator.formats.losing import IMPORTED, NO_SCHEME

UNITS = {"codepoints": "code points", "utf16": "UTF-16 units", "grapheme": "graphemes"}
_GRAPHEME = regex.compile(r"\X")
_LAST_IN_ONE_UNIT = "\uffff"
_LETTERS = {Entity: "e", Claim: "c", Junk: "j"}


class Misfit(Exception):
    """Why something in a file does not fit its text; who catches it makes it Refused, of this kind:
    one phrase for all that is alike."""

    def __init__(self, reason: str, kind: str = "") -> None:
        super().__init__(reason)
        self.kind = kind


def name_in(value: Any) -> str | None:
    """A name that a file gives as text or as a number; None if it is neither, or empty."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value) or None


def score_in(value: Any) -> float | None:
    """A chance from 0 to 1 that a file gives; None if it is none."""
    return float(value) if type(value) in (float, int) and 0 <= value <= 1 else None


def label_in(value: Any) -> str:
    """A label as a file has it, a number as the name that its digits are; Misfit if it is none."""
    name = name_in(value)
    if name is None or not name.strip():
        raise Misfit(f"a label must be a name, found {value!r:.40}", "label that is no name")
    return name


class ForeignText:
    """A text as a file holds it, and what that file's offsets mean in ours.

    `raw` is the file's text, `text` ours: without byte order mark, line ends as LF. Misfit if it is
    no text, or one that cannot be written as UTF-8.
    """

    def __init__(self, raw: Any) -> None:
        if not isinstance(raw, str):
            raise Misfit("there is no text" if raw is None else f"no text, but {raw!r:.60}")
        try:
            raw.encode()
        except UnicodeEncodeError as error:
            raise Misfit(f"the text has half a character at {error.start}") from error
        self.raw = raw
        self.text = normalise(raw) if "\r" in raw or raw.startswith("\ufeff") else raw
        if not self.text.strip():
            raise Misfit("there is nothing but blanks in its text")

    def span(self, start: Any, end: Any, *, unit: str = "codepoints", words: Any = None) -> Span:
        """Where `[start, end)` of the file lies in our text.

        Misfit if it is no range of the text, cuts a character, or reads other than `words`.
        """
        if type(start) is not int or type(end) is not int:
            raise Misfit(f"offsets must be whole numbers, found {start!r:.40} and {end!r:.40}")
        first, last = self._place(start, unit), self._place(end, unit)
        if first is None or last is None or first >= last:
            raise Misfit(f"[{start}, {end}) is no range of its {self._size(unit):,} {UNITS[unit]}")
        found = self.raw[first:last]
        if isinstance(words, str) and found != words and not _same_but_for_line_ends(found, words):
            raise Misfit(f"[{start}, {end}) reads {found!r:.60} in the text, not {words!r:.60}")
        if self.text is not self.raw:
            first, last = self._moved[first], self._moved[last]
            if first >= last:
                raise Misfit(f"[{start}, {end}) holds nothing but half a line end")
        return Span(first, last)

    def reads(self, start: Any, end: Any, words: str, *, unit: str) -> bool:
        """Whether just these words stand at `[start, end)`."""
        try:
            self.span(start, end, unit=unit, words=words)
        except Misfit:
            return False
        return True

    def cuts_no_word(self, start: Any, end: Any, *, unit: str) -> bool:
        """Whether `[start, end)` is a range of the text that begins and ends between words."""
        if type(start) is not int or type(end) is not int:
            return False
        places = (self._place(start, unit), self._place(end, unit))
        return all(place is not None and not self._is_within_word(place) for place in places)

    def _is_within_word(self, place: int) -> bool:
        return 0 < place < len(self.raw) and self.raw[place - 1 : place + 1].isalnum()

    @cached_property
    def is_wide(self) -> bool:
        """Whether code points and UTF-16 units count this text differently."""
        return bool(self.raw) and max(self.raw) > _LAST_IN_ONE_UNIT

    def _place(self, offset: int, unit: str) -> int | None:
        """The code point of the file's text that stands at `offset`; None if none starts there."""
        if unit == "grapheme":
            return self._graphemes[offset] if 0 <= offset < len(self._graphemes) else None
        if unit == "utf16" and self.is_wide:
            place = bisect_left(self._utf16, offset)
            fits = place < len(self._utf16) and self._utf16[place] == offset
            return place if fits else None
        return offset if 0 <= offset <= len(self.raw) else None

    def _size(self, unit: str) -> int:
        if unit == "grapheme":
            return len(self._graphemes) - 1
        return self._utf16[-1] if unit == "utf16" else len(self.raw)

    @cached_property
    def _utf16(self) -> list[int]:
        """For each code point, and the end, how many UTF-16 units stand before it."""
        units, count = [0], 0
        for letter in self.raw:
            count += 1 + (letter > _LAST_IN_ONE_UNIT)
            units.append(count)
        return units

    @cached_property
    def _graphemes(self) -> list[int]:
        """Where each grapheme (UAX 29) starts, and the end."""
        return [*(found.start() for found in _GRAPHEME.finditer(self.raw)), len(self.raw)]

    @cached_property
    def _moved(self) -> list[int]:
        """For each code point of the file's text, and the end, its place in ours."""
        places, place, before = [], 0, ""
        for number, letter in enumerate(self.raw):
            goes = (letter == "\n" and before == "\r") or (letter == "\ufeff" and number == 0)
            places.append(place)
            place += not goes
            before = letter
        return [*places, place]


def check(item: Item, text: str) -> Item:
    """`item`, if it is valid in `text`; Misfit says what keeps it from that."""
    for problem in problems(item, text):
        raise Misfit(problem)
    return item


def imported(
    article: Article,
    items: Iterable[Item],
    *,
    answer: Answer = Answer.ACCEPT,
    review: ReviewFacts = IMPORTED,
    rejected: Iterable[Item] = (),
) -> Record:
    """A record of what a file says of a text: items in order, each with an id of its own.

    An item without id is called by its kind and number (`e1`, `c1`, `j1`) in text order.
    """
    named = tuple(_named(sorted(items, key=in_text_order)))
    return Record(
        article,
        NO_SCHEME,
        answer=answer,
        review=review,
        entities=tuple(item for item in named if isinstance(item, Entity)),
        claims=tuple(item for item in named if isinstance(item, Claim)),
        junk=tuple(item for item in named if isinstance(item, Junk)),
        rejected=tuple(replace(item, id="") for item in rejected),
    )


def _named(items: Iterable[Item]) -> Iterator[Item]:
    """The items, those without an id, or with that of one before, with a new one."""
    held = tuple(items)
    known = {item.id for item in held}
    used = {""}
    numbers = {kind: count(1) for kind in _LETTERS}
    for item in held:
        if item.id in used:
            kind = type(item)
            tried = (f"{_LETTERS[kind]}{n}" for n in numbers[kind])
            item = replace(item, id=next(name for name in tried if name not in known))
        used.add(item.id)
        yield item


def _same_but_for_line_ends(found: str, words: str) -> bool:
    """Whether they differ in line ends alone; some programs write these as a backslash and an n."""
    found = normalise(found)
    return found == normalise(words) or found.replace("\n", "\\n") == words
