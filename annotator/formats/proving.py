"""Which reading of a text's offsets its words prove: the one that fits every one of them.

Nothing is guessed. Words stand at their offsets or they do not; but for how blanks are shown
(several as one, none at an end), and an end one beyond the text. Where two readings fit all words
and put one of them in different places, both are kept, so that it can be asked which it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from annotator.formats.readings import (
    PLAIN,
    Counted,
    Reading,
    counts_before,
    readings_of,
    slack_of,
)

_MARK = "\ufeff"
_PLAIN_BUT_INCLUSIVE = Reading(inclusive=True)


Place = tuple[int, int]


class Told(NamedTuple):
    """Offsets of a file, and the words of which it says that they stand there."""

    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What the words prove: the reading to take, and others that fit all words as well, but not in
    the same places. `fitted` words fit; where they fit in no one reading, `is_torn`."""

    reading: Reading = PLAIN
    others: tuple[Reading, ...] = ()
    fitted: int = 0
    is_torn: bool = False


def told_of(rows: Iterable[tuple[object, object, object]]) -> list[Told]:
    """Those of the rows (start, end, words) that say something which can be looked up."""
    return [
        Told(start, end, words)
        for start, end, words in rows
        if type(start) is int and type(end) is int and isinstance(words, str) and words.strip()
    ]


def placed(counted: Counted, start: int, end: int, words: str) -> Place | None:
    """Where in the text `[start, end)` lies, if just these words stand there; else None.

    A blank at an end that the words do not have is no part of it, nor is a byte order mark.
    """
    raw = counted.raw
    found = counted.range(start, end) or _to_the_end(counted, start, end, words)
    if found is None or raw[found[0] : found[1]] == words:
        return found
    first, last = found
    first += first == 0 and raw.startswith(_MARK) and not words.startswith(_MARK)
    there = raw[first:last]
    if there.split() != words.split() or there[:1].isspace() != words[:1].isspace():
        return None
    if not words[-1:].isspace():
        last = first + len(there.rstrip())
    return (first, last) if first < last else None


def _to_the_end(counted: Counted, start: int, end: int, words: str) -> Place | None:
    """From `start` to the end of the text, if that is one beyond it, or more by blanks alone."""
    beyond = end + counted.reading.inclusive - counted.size
    first = counted.place(start)
    blanks = len(words) - len(words.rstrip())
    if first is None or not 0 < beyond <= max(1, blanks) or first >= len(counted.raw):
        return None
    return first, len(counted.raw)


class CountedText:
    """One text, counted in every way that is asked for, each way once."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self._counted: dict[Reading, Counted] = {}

    def counted(self, reading: Reading) -> Counted:
        """The text as this reading counts it."""
        if reading not in self._counted:
            self._counted[reading] = Counted(self.raw, reading)
        return self._counted[reading]

    def place(self, reading: Reading, start: int, end: int, words: str | None) -> Place | None:
        """Where `[start, end)` lies if this is what it counts, and the words stand there; else
        None."""
        counted = self.counted(reading)
        if words is None:
            return counted.range(start, end)
        places = (placed(counted, start, end, said) for said in _spellings(words))
        return next((place for place in places if place is not None), None)

    def fits(self, reading: Reading, one: Told) -> bool:
        """Whether the words stand where they are said to, if this is what is counted."""
        return self.place(reading, *one) is not None


def proved(
    reader: CountedText,
    told: Sequence[Told],
    untold: Sequence[Place] = (),
    *,
    asked: Reading | None = None,
    of_the_file: Callable[[], Iterable[tuple[str, Sequence[Told]]]] | None = None,
) -> Proof:
    """What the words that a file tells of a text prove; plain, or what was asked for, if nothing.

    Words that stand there in no reading prove nothing. What was `asked` for is taken if it fits.
    `of_the_file` gives the texts of the whole file with their words: what fits those of one text
    in several ways fits all the file's in one. `untold` are offsets without words.
    """
    wanted = asked or PLAIN
    fits, good = _fitting(reader, told, asked)
    if not fits:
        return Proof(wanted, is_torn=len(good) > 0)
    if asked in fits:
        return Proof(wanted, fitted=len(good))
    fits = _distinct(reader, fits, good, untold)
    if len(fits) > 1 and of_the_file is not None:
        fits = _of_all(fits, of_the_file())
    return Proof(fits[0], tuple(fits[1:]), len(good))


def all_stand(reader: CountedText, rows: Sequence[tuple[object, object, object]]) -> bool:
    """Whether all the words of these rows stand in the text where they are said to, in one
    reading."""
    told = told_of(rows)
    return len(told) == len(rows) and proved(reader, told).fitted == len(rows)


def _fitting(
    reader: CountedText, told: Sequence[Told], asked: Reading | None
) -> tuple[list[Reading], list[Told]]:
    """Every reading that fits all words, the least odd first; and the words that fit in any."""
    every = readings_of(reader.raw)
    if asked is not None and asked not in every:
        every = (asked, *every)
    good = list(told)
    while good:
        pivot = max(good, key=lambda one: one.start)
        some = _starting(reader.raw, pivot, every)
        fits = [one for one in some if reader.fits(one, pivot)]
        if not fits:
            good.remove(pivot)
            continue
        return _that_fit(reader, fits, good, every)
    return [], good


def _that_fit(
    reader: CountedText, fits: list[Reading], good: list[Told], every: tuple[Reading, ...]
) -> tuple[list[Reading], list[Told]]:
    raw = reader.raw
    if fits[0] == PLAIN and all(raw[start:end] == words for start, end, words in good):
        # What is the usual case costs no more than this. Where it begins so, the words end so.
        others = [one for one in fits[1:] if one != _PLAIN_BUT_INCLUSIVE]
        others = [one for one in others if all(reader.fits(one, each) for each in good)]
        return [PLAIN, *others], good
    left = list(good)
    for one in good:
        still = [reading for reading in fits if reader.fits(reading, one)]
        if still:
            fits = still
        elif any(reader.fits(reading, one) for reading in _starting(raw, one, every)):
            return [], good
        else:
            left.remove(one)
    return fits, left


def _starting(raw: str, one: Told, every: tuple[Reading, ...]) -> list[Reading]:
    """The readings by which these words begin where they are said to."""
    exclusive, twins = _by_starts(every)
    found: set[int] = set()
    for words in _spellings(one.words):
        for place in _beginnings(raw, words, one.start, slack_of(raw)):
            counts = counts_before(raw, place, exclusive)
            found.update(number for number, count in enumerate(counts) if count == one.start)
    return [reading for reading, twin in zip(every, twins, strict=True) if twin in found]


@lru_cache
def _by_starts(every: tuple[Reading, ...]) -> tuple[tuple[Reading, ...], tuple[int, ...]]:
    """The readings that differ in where something begins, and which of these each reading is."""
    exclusive = tuple(dict.fromkeys(replace(one, inclusive=False) for one in every))
    return exclusive, tuple(exclusive.index(replace(one, inclusive=False)) for one in every)


def _spellings(words: str) -> tuple[str, ...]:
    """The words as they are; and as they may be where a backslash and an n are a line end."""
    ended = words.replace("\\n", "\n")
    # Blanks alone are no words that could be found.
    return (words, ended) if ended != words and ended.strip() else (words,)


def _beginnings(raw: str, words: str, near: int, slack: int) -> Iterator[int]:
    """Where in the text, so near to an offset, these words may begin, however blanks before them
    were shown."""
    first = words.split()[0]
    end = near + slack + len(words) + len(first)
    place = raw.find(first, max(near - slack, 0), end)
    while place >= 0:
        if words[0].isspace():
            start = place
            while start > 0 and raw[start - 1].isspace():
                start -= 1
                yield start
        else:
            yield place
            if place == 1 and raw[0] == _MARK:
                yield 0
        place = raw.find(first, place + 1, end)


def _distinct(
    reader: CountedText, fits: Sequence[Reading], told: Sequence[Told], untold: Sequence[Place]
) -> list[Reading]:
    """Of those that put all words in the same places the first alone; where something has no words,
    of the usual readings those as well that put it elsewhere."""
    if len(fits) == 1:
        return list(fits)
    kept: dict[tuple[object, ...], Reading] = {}
    for one in fits:
        places = tuple(reader.place(one, *each) for each in told)
        kept.setdefault((places,), one)
        if one.is_usual:
            kept.setdefault((places, *(reader.counted(one).range(*each) for each in untold)), one)
    return list(dict.fromkeys(kept.values()))


def _of_all(fits: list[Reading], texts: Iterable[tuple[str, Sequence[Told]]]) -> list[Reading]:
    """Those that fit the words of every text; texts that none of them fits say nothing."""
    for raw, told in texts:
        reader = CountedText(raw)
        for one in told:
            fits = [r for r in fits if reader.fits(r, one)] or fits
        if len(fits) == 1:
            break
    return fits


def supposed(reader: CountedText, untold: Sequence[Place], units: Collection[str]) -> Proof:
    """What may be supposed where a file says no words at all: the reading, in one of these units,
    by which alone every place begins and ends between words and holds more than blanks.

    Plain is taken where it is such a reading, or where no other puts anything elsewhere; where
    another is one as well, or plain is none, it has to be asked.
    """
    usual = [one for one in readings_of(reader.raw) if one.is_usual and one.unit in units]
    places = {one: tuple(reader.counted(one).range(*each) for each in untold) for one in usual}
    whole = [one for one in usual if all(_is_whole(reader.raw, each) for each in places[one])]
    open_ones = whole if PLAIN in whole else [PLAIN, *(whole or usual)]
    kept = {places[one]: one for one in reversed(open_ones)}.values()
    return Proof(PLAIN, tuple(one for one in open_ones if one in kept and one != PLAIN))


def _is_whole(raw: str, place: Place | None) -> bool:
    if place is None:
        return False
    words = raw[slice(*place)]
    edges = (raw[edge - 1 : edge + 1] for edge in place if 0 < edge < len(raw))
    return words == words.strip() and not any(edge.isalnum() for edge in edges)
