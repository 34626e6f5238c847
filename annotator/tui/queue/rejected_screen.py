"""Rejected files and failed articles: the reasons, and what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from textwrap import wrap

from textual.app import ComposeResult
from textual.signal import Signal

from annotator.errors import AnnotatorError
from annotator.tui.queue.problems import Problems, inbox_of, read_problems, retry, retry_all
from annotator.tui.screens.list_screen import ROWS, Act, ListScreen
from annotator.tui.screens.waiting import begin
from annotator.tui.setup import AppSetup
from annotator.tui.widgets.bar import Bar, BarLine, hints
from annotator.tui.widgets.virtual_list import VirtualList

_HINTS = (
    ("t", "try this one again"),
    ("T", "try all again"),
    ("j k", "move"),
    ("esc", "back"),
)


class RejectedScreen(ListScreen):
    """Rejected files, then failed articles, live; `t` retries the one under the cursor, `T` all of
    them."""

    def __init__(self, setup: AppSetup, changed: Signal[None]) -> None:
        """`changed` is called when the store has changed."""
        super().__init__()
        self.setup = setup
        self.problems = Problems()
        self._changed = changed
        self._inbox = inbox_of(setup)
        self._message = ""
        self._counted = "reading …"

    def compose(self) -> ComposeResult:
        yield Bar(id="counts")
        yield self.make_list("rejected", lines=2)
        yield Bar(id="told")
        yield Bar(id="hints")

    def on_mount(self) -> None:
        self._changed.subscribe(self, lambda _: self.load())
        self.listed.focus()
        self._show_lines()
        self.waiting.fetch(ROWS, self._load)

    def on_resize(self) -> None:
        self._show_lines()

    def load(self) -> None:
        """Reload the lists; the cursor stays on its row."""
        begin(self, self._load, group="load", exclusive=True)

    async def _load(self) -> None:
        try:
            self.problems = await asyncio.to_thread(read_problems, self.setup)
        except AnnotatorError as error:
            self._counted = f"{error.message} {error.hint}"
        else:
            self._counted = self.problems.counted
            self.rows = [*self.problems.rows(self._inbox, self.setup.clock.now())]
        # The screen may have been closed in the meantime.
        if self.query(VirtualList):
            self.listed.set_size(len(self.rows))
            self._show_lines()

    def on_virtual_list_highlighted(self, event: VirtualList.Highlighted) -> None:
        event.stop()
        self._show_lines()

    def _show_lines(self) -> None:
        left = (("strong", " Problems  "), ("muted", self._counted))
        right = (("accent", f" {self._message} "),) if self._message else ()
        self.query_one("#counts", Bar).show(BarLine(left, right))
        self.query_one("#hints", Bar).show(hints(_HINTS, self.size.width))
        _show_whole(self.query_one("#told", Bar), self.problems.whole(self.listed.key))

    # Keys

    def act_of(self, pressed: str) -> Act | None:
        store = self.setup.store
        if pressed == "t" and self.listed.key is not None:
            again = partial(retry, store, self.problems, self.listed.key)
        elif pressed == "T":
            again = partial(retry_all, store, self.problems)
        else:
            return super().act_of(pressed)
        return partial(self.waiting.fetch, "tried", partial(self._tried, again))

    async def _tried(self, again: Callable[[], str]) -> None:
        try:
            self._message = await asyncio.to_thread(again)
        except AnnotatorError as error:
            self._message = f"{error.message} {error.hint}"
        if self.query(VirtualList):
            self.load()


def _show_whole(bar: Bar, told: str) -> None:
    """Show below the list the text that the row under the cursor has no space for."""
    room = bar.screen.size.width
    lines = wrap(told, max(20, room - 2)) if len(told) > room - 5 else []
    bar.display = bool(lines)
    bar.styles.height = len(lines)
    bar.show(*(BarLine((("normal", f" {line}"),)) for line in lines))
