"""Reads all reviews for the statistics, some at a time, in threads."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Lock
from time import monotonic

from annotator.core.statistics.standing_notes import StandingNote
from annotator.core.statistics.totals import Totals
from annotator.core.statistics.work_done import DoneReview
from annotator.tui.app_setup import AppSetup

# Seconds that a thread reads before it says how far it is.
_SLICE = 0.1
MOST_NOTES = 1000


class StatisticsReading:
    """What the reviews give. Its methods are called in threads, its attributes are read by the
    screen: they are those of the last whole pass while another one is under way."""

    def __init__(self, setup: AppSetup) -> None:
        self._setup = setup
        self.done = self.total = 0
        self.is_over = False
        self.totals = Totals()
        self.names: dict[str, str] = {}
        self.notes: tuple[StandingNote, ...] = ()
        self._mark: tuple[int, ...] | None = None
        self._lock = Lock()
        self._totals = Totals()
        self._reviews: Iterator[tuple[DoneReview, ...]] = iter(())
        self._unread_notes: Iterator[tuple[StandingNote, ...]] = iter(())
        self._notes: list[StandingNote] = []

    def begin(self) -> bool:
        """Begin a pass, unless nothing has changed since the last one; returns whether it must."""
        store = self._setup.store
        with self._lock:
            mark = store.finished.mark()
            if self.is_over and mark == self._mark:
                return False
            self._mark, self.is_over, self.done = mark, False, 0
            self.total = store.statistics.count_done()
            self._totals, self._reviews = Totals(), store.statistics.reviews_done()
            self._notes, self._unread_notes = [], store.statistics.notes()
        return True

    def read_some(self) -> bool:
        """Read for a moment; returns whether there is more."""
        until = monotonic() + _SLICE
        with self._lock:
            for some in self._reviews:
                self._totals.take(some)
                self.done += len(some)
                if monotonic() > until:
                    return True
            if self.totals is not self._totals:
                self.names = self._setup.store.statistics.names(self._totals.hardest)
                self.totals = self._totals
                return True
            for notes in self._unread_notes:
                self._notes += notes
                if len(self._notes) >= MOST_NOTES:
                    break
                if monotonic() > until:
                    return True
            self.notes, self.is_over = tuple(self._notes[:MOST_NOTES]), True
        return False
