"""Widget: the entities, claims and junk lines of a review, with their states."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from annotator.core.annotations import Claim, Entity, Item, Junk
from annotator.core.folds import Fold
from annotator.core.review import Review, ReviewItem, Status
from annotator.core.reviewing.item_filter import ItemRank
from annotator.tui.review.item_order import ItemOrder
from annotator.tui.review.item_rows import Room, Shown, claim_row, contains, entity_row, junk_row
from annotator.tui.widgets.bar import Bar, BarLine
from annotator.tui.widgets.virtual_list import Row, VirtualList

_NO_FOLD = Fold()
_NEAR = 20
"""Rows above and below a claim among which those that contain it are looked for."""
_ROOMY = 60
"""From this width on, the content of a claim has two lines."""


@dataclass
class HeadClicked(Message, namespace="items"):
    """The heading of the items of a kind was clicked."""

    kind: type[Item]


class Section(Vertical):
    """The items of one kind, under a heading with their number."""

    DEFAULT_CSS = """
    Section { height: 1fr; }
    Section VirtualList { height: 1fr; }
    """

    def __init__(
        self,
        title: str,
        kind: type[Item],
        row: Callable[[ReviewItem, Shown], Row],
        *,
        lines: int,
        colors: Mapping[str, str],
    ) -> None:
        super().__init__(id=title.split()[0].lower())
        self.title, self.kind = title, kind
        self._make_row, self._line_count, self._colors = row, lines, colors
        self._shown: Shown | None = None
        self._order: ItemOrder | None = None
        self._fold = _NO_FOLD
        self._hidden: int | None = None
        # Claims by who speaks in them, or once spoke: an entity that changes changes their rows.
        self._spoken: dict[str, set[str]] = {}

    def compose(self) -> ComposeResult:
        yield Bar()
        listed = VirtualList(
            self._row, find=self._find, lines=self._line_count, colors=self._colors
        )
        listed.can_focus = False
        yield listed

    @cached_property
    def listed(self) -> VirtualList:
        return self.query_one(VirtualList)

    @cached_property
    def _heading(self) -> Bar:
        return self.query_one(Bar)

    def __len__(self) -> int:
        return len(self._order) if self._order else 0

    @property
    def _wraps(self) -> bool:
        return self.kind is Claim and self.size.width >= _ROOMY

    def on_resize(self) -> None:
        self.listed.set_lines(self._line_count + self._wraps)

    def on_click(self, event: events.Click) -> None:
        if event.widget is self._heading:
            event.stop()
            self.post_message(HeadClicked(self.kind))

    def show_review(
        self,
        shown: Shown,
        wanted: Callable[[ReviewItem], bool],
        *,
        fold: Fold,
        like: ItemOrder | None,
        rank: ItemRank | None,
    ) -> None:
        self._shown, self._fold = shown, fold
        self._hidden = None
        self._order = ItemOrder(
            shown.review,
            lambda held: isinstance(held.item, self.kind) and wanted(held),
            fold=fold,
            like=like if rank is None else None,
            rank=rank,
        )
        self._spoken.clear()
        self._note_speakers(shown.review, shown.review.held)
        self.listed.set_size(len(self._order))
        self._count()

    def update_items(self, review: Review, ids: Iterable[str]) -> None:
        """Update the items of this kind among `ids`."""
        if self._order is None or self._shown is None:
            return
        self._shown = replace(self._shown, review=review)
        changed = set(ids)
        theirs = [id for id in changed if self._is_mine(id)]
        self._note_speakers(review, theirs)
        self._redraw(self._said_by(changed))
        if not theirs:
            return
        # Folded items have no place in the order, and may enter or leave it.
        was_there = all(id in self._order for id in theirs)
        moved = self._order.update(review, theirs)
        if not was_there or not all(id in self._order for id in theirs):
            self._hidden = None
        if moved:
            self.listed.set_size(len(self._order))
        else:
            self._redraw(theirs)
        self._count()

    def _redraw(self, ids: Iterable[str]) -> None:
        for id in ids:
            place = self._find(id)
            if place is not None:
                self.listed.invalidate(place, place + 1)

    def _note_speakers(self, review: Review, ids: Iterable[str]) -> None:
        for id in ids if self.kind is Claim else ():
            item = review.held[id].item if id in review.held else None
            if isinstance(item, Claim) and item.source_entity is not None:
                self._spoken.setdefault(item.source_entity, set()).add(id)

    def _said_by(self, speakers: Iterable[str]) -> Iterator[str]:
        """The claims in which one of these entities speaks, or once spoke."""
        for speaker in speakers:
            yield from self._spoken.get(speaker, ())

    def focus_on(self, id: str | None) -> None:
        """Move the cursor to an item of this section; for other items no cursor is shown."""
        here = id is not None and self._order is not None and id in self._order
        self.listed.show_cursor(here)
        if here and id is not None:
            self.listed.move_to_key(id)

    def _is_mine(self, id: str) -> bool:
        if self._shown is None or self._order is None:
            return False
        held = self._shown.review.held.get(id)
        return isinstance(held.item, self.kind) if held else id in self._order

    def _find(self, id: str) -> int | None:
        return self._order.index(id) if self._order is not None and id in self._order else None

    def _row(self, index: int) -> Row | None:
        if self._order is None or self._shown is None or not 0 <= index < len(self._order):
            return None
        held = self._shown.review.held[self._order.at(index)]
        room = Room(self.listed.scrollable_content_region.width, self._wraps)
        shown = replace(self._shown, room=room, depth=self._depth(held.item, index))
        return self._make_row(held, shown)

    def _depth(self, item: Item, index: int) -> int:
        """How many claims nearby contain this one."""
        order, shown = self._order, self._shown
        if not isinstance(item, Claim) or order is None or shown is None:
            return 0
        near = range(max(0, index - _NEAR), min(len(order), index + _NEAR))
        others = (shown.review.held[order.at(place)] for place in near)
        standing = (one.item for one in others if one.status is not Status.REJECTED)
        return sum(isinstance(one, Claim) and contains(one, item) for one in standing)

    def _count(self) -> None:
        if self._order is None or self._shown is None:
            return
        open_count, total = self._order.open_count, len(self._order)
        counted = (
            (("accent", f"{open_count} open"), ("muted", f" of {total}"))
            if open_count
            else (("muted", f"{total}"),)
        )
        if self._hidden is None:
            self._hidden = _count_hidden(self._shown.review, self.kind, self._fold)
        hidden, why = self._hidden, "folded" if self.kind is Claim else "known wrong"
        right = (("muted", f"{hidden} {why} "),) if hidden else ()
        self._heading.show(BarLine((("muted", f" {self.title}  "), *counted), right))


class AnnotationList(Vertical):
    """Three sections; a click on a row requests the focus."""

    @dataclass
    class Wanted(Message):
        """The reviewer wants the item with this id in focus."""

        id: str

    def __init__(self, colors: Mapping[str, str], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._colors = dict(colors)

    def compose(self) -> ComposeResult:
        colors = self._colors
        yield Section("ENTITIES", Entity, entity_row, lines=1, colors=colors)
        yield Section("CLAIMS", Claim, claim_row, lines=2, colors=colors)
        yield Section("JUNK LINES", Junk, junk_row, lines=1, colors=colors)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        return tuple(self.query(Section))

    def show_review(
        self,
        shown: Shown,
        wanted: Callable[[ReviewItem], bool] = bool,
        *,
        fold: Fold = _NO_FOLD,
        like: ItemOrder | None = None,
        rank: ItemRank | None = None,
    ) -> None:
        """Show the selected items of a review, without open ones that `fold` hides.

        `like` may be an existing order of all its items by text; `rank` is that of another order.
        """
        for section in self.sections:
            section.show_review(shown, wanted, fold=fold, like=like, rank=rank)
        self._hide_empty()

    def update_items(self, review: Review, ids: Iterable[str]) -> None:
        """Redraw the rows of the changed items."""
        changed = tuple(ids)
        for section in self.sections:
            section.update_items(review, changed)
        self._hide_empty()

    def focus_on(self, id: str | None) -> None:
        for section in self.sections:
            section.focus_on(id)

    def on_virtual_list_highlighted(self, event: VirtualList.Highlighted) -> None:
        event.stop()
        self.post_message(self.Wanted(event.key))

    def _hide_empty(self) -> None:
        junk = self.sections[-1]
        junk.display = len(junk) > 0
        junk.styles.height = min(len(junk), 6) + 1


def _count_hidden(review: Review, kind: type[Item], fold: Fold) -> int:
    """How many open items of a kind are folded away."""
    return sum(
        isinstance(held.item, kind) and held.status is Status.OPEN and fold.hides(held.item)
        for held in review.held.values()
    )
