"""Rejected files and failed articles: the reasons, and what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from textwrap import wrap

from textual.signal import Signal

from annotator.errors import AnnotatorError
from annotator.tui.app_setup import AppSetup
from annotator.tui.keys import KeyMap, Mode
from annotator.tui.queue.problems import Problems, inbox_of, read_problems, retry, retry_all
from annotator.tui.screens.list_frame import Act, AroundList, ListFrame, ShownRows
from annotator.tui.screens.list_screen import ROWS, ListScreen
from annotator.tui.screens.waiting import begin
from annotator.tui.widgets.bar import Bar, BarLine

AGAIN, ALL_AGAIN = "problems_again", "problems_all_again"
_HINTS = (
    ((AGAIN,), "try this one again"),
    ((ALL_AGAIN,), "try all again"),
    (("problems_down", "problems_up"), "move"),
    (("problems_close",), "back"),
)
_WHY_EMPTY = "Every file could be read, and no article has failed."


class RejectedScreen(ListScreen):
    """Rejected files, then failed articles, live; those under the cursor or all of them are
    retried."""

    def __init__(self, setup: AppSetup, keymap: KeyMap, changed: Signal[None]) -> None:
        """`changed` is called when the store has changed."""
        super().__init__(keymap, Mode.PROBLEMS)
        self.setup = setup
        self.problems = Problems()
        self._changed = changed
        self._inbox = inbox_of(setup)
        self._counted = "reading …"
        self.shown = ShownRows("rejected", lines=2)
        widgets = self.shown.listed, Bar(id="told")
        self.frame = ListFrame(widgets, self._around, lambda _: None)

    def _around(self) -> AroundList:
        title = (("strong", " Problems  "), ("muted", self._counted))
        told = _whole(self.problems.whole(self.listed.key), self.size.width)
        hints = self.keys.hints(*_HINTS)
        return AroundList(title, hints, told=told, told_rows=0, empty=_WHY_EMPTY)

    def on_mount(self) -> None:
        self._changed.subscribe(self, lambda _: self.load())
        self.waiting.fetch(ROWS, self._load)

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
            self.shown.show([*self.problems.rows(self._inbox, self.setup.clock.now())])
        self.frame.show()

    # Keys

    def own_act(self, action: str) -> Act | None:
        if action == AGAIN and self.listed.key is not None:
            again = partial(retry, self.setup.store, self.listed.key)
        elif action == ALL_AGAIN:
            again = partial(retry_all, self.setup)
        else:
            return None
        return partial(self.waiting.fetch, "tried", partial(self._tried, again))

    async def _tried(self, again: Callable[[], str]) -> None:
        try:
            self.frame.message = await asyncio.to_thread(again)
        except AnnotatorError as error:
            self.frame.message = f"{error.message} {error.hint}"
        if self.is_attached:
            self.load()


def _whole(told: str, room: int) -> list[BarLine]:
    """What the row under the cursor has no space for."""
    lines = wrap(told, max(20, room - 2)) if len(told) > room - 5 else []
    return [BarLine((("normal", f" {line}"),)) for line in lines]
