"""Decisions carried over from an earlier text, and near-duplicates of the article."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from annotator.core.annotations import Claim, Entity, Item, Junk
from annotator.core.review import Review
from annotator.core.reviewing.item_filter import state_of
from annotator.core.reviewing.projection import Carried, WhyNot
from annotator.core.text.counted import many
from annotator.core.text.sentence_alignment import Why
from annotator.errors import AnnotatorError
from annotator.tui.article.marks import SIGNS
from annotator.tui.keys import KeyMap, Mode
from annotator.tui.screens.list_frame import AroundList, ListFrame, ShownRows
from annotator.tui.screens.list_screen import ROWS, ListScreen
from annotator.tui.terminal.cells import width_of
from annotator.tui.widgets.rows import Cell, Row

if TYPE_CHECKING:
    from annotator.store.values import Alike
    from annotator.tui.app_setup import AppSetup

_HINTS = ((("earlier_down", "earlier_up"), "move"), (("earlier_close",), "back"))
_WHY_EMPTY = "This text replaces no earlier one, and no other article is much like it."
_KIND = 17  # the longest kind of junk
_CHANGED = (Why.CHANGED, Why.GONE, WhyNot.PART)


def notice(carried: Sequence[Carried], key: str) -> str:
    """The notice about carried-over decisions, on opening the article; `key` lists them."""
    came = sum(one.to is not None for one in carried)
    missed = [one.reason for one in carried if one.is_missed]
    told = f"{many(came, 'decision')} carried over"
    if missed:
        why = ": changed sentences" if all(reason in _CHANGED for reason in missed) else ""
        told += f", {len(missed)} not{why}"
    return f"{told}. {key} lists them." if key else f"{told}."


class CarriedOverScreen(ListScreen):
    """A list to read."""

    def __init__(self, setup: AppSetup, keymap: KeyMap, review: Review) -> None:
        super().__init__(keymap, Mode.EARLIER)
        self.setup, self.review = setup, review
        self._said = "reading …"
        self.shown = ShownRows("earlier", colors=setup.config.label_colors)
        self.frame = ListFrame((self.shown.listed,), self._around, lambda _: None)

    def _around(self) -> AroundList:
        title = (("strong", " Earlier and alike  "), ("muted", self._said))
        return AroundList(title, self.keys.hints(*_HINTS), empty=_WHY_EMPTY)

    def on_mount(self) -> None:
        self.waiting.fetch(ROWS, self._load)

    async def _load(self) -> None:
        store, article = self.setup.store, self.review.article
        try:
            carried = await asyncio.to_thread(store.reviews.carried, article, self.review.reviewer)
            alike = await asyncio.to_thread(store.articles.alike, article)
        except AnnotatorError as error:
            self._said = f"{error.message} {error.hint}"
        else:
            told = [notice(carried, "")] if carried else []
            told += [_told(len(alike))] if alike else []
            self._said = " ".join(told) or "No earlier text and no near-duplicates."
            self.shown.show([*self._carried_rows(carried), *_alike_rows(alike)])
        self.frame.show()

    # Rows

    def _carried_rows(self, carried: Sequence[Carried]) -> Iterator[Row]:
        sections: tuple[tuple[str, str, Callable[[Carried], bool]], ...] = (
            ("missed", "not carried over: to be decided again", lambda one: one.is_missed),
            ("moot", "not carried over: nothing to decide", lambda one: _is_moot(one)),
            ("came", "carried over", lambda one: one.to is not None),
        )
        for name, title, belongs in sections:
            some = [one for one in carried if belongs(one)]
            if some:
                yield from _heading(name, title, len(some))
            for n, one in enumerate(some):
                sign, tone, fate = self._fate(one)
                told = Cell(fate, tone, width=width_of(fate), align_right=True)
                yield Row.of(
                    f"{name} {n}",
                    Cell(sign, tone, width=1),
                    _kind(one.item),
                    Cell(" ".join(one.words.split()), "strong"),
                    told,
                )

    def _fate(self, one: Carried) -> tuple[str, str, str]:
        """The sign, tone and words for the outcome of a decision."""
        if one.to is None:
            return " ", "bad" if one.is_missed else "muted", str(one.reason)
        held = self.review.held.get(one.to)
        if held is None:
            return " ", "muted", "taken back"
        status = state_of(held)
        return (*SIGNS[status], status.value)


def _is_moot(one: Carried) -> bool:
    return one.to is None and not one.is_missed


def _kind(item: Item) -> Cell:
    match item:
        case Entity():
            return Cell(item.label, f"label:{item.label}", width=_KIND)
        case Claim():
            return Cell("claim", "claim", width=_KIND)
        case Junk():
            return Cell(item.kind.value, "muted", width=_KIND)


def _alike_rows(alike: Iterable[Alike]) -> Iterator[Row]:
    rows = list(alike)
    if rows:
        yield from _heading("alike", "also told by", len(rows))
    for one in rows:
        share = Cell(f"{one.similarity:.0%} the same", "muted", width=13, align_right=True)
        where = Cell(one.outlet or "no outlet named", "info", width=20)
        yield Row.of(one.id, Cell("≈", "info", width=1), where, Cell(one.title, "strong"), share)


def _heading(key: str, words: str, count: int) -> Iterator[Row]:
    yield Row.of(f"above {key}", heading=True)
    yield Row.of(key, Cell(f"{words.upper()}  {count:,}", "info", bold=True), heading=True)


def _told(number: int) -> str:
    return f"{many(number, 'near-duplicate')}."
