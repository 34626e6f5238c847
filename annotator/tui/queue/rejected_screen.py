"""What did not become articles, or articles without suggestions: why, and what to do about it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable
from functools import partial
from textwrap import wrap
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from annotator.errors import AnnotatorError
from annotator.inbox.files import escaped
from annotator.tui.queue.queue_rows import age
from annotator.tui.screens.layers import begin
from annotator.tui.screens.list_screen import ROWS, Act, ListScreen
from annotator.tui.widgets.bar import Bar, BarLine, hints
from annotator.tui.widgets.virtual_list import Cell, Row, VirtualList

if TYPE_CHECKING:
    from annotator.store.values import QueueRow, RejectedFile
    from annotator.tui.setup import AppSetup

SHOWN = 500
"""As many files, and as many articles, are listed; there may be more."""
_HINTS = (
    ("t", "try this one again"),
    ("T", "try all again"),
    ("j k", "move"),
    ("esc", "back"),
)


class RejectedScreen(ListScreen):
    """Rejected files, then failed articles, live; `t` tries the one under the cursor again, `T`
    all of them."""

    def __init__(self, setup: AppSetup) -> None:
        super().__init__()
        self.setup = setup
        self._inbox = escaped(os.path.realpath(setup.inbox)) if setup.inbox else ""
        self._files: tuple[RejectedFile, ...] = ()
        self._failed: tuple[QueueRow, ...] = ()
        self._message = ""
        self._counted = "reading …"
        # What is said of each row, which its own line may have to cut.
        self._whole: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        yield Bar(id="counts")
        yield self.make_list("rejected", lines=2)
        yield Bar(id="told")
        yield Bar(id="hints")

    def on_mount(self) -> None:
        self.listed.focus()
        self._show_lines()
        self.fetch(ROWS, self._load)

    def on_resize(self) -> None:
        self._show_lines()

    def load(self) -> None:
        """Reads the lists again; the cursor stays on its row."""
        begin(self, self._load, group="load", exclusive=True)

    async def _load(self) -> None:
        setup = self.setup
        store, reviewer, room = setup.store, setup.reviewer, setup.reviews_per_article
        try:
            counts = await asyncio.to_thread(store.queue.counts, reviewer)
            self._files = await asyncio.to_thread(store.files.rejected, SHOWN)
            self._failed = await asyncio.to_thread(
                lambda: store.queue.page(
                    reviewer, offset=0, limit=SHOWN, state="failed", reviews_per_article=room
                )
            )
        except AnnotatorError as error:
            self._counted = f"{error.message} {error.hint}"
        else:
            files, failed = counts.rejected, counts.failed
            told = [
                f"{_many(files, 'file')} rejected" if files else "",
                f"{_many(failed, 'article')} without suggestions" if failed else "",
            ]
            self._counted = ", ".join(words for words in told if words) or "None."
            self._whole = {f"file {file.key}": f"{file.reason} {file.hint}" for file in self._files}
            for row in self._failed:
                self._whole[f"article {row.id}"] = row.problem or "The log says why."
            self.rows = [*self._file_rows(files), *self._failed_rows(failed)]
        # It may have been closed in the meantime.
        if self.query(VirtualList):
            self.listed.set_size(len(self.rows))
            self._show_lines()

    def _show_lines(self) -> None:
        left = (("strong", " Problems  "), ("muted", self._counted))
        right = (("accent", f" {self._message} "),) if self._message else ()
        self.query_one("#counts", Bar).show(BarLine(left, right))
        self.query_one("#hints", Bar).show(hints(_HINTS, self.size.width))
        self._show_whole()

    def on_virtual_list_highlighted(self, event: VirtualList.Highlighted) -> None:
        event.stop()
        self._show_whole()

    def _show_whole(self) -> None:
        """Says below the list what the row under the cursor has no room for."""
        told, room = self._whole.get(self.listed.key or "", ""), self.size.width
        lines = wrap(told, max(20, room - 2)) if len(told) > room - 5 else []
        bar = self.query_one("#told", Bar)
        bar.display = bool(lines)
        bar.styles.height = len(lines)
        bar.show(*(BarLine((("normal", f" {line}"),)) for line in lines))

    # Rows

    def _file_rows(self, total: int) -> Iterable[Row]:
        if self._files:
            yield _heading("files", "Files that could not be read", len(self._files), total)
        for file in self._files:
            when = age(file.at, self.setup.clock.now())
            told = "will be read again" if file.again else when
            yield Row(
                f"file {file.key}",
                (
                    (
                        Cell(file.below(self._inbox), "strong"),
                        Cell(f"{file.size:,} bytes", "muted", width=18, align_right=True),
                        Cell(
                            told,
                            "good" if file.again else "muted",
                            width=max(12, len(told)),
                            align_right=True,
                        ),
                    ),
                    (Cell("", width=1), Cell(f"{file.reason} {file.hint}", "bad")),
                ),
            )

    def _failed_rows(self, total: int) -> Iterable[Row]:
        if self._failed:
            yield _heading("failed", "Articles without suggestions", len(self._failed), total)
        for row in self._failed:
            when = age(row.received, self.setup.clock.now())
            yield Row(
                f"article {row.id}",
                (
                    (
                        Cell(row.title, "strong"),
                        Cell(row.outlet or "", "muted", width=18, align_right=True),
                        Cell(when, "muted", width=12, align_right=True),
                    ),
                    (Cell("", width=1), Cell(row.problem or "The log says why.", "bad")),
                ),
            )

    # Keys

    def act_of(self, pressed: str) -> Act | None:
        match pressed:
            case "t":
                return self._try_this
            case "T":
                return self._try_all
        return super().act_of(pressed)

    def _try_this(self) -> None:
        kind, _, key = (self.listed.key or "").partition(" ")
        store = self.setup.store
        if kind == "file":
            self._try(lambda: (store.files.retry((key,)), 0))
        elif kind == "article":
            self._try(lambda: (0, store.work.suggest_again((key,))))

    def _try_all(self) -> None:
        store, failed = self.setup.store, tuple(row.id for row in self._failed)
        self._try(lambda: (store.files.retry(), store.work.suggest_again(failed)))

    def _try(self, again: Callable[[], tuple[int, int]]) -> None:
        self.fetch("tried", partial(self._tried, again))

    async def _tried(self, again: Callable[[], tuple[int, int]]) -> None:
        try:
            files, articles = await asyncio.to_thread(again)
        except AnnotatorError as error:
            self._message = f"{error.message} {error.hint}"
        else:
            told = [
                f"{_many(files, 'file')} to be read at the next scan" if files else "",
                f"{_many(articles, 'article')} put back to wait" if articles else "",
            ]
            self._message = ", ".join(words for words in told if words) or "Nothing to try again."
        if self.query(VirtualList):
            self.load()


def _heading(key: str, words: str, listed: int, total: int) -> Row:
    more = f", the newest {listed:,} of {total:,}" if total > listed else ""
    head = (Cell("", width=1), Cell(f"{words.upper()}{more}", "info", bold=True))
    return Row(key, ((), head), heading=True)


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
