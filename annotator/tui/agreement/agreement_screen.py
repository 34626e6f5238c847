"""How far reviewers agree: measures with intervals, for all of them or a pair."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from annotator.core.comparison.subjects import CLAIMS, PARTS
from annotator.core.text.counted import many
from annotator.errors import AnnotatorError
from annotator.tui.agreement.agreement_reading import AgreementReading, how_far
from annotator.tui.agreement.figure_keys import (
    CLOSE,
    DOWN,
    LEFT,
    NEXT_PAIR,
    OPEN,
    PREVIOUS_PAIR,
    RIGHT,
    UP,
)
from annotator.tui.agreement.figure_rows import FigureColumns, FigureRow, figure_rows
from annotator.tui.app_setup import AppSetup
from annotator.tui.keys import KeyMap, Mode
from annotator.tui.screens.list_frame import Act, AroundList, ListFrame
from annotator.tui.screens.list_screen import ListScreen
from annotator.tui.screens.waiting import begin
from annotator.tui.widgets.bar import Bar, BarLine
from annotator.tui.widgets.virtual_list import Row, VirtualList

if TYPE_CHECKING:
    from annotator.core.comparison.article_tallies import Names

_SHIFTS = {LEFT: -1, RIGHT: 1}
_PAIRS = {NEXT_PAIR: 1, PREVIOUS_PAIR: -1}
_HINTS = (
    ((OPEN,), "what met what"),
    ((NEXT_PAIR, PREVIOUS_PAIR), "a pair"),
    ((CLOSE,), "back"),
    ((LEFT, RIGHT), "measures"),
    ((DOWN, UP), "move"),
)
FEW = "not enough: too few units or articles to tell"


class AgreementScreen(ListScreen):
    """A row for each thing that reviewers are compared in; keys answer while reviews are read."""

    def __init__(self, setup: AppSetup, reading: AgreementReading, keymap: KeyMap) -> None:
        super().__init__(keymap, Mode.FIGURES)
        self.setup, self.reading = setup, reading
        self.pair: Names | None = None
        self.figures: tuple[FigureRow, ...] = ()
        self.is_reading = True
        self._first = 0
        self._articles = 0
        colors = setup.config.label_colors
        listed = VirtualList(self._row, find=self._find, colors=colors, id="figures")
        widgets = Bar(id="columns"), listed, Bar(id="told")
        self.frame = ListFrame(widgets, self._around, lambda _: self._choose())

    def _around(self) -> AroundList:
        whose = " and ".join(self.pair) if self.pair else "all reviewers"
        heads = self._columns(self._first).heads() if self.figures else ()
        told = f" values with intervals of 95 %; {FEW}" if self.figures else ""
        return AroundList(
            (("strong", " Agreement "), ("info", f" {whose} ")),
            self.keys.hints(*_HINTS),
            self._counted(),
            BarLine(heads),
            (BarLine((("muted", told),)),),
            empty=self._why_empty(),
        )

    def _why_empty(self) -> str:
        if self.is_reading or self._articles:
            return "The reviews are being read."
        return "Nothing to compare yet: it takes two finished reviews of one article."

    def on_mount(self) -> None:
        self.look()

    # Keys

    def own_act(self, action: str) -> Act | None:
        if action == OPEN:
            return self._choose
        if action in _PAIRS:
            return partial(self._show_pair, _PAIRS[action])
        if action in _SHIFTS:
            return partial(self._shift, _SHIFTS[action])
        return None

    def _shift(self, by: int) -> None:
        self._first = self._columns(self._first + by).first
        self.listed.invalidate()

    def _choose(self) -> None:
        place = self._find(self.listed.key or "")
        if place is None:
            self.say("Still reading." if self.is_reading else "There is nothing to compare yet.")
            return
        from annotator.tui.agreement.confusion_screen import ConfusionScreen

        row = self.figures[place]
        subject = CLAIMS if row.subject in PARTS else row.subject
        self.show_over(ConfusionScreen(self, self.pair, subject, row.category))

    def _show_pair(self, by: int) -> None:
        if self.is_reading and not self.figures:
            self.say("Still reading.")
            return
        pairs = (None, *self.reading.confusions.pairs)
        here = pairs.index(self.pair) if self.pair in pairs else 0
        self.pair = pairs[(here + by) % len(pairs)]
        self._show_figures()

    # Reading

    def look(self, saved: Callable[[], object] | None = None) -> None:
        """Read what has changed, after `saved` has returned, which waits for decisions."""
        begin(self, partial(self._read, saved), group="read", exclusive=True)

    async def _read(self, saved: Callable[[], object] | None) -> None:
        self.is_reading = True
        try:
            if saved is not None:
                await asyncio.to_thread(saved)
            more = await asyncio.to_thread(self.reading.begin)
            while more:
                more = await asyncio.to_thread(self.reading.read_some)
                self.frame.show()
            await self._figures()
        except AnnotatorError as error:
            self.say(f"{error.message} {error.hint}")
        finally:
            self.is_reading = False
            self.frame.show()

    def _show_figures(self) -> None:
        begin(self, self._figures, group="figures", exclusive=True)

    async def _figures(self) -> None:
        """Show the measures of the pair that is chosen when they have been computed."""
        pair: object = self
        while pair != self.pair:
            pair = self.pair
            figures = await asyncio.to_thread(self.reading.figures, self.pair)
        self.figures = figure_rows(figures)
        self._articles = self.reading.articles(self.pair)
        if self.query(VirtualList):
            self.listed.set_size(len(self.figures))
            self.listed.invalidate()
            self.frame.show()

    # Drawing

    def _columns(self, first: int) -> FigureColumns:
        return FigureColumns.fitting(self.listed.scrollable_content_region.width - 1, first)

    def _row(self, index: int) -> Row | None:
        if not 0 <= index < len(self.figures):
            return None
        return self.figures[index].row(self._columns(self._first))

    def _find(self, key: str) -> int | None:
        return next((n for n, one in enumerate(self.figures) if one.key == key), None)

    def _counted(self) -> str:
        """How many articles there are, or how far the reading is."""
        if self.is_reading:
            return how_far(self.reading)
        kept = many(self.reading.hidden, "review")
        hidden = f"; {kept} not yours to read" if self.reading.hidden else ""
        if not self._articles:
            return f"no article has two finished reviews{hidden}"
        return f"{many(self._articles, 'article')} with two finished reviews or more{hidden}"
