"""Ways in which programs count offsets.

A reading is the unit, the treatment of line ends, of a byte order mark and of runs of blanks, and
whether ends are inclusive. `Counted` converts offsets of a text in one reading.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import regex

UNITS = {
    "codepoints": "code points",
    "utf16": "UTF-16 units",
    "grapheme": "graphemes",
    "bytes": "bytes of UTF-8",
}
_PARTICULARS = {
    "lf": "CRLF as one",
    "crlf": "each line end as CRLF, that is two",
    "nobom": "the byte order mark not counted",
    "bom": "a byte order mark counted that is not there",
    "blanks": "blanks in a row as one",
    "inclusive": "ends that are the last one inside",
}
# How unusual a way of counting is. Of readings equivalent for a text, the most usual is reported.
_ODD = {
    "codepoints": 0,
    **{"utf16": 1, "lf": 1, "nobom": 1},
    **{"grapheme": 2, "bytes": 2, "crlf": 2, "inclusive": 2, "blanks": 4, "bom": 5},
}
WAYS = (*UNITS, *_PARTICULARS)
"""The words that name a reading, joined by `+`: `utf16`, `codepoints+lf`, `inclusive`."""

_MARK = "\ufeff"
_LAST_IN_ONE_UNIT = "\uffff"
_LONE_END = r"\r(?!\n)|(?<!\r)\n"
_IN_A_ROW = r"[ \t]{2,}"
_LONE = re.compile(_LONE_END)
_BLANKS = re.compile(_IN_A_ROW)
_GRAPHEME = regex.compile(r"\X")
_JOINS = regex.compile(r"[^\p{GCB=Other}\p{GCB=Control}\p{GCB=CR}\p{GCB=LF}]")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to count; the default is code points of the unchanged text, ends exclusive."""

    unit: str = "codepoints"
    lf: bool = False
    crlf: bool = False
    nobom: bool = False
    bom: bool = False
    blanks: bool = False
    inclusive: bool = False

    @property
    def name(self) -> str:
        """Its name for `--offsets`."""
        return "+".join((self.unit, *self._particulars()))

    @property
    def words(self) -> str:
        """What it counts, in words."""
        return ", ".join((UNITS[self.unit], *(_PARTICULARS[one] for one in self._particulars())))

    @property
    def is_usual(self) -> bool:
        """Whether it differs from plain only in the unit and in the treatment of CRLF and byte
        order marks that are in the text."""
        return not (self.crlf or self.bom or self.blanks or self.inclusive)

    def _particulars(self) -> tuple[str, ...]:
        return tuple(one for one in _PARTICULARS if getattr(self, one))


PLAIN = Reading()


def reading_named(name: str) -> Reading:
    """The reading with this name; raises ValueError for unknown or incompatible words."""
    said = [word for word in name.split("+") if word]
    for word in said:
        if word not in WAYS:
            raise ValueError(f"{word!r} is not one of {', '.join(WAYS)}")
    units = [word for word in said if word in UNITS]
    for pair in (units, ["lf", "crlf"], ["bom", "nobom"]):
        if len(pair) > 1 and all(word in said for word in pair):
            raise ValueError(f"{pair[0]} and {pair[1]} exclude each other")
    if not said:
        raise ValueError(f"{name!r} is not one of {', '.join(WAYS)}")
    ways = {word: word in said for word in _PARTICULARS}
    return Reading(units[0] if units else PLAIN.unit, **ways)


def readings_of(raw: str) -> tuple[Reading, ...]:
    """All readings that give different offsets in this text; plain first, then by how usual."""
    units = ["codepoints"]
    if not raw.isascii():
        units += ["utf16"] if max(raw) > _LAST_IN_ONE_UNIT else []
        units += ["grapheme"] if _JOINS.search(raw) else []
        units += ["bytes"]
    return _readings(
        tuple(units),
        "\r\n" in raw,
        _LONE.search(raw) is not None,
        raw.startswith(_MARK),
        _BLANKS.search(raw) is not None,
    )


@lru_cache
def _readings(
    units: tuple[str, ...], pairs: bool, ends: bool, mark: bool, blanks: bool
) -> tuple[Reading, ...]:
    every = product(
        units,
        (False, True) if pairs else (False,),
        (False, True) if ends else (False,),
        (False, True) if mark else (False,),
        (False,) if mark else (False, True),
        (False, True) if blanks else (False,),
        (False, True),
    )
    found = (Reading(*one) for one in every)
    return tuple(sorted(filter(_is_sensible, found), key=_how_odd))


def _is_sensible(one: Reading) -> bool:
    """Whether the options are compatible; a line end is one grapheme, CRLF or not."""
    ends = one.lf + one.crlf
    return ends == 0 or (ends == 1 and one.unit != "grapheme")


def _how_odd(one: Reading) -> int:
    return _ODD[one.unit] + sum(_ODD[way] for way in _PARTICULARS if getattr(one, way))


def slack_of(raw: str) -> int:
    """The maximum difference between an offset in any reading and the plain offset."""
    wide = 0 if raw.isascii() else len(raw.encode()) - len(raw)
    blanks = sum(len(found) for found in _BLANKS.findall(raw))
    return wide + raw.count("\n") + raw.count("\r") + blanks + 3


def counts_before(raw: str, place: int, readings: Iterable[Reading]) -> Iterator[int]:
    """The offset of a character in each of these readings, without converting the whole text."""
    head = raw[:place]
    pairs = head.count("\r\n")
    single = head.count("\n") + head.count("\r") - 2 * pairs
    units = {"codepoints": place}
    blanks = None
    for one in readings:
        if one.unit not in units:
            units[one.unit] = _units_in(head, one.unit)
        count = units[one.unit] + one.crlf * single - one.lf * pairs
        wide = 3 if one.unit == "bytes" else 1
        count += wide * (one.bom - (one.nobom and place > 0))
        if one.blanks:
            if blanks is None:
                blanks = sum(len(found) - 1 for found in _BLANKS.findall(head))
            count -= blanks
        yield count


def _units_in(head: str, unit: str) -> int:
    if unit == "grapheme":
        return sum(1 for _ in _GRAPHEME.finditer(head))
    return len(head.encode()) if unit == "bytes" else len(head.encode("utf-16-le")) // 2


class Counted:
    """Converts offsets of a text in one reading to code points.

    Most characters count as one. Only the others are stored, with their bounds in the text and in
    the count, so that a long text of ordinary characters costs nothing.
    """

    def __init__(self, raw: str, reading: Reading) -> None:
        self.raw, self.reading = raw, reading
        self._from: list[int] = []
        self._to: list[int] = []
        self._counted_from: list[int] = []
        self._counted_to: list[int] = []
        ahead = 0  # the count minus the position in the text
        for start, end, size in _others(raw, reading):
            self._from.append(start)
            self._to.append(end)
            self._counted_from.append(start + ahead)
            self._counted_to.append(start + ahead + size)
            ahead += size - (end - start)
        self.size = len(raw) + ahead

    def place(self, offset: int) -> int | None:
        """The code point at `offset`; the length of the text for the end; None if no character
        begins there."""
        if not 0 <= offset <= self.size:
            return None
        other = bisect_right(self._counted_from, offset) - 1
        if other < 0:
            return offset
        if offset >= self._counted_to[other]:
            return self._to[other] + offset - self._counted_to[other]
        # A counted mark that is not in the text has an offset but no place in the text.
        inside = offset > self._counted_from[other] or self._from[other] == self._to[other]
        return None if inside else self._from[other]

    def range(self, start: int, end: int) -> tuple[int, int] | None:
        """`[start, end)` in code points; None if it is not a range of whole characters."""
        first, last = self.place(start), self.place(end + self.reading.inclusive)
        return None if first is None or last is None or first >= last else (first, last)


def _others(raw: str, reading: Reading) -> Iterator[tuple[int, int, int]]:
    """The start, end and count of each piece of the text that does not count one per character."""
    if reading.nobom and raw.startswith(_MARK):
        yield 0, 1, 0
    if reading.bom:
        yield 0, 0, 3 if reading.unit == "bytes" else 1
    pattern = _pattern(reading)
    if pattern is None:
        return
    for found in pattern.finditer(raw):
        piece = found.group()
        start, end = found.span()
        if reading.nobom and start == 0 and piece == _MARK:
            continue
        size = _size(piece, reading)
        if size != end - start:
            yield start, end, size


@lru_cache
def _pattern(reading: Reading) -> regex.Pattern[str] | None:
    """The pattern of pieces that may not count as one; earlier alternatives win."""
    units = {"utf16": r"[\U00010000-\U0010ffff]", "bytes": r"[^\x00-\x7f]", "grapheme": r"\X"}
    parts = [
        _IN_A_ROW if reading.blanks else "",
        r"\r\n" if reading.lf else "",
        _LONE_END if reading.crlf else "",
        units.get(reading.unit, ""),
    ]
    wanted = [part for part in parts if part]
    return regex.compile("|".join(wanted)) if wanted else None


def _size(piece: str, reading: Reading) -> int:
    if piece in ("\r", "\n"):
        return 2 if reading.crlf else 1
    if piece == "\r\n" or piece.isspace():
        return 1 if piece.isascii() or reading.unit != "bytes" else len(piece.encode())
    if reading.unit == "grapheme":
        return 1
    return 2 if reading.unit == "utf16" else len(piece.encode())
