"""Determines the reading of offsets by the words that a file has for them: it must fit all words.

Nothing is guessed. Words must match the text at their offsets, except for blanks (several shown as
one, none at the end) and an end one beyond the text. If two readings fit all words but place some
of them differently, both are kept, so that the user can be asked.
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


class WordsAt(NamedTuple):
    """Offsets in a file, and the words that it has for them."""

    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Proof:
    """The result: the reading to use, and others that fit all words in different places. `fitted`
    counts the words that fit; `is_torn` is set if no single reading fits all of them."""

    reading: Reading = PLAIN
    others: tuple[Reading, ...] = ()
    fitted: int = 0
    is_torn: bool = False


def checkable(rows: Iterable[tuple[object, object, object]]) -> list[WordsAt]:
    """The rows (start, end, words) that can be checked against the text."""
    return [
        WordsAt(start, end, words)
        for start, end, words in rows
        if type(start) is int and type(end) is int and isinstance(words, str) and words.strip()
    ]


def placed(counted: Counted, start: int, end: int, words: str) -> Place | None:
    """`[start, end)` in code points, if the text has these words there; otherwise None.

    A trailing blank or a byte order mark that the words do not have is excluded.
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
    """From `start` to the end of the text, if `end` is one beyond it, or more by blanks only."""
    beyond = end + counted.reading.inclusive - counted.size
    first = counted.place(start)
    blanks = len(words) - len(words.rstrip())
    if first is None or not 0 < beyond <= max(1, blanks) or first >= len(counted.raw):
        return None
    return first, len(counted.raw)


class CountedText:
    """One text, with cached conversions for each reading."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self._counted: dict[Reading, Counted] = {}

    def counted(self, reading: Reading) -> Counted:
        """The conversion of offsets in this reading."""
        if reading not in self._counted:
            self._counted[reading] = Counted(self.raw, reading)
        return self._counted[reading]

    def place(self, reading: Reading, start: int, end: int, words: str | None) -> Place | None:
        """`[start, end)` of this reading in code points, if the text has these words there;
        otherwise None."""
        counted = self.counted(reading)
        if words is None:
            return counted.range(start, end)
        places = (placed(counted, start, end, said) for said in _spellings(words))
        return next((place for place in places if place is not None), None)

    def fits(self, reading: Reading, one: WordsAt) -> bool:
        """Whether the text has these words at their offsets in this reading."""
        return self.place(reading, *one) is not None


def proved(
    reader: CountedText,
    told: Sequence[WordsAt],
    untold: Sequence[Place] = (),
    *,
    asked: Reading | None = None,
    of_the_file: Callable[[], Iterable[tuple[str, Sequence[WordsAt]]]] | None = None,
) -> Proof:
    """The reading proved by the words of a text; plain, or the requested one, if there is no proof.

    Words that fit no reading prove nothing. The reading `asked` for is used if it fits.
    `of_the_file` gives all texts of the file with their words, to decide between readings that fit
    this text. `untold` are offsets without words.
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
    """Whether the text has the words of all these rows at their offsets, in one reading."""
    told = checkable(rows)
    return len(told) == len(rows) and proved(reader, told).fitted == len(rows)


def _fitting(
    reader: CountedText, told: Sequence[WordsAt], asked: Reading | None
) -> tuple[list[Reading], list[WordsAt]]:
    """All readings that fit all words, the most usual first, and the words that fit any reading."""
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
    reader: CountedText, fits: list[Reading], good: list[WordsAt], every: tuple[Reading, ...]
) -> tuple[list[Reading], list[WordsAt]]:
    raw = reader.raw
    if fits[0] == PLAIN and all(raw[start:end] == words for start, end, words in good):
        # The usual case, kept cheap: if the starts fit, the words determine the ends.
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


def _starting(raw: str, one: WordsAt, every: tuple[Reading, ...]) -> list[Reading]:
    """The readings in which these words begin at their offset."""
    exclusive, twins = _by_starts(every)
    found: set[int] = set()
    for words in _spellings(one.words):
        for place in _beginnings(raw, words, one.start, slack_of(raw)):
            counts = counts_before(raw, place, exclusive)
            found.update(number for number, count in enumerate(counts) if count == one.start)
    return [reading for reading, twin in zip(every, twins, strict=True) if twin in found]


@lru_cache
def _by_starts(every: tuple[Reading, ...]) -> tuple[tuple[Reading, ...], tuple[int, ...]]:
    """The readings that differ in starts, and for each reading the index of its equal in these."""
    exclusive = tuple(dict.fromkeys(replace(one, inclusive=False) for one in every))
    return exclusive, tuple(exclusive.index(replace(one, inclusive=False)) for one in every)


def _spellings(words: str) -> tuple[str, ...]:
    """The words, and the words with line ends for the two characters `\\n`."""
    ended = words.replace("\\n", "\n")
    # Blanks alone cannot be searched for.
    return (words, ended) if ended != words and ended.strip() else (words,)


def _beginnings(raw: str, words: str, near: int, slack: int) -> Iterator[int]:
    """The places near an offset where these words may begin, with any leading blanks."""
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
    reader: CountedText, fits: Sequence[Reading], told: Sequence[WordsAt], untold: Sequence[Place]
) -> list[Reading]:
    """The readings without those that place all words like an earlier one; usual readings are kept
    if they place offsets without words differently."""
    if len(fits) == 1:
        return list(fits)
    kept: dict[tuple[object, ...], Reading] = {}
    for one in fits:
        places = tuple(reader.place(one, *each) for each in told)
        kept.setdefault((places,), one)
        if one.is_usual:
            kept.setdefault((places, *(reader.counted(one).range(*each) for each in untold)), one)
    return list(dict.fromkeys(kept.values()))


def _of_all(fits: list[Reading], texts: Iterable[tuple[str, Sequence[WordsAt]]]) -> list[Reading]:
    """The readings that fit the words of all texts, ignoring texts that none of them fits."""
    for raw, told in texts:
        reader = CountedText(raw)
        for one in told:
            fits = [r for r in fits if reader.fits(r, one)] or fits
        if len(fits) == 1:
            break
    return fits


def supposed(reader: CountedText, untold: Sequence[Place], units: Collection[str]) -> Proof:
    """The reading for a file without words: the only one, in these units, in which all spans begin
    and end at word boundaries and are not blank.

    Plain is used if it is such a reading, or if all others agree with it. `others` is not empty,
    so that the user is asked, if another reading qualifies too, or plain does not.
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
