"""The sentences of a WebAnno TSV file: their text, and the places of their tokens in it.

Offsets count UTF-16 units of the whole text. What a row says of its words proves how a sentence is
to be read: files made by other programs count code points, do not escape, or count anew in each
sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from annotator.core.article import Span
from annotator.formats.external_text import InvalidAnnotation
from annotator.formats.refusals import RefusedPiece

_UNIT = re.compile(r"(?P<id>\d{1,9}-\d{1,9}(?:\.\d{1,9})*)\t(?P<begin>\d{1,9})-(?P<end>\d{1,9})\t?")
_ESCAPED = re.compile(r"\\([tnfrb\\]|[\x00-\x07\x0e-\x1f])")
_JAVA = re.compile(r"\\(?:u+([0-9a-fA-F]{4})|([0-3]?[0-7]{1,2})|(.))", re.DOTALL)
_LETTERS = {"t": "\t", "n": "\n", "f": "\f", "r": "\r", "b": "\b"}
_MOST_PADDING = 100_000
_NO_ROW = "line that is neither text nor token"
APART = "row that differs from the text"
_TEXT = "#Text="

_Unescape = Callable[[str], str]


@dataclass(slots=True)
class RawRow:
    """The line of a token or a part of it: its id, its offsets, and its words with what follows."""

    line: int
    id: str
    begin: int
    end: int
    rest: str


@dataclass(frozen=True, slots=True)
class TsvUnit:
    """A token, or a part of one (`1-3.1`), at `[start, end)` of the text, which may be empty.

    `token` is the number of the token in the text. `cells` are its columns; None if its row was
    refused.
    """

    line: int
    id: str
    token: int
    start: int
    end: int
    cells: tuple[str, ...] | None


@dataclass
class RawSentence:
    """The lines of a sentence: its text as written, and its rows."""

    texts: list[str] = field(default_factory=list)
    rows: list[RawRow] = field(default_factory=list)


def sentences_in(
    lines: Iterable[tuple[int, str]], lost: list[RefusedPiece]
) -> Iterator[RawSentence]:
    """The sentences of the body, from its numbered lines; lines that are none are added to
    `lost`."""
    one = RawSentence()
    for number, line in lines:
        if line.startswith("#"):
            if one.rows and line.startswith(_TEXT):
                yield one
                one = RawSentence()
            if line.startswith(_TEXT):
                one.texts.append(line.removeprefix(_TEXT))
        elif found := _UNIT.match(line):
            begin, end = int(found["begin"]), int(found["end"])
            one.rows.append(RawRow(number, found["id"], begin, end, line[found.end() :]))
        elif one.rows and line:
            # The words of a token are written as they are, line ends too.
            one.rows[-1].rest += "\n" + line
        elif one.rows:
            yield one
            one = RawSentence()
        elif line:
            reason = f"{line!r:.60} is neither text nor a token"
            lost.append(RefusedPiece(reason, _NO_ROW, line=number))
    if one.rows or one.texts:
        yield one


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to read a sentence: its text, whether offsets count code points, and the offset at
    which it begins."""

    text: str
    origin: int
    in_points: bool

    def places(self, rows: Iterable[RawRow]) -> list[tuple[int, int] | None]:
        """The range of each row in the sentence, None where its words are others."""
        at = int if self.in_points else _point_of(self.text)
        found: list[tuple[int, int] | None] = []
        for row in rows:
            start, end = at(row.begin - self.origin), at(row.end - self.origin)
            fits = start is not None and end is not None and 0 <= start <= end <= len(self.text)
            if fits and _has_words(row.rest, self.text[start:end]):
                assert start is not None
                assert end is not None
                found.append((start, end))
            else:
                found.append(None)
        return found

    @property
    def length(self) -> int:
        """The length of the sentence as its offsets count it."""
        return len(self.text) if self.in_points else len(self.text.encode("utf-16-le")) // 2


@dataclass
class TextMaker:
    """Puts the sentences of a file together, as INCEpTION does: a line feed after each, and blanks
    where offsets leave a gap; none where they leave none."""

    minor: int
    width: int
    lost: list[RefusedPiece]
    notes: dict[str, None] = field(default_factory=dict)
    _parts: list[str] = field(default_factory=list)
    _size: int = 0
    _end: int | None = None
    _tokens: int = 0
    _padding: int = 0

    @property
    def text(self) -> str:
        """The text of all sentences so far."""
        return "".join(self._parts)

    def add(self, one: RawSentence) -> list[TsvUnit]:
        """Add a sentence; returns its tokens and their parts. Raises InvalidAnnotation if the
        offsets leave more gaps than a text has."""
        way, places = self._best(one)
        if way.in_points:
            self.notes["offsets count code points: only these fit its words"] = None
        self._pad(way.origin, one.rows[0].line if one.rows else 0)
        first = self._size
        self._append(way.text)
        self._end = way.origin + way.length
        return [
            self._unit(row, place, first, way.text)
            for row, place in zip(one.rows, places, strict=True)
        ]

    def _best(self, one: RawSentence) -> tuple[_Way, list[tuple[int, int] | None]]:
        """The way of reading in which most rows have their words; the usual one if several do."""
        best: tuple[_Way, list[tuple[int, int] | None]] | None = None
        for way in self._ways(one):
            places = way.places(one.rows)
            missing = places.count(None)
            if not missing:
                return way, places
            if best is None or missing < best[1].count(None):
                best = way, places
        assert best is not None
        return best

    def _ways(self, one: RawSentence) -> Iterator[_Way]:
        texts = dict.fromkeys(
            "\n".join(map(unescape, one.texts)) for unescape in _escapes(self.minor)
        )
        begin = one.rows[0].begin if one.rows else (self._end or 0) + 1
        for in_points, text in product((False, True), texts):
            blanks = len(text) - len(text.lstrip())
            for before in dict.fromkeys((0, blanks)):
                yield _Way(text, begin - before, in_points)

    def _pad(self, origin: int, line: int) -> None:
        """Fill the gap before a sentence that begins at this offset."""
        gap = origin - (self._end or 0)
        words = self._size - self._padding
        self._padding += max(gap, 0)
        if self._padding > _MOST_PADDING + words:
            raise InvalidAnnotation(
                f"line {line}: the offsets leave {gap:,} before the sentence, and too much in all",
                APART,
            )
        if gap < 0:
            self.notes["offsets begin anew in a sentence, which is read as a line of its own"] = (
                None
            )
            gap = 1
        if self._end is None:
            self._append(" " * max(origin, 0))
        elif gap:
            self._append("\n" + " " * (gap - 1))

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._size += len(text)

    def _unit(self, row: RawRow, place: tuple[int, int] | None, first: int, text: str) -> TsvUnit:
        self._tokens += "." not in row.id
        if place is None:
            words = row.rest.partition("\t")[0]
            reason = f"{row.id}: the text does not read {words!r:.40} at {row.begin}-{row.end}"
            told = (Span(first, first + len(text)),) if text else None
            self.lost.append(RefusedPiece(reason, APART, told, row.line))
            return TsvUnit(row.line, row.id, self._tokens, first, first, None)
        start, end = place
        cells = tuple(row.rest[end - start + 1 :].split("\t"))
        cells = cells[:-1] if len(cells) == self.width + 1 and not cells[-1] else cells
        if len(cells) != self.width and (self.width or any(cells)):
            reason = f"{row.id}: {self.width} columns are due, but there are {len(cells)}"
            where = (Span(first + start, first + end),) if start < end else ()
            self.lost.append(RefusedPiece(reason, "row with other columns", where, row.line))
            return TsvUnit(row.line, row.id, self._tokens, first + start, first + end, None)
        return TsvUnit(row.line, row.id, self._tokens, first + start, first + end, cells)


def _has_words(rest: str, words: str) -> bool:
    return rest.startswith(words) and rest[len(words) : len(words) + 1] in ("", "\t")


def _point_of(text: str) -> Callable[[int], int | None]:
    """A function from an offset in UTF-16 units to the code point there; None within one."""
    wide = [n for n, letter in enumerate(text) if letter > "\uffff"]
    if not wide:
        return lambda place: place
    starts = [n + before for before, n in enumerate(wide)]

    def at(place: int) -> int | None:
        before = bisect_left(starts, place)
        inside = before > 0 and starts[before - 1] == place - 1
        return None if inside else place - before

    return at


def _escapes(minor: int) -> Sequence[_Unescape]:
    """The ways in which a file of this version may have escaped its text; the right one first."""
    return (_java, _escaped, str) if minor < 2 else (_escaped, str, _java)


def _escaped(text: str) -> str:
    """A text as TSV 3.2 and 3.3 write it."""
    return _ESCAPED.sub(lambda found: _LETTERS.get(found[1], found[1]), text)


def _java(text: str) -> str:
    """A text as TSV 3.0 and 3.1 write it: as in the source of a Java program."""
    found = _JAVA.sub(_java_letter, text)
    # Two escapes are one character beyond the first 65,536.
    return found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _java_letter(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    if found[2]:
        return chr(int(found[2], 8))
    return _LETTERS.get(found[3], found[3])
