"""`annotator add`: takes in files and folders once, and makes suggestions for waiting articles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from annotator.errors import ReadError
from annotator.inbox.named_paths import RejectedPaths, arrivals_at, files_at, is_gone, still_there
from annotator.inbox.piped_input import PipedInput
from annotator.inbox.reading import ReadingRules, batches_of
from annotator.ingest.intake import stored
from annotator.ingest.plan import WorkerPlan
from annotator.ingest.pool import Pool
from annotator.ingest.stopping import Stop
from annotator.store.store import Store
from annotator.store.values import TakenIn

_PAUSE = 0.2
_POLL = 0.5

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Added:
    """The result: counts of texts and files, whether it was interrupted, and whether files were
    left unread, or not read to their end.

    `again` is how many articles were put back for new suggestions; None if that was not asked for.
    `problem` says which part of piped input was rejected.
    """

    added: int = 0
    known: int = 0
    rejected: int = 0
    failed: int = 0
    interrupted: bool = False
    unread: bool = False
    again: int | None = None
    problem: ReadError | None = field(default=None, compare=False)

    def counts(self) -> dict[str, int]:
        """The counts by name, as printed by the verb."""
        names = ("added", "known", "rejected", "failed", "again")
        counts = ((name, getattr(self, name)) for name in names)
        return {name: count for name, count in counts if count is not None}


def add(
    paths: Sequence[Path],
    *,
    store: Store,
    plan: WorkerPlan,
    rules: ReadingRules | None = None,
    workers: int = 1,
    again: bool = False,
    rejected: bool = False,
    given: PipedInput | None = None,
    stop: Stop | None = None,
    progress: Progress | None = None,
    slip_in: Callable[[], object] | None = None,
) -> Added:
    """Take in `paths` (folders recursively) and process all waiting articles.

    `given` is piped input; `rejected` reads all rejected files again. `again` makes new suggestions
    for articles that nobody has opened. `slip_in` is called when all is read. `progress` is called
    with the number of processed articles and the total. Raises ReadError, before anything is done,
    if a path does not exist or piped input contains no article.
    """
    rules, stop = rules or ReadingRules(), stop or Stop()
    files = files_at(paths)
    at_hand, problem = given.arrivals(rules) if given else (iter(()), None)
    if rejected:
        files += _rejected_files(store).files
    taken, total, tell = TakenIn(), store.work.waiting(), progress or _tell_nobody
    put_back = 0 if again else None
    pool = Pool(plan, store=store, workers=workers)
    reading = _UntilStopped(stop)
    arrivals = arrivals_at(files, rules, go_on=reading.go_on)
    try:
        for batch in batches_of(chain(at_hand, arrivals)):
            new = stored(batch, store, is_gone=is_gone if store.database.is_sqlite else None)
            taken, total = taken + new, total + new.added
            # Workers process the first articles while more files are read.
            waiting = store.work.waiting()
            _staff(pool, waiting)
            pool.tick()
            total = max(total, waiting)
            tell(total - waiting, total)
        if slip_in is not None and not stop.asked.is_set():
            slip_in()
        if again and not stop.asked.is_set():
            put_back = store.work.suggest_again(None)
        _work_off(pool, store, stop, tell, total)
    except BaseException:
        pool.kill()
        raise
    _end(pool, stop)
    failed, interrupted = pool.failed, stop.asked.is_set()
    refused = taken.rejected + (problem is not None)
    counts = taken.added, taken.known, refused, failed
    return Added(*counts, interrupted, reading.was_cut_off, put_back, problem)


@dataclass(slots=True)
class _UntilStopped:
    """Whether to read on, and whether that was denied before all was read."""

    stop: Stop
    was_cut_off: bool = False

    def go_on(self) -> bool:
        self.was_cut_off = self.was_cut_off or self.stop.asked.is_set()
        return not self.was_cut_off


def _rejected_files(store: Store) -> RejectedPaths:
    """The rejected files that still exist; in a SQLite database, missing ones are no longer listed
    as rejected."""
    found = still_there(store.files.rejected_paths())
    # A server also lists files of other machines, which are missing here.
    if store.database.is_sqlite:
        store.files.forget(found.gone)
    return found


def _staff(pool: Pool, waiting: int) -> None:
    """As many workers as there are batches: loading a pipeline costs more than a few articles."""
    if waiting:
        pool.start(-(-waiting // pool.plan.batch))
        pool.wake()


def _work_off(pool: Pool, store: Store, stop: Stop, tell: Progress, total: int) -> None:
    waiting = store.work.waiting()
    total = max(total, waiting)
    _staff(pool, waiting)
    tell(total - waiting, total)
    while waiting and not stop.asked.is_set():
        pool.tick(_POLL)
        before, waiting = waiting, store.work.waiting()
        total = max(total, waiting)
        if waiting != before:
            tell(total - waiting, total)


def _tell_nobody(done: int, total: int) -> None:
    """Default: ignore progress."""


def _end(pool: Pool, stop: Stop) -> None:
    """Wait for the current batches, unless stopped again."""
    pool.ask_to_end()
    while len(pool) and not stop.at_once.is_set():
        pool.tick(_PAUSE)
    pool.kill()
