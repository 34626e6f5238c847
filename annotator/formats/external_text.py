"""Converts texts, offsets and items of other programs' files.

Line ends become LF, and offsets become code points of the text with LF. If a file has the words at
its offsets, they must match.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from itertools import count
from typing import Any

from annotator.core.annotations import (
    Claim,
    Entity,
    Item,
    Junk,
    called,
    first_problem,
    in_text_order,
)
from annotator.core.article import Article, Span, normalise
from annotator.core.decisions import Answer
from annotator.core.record import Record, ReviewFacts
from annotator.formats.imported_items import IMPORTED, NO_SCHEME
from annotator.formats.proving import CountedText, Place
from annotator.formats.readings import PLAIN, UNITS, Reading

# The UTF-32 marks come first, since one of them begins like a mark of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MARK = "\ufeff"
NO_TEXT = "missing text"
NO_OBJECT = "not an object"
_INVALID = "invalid span"
_LETTERS = {Entity: "e", Claim: "c", Junk: "j"}


class InvalidAnnotation(Exception):
    """Why something in a file is invalid; `kind` is a fixed phrase to group by. Readers turn it
    into Refused."""

    def __init__(self, reason: str, kind: str) -> None:
        super().__init__(reason)
        self.kind = kind


def name_in(value: Any) -> str | None:
    """A name in a file, as text or as a number; None if it is neither, or empty."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value) or None


def score_in(value: Any) -> float | None:
    """A score from 0 to 1 in a file; None for other values."""
    return float(value) if type(value) in (float, int) and 0 <= value <= 1 else None


def suggesters_in(value: Any) -> tuple[str, ...]:
    """The names of suggesters in a file, each once; none if it is not a list of names."""
    names = value if isinstance(value, list) else []
    valid = all(isinstance(one, str) and one for one in names)
    return tuple(dict.fromkeys(names)) if valid else ()


def label_in(value: Any) -> str:
    """A label in a file, also a number as text; raises InvalidAnnotation for other values."""
    name = name_in(value)
    if name is None or not name.strip():
        raise InvalidAnnotation(f"a label must be a name, found {value!r:.40}", "invalid label")
    return name


def decoded(content: bytes) -> str:
    """The text of a UTF-8 file, or a UTF-16 or UTF-32 file with a byte order mark, which a UTF-8
    text keeps. Raises UnicodeDecodeError otherwise."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding)
    return content.decode()


class ExternalText:
    """A text from a file, with conversion of the file's offsets.

    `raw` is the file's text, `text` ours: without byte order mark, line ends as LF. A text that we
    wrote into a file `keeps_mark`: the mark is a character of the text, which offsets count. Raises
    InvalidAnnotation if it is not a text, is blank, or cannot be encoded as UTF-8.
    """

    def __init__(self, raw: Any, *, keeps_mark: bool = False) -> None:
        if not isinstance(raw, str):
            raise InvalidAnnotation(
                "there is no text" if raw is None else f"expected a text, found {raw!r:.60}",
                NO_TEXT,
            )
        try:
            raw.encode()
        except UnicodeEncodeError as error:
            raise InvalidAnnotation(
                f"the text has an unpaired surrogate at {error.start}", NO_TEXT
            ) from error
        self.raw = raw
        self._mark = _MARK if raw.startswith(_MARK) and not keeps_mark else ""
        kept = raw[:1] if raw.startswith(_MARK) and keeps_mark else ""
        self.text = kept + normalise(raw) if "\r" in raw or self._mark else raw
        if not self.text.strip():
            raise InvalidAnnotation("the text contains only blanks", NO_TEXT)

    def span(self, start: Any, end: Any, *, reading: Reading = PLAIN, words: Any = None) -> Span:
        """`[start, end)` of the file, in this reading, as a span of our text.

        Raises InvalidAnnotation if it is not a range of whole characters, or its words differ from
        `words`.
        """
        if type(start) is not int or type(end) is not int:
            raise InvalidAnnotation(
                f"offsets must be integers, found {start!r:.40} and {end!r:.40}",
                "offsets that are not integers",
            )
        first, last = self._place(start, end, reading, words if isinstance(words, str) else None)
        if self.text is not self.raw:
            first, last = self._moved[first], self._moved[last]
            if first >= last:
                raise InvalidAnnotation(f"[{start}, {end}) covers only half of a CRLF", _INVALID)
        return Span(first, last)

    def _place(self, start: int, end: int, reading: Reading, words: str | None) -> Place:
        # The usual case first: code points, and just these words.
        is_range = reading is PLAIN and 0 <= start < end <= len(self.raw)
        if is_range and (words is None or self.raw[start:end] == words):
            return start, end
        place = self.reader.place(reading, start, end, words)
        if place is None:
            raise InvalidAnnotation(self._why_invalid(start, end, reading, words), _INVALID)
        return place

    def _why_invalid(self, start: int, end: int, reading: Reading, words: str | None) -> str:
        counted = self.reader.counted(reading)
        found = counted.range(start, end)
        if found is None or words is None:
            unit = UNITS[reading.unit]
            return f"[{start}, {end}) is not a range of its {counted.size:,} {unit}"
        there = self.raw[found[0] : found[1]]
        return f"[{start}, {end}) reads {there!r:.60} in the text, not {words!r:.60}"

    @cached_property
    def reader(self) -> CountedText:
        """The file's text with conversions for all readings."""
        return CountedText(self.raw)

    @cached_property
    def _moved(self) -> list[int]:
        """For each code point of the file's text, and its end, the offset in ours."""
        places, place, before = [], 0, ""
        for number, letter in enumerate(self.raw):
            goes = (letter == "\n" and before == "\r") or (number == 0 and letter == self._mark)
            places.append(place)
            place += not goes
            before = letter
        return [*places, place]


def check(item: Item, text: str) -> Item:
    """`item`, if it is valid in `text`; raises InvalidAnnotation with the reason otherwise."""
    if problem := first_problem(item, text):
        raise InvalidAnnotation(problem, _INVALID)
    return item


def imported(
    article: Article,
    items: Iterable[Item],
    *,
    answer: Answer = Answer.ACCEPT,
    review: ReviewFacts = IMPORTED,
    rejected: Iterable[Item] = (),
) -> Record:
    """A record of imported items in text order, each with a unique id.

    An item without an id gets one from its kind and number (`e1`, `c1`, `j1`) in text order.
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
    """The items; those without an id, or with the id of an earlier one, get a new id."""
    held = tuple(items)
    known = {item.id for item in held}
    used = {""}
    numbers = {kind: count(1) for kind in _LETTERS}
    for item in held:
        if item.id in used:
            kind = type(item)
            tried = (f"{_LETTERS[kind]}{n}" for n in numbers[kind])
            item = called(item, next(name for name in tried if name not in known))
        used.add(item.id)
        yield item
