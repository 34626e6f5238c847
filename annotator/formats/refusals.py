"""Refused parts of articles that are imported; their words become unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from annotator.core.article import Spans
from annotator.core.decisions import Answer
from annotator.core.record import Record
from annotator.core.records.unknown import everything, stretches
from annotator.errors import RecordError
from annotator.formats.base import Refused
from annotator.formats.external_text import InvalidAnnotation

OF_THE_TEXT = "label for a whole text"
INVALID_RECORD = "invalid annotator record"
"""The kind of refusals for invalid fields of our own part of a file."""
_LONGEST = 500
_STORED = re.compile(
    r"(?:/data/(?:upload|local-files)\b|(?:s3|gs|azure-blob|file|hdfs)://)\S*|https?://\S+"
    r"|(?:[A-Za-z]:[\\/]|\.{0,2}[\\/])?[^\s<>]+\.(?:txt|html?|md|pdf|docx?|rtf|csv|tsv|jsonl?|xml|png"
    r"|jpe?g|gif|webp|tiff?|svg|mp3|wav|mp4)(?:\?\S*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RefusedPiece:
    """A refused part of an article: the reason; a fixed phrase to group by; the spans concerned
    (empty: no words; None: unknown); its line, if any. `whole` means that a whole line was refused
    because another one replaces it, so nothing of the article is missing."""

    reason: str
    kind: str
    spans: Spans | None = None
    line: int | None = None
    whole: bool = False


def refused_then_record(
    record: Record, lost: Iterable[RefusedPiece], file: str, number: int
) -> Iterator[Refused | Record]:
    """Yields the refused parts of a record, then the record with their words unknown."""
    pieces = tuple(lost)
    name = record.article.id
    for one in pieces:
        line = number if one.line is None else one.line
        yield Refused(file, line, one.reason, article=None if one.whole else name, kind=one.kind)
    yield with_unknown(record, (one for one in pieces if not one.whole))


def refused_then_records(
    make: Callable[[], Iterable[tuple[Record, list[RefusedPiece]]]], file: str, number: int
) -> Iterator[Refused | Record]:
    """Yields the records that `make` reads from one value of a file, each after its refused parts;
    only why, if the value is invalid."""
    try:
        made = list(make())
    except (InvalidAnnotation, RecordError) as error:
        kind = error.kind if isinstance(error, InvalidAnnotation) else INVALID_RECORD
        yield Refused(file, number, str(error), kind=kind)
        return
    for record, lost in made:
        yield from refused_then_record(record, lost, file, number)


def with_unknown(record: Record, lost: Iterable[RefusedPiece]) -> Record:
    """The record with the refused words unknown, or the whole text if these are not known."""
    if record.review.kind == "none" or record.answer is not Answer.ACCEPT:
        return record
    text = record.article.text
    unknown = list(record.unknown)
    for one in lost:
        unknown += everything(text) if one.spans is None else one.spans
    return replace(record, unknown=stretches(unknown, text)) if unknown else record


def refuse_path(text: str) -> None:
    """Raises InvalidAnnotation if a text is only a path or an address."""
    words = text.strip()
    if len(words) <= _LONGEST and _STORED.fullmatch(words):
        raise InvalidAnnotation(
            f"{words!r:.60} is a path or address, not a text; put the text itself in its "
            "place and import that",
            "path or address instead of a text",
        )


def kept_beside(meta: Mapping[str, Any], name: str, rows: list[Any]) -> dict[str, Any]:
    """`meta` with further rows under this name, with a number if the name is taken."""
    if not rows:
        return dict(meta)
    free, number = name, 1
    while free in meta:
        number += 1
        free = f"{name}_{number}"
    return {**meta, free: rows}
