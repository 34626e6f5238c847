"""Writes doccano's JSONL for its sequence labelling with relations, and reads it back.

doccano shows offsets as its frontend counts them: UTF-16 units. Labels of pieces of claims and of
junk lines have a prefix, `claim/Content` and `junk/footnote`, so that no entity looks like one. The
rest of the record is in our own part, which doccano keeps as metadata and exports again. Lines are
ASCII, because doccano guesses encodings. Lines without our part are read as texts with offsets.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from annotator.core.record import Record
from annotator.core.records.codec import Plain
from annotator.formats import record_envelope
from annotator.formats.base import (
    Format,
    FormatReader,
    Losses,
    NumberedRecords,
    Option,
    ReadOptions,
    Refused,
)
from annotator.formats.counting import counting
from annotator.formats.external_text import name_in
from annotator.formats.json_values import values_in
from annotator.formats.marks.kept_marks import expected, held_records
from annotator.formats.marks.read_marks import read_marks
from annotator.formats.marks.shown_marks import (
    TITLES,
    MarkedText,
    MarkKind,
    MarkLink,
    SpanMark,
    shown,
)
from annotator.formats.offsets import counting_of, read_value
from annotator.formats.readings import Reading
from annotator.formats.refusals import RefusedPiece
from annotator.formats.signs import Sign, Signs, Strength

UNITS = Reading("utf16")
"""How doccano's frontend counts, unless a project counts graphemes."""
_CLAIM, _JUNK, _ENTITY = "claim/", "junk/", "entity/"
_ROLES = {f"{_CLAIM}{title}": role for role, title in TITLES.items()}


def write(records: Iterable[Record], target: BinaryIO, losses: Losses) -> int:
    """Write one line for each reviewed record; returns how many."""
    count = 0
    for count, record in enumerate(held_records(records, losses), start=1):  # noqa: B007  # result
        target.write(json.dumps(_line(record), separators=(",", ":")).encode() + b"\n")
    return count


def numbered(path: Path, options: ReadOptions) -> NumberedRecords:
    """The records of a file, each with the number of its line (from 1); yields Refused for invalid
    lines and spans. Lines of others are read like the format `offsets`."""
    theirs = counting_of(path, options)
    ours = counting(path, None, options.notes)
    for found in values_in(path):
        if isinstance(found, Refused):
            yield found.line or 0, found
        elif _is_ours(found.value):
            told, refused = _shown(found.value)
            for one in read_marks(told, ours, options.means, found.number, refused):
                yield found.number, one
        else:
            yield from read_value(found, theirs, options.means)


def _line(record: Record) -> Plain:
    told = shown(record)
    place = utf16_places(record.article.text)
    ids = {mark.name: number for number, mark in enumerate(told.marks)}
    return {
        "text": record.article.text,
        "entities": [
            {
                "id": ids[mark.name],
                "label": _label(mark),
                "start_offset": place(mark.start),
                "end_offset": place(mark.end),
            }
            for mark in told.marks
        ],
        "relations": [
            {"id": n, "from_id": ids[one.one], "to_id": ids[one.other], "type": one.label}
            for n, one in enumerate(told.links)
        ],
        record_envelope.KEY: told.beside,
    }


def utf16_places(text: str) -> Callable[[int], int]:
    """A function from a code point of the text to its offset in UTF-16 units."""
    wide = [n for n, letter in enumerate(text) if letter > "\uffff"]
    if not wide:
        return int
    return lambda place: place + bisect_left(wide, place)


def _label(mark: SpanMark) -> str:
    """The label of a mark; of an entity, with a prefix if it looks like another kind of mark."""
    if mark.kind is MarkKind.JUNK:
        return _JUNK + mark.label
    if mark.kind is not MarkKind.ENTITY:
        return _CLAIM + mark.label
    return _ENTITY * mark.label.startswith((_CLAIM, _JUNK, _ENTITY)) + mark.label


def _kind(label: str) -> tuple[MarkKind, str]:
    """The kind and label of a mark; the inverse of `_label`."""
    if label in _ROLES:
        return _ROLES[label], label.removeprefix(_CLAIM)
    if label.startswith(_JUNK):
        return MarkKind.JUNK, label.removeprefix(_JUNK)
    return MarkKind.ENTITY, label.removeprefix(_ENTITY)


def _is_ours(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get(record_envelope.KEY), dict)


def _shown(plain: Mapping[str, Any]) -> tuple[MarkedText, tuple[RefusedPiece, ...]]:
    """The marks of a line, and the rows that are none."""
    refused: list[RefusedPiece] = []
    marks = []
    for n, row in enumerate(_rows(plain, "entities", refused)):
        label = name_in(row.get("label"))
        if label is None:
            reason = f"entities[{n}]: a label must be a name, found {row.get('label')!r:.40}"
            refused.append(RefusedPiece(reason, "invalid label"))
            continue
        name = name_in(row.get("id")) or f"entities[{n}]"
        start, end = row.get("start_offset"), row.get("end_offset")
        marks.append(SpanMark(name, *_kind(label), start, end))
    links = tuple(
        MarkLink(*(name_in(row.get(key)) or "" for key in ("type", "from_id", "to_id")))
        for row in _rows(plain, "relations", refused)
    )
    told = MarkedText(
        plain.get("text"), tuple(marks), links, plain[record_envelope.KEY], reading=UNITS
    )
    return told, tuple(refused)


def _rows(plain: Mapping[str, Any], name: str, refused: list[RefusedPiece]) -> Iterator[Any]:
    rows = plain.get(name)
    if not isinstance(rows, list):
        reason = f"{name}: expected a list, found {rows!r:.60}"
        refused.append(RefusedPiece(reason, "not a list of spans"))
        return
    for n, row in enumerate(rows):
        if isinstance(row, dict):
            yield row
        else:
            reason = f"{name}[{n}]: expected an object, found {row!r:.60}"
            refused.append(RefusedPiece(reason, "invalid span"))


FORMAT = Format(
    "doccano",
    ".jsonl",
    writer=write,
    reader=FormatReader(numbered, expected, takes=frozenset({Option.OFFSETS, Option.MEANS})),
    signs=Signs(
        values=(
            Sign(
                "doccano's lines, as annotator writes them",
                {"text": str, "entities": [], record_envelope.KEY: dict},
                strength=Strength.CERTAIN,
            ),
        )
    ),
)
