"""The items in our own part of a file, which marks in the file call up again.

A mark decides what stands: an item without its mark was removed, a mark without an item is new, and
an item whose mark was moved or relabelled is corrected.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotator.core.annotations import Claim, Entity, Item, Junk, first_problem
from annotator.core.article import Span
from annotator.core.record import is_item_id
from annotator.core.records.codec import item_from_dict
from annotator.core.records.rejected_rows import rejected_from_dict
from annotator.errors import RecordError
from annotator.formats.refusals import INVALID_RECORD, RefusedPiece

_LISTS = {"entities": Entity, "claims": Claim, "junk": Junk}


@dataclass
class KnownItems:
    """The items that a file knows; each can be taken once, as it was or by its first span."""

    order: dict[str, int] = field(default_factory=dict)
    _exact: dict[Any, list[Item]] = field(default_factory=dict)
    _near: dict[Any, list[Item]] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)
    _fresh: dict[str, int] = field(default_factory=dict)

    def add(self, item: Item) -> None:
        """Add an item of the file."""
        self.order[item.id] = len(self.order)
        self._exact.setdefault(exact_key(item), []).append(item)
        self._near.setdefault(near_key(item), []).append(item)

    def same(self, item: Item) -> Item | None:
        """The item with the same spans and label; None if there is none left."""
        return self._take(self._exact.get(exact_key(item), []))

    def like(self, item: Item) -> Item | None:
        """An item of the same kind that begins with the same span; None if there is none left."""
        return self._take(self._near.get(near_key(item), []))

    def fresh_id(self, letter: str) -> str:
        """An id that no item has: the letter and a number."""
        while True:
            self._fresh[letter] = number = self._fresh.get(letter, 0) + 1
            if (name := f"{letter}{number}") not in self.order:
                return name

    def _take(self, items: Sequence[Item]) -> Item | None:
        for item in items:
            if item.id not in self._taken:
                self._taken.add(item.id)
                return item
        return None


def exact_key(item: Item) -> tuple[Any, ...]:
    """What makes two items the same mark: kind, spans, and label."""
    match item:
        case Entity():
            return "entity", item.span, item.label
        case Junk():
            return "junk", item.span, item.kind
        case Claim():
            return "claim", item.content, item.cue, item.source


def near_key(item: Item) -> tuple[type[Item], Span]:
    """The kind of an item and its first span."""
    return type(item), item.content[0] if isinstance(item, Claim) else item.span


def known_items(beside: Any, text: str, lost: list[RefusedPiece]) -> KnownItems:
    """The valid items in our own part; invalid ones are added to `lost`."""
    known = KnownItems()
    for name, kind in _LISTS.items():
        for n, row in enumerate(_rows(beside, name, lost)):
            where = f"{name}[{n}]"
            try:
                item = item_from_dict(row, text, where=where)
            except RecordError as error:
                lost.append(RefusedPiece(error.message, INVALID_RECORD, ()))
                continue
            if why := _why_not(item, kind, known, text):
                lost.append(RefusedPiece(f"{where}: {why}", INVALID_RECORD, ()))
            else:
                known.add(item)
    return known


def rejected_items(beside: Any, text: str, lost: list[RefusedPiece]) -> tuple[Item, ...]:
    """The rejected items in our own part; invalid ones are added to `lost`."""
    return tuple(_rejected(_rows(beside, "rejected", lost), text, lost))


def _rejected(rows: Sequence[Any], text: str, lost: list[RefusedPiece]) -> Iterator[Item]:
    for n, row in enumerate(rows):
        where = f"rejected[{n}]"
        try:
            item = rejected_from_dict(row, text, where)
        except RecordError as error:
            lost.append(RefusedPiece(error.message, INVALID_RECORD, ()))
            continue
        named = not isinstance(item, Entity) or item.label.split() == [item.label]
        if (why := first_problem(item, text)) or not named:
            lost.append(
                RefusedPiece(f"{where}: {why or 'its label has blanks'}", INVALID_RECORD, ())
            )
        else:
            yield item


def _rows(beside: Any, name: str, lost: list[RefusedPiece]) -> list[Any]:
    rows = beside.get(name, [])
    if not isinstance(rows, list):
        lost.append(
            RefusedPiece(f"{name}: expected a list, found {rows!r:.60}", INVALID_RECORD, ())
        )
        return []
    whole = [row for row in rows if isinstance(row, dict)]
    if len(whole) < len(rows):
        lost.append(
            RefusedPiece(f"{name}: {len(rows) - len(whole)} are no objects", INVALID_RECORD, ())
        )
    return whole


def _why_not(item: Item, kind: type[Item], known: KnownItems, text: str) -> str | None:
    """Why an item is invalid in this list; None if it is valid."""
    if type(item) is not kind:
        return "it is of another kind"
    if not is_item_id(item.id) or item.id in known.order:
        return f"{item.id!r:.60} is not an id of its own"
    if isinstance(item, Entity) and item.label.split() != [item.label]:
        return f"{item.label!r:.60} is empty or has blanks"
    return first_problem(item, text)
