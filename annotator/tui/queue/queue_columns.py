"""The columns of the queue: which stand, how wide, and what a click on their heads does; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from annotator.core.states import QueueOrder
from annotator.tui.widgets.bar import BarLine, Piece

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annotator.store.values import QueueRow

WIDE = 100
_NARROW, _ROOMY = 72, 140
_STATE = 9
_DOWN, _UP = "▾", "▴"


@dataclass(frozen=True, slots=True)
class Filled:
    """The columns that have something in them: a column appears with the first row that fills it,
    and stays."""

    outlets: bool = False
    words: bool = False
    progress: bool = False
    people: bool = False

    def after(self, rows: Iterable[QueueRow]) -> Filled:
        """The same after these rows were loaded."""
        now = self
        for row in rows:
            now = replace(
                now,
                outlets=now.outlets or bool(row.outlet),
                words=now.words or row.words > 0,
                progress=now.progress or row.started is not None,
                people=now.people or bool(row.reviewer or row.in_work or row.assigned),
            )
        return now


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: its word, the cells of the column (None: what others leave), the
    orders that it stands for, and the action of a click otherwise."""

    name: str
    width: int | None
    align_right: bool = False
    orders: tuple[QueueOrder, ...] = ()
    action: str = ""

    def shown(self, order: QueueOrder) -> str:
        """The word, with a mark if the queue is in its order."""
        if order not in self.orders:
            return self.name
        return f"{self.name}{_UP if self.orders.index(order) else _DOWN}"

    def next_order(self, order: QueueOrder) -> QueueOrder:
        """The order after a click: its first one, or the other of the two."""
        place = self.orders.index(order) + 1 if order in self.orders else 0
        return self.orders[place % len(self.orders)]


CONFIDENCE = (QueueOrder.LEAST_CONFIDENT, QueueOrder.MOST_CONFIDENT)
_WORDS = Head("WORDS", 6, align_right=True, orders=(QueueOrder.LONGEST, QueueOrder.SHORTEST))
_ENTITIES = Head(
    "ENT", 4, align_right=True, orders=(QueueOrder.MOST_ENTITIES, QueueOrder.FEWEST_ENTITIES)
)
_CLAIMS = Head(
    "CLM", 4, align_right=True, orders=(QueueOrder.MOST_CLAIMS, QueueOrder.FEWEST_CLAIMS)
)
_ADDED = Head("ADDED", 11, align_right=True, orders=(QueueOrder.NEWEST, QueueOrder.OLDEST))


def heads(width: int, order: QueueOrder, filled: Filled) -> tuple[Head, ...]:
    """The columns on a screen of so many cells, from left to right; narrow screens leave out
    outlet, length and age."""
    wide = width >= WIDE
    outlet, bar, who = _widths(width)
    found = [
        Head("STATE", _STATE, action="queue_filter"),
        Head("TITLE", None, action="queue_search"),
    ]
    if wide and filled.outlets:
        found.append(Head("OUTLET", outlet, action="queue_outlet"))
    if order in CONFIDENCE:
        found.append(Head("CONF", 5, align_right=True, orders=CONFIDENCE))
    if wide and filled.words:
        found.append(_WORDS)
    found += [_ENTITIES, _CLAIMS]
    if filled.progress:
        found.append(Head("DONE", bar))
    if filled.people:
        found.append(Head("WHO", who))
    if wide:
        found.append(_ADDED)
    return tuple(found)


def _widths(width: int) -> tuple[int, int, int]:
    """The cells of outlet, progress and reviewer: titles come first."""
    if width >= _ROOMY:
        return 16, 10, 10
    return (14, 7, 8) if width >= _NARROW else (0, 5, 6)


def heads_line(shown: tuple[Head, ...], order: QueueOrder, width: int) -> BarLine:
    """The heads in a line, each above the cells of its column."""
    pieces: list[Piece] = []
    for head, (start, end) in zip(shown, _places(shown, width), strict=True):
        word, room = head.shown(order), end - start
        drawn = f"{word:>{room}}" if head.align_right else f"{word:<{room}}"
        pieces += [("muted", " "), ("accent" if order in head.orders else "muted", drawn[:room])]
    return BarLine(tuple(pieces))


def head_at(shown: tuple[Head, ...], width: int, x: int) -> Head | None:
    """The head at a cell of that line; the blank before a column belongs to it."""
    places = zip(shown, _places(shown, width), strict=True)
    return next((head for head, (start, end) in places if start - 1 <= x < end), None)


def title_width(shown: tuple[Head, ...], width: int) -> int:
    """The cells of the title and its marks."""
    places = zip(shown, _places(shown, width), strict=True)
    return next(end - start for head, (start, end) in places if head.width is None)


def _places(shown: tuple[Head, ...], width: int) -> list[tuple[int, int]]:
    """The cells [start, end) of each column."""
    # One cell for the cursor before the row, one for the scroll bar after it.
    fixed = sum(head.width or 0 for head in shown) + len(shown) - 1
    title = max(0, width - 2 - fixed)
    places, at = [], 1
    for head in shown:
        room = title if head.width is None else head.width
        places.append((at, at + room))
        at += room + 1
    return places
