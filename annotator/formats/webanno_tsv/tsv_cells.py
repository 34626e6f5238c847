"""The cells of a WebAnno TSV row: stacked values, escapes, numbers in brackets, references."""

from __future__ import annotations

import re
from dataclasses import dataclass

NONE, EMPTY = "_", "*"
_BETWEEN = {sign: re.compile(rf"(?:\\.|[^\\{sign}])*", re.DOTALL) for sign in "|;"}
_NUMBERED = re.compile(r"(?P<value>(?:\\.|[^\\])*?)\[(?P<number>\d{1,9})\]", re.DOTALL)
_CHAINED = re.compile(r"(?P<value>(?:\\.|[^\\])*?)->(?P<number>\d{1,9}-\d{1,9})", re.DOTALL)
_REFERENCE = re.compile(
    r"(?P<unit>\d{1,9}-\d{1,9}(?:\.\d{1,9})*)"
    r"(?:\[(?P<number>\d{1,9})(?:_(?P<other>\d{1,9}))?\])?"
)
_ESCAPED = re.compile(r"\\(->|.)", re.DOTALL)
_LETTERS = {"t": "\t", "n": "\n"}


@dataclass(frozen=True, slots=True)
class UnitReference:
    """A token or a part of one, and the numbers in brackets behind it; None without a number."""

    unit: str
    number: str | None
    other: str | None = None


def stacked(cell: str) -> list[str]:
    """The values of a cell, one for each annotation of its layer at a token."""
    return [] if cell in (NONE, "") else separated(cell, "|")


def separated(cell: str, sign: str) -> list[str]:
    """The parts of a cell between unescaped signs (`|` or `;`)."""
    parts, place = [], 0
    while True:
        found = _BETWEEN[sign].match(cell, place)
        end = found.end() if found else place
        if cell[end : end + 1] not in (sign, ""):  # a backslash at the very end
            end = len(cell)
        parts.append(cell[place:end])
        if end >= len(cell):
            return parts
        place = end + 1


def numbered(value: str) -> tuple[str, str | None]:
    """A value and its number: `PER[1]`, or in a chain `coref->1-2`; None without a number."""
    found = _NUMBERED.fullmatch(value) or _CHAINED.fullmatch(value)
    return (found["value"], found["number"]) if found else (value, None)


def word_in(value: str) -> str | None:
    """A value without its escapes; None for one that stands for none."""
    if value in (NONE, EMPTY, ""):
        return None
    return _ESCAPED.sub(lambda found: _LETTERS.get(found[1], found[1]), value)


def reference_in(value: str) -> UnitReference | None:
    """The reference in a value; None if it is not one."""
    found = _REFERENCE.fullmatch(value)
    if found is None:
        return None
    number, other = (one if one and int(one) else None for one in found.group("number", "other"))
    return UnitReference(found["unit"], number, other)
