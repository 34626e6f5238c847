"""What changed between two datasets, in items."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any

from annotator.core.annotations import Claim, Item, Verdict
from annotator.core.comparison.matching import matched
from annotator.core.record import Record
from annotator.core.records.codec import item_to_dict

Plain = dict[str, Any]
_NOT_COMPARED = ("id", "made_by", "verdict", "score", "tier", "source_entity", "suggested_by")


class ChangeOfItem(StrEnum):
    """How an item differs between two datasets."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An item that only one of two datasets has, or that differs: in record form, before and after,
    with the names of the fields that differ. `reviewer` is that of the newer record, where there is
    one."""

    change: ChangeOfItem
    article: str
    name: str | None
    reviewer: str | None
    before: Plain | None
    after: Plain | None
    fields: tuple[str, ...] = ()


def dataset_changes(old: Iterable[Record], new: Iterable[Record]) -> Iterator[ItemChange]:
    """The changes between two datasets, each ordered by article id; one article of each is in
    memory.

    Where both have one record of an article, these are compared, whoever the reviewers are;
    otherwise the records of one reviewer.
    """
    for before, after in _by_article(old, new):
        for pair in _pairs(before, after):
            yield from record_changes(*pair)


def record_changes(old: Record | None, new: Record | None) -> Iterator[ItemChange]:
    """The changes between two records of one article, in text order of each kind of item; None
    where a dataset has none."""
    for kind in ("entities", "claims", "junk"):
        before: Sequence[Any] = () if old is None else getattr(old, kind)
        after: Sequence[Any] = () if new is None else getattr(new, kind)
        for one, other in matched(before, after):
            change = _change(_side(old, one), _side(new, other), old, new)
            if change is not None:
                yield change


def _change(
    before: Plain | None, after: Plain | None, old: Record | None, new: Record | None
) -> ItemChange | None:
    newest = new if new is not None else old
    assert newest is not None  # an item comes from one of them
    of = newest.article.id, newest.article.origin.name, newest.review.reviewer
    if before is None:
        return ItemChange(ChangeOfItem.ADDED, *of, None, after)
    if after is None:
        return ItemChange(ChangeOfItem.REMOVED, *of, before, None)
    fields = tuple(name for name in before if _differs(name, before, after))
    return ItemChange(ChangeOfItem.CHANGED, *of, before, after, fields) if fields else None


def _differs(name: str, before: Plain, after: Plain) -> bool:
    return name not in _NOT_COMPARED and before[name] != after.get(name)


def _side(record: Record | None, item: Item | None) -> Plain | None:
    """An item in record form, with what its ids stand for: who speaks, and whether it was decided
    on."""
    if record is None or item is None:
        return None
    plain = item_to_dict(item, record.article.text)
    plain["decided"] = item.verdict is not Verdict.PENDING
    if isinstance(item, Claim):
        speaker = (one for one in record.entities if one.id == item.source_entity)
        plain["speaker"] = next((one.span.of(record.article.text) for one in speaker), None)
    return plain


def _pairs(
    old: Sequence[Record], new: Sequence[Record]
) -> Iterator[tuple[Record | None, Record | None]]:
    if len(old) == len(new) == 1:
        yield old[0], new[0]
        return
    before = {one.review.reviewer: one for one in old}
    after = {one.review.reviewer: one for one in new}
    for reviewer in sorted(before.keys() | after.keys(), key=lambda name: name or ""):
        yield before.get(reviewer), after.get(reviewer)


def _by_article(
    old: Iterable[Record], new: Iterable[Record]
) -> Iterator[tuple[Sequence[Record], Sequence[Record]]]:
    """The records of both datasets on each article, by article id."""
    sides = [groupby(records, key=lambda record: record.article.id) for records in (old, new)]
    heads = [_next(side) for side in sides]
    while any(head is not None for head in heads):
        article = min(head[0] for head in heads if head is not None)
        found: list[Sequence[Record]] = []
        for n, head in enumerate(heads):
            if head is not None and head[0] == article:
                found.append(head[1])
                heads[n] = _next(sides[n])
            else:
                found.append(())
        yield found[0], found[1]


def _next(side: Iterator[tuple[str, Iterator[Record]]]) -> tuple[str, tuple[Record, ...]] | None:
    head = next(side, None)
    return None if head is None else (head[0], tuple(head[1]))
