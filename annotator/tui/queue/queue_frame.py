"""The lines around the list of the queue: counts, columns, status, keys, and the prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen

from annotator.tui.keys import KeyMap, Mode, keymap
from annotator.tui.queue.queue_actions import QueueParts
from annotator.tui.queue.queue_card import QueueCard
from annotator.tui.queue.queue_columns import Head, heads, heads_line
from annotator.tui.queue.queue_list import QueueList
from annotator.tui.queue.queue_rows import (
    arrivals_told,
    counts_line,
    status_line,
    who_is_in,
)
from annotator.tui.saving.unsaved_wording import unsaved
from annotator.tui.widgets.bar import Bar, BarLine, Piece, hints
from annotator.tui.widgets.prompt_bar import PromptBar

if TYPE_CHECKING:
    from annotator.tui.app_setup import AppSetup
    from annotator.tui.saving.writer import Writer


class QueueFrame:
    """The bars of the queue screen; `shown_at` is the row for which they were shown last."""

    def __init__(self, screen: Screen[None]) -> None:
        self.message = ""
        self.keymap: KeyMap = keymap()
        self.writer: Writer | None = None
        self.told_problem = ""
        self.shown_at: str | None = None
        self.counts, self.columns = Bar(id="counts"), Bar(id="columns")
        self.status, self.hints = Bar(id="status"), Bar(id="hints")
        self.card = QueueCard()
        self.prompt = PromptBar(id="prompt")
        self._screen = screen
        self._parts: QueueParts | None = None

    def surrounds(self, parts: QueueParts) -> None:
        """Set the parts whose state is shown; nothing is shown before."""
        self._parts = parts

    def say(self, message: str) -> None:
        """Show a message until the next key: below the list, or in the open prompt."""
        self.message = message
        self.show()

    def tick(self) -> None:
        """Update the times shown."""
        if self._parts is not None and not self._parts.rows.rests:
            self.show()

    def show(self) -> None:
        """Show the current state; unchanged bars are not redrawn."""
        parts, width = self._parts, self._screen.size.width
        if parts is None or not self.hints.is_attached:
            return
        rows, setup = parts.rows, parts.questions.setup
        self.shown_at = rows.listed.key
        self.counts.show(self._counts_line(rows, setup, width))
        self.columns.show(heads_line(self.heads, rows.listing.order, width))
        self.card.show(rows, setup, self.keymap, width)
        self.status.show(self._status_line(rows, setup))
        self.hints.show(hints(self.keymap.hints(Mode.QUEUE), width))
        parts.preview.is_covered = self.card.is_shown
        parts.preview.follow()
        told = self._told()
        self._show_prompt(parts.prompts.prompts.lines(width), told)

    @property
    def heads(self) -> tuple[Head, ...]:
        """The heads of the columns, from left to right."""
        if self._parts is None:
            return ()
        rows = self._parts.rows
        return heads(self._screen.size.width, rows.listing.order, rows.filled)

    def _counts_line(self, rows: QueueList, setup: AppSetup | None, width: int) -> BarLine:
        left = counts_line(
            setup.config.name if setup else "", rows.seen.counts if rows.seen else None, width
        ).left
        right: tuple[Piece, ...] = (("accent", f" {setup.config.reviewer} "),) if setup else ()
        if rows.listing.words:
            right = (("info", f" {rows.listing.words} "), *right)
        return BarLine(left, (*unsaved(self.writer), *right))

    def _status_line(self, rows: QueueList, setup: AppSetup | None) -> BarLine:
        status = BarLine((("muted", " opening the workspace …"),))
        if setup is not None and rows.seen is not None:
            status = status_line(
                rows.seen.heartbeat,
                rows.seen.counts,
                now=setup.clock.now(),
                inbox=str(setup.config.inbox),
                arrivals=arrivals_told(rows.new, self.keymap.shown("queue_show_new")),
                problem=self._watcher_problem(setup),
            )
        told = self._told() or self._who(rows, setup)
        return BarLine(status.left, told) if told else status

    @staticmethod
    def _who(rows: QueueList, setup: AppSetup | None) -> tuple[Piece, ...]:
        """Who is in the article under the cursor, since when, and whose it is."""
        row = rows.row
        words = "" if row is None or setup is None else who_is_in(row, setup.clock.now())
        return (("muted", f" {words} "),) if words else ()

    def _told(self) -> tuple[Piece, ...]:
        return (("accent", f" {self.message} "),) if self.message else ()

    def _watcher_problem(self, setup: AppSetup) -> str | None:
        problem = setup.watcher_problem() if setup.watcher_problem else None
        if problem and not self.told_problem:
            self.told_problem = problem  # in full, because the line below the list may cut it off
            self._screen.app.notify(problem, severity="error", markup=False, timeout=30)
        return problem

    def _show_prompt(self, lines: list[BarLine], told: tuple[Piece, ...]) -> None:
        """Show the prompt that takes the keys, if one is open, and the current message."""
        if lines:
            head, *others = lines
            lines = [BarLine(head.left, told or head.right), *others]
        self.prompt.show_prompt(lines)
