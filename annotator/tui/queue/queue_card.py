"""The card below the queue: a welcome at the first start, and a summary after the last article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.core.reading_progress import Progress, ReadingProgress
from annotator.tui.keys import KeyMap
from annotator.tui.queue.card_lines import (
    empty_card,
    end_card,
    opening_card,
    unfit_card,
    welcome_card,
)
from annotator.tui.widgets.bar import Bar, BarLine

if TYPE_CHECKING:
    from annotator.tui.app_setup import AppSetup
    from annotator.tui.queue.poller import PollResult
    from annotator.tui.queue.queue_list import QueueList

LATE = 0.8
"""Seconds after which an app that is still opening its workspace says so."""


class QueueCard:
    """Decides what the card says; it is not there in a workspace with work that was begun."""

    def __init__(self) -> None:
        self.bar = Bar(id="card")
        self.is_late = False
        self._is_first_run: bool | None = None
        self._ends = False
        self._laid_out: tuple[bool, int] | None = None
        self._progress = ReadingProgress()

    @property
    def is_shown(self) -> bool:
        """Whether it says anything now."""
        return self._laid_out is not None and self._laid_out[1] > 0

    def close(self) -> None:
        """The reviewer has found the way: no welcome any more."""
        self._is_first_run = False

    def end(self) -> None:
        """Sum up until the next key."""
        self._ends = True

    def pressed(self) -> None:
        """A key was pressed: the summary has been read."""
        self._ends = False

    def show(self, rows: QueueList, setup: AppSetup | None, keys: KeyMap, width: int) -> None:
        """Show what is to be said now, or nothing."""
        lines = self._lines(rows, setup, keys, width)
        fills = bool(lines) and not rows.listed.count
        if lines:
            self.bar.show(*lines)
        if (fills, len(lines)) != self._laid_out:
            self._laid_out = fills, len(lines)
            self.bar.display = bool(lines)
            # A line above it; without any row, it has all the room.
            self.bar.styles.height = "1fr" if fills else len(lines) + 1
            rows.listed.styles.height = 1 if fills else "1fr"

    def _lines(
        self, rows: QueueList, setup: AppSetup | None, keys: KeyMap, width: int
    ) -> tuple[BarLine, ...]:
        seen = rows.seen
        if setup is None or seen is None:
            return opening_card() if self.is_late else ()
        if self._ends:
            results = setup.sitting.results.values()
            return end_card(setup.config, results, seen.counts)
        counts = seen.counts
        if self._is_first_run is None:
            done = counts.finished + counts.skipped + counts.unusable
            self._is_first_run = not (counts.ready or counts.in_review or done)
        progress = _progress(seen)
        if not seen.size and rows.listing.is_filtered and not rows.listed.count:
            return unfit_card(rows.listing.words, keys)
        if not progress.total:
            return () if rows.listing.is_filtered else empty_card(setup.config, keys, width)
        if not self._is_first_run:
            return ()
        self._progress.saw(progress, setup.clock.seconds())
        left = self._progress.seconds_left()
        return welcome_card(
            setup.config, keys, progress, doing=_doing(seen), left=left, width=width
        )


def _progress(seen: PollResult) -> Progress:
    """How many articles are there, and how many files are still to be read."""
    counts, beat = seen.counts, seen.heartbeat
    unread = 0 if beat is None else beat.status.unsettled + beat.status.unread
    return Progress(counts.articles - counts.waiting, counts.articles + unread)


def _doing(seen: PollResult) -> str:
    """What is done before the first article can be ready."""
    beat = seen.heartbeat
    if seen.counts.articles > seen.counts.waiting or beat is None or beat.status.has_ended:
        return ""
    return "" if beat.status.is_ready else "loading the model"
