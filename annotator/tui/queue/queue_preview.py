"""The preview of the article under the cursor, below the list."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING

from textual.screen import Screen

from annotator.errors import AnnotatorError
from annotator.tui.queue.preview_lines import BLANK, LINES, preview_lines
from annotator.tui.queue.queue_list import QueueList
from annotator.tui.queue.queue_questions import QueueQuestions
from annotator.tui.screens.waiting import begin
from annotator.tui.widgets.bar import Bar, BarLine

if TYPE_CHECKING:
    from annotator.store.queue_values import Preview, QueueRow

# The cursor has come to rest after this pause, in seconds: nothing is read before.
REST_SECONDS = 0.06
LATE_SECONDS = 0.15
"""After so long without its preview, nothing is shown of another article."""
LOWEST = 20
"""The fewest rows of a screen that has a preview."""
_KEPT = 64


class QueuePreview:
    """Follows the cursor: shows its article when it rests, nothing while it moves on.

    A preview is read in the background, once as long as the row of its article stays the same.
    What comes late for an earlier cursor is kept, and not shown.
    """

    def __init__(self, screen: Screen[None], rows: QueueList, questions: QueueQuestions) -> None:
        self.bar = Bar(id="preview")
        self.is_wanted = True
        # Something more important has its place.
        self.is_covered = False
        self._screen, self._rows, self._questions = screen, rows, questions
        self._kept: OrderedDict[QueueRow, Preview] = OrderedDict()
        self._row: QueueRow | None = None
        self._is_waiting = False

    @property
    def is_shown(self) -> bool:
        """Whether it is wanted, its place is free, and the screen is high enough."""
        return self.is_wanted and not self.is_covered and self._screen.size.height >= LOWEST

    def toggle(self) -> None:
        """Show it, or show it no longer."""
        self.is_wanted = not self.is_wanted
        self._row = None
        self.follow()

    def redraw(self) -> None:
        """The screen has another size."""
        if self._row is not None and self._row in self._kept:
            self._show(self._row)

    def follow(self) -> None:
        """The cursor, its row or the screen may have changed."""
        self.bar.display = self.is_shown
        row = self._rows.row if self.is_shown else None
        if row == self._row or self._is_waiting:
            return
        self._is_waiting = True
        self._screen.set_timer(REST_SECONDS, partial(self._rested, row))

    def _rested(self, was: QueueRow | None) -> None:
        """Show what the cursor is on after the pause, or nothing until that is known."""
        self._is_waiting = False
        row = self._rows.row if self.is_shown else None
        if row == self._row:
            return
        if row != was:  # it moves on: nothing is read, and nothing of another article shown
            self._row = None
            self.bar.show(*BLANK)
            self.follow()
            return
        before, self._row = self._row, row
        if row is None:
            self.bar.show(*BLANK)
        elif row in self._kept:
            self._kept.move_to_end(row)
            self._show(row)
        else:
            is_other = before is None or row.id != before.id
            work = partial(self._read, row, is_other=is_other)
            begin(self._screen, work, group="preview", exclusive=True)

    async def _read(self, row: QueueRow, *, is_other: bool) -> None:
        """Read and show a preview. What was shown stays until then, since a frame with nothing in
        between costs as much as the preview; unless it is late, and of another article."""
        reading = asyncio.ensure_future(self._questions.preview(row.id))
        try:
            done, _ = await asyncio.wait((reading,), timeout=LATE_SECONDS)
            if not done and is_other and row == self._row:
                self.bar.show(*BLANK)
            preview = await reading
        except AnnotatorError as error:
            if row == self._row:
                told = f"{error.message} {error.hint}"
                self.bar.show(BarLine((("bad", f" {told}"),)), *BLANK[1:])
            return
        finally:
            reading.cancel()
        if preview is None:
            if row == self._row:
                self.bar.show(*BLANK)
            return
        self._kept[row] = preview
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        if row == self._row:
            self._show(row)

    def _show(self, row: QueueRow) -> None:
        setup = self._questions.setup
        if setup is not None and self.bar.is_attached:
            self.bar.use_colors(setup.config.label_colors)
            width, confidence = self._screen.size.width, setup.config.confidence
            self.bar.styles.height = LINES
            self.bar.show(*preview_lines(self._kept[row], row, width, confidence))
