"""How far reviewers agree: measures with intervals, for all of them or a pair."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from annotator.core.comparison.subjects import CLAIMS, PARTS
from annotator.errors import AnnotatorError
from annotator.tui.agreement.agreement_reading import AgreementReading, how_far
from annotator.tui.agreement.figure_rows import FigureColumns, FigureRow, figure_rows
from annotator.tui.screens.layers import KeyScreen, Meaning
from annotator.tui.screens.waiting import begin
from annotator.tui.setup import AppSetup
from annotator.tui.terminal.keyboard import Typed
from annotator.tui.widgets.bar import Bar, BarLine, Piece, hints
from annotator.tui.widgets.virtual_list import Row, VirtualList

if TYPE_CHECKING:
    from annotator.core.comparison.article_tallies import Names

_BACK = ("escape", "q")
_MOVES = {"j": "down", "k": "up"}
_SHIFTS = {"left": -1, "h": -1, "right": 1, "l": 1}
_HINTS = (
    ("enter", "what met what"),
    ("p P", "a pair"),
    ("esc", "back"),
    ("← →", "measures"),
    ("j k", "move"),
)
FEW = "few: too few units or articles to tell"


class AgreementScreen(KeyScreen):
    """A row for each thing that reviewers are compared in; keys answer while reviews are read."""

    def __init__(self, setup: AppSetup, reading: AgreementReading) -> None:
        super().__init__()
        self.setup, self.reading = setup, reading
        self.pair: Names | None = None
        self.rows: tuple[FigureRow, ...] = ()
        self.is_reading = True
        self.listed = VirtualList(
            self._row, find=self._find, colors=setup.config.label_colors, id="figures"
        )
        self._first = 0
        self._articles = 0
        self._message = ""

    def compose(self) -> ComposeResult:
        yield Bar(id="counts")
        yield Bar(id="columns")
        yield self.listed
        yield Bar(id="told")
        yield Bar(id="hints")

    def on_mount(self) -> None:
        self.listed.focus()
        self._show_lines()
        self.look()

    def on_resize(self) -> None:
        self.listed.invalidate()
        self._show_lines()

    # Keys

    def press(self, pressed: str, _character: str | None) -> None:
        """Show another pair or other measures, open the matrix, move, or go back."""
        self._message = ""
        if pressed in _BACK:
            self.close()
        elif pressed == "enter":
            self._open()
        elif pressed in ("p", "P"):
            self._show_pair(1 if pressed == "p" else -1)
        elif pressed in _SHIFTS:
            self._first = self._columns(self._first + _SHIFTS[pressed]).first
            self.listed.invalidate()
        elif not self.listed.press(_MOVES.get(pressed, pressed)):
            self._message = f"{pressed} does nothing here; the line below lists the keys."
        self._show_lines()

    def meaning(self, typed: Typed) -> Meaning:
        return Meaning.LEAVES if typed.pressed in _BACK else Meaning.OTHER

    def say(self, message: str) -> None:
        self._message = message
        self._show_lines()

    def on_virtual_list_chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
        if self.takes_keys:
            self._open()

    def _open(self) -> None:
        place = self._find(self.listed.key or "")
        if place is None:
            self.say("Still reading." if self.is_reading else "There is nothing to compare yet.")
            return
        from annotator.tui.agreement.confusion_screen import ConfusionScreen

        row = self.rows[place]
        subject = CLAIMS if row.subject in PARTS else row.subject
        self.show_over(ConfusionScreen(self, self.pair, subject, row.category))

    def _show_pair(self, by: int) -> None:
        if self.is_reading and not self.rows:
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
                self._show_lines()
            await self._figures()
        except AnnotatorError as error:
            self.say(f"{error.message} {error.hint}")
        finally:
            self.is_reading = False
            self._show_lines()

    def _show_figures(self) -> None:
        begin(self, self._figures, group="figures", exclusive=True)

    async def _figures(self) -> None:
        """Show the measures of the pair that is chosen when they have been computed."""
        pair: object = self
        while pair != self.pair:
            pair = self.pair
            figures = await asyncio.to_thread(self.reading.figures, self.pair)
        self.rows = figure_rows(figures)
        self._articles = self.reading.articles(self.pair)
        if self.listed.is_attached:
            self.listed.set_size(len(self.rows))
            self.listed.invalidate()
            self._show_lines()

    # Drawing

    def _columns(self, first: int) -> FigureColumns:
        return FigureColumns.fitting(self.listed.scrollable_content_region.width - 1, first)

    def _row(self, index: int) -> Row | None:
        if not 0 <= index < len(self.rows):
            return None
        return self.rows[index].row(self._columns(self._first))

    def _find(self, key: str) -> int | None:
        return next((n for n, one in enumerate(self.rows) if one.key == key), None)

    def _show_lines(self) -> None:
        if not self.query("#told"):
            return
        whose = " and ".join(self.pair) if self.pair else "all reviewers"
        right: tuple[Piece, ...] = (("muted", f"{self._counted()} "),)
        if self._message:
            right = (("accent", f" {self._message} "),)
        self.query_one("#counts", Bar).show(
            BarLine((("strong", " Agreement "), ("info", f" {whose} ")), right)
        )
        heads = self._columns(self._first).heads() if self.rows else ()
        self.query_one("#columns", Bar).show(BarLine(heads))
        told = f" values with intervals of 95 %; {FEW}" if self.rows else ""
        self.query_one("#told", Bar).show(BarLine((("muted", told),)))
        self.query_one("#hints", Bar).show(hints(_HINTS, self.size.width))

    def _counted(self) -> str:
        """How many articles there are, or how far the reading is."""
        if self.is_reading:
            return how_far(self.reading)
        if not self._articles:
            return "no article has two finished reviews"
        one = "article" if self._articles == 1 else "articles"
        return f"{self._articles:,} {one} with two finished reviews or more"
