"""The differences between two datasets, record by record and item by item.

Records are the same if they are of one reviewer's review of one article; an article with one record
on each side is compared whoever reviewed it. Items are matched as those of two reviewers are: by
content, then by place. Ids, makers, scores and suggesters are no differences.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from annotator.core.adjudicating.matching_answers import matched
from annotator.core.annotations import Claim, Entity, Item, Junk, Verdict
from annotator.core.article import Spans
from annotator.core.record import Record
from annotator.core.records.fields import CLAIM_ATTRIBUTES

_PARTS = ("content", "cue", "source")


class DiffKind(StrEnum):
    """How an item or a record of the old dataset differs in the new one."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """A field of an item that differs: its name, its old and its new value in words."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ItemDiff:
    """An item that is in one dataset only, or differs in `fields`."""

    old: Item | None
    new: Item | None
    fields: tuple[FieldDiff, ...] = ()

    @property
    def kind(self) -> DiffKind:
        """Whether the item was added, removed or changed."""
        return _kind(self.old, self.new)


@dataclass(frozen=True, slots=True)
class RecordDiff:
    """A record that is in one dataset only, or whose items or answer differ."""

    old: Record | None
    new: Record | None
    items: tuple[ItemDiff, ...] = ()

    @property
    def kind(self) -> DiffKind:
        """Whether the record was added, removed or changed."""
        return _kind(self.old, self.new)

    @property
    def record(self) -> Record:
        """The new record, or the old one if there is no new one."""
        found = self.new or self.old
        assert found is not None  # a difference is in one of two records
        return found


def record_diffs(old: Iterable[Record], new: Iterable[Record]) -> Iterator[RecordDiff]:
    """The differences between two datasets, whose records are ordered by article; equal records are
    left out."""
    merged = heapq.merge(_of_side(0, old), _of_side(1, new), key=lambda row: row[:2])
    for _, same in groupby(merged, key=lambda row: row[0]):
        of: tuple[list[Record], list[Record]] = ([], [])
        for _, side, record in same:
            of[side].append(record)
        for pair in _pairs(*of):
            if (found := _diff(*pair)) is not None:
                yield found


def _of_side(side: int, rows: Iterable[Record]) -> Iterator[tuple[str, int, Record]]:
    return ((one.article.id, side, one) for one in rows)


def _kind(old: object, new: object) -> DiffKind:
    if old is None:
        return DiffKind.ADDED
    return DiffKind.REMOVED if new is None else DiffKind.CHANGED


def _pairs(old: list[Record], new: list[Record]) -> Iterator[tuple[Record | None, Record | None]]:
    """The records of one article: those of one reviewer together, then the only ones left."""
    waiting: dict[str | None, list[Record]] = defaultdict(list)
    for record in new:
        waiting[record.review.reviewer].append(record)
    left: list[Record] = []
    for record in old:
        if there := waiting[record.review.reviewer]:
            yield record, there.pop(0)
        else:
            left.append(record)
    further = [record for records in waiting.values() for record in records]
    if len(left) == len(further) == 1:
        yield left[0], further[0]
        return
    yield from ((record, None) for record in left)
    yield from ((None, record) for record in further)


def _diff(old: Record | None, new: Record | None) -> RecordDiff | None:
    """The difference between two records of one article; None if there is none."""
    was, now = old.items if old else (), new.items if new else ()
    items = tuple(_item_diffs(was, now)) if was != now else ()
    one_sided = old is None or new is None
    if items or one_sided or (old and new and old.answer is not new.answer):
        return RecordDiff(old, new, items)
    return None


def _item_diffs(old: Iterable[Item], new: Iterable[Item]) -> Iterator[ItemDiff]:
    matches = matched((old, new))
    same = {match[0].id: match[1].id for match in matches if len(match) > 1}
    for match in matches:
        was, now = match.get(0), match.get(1)
        if was is None or now is None:
            yield ItemDiff(was, now)
        elif fields := tuple(_field_diffs(was, now, same)):
            yield ItemDiff(was, now, fields)


def _field_diffs(old: Item, new: Item, same: Mapping[str, str]) -> Iterator[FieldDiff]:
    before, after = _fields(old), _fields(new)
    if isinstance(old, Claim) and isinstance(new, Claim):
        # Entities of two datasets may have other ids.
        speaker = old.source_entity
        before["source_entity"] = "" if speaker is None else same.get(speaker, speaker)
        after["source_entity"] = new.source_entity or ""
    for name, value in before.items():
        if value != after[name]:
            yield FieldDiff(name, value, after[name])


def _fields(item: Item) -> dict[str, str]:
    """What an item says, in words, by field."""
    common = {
        "note": item.note or "",
        "state": "open" if item.verdict is Verdict.PENDING else "decided",
    }
    match item:
        case Entity():
            identity = item.identity or ""
            return {
                "label": item.label,
                "edges": _places(item.spans),
                "identity": identity,
            } | common
        case Junk():
            return {"kind": item.kind.value, "edges": _places(item.spans)} | common
        case Claim():
            parts = {name: _places(getattr(item, name)) for name in _PARTS}
            attributes = {one.name: one.word(item) or "" for one in CLAIM_ATTRIBUTES}
            return parts | attributes | common


def _places(spans: Spans) -> str:
    return " ".join(f"[{span.start}, {span.end})" for span in spans)
