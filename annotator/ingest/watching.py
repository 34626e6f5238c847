"""`annotator watch`: watches the inbox until it is stopped.

One loop: scan, take in, supervise the workers, send a heartbeat; while a document is read, a thread
sends it. All state is in the database, so it can be killed at any point.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.core.arrival import Arrival
from annotator.core.watcher_status import Heartbeat, WatcherStatus
from annotator.errors import AnnotatorError
from annotator.inbox.inbox import Inbox
from annotator.inbox.incoming import Incoming
from annotator.inbox.reading import ReadingRules
from annotator.ingest.intake import stored
from annotator.ingest.log_throttle import LogThrottle
from annotator.ingest.plan import WorkerPlan
from annotator.ingest.pool import END_WITHIN, Pool
from annotator.ingest.reading_heartbeat import ReadingHeartbeat
from annotator.ingest.stopping import Stop
from annotator.ingest.worker_process import WorkersAhead
from annotator.store.store import Store

HEARTBEAT = 2.0
CHORES = 2.0
_LONGEST_PAUSE = 0.25
_AFTER_TROUBLE = 5.0
# Seconds of reading after which workers and heartbeat are handled, even within a batch.
_LONGEST_READING = 1.0

Report = Callable[[Mapping[str, Any]], None]
Chore = Callable[[], object]

_log = logging.getLogger(__name__)


def watch(
    inbox: Path,
    *,
    store: Store,
    plan: WorkerPlan,
    rules: ReadingRules | None = None,
    workers: int = 1,
    settle_seconds: float = 2.0,
    rescan_seconds: float = 60.0,
    events: bool = True,
    stop: Stop | None = None,
    report: Report | None = None,
    chores: Sequence[Chore] = (),
    ahead: WorkersAhead | None = None,
) -> None:
    """Take in files from `inbox` until `stop`.

    `report` gets one object for each new article and each rejected file; `chores` run every two
    seconds (for example, writing finished reviews); `ahead` are workers that load their pipelines
    already. The caller holds the lock (`watching_alone`). Raises ModelError if the pipeline cannot
    be loaded.
    """
    _Watch(
        Inbox(
            Path(os.path.realpath(inbox)),
            known=store.files.known(),
            settle_seconds=settle_seconds,
            rescan_seconds=rescan_seconds,
            events=events,
        ),
        store=store,
        pool=Pool(plan, store=store, workers=workers, ahead=ahead),
        rules=rules or ReadingRules(),
        stop=stop or Stop(),
        report=report or _report_nothing,
        chores=chores,
    ).run()


@dataclass(eq=False)
class _Watch:
    """The loop and its state."""

    inbox: Inbox
    store: Store
    pool: Pool
    rules: ReadingRules
    stop: Stop
    report: Report
    chores: Sequence[Chore]

    def __post_init__(self) -> None:
        self.incoming = Incoming(self.inbox, self.rules, go_on=self._go_on)
        self.began = self.store.now()
        self._next_beat = self._next_chores = self._was_alive = 0.0
        self._troubles = LogThrottle()
        # Rejected files to be read again, already passed to the inbox.
        self._wanted_again: set[str] = set()
        self._last_scan: float | None = None
        self._status = WatcherStatus(is_ready=False)
        self._reading = ReadingHeartbeat(self._beat_again, HEARTBEAT)

    def run(self) -> None:
        try:
            self.pool.give_up_exhausted()
            self.pool.start()
            self._reading.start()
            while not self.stop.asked.is_set():
                self._round()
            self._attempt(self._do_chores)
        except BaseException:
            self.pool.kill()
            raise
        finally:
            self._reading.end()
            self.inbox.close()
        self._end()

    def _round(self) -> None:
        self.inbox.wait(0.0 if self.incoming.has_more else _LONGEST_PAUSE)
        for batch in self._reading.each(self.incoming.batches()):
            self._attempt(lambda batch=batch: self._take_in(batch))  # type: ignore[misc]  # bound now
            self._keep_alive()
        self._keep_alive()

    def _go_on(self) -> bool:
        """Handle workers and heartbeat if reading takes long; returns whether to read on."""
        # Reading a page may take a second, and a batch has many.
        if time.monotonic() - self._was_alive > _LONGEST_READING:
            self._keep_alive()
        return not self.stop.asked.is_set()

    def _take_in(self, batch: Sequence[Arrival]) -> None:
        taken = stored(batch, self.store, is_gone=self.inbox.is_gone)
        self.incoming.confirm(batch)
        self._wanted_again.difference_update(one.path for one in batch if not one.more)
        if taken.added:
            self.pool.wake()
        counts = taken.added, taken.known, taken.rejected
        _log.info("Taken in: %d new, %d known, %d rejected.", *counts)
        for what in _told(batch, frozenset(taken.new)):
            self.report(what)

    def _keep_alive(self) -> None:
        """Work that must continue while thousands of files are read."""
        self.pool.tick()
        now = self._was_alive = time.monotonic()
        if now >= self._next_beat:
            self._next_beat = now + HEARTBEAT
            self._attempt(self._beat)
        if now >= self._next_chores:
            self._next_chores = now + CHORES
            self._attempt(self._do_chores)
            self._attempt(self._look_after_rejected)

    def _look_after_rejected(self) -> None:
        """Handle requests to read rejected files again, and remove missing ones."""
        wanted = set(self.store.files.rejected_paths(to_retry=True))
        for path in sorted(wanted - self._wanted_again):
            self.inbox.read_again(path)
        self._wanted_again = wanted
        if self.inbox.scanned is not None and self.inbox.scanned != self._last_scan:
            self._last_scan = self.inbox.scanned
            gone = [path for path in self.store.files.rejected_paths() if self.inbox.is_gone(path)]
            if gone:
                self.store.files.forget(gone)

    def _beat(self, *, has_ended: bool = False) -> None:
        scanned = self.inbox.scanned
        self._status = WatcherStatus(
            waiting=self.store.work.waiting(),
            unsettled=self.inbox.unsettled,
            workers=len(self.pool),
            is_ready=self.pool.is_ready,
            restarts=self.pool.restarts,
            has_ended=has_ended,
            scanned_seconds_ago=None if scanned is None else round(time.monotonic() - scanned, 1),
            problem=self.inbox.problem or "",
            unread=self.incoming.unread,
        )
        self._beat_again()

    def _beat_again(self) -> None:
        """A heartbeat with the last status, which needs nothing of the loop."""
        beat = Heartbeat(self.store.now(), os.getpid(), self.began, self._status)
        self.store.watcher.beat(beat)

    def _do_chores(self) -> None:
        for chore in self.chores:
            chore()

    def _attempt(self, step: Callable[[], None]) -> None:
        """Run an action that may fail temporarily; the next scan finds its work again."""
        try:
            step()
        except AnnotatorError as error:
            if self._troubles.is_news(error.message, now=time.monotonic()):
                _log.error("%s %s", error.message, error.hint)
            self.inbox.scan_within(_AFTER_TROUBLE)

    def _end(self) -> None:
        self.pool.ask_to_end()
        deadline = time.monotonic() + END_WITHIN
        while len(self.pool) and not self.stop.at_once.is_set() and time.monotonic() < deadline:
            self.pool.tick(_LONGEST_PAUSE)
        self.pool.kill()
        # A final heartbeat, so that others see the shutdown at once.
        self._attempt(lambda: self._beat(has_ended=True))


def _report_nothing(what: Mapping[str, Any]) -> None:
    """Default: report nothing."""


def _told(batch: Sequence[Arrival], new: frozenset[str]) -> Iterator[Mapping[str, Any]]:
    """Report one object for each new article and each rejected file."""
    left = set(new)
    for arrival in batch:
        if arrival.rejection is not None:
            name = arrival.path.rpartition("/")[2]
            reason, hint = arrival.rejection.reason, arrival.rejection.hint
            yield {"event": "rejected", "name": name, "reason": reason, "hint": hint}
        for article in arrival.articles:
            if article.id in left:
                left.remove(article.id)
                yield {
                    "event": "article",
                    "id": article.id,
                    "name": article.origin.name,
                    "title": article.title,
                    "characters": len(article.text),
                }
