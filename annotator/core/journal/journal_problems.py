"""What a check of the journal finds wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ProblemKind(StrEnum):
    """What is checked: chains of hashes; cached columns against a new fold; the words of spans
    against the text; exported files against the store."""

    CHAIN = "chain"
    FOLD = "fold"
    OFFSETS = "offsets"
    EXPORTS = "exports"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: where, as far as known, and what. `entry` is the place of the entry in its
    review or log, from 1."""

    kind: ProblemKind
    message: str
    article: str | None = None
    reviewer: str | None = None
    entry: int | None = None


def misplaced(plain: Any, text: str) -> tuple[int, str | None]:
    """How many spans an item, a decision or a list of items in stored form has, up to the first
    whose words do not stand in the text where it says; and that one, in words."""
    number = 0
    for span in _spans_in(plain):
        number += 1
        if not _is_at_its_place(span, text):
            place = f"{span['start']} to {span.get('end')}"
            return number, f"“{span['text']!s:.40}” does not stand at {place}."
    return number, None


def _spans_in(plain: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(plain, list):
        for one in plain:
            yield from _spans_in(one)
    elif isinstance(plain, dict):
        if "start" in plain and "text" in plain:
            yield plain
            return
        for one in plain.values():
            if isinstance(one, list | dict):
                yield from _spans_in(one)


def _is_at_its_place(span: Mapping[str, Any], text: str) -> bool:
    start, end = span["start"], span.get("end")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start <= end:
        return False
    return bool(text[start:end] == span["text"])
