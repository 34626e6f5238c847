"""Files that did not become articles, each with its reason and what to do about it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from annotator.errors import AnnotatorError
from annotator.tui.bar import Bar, BarLine
from annotator.tui.keys import pressed_key
from annotator.tui.queue_rows import age
from annotator.tui.virtual_list import Cell, Row, VirtualList

if TYPE_CHECKING:
    from annotator.store.values import RejectedFile
    from annotator.tui.setup import AppSetup


class RejectedScreen(Screen[None]):
    """A list to read; esc or q goes back."""

    def __init__(self, setup: AppSetup) -> None:
        super().__init__()
        self.setup = setup
        self._files: tuple[RejectedFile, ...] = ()

    def compose(self) -> ComposeResult:
        yield Bar(id="counts")
        yield VirtualList(self._row, lines=2, id="rejected")
        yield Bar(id="hints")

    def on_mount(self) -> None:
        self._say("reading …")
        self.query_one("#hints", Bar).show(BarLine((("muted", " esc or q goes back"),)))
        self.query_one(VirtualList).focus()
        self.run_worker(self._load())

    async def _load(self) -> None:
        try:
            self._files = await asyncio.to_thread(self.setup.store.rejected_files)
            said = f"{len(self._files):,} files were rejected" if self._files else "None."
        except AnnotatorError as error:
            said = f"{error.message} {error.hint}"
        # It may have been closed in the meantime.
        if self.query(VirtualList):
            self.query_one(VirtualList).set_size(len(self._files))
            self._say(said)

    def _say(self, words: str) -> None:
        self.query_one("#counts", Bar).show(
            BarLine((("strong", " Rejected files  "), ("muted", words)))
        )

    def _row(self, index: int) -> Row | None:
        if not 0 <= index < len(self._files):
            return None
        file = self._files[index]
        when = age(file.at, self.setup.clock.now())
        return Row(
            f"{index} {file.name}",
            (
                (
                    Cell(file.name, "strong"),
                    Cell(f"{file.size:,} bytes", "muted", width=18, align_right=True),
                    Cell(when, "muted", width=12, align_right=True),
                ),
                (Cell("", width=1), Cell(f"{file.reason} {file.hint}", "bad")),
            ),
        )

    def on_key(self, event: events.Key) -> None:
        pressed = pressed_key(event.key, event.character)
        if pressed in ("escape", "q"):
            event.stop()
            event.prevent_default()
            self.dismiss()
        elif pressed in ("j", "k"):
            event.stop()
            event.prevent_default()
            self.query_one(VirtualList).action_move(1 if pressed == "j" else -1)
