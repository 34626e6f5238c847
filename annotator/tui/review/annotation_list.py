"""Widget: the entities, claims and junk lines of a review, with their states."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from annotator.core.annotations import Claim, Entity, Item, Junk, differs
from annotator.core.article import Spans
from annotator.core.review import Review, ReviewItem, Status, is_low_confidence
from annotator.core.reviewing.item_filter import state_of
from annotator.core.states import ItemState
from annotator.tui.article.marks import DIFFERS, SIGNS
from annotator.tui.review.item_order import ItemOrder
from annotator.tui.widgets.bar import Bar, BarLine
from annotator.tui.widgets.virtual_list import Cell, Row, VirtualList

_WORDS = 200
_LABEL_WIDTH = 8
_KIND_WIDTH = 12


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
        row: Callable[[ReviewItem, str], Row],
        *,
        lines: int,
        colors: Mapping[str, str],
    ) -> None:
        super().__init__(id=title.split()[0].lower())
        self.title, self.kind = title, kind
        self._make_row, self._line_count, self._colors = row, lines, colors
        self._review: Review | None = None
        self._order: ItemOrder | None = None
        self._text = ""
        self._low_confidence = False
        self._hidden: int | None = None

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

    def show_review(
        self,
        review: Review,
        text: str,
        wanted: Callable[[ReviewItem], bool],
        *,
        low_confidence: bool,
        like: ItemOrder | None,
    ) -> None:
        self._review, self._text, self._low_confidence = review, text, low_confidence
        self._hidden = None
        self._order = ItemOrder(
            review,
            lambda held: isinstance(held.item, self.kind) and wanted(held),
            low_confidence=low_confidence,
            like=like,
        )
        self.listed.set_size(len(self._order))
        self._count()

    def update_items(self, review: Review, ids: Iterable[str]) -> None:
        """Update the items of this kind among `ids`."""
        self._review = review
        theirs = [id for id in ids if self._is_mine(id)]
        if self._order is None or not theirs:
            return
        # Low-confidence claims have no place in the order, and may enter or leave it.
        was_there = all(id in self._order for id in theirs)
        moved = self._order.update(review, theirs)
        if not was_there or not all(id in self._order for id in theirs):
            self._hidden = None
        if moved:
            self.listed.set_size(len(self._order))
        else:
            for id in theirs:
                place = self._find(id)
                if place is not None:
                    self.listed.invalidate(place, place + 1)
        self._count()

    def focus_on(self, id: str | None) -> None:
        """Move the cursor to an item of this section; for other items no cursor is shown."""
        here = id is not None and self._order is not None and id in self._order
        self.listed.show_cursor(here)
        if here and id is not None:
            self.listed.move_to_key(id)

    def _is_mine(self, id: str) -> bool:
        if self._review is None or self._order is None:
            return False
        held = self._review.held.get(id)
        return isinstance(held.item, self.kind) if held else id in self._order

    def _find(self, id: str) -> int | None:
        return self._order.index(id) if self._order is not None and id in self._order else None

    def _row(self, index: int) -> Row | None:
        if self._order is None or self._review is None or not 0 <= index < len(self._order):
            return None
        return self._make_row(self._review.held[self._order.at(index)], self._text)

    def _count(self) -> None:
        if self._order is None or self._review is None:
            return
        open_count, total = self._order.open_count, len(self._order)
        counted = (
            (("accent", f"{open_count} open"), ("muted", f" of {total}"))
            if open_count
            else (("muted", f"{total}"),)
        )
        if self._hidden is None:
            self._hidden = 0 if self._low_confidence else _hidden(self._review, self.kind)
        hidden, why = self._hidden, "low-confidence" if self.kind is Claim else "known wrong"
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
        review: Review,
        text: str,
        wanted: Callable[[ReviewItem], bool] = bool,
        *,
        low_confidence: bool = False,
        like: ItemOrder | None = None,
    ) -> None:
        """Show the selected items of a review, with or without low-confidence claims.

        `like` may be an existing order of all its items by text.
        """
        for section in self.sections:
            section.show_review(review, text, wanted, low_confidence=low_confidence, like=like)
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


def entity_row(held: ReviewItem, text: str) -> Row:
    item, status = held.item, state_of(held)
    assert isinstance(item, Entity)
    return Row.of(
        item.id,
        _sign(status),
        Cell(item.label, _tone(f"label:{item.label}", status), width=_LABEL_WIDTH, bold=True),
        _words((item.span,), text, status),
        *_difference(held),
        _score(held),
    )


def claim_row(held: ReviewItem, text: str) -> Row:
    item, status = held.item, state_of(held)
    assert isinstance(item, Claim)
    source = _joined(item.source, text) or "—"
    return Row(
        item.id,
        (
            (
                _sign(status),
                Cell(source, _tone("source", status), bold=True),
                Cell(_joined(item.cue, text), _tone("claim", status), italic=True),
                _score(held),
            ),
            (Cell("", width=1), _words(item.content, text, status)),
        ),
    )


def junk_row(held: ReviewItem, text: str) -> Row:
    item, status = held.item, state_of(held)
    assert isinstance(item, Junk)
    return Row.of(
        item.id,
        _sign(status),
        Cell(item.kind.value, "muted", width=_KIND_WIDTH),
        _words((item.span,), text, status),
        _score(held),
    )


def _sign(status: ItemState) -> Cell:
    sign, tone = SIGNS[status]
    return Cell(sign, tone, width=1)


def _words(spans: Spans, text: str, status: ItemState) -> Cell:
    rejected = status is ItemState.REJECTED
    return Cell(_joined(spans, text), _tone("normal", status), strike=rejected)


def _difference(held: ReviewItem) -> tuple[Cell, ...]:
    """A sign on an open item on which pipelines differ."""
    shown = held.status is Status.OPEN and differs(held.item)
    return (Cell(DIFFERS, "info", width=1),) if shown else ()


def _score(held: ReviewItem) -> Cell:
    """The pipeline's score, while the item is open."""
    shown = held.status is Status.OPEN and held.item.score is not None
    return Cell(f"{held.item.score:.0%}" if shown else "", "muted", width=4, align_right=True)


def _tone(tone: str, status: ItemState) -> str:
    return "muted" if status is ItemState.REJECTED else tone


def _joined(spans: Spans, text: str) -> str:
    return " … ".join(" ".join(span.of(text)[:_WORDS].split()) for span in spans)


def _hidden(review: Review, kind: type[Item]) -> int:
    """How many items of a kind are folded away."""
    return sum(
        isinstance(held.item, kind) and is_low_confidence(held.item) and held.status is Status.OPEN
        for held in review.held.values()
    )
