"""`annotator add`: takes in files and folders once, and makes suggestions for waiting articles."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path

from annotator.core.arrival import PIPED, Arrival
from annotator.errors import ReadError
from annotator.inbox.files import is_being_written, state_at, unescaped
from annotator.inbox.ignoring import Ignoring
from annotator.inbox.scanning import Seen, scan
from annotator.ingest.intake import ReadingRules, arrivals_of, batches_of, rejection_of, stored
from annotator.ingest.plan import WorkerPlan
from annotator.ingest.pool import Pool
from annotator.ingest.stdin_source import Given
from annotator.ingest.stopping import Stop
from annotator.mounts import is_without_events
from annotator.store.store import Store
from annotator.store.values import TakenIn

_TRIES = 5
_PAUSE = 0.2
_POLL = 0.5

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Added:
    """The result: counts of texts and files, and whether it was interrupted.

    `problem` says which part of piped input was rejected.
    """

    added: int = 0
    known: int = 0
    rejected: int = 0
    failed: int = 0
    interrupted: bool = False
    problem: ReadError | None = field(default=None, compare=False)

    def counts(self) -> dict[str, int]:
        """The counts by name, as printed by the verb."""
        names = ("added", "known", "rejected", "failed")
        return {name: getattr(self, name) for name in names}


def add(
    paths: Sequence[Path],
    *,
    store: Store,
    plan: WorkerPlan,
    rules: ReadingRules | None = None,
    workers: int = 1,
    again: bool = False,
    rejected: bool = False,
    given: Given | None = None,
    stop: Stop | None = None,
    progress: Progress | None = None,
) -> Added:
    """Take in `paths` (folders recursively) and process all waiting articles.

    `given` is piped input; `rejected` reads all rejected files again. `again` makes new suggestions
    for articles that nobody has opened. `progress` is called with the number of processed articles
    and the total. Raises ReadError, before anything is done, if a path does not exist or piped
    input contains no article.
    """
    rules, stop = rules or ReadingRules(), stop or Stop()
    files = tuple(_files(paths))
    at_hand, problem = given.arrivals(rules) if given else (iter(()), None)
    if rejected:
        files += _rejected_files(store)
    taken, total, tell = TakenIn(), store.work.waiting(), progress or _tell_nobody
    pool = Pool(plan, store=store, workers=workers)
    try:
        for batch in batches_of(chain(at_hand, _arrivals(files, rules, stop))):
            new = stored(batch, store, is_gone=_is_gone if store.database.is_sqlite else None)
            taken, total = taken + new, total + new.added
            # Workers process the first articles while more files are read.
            waiting = store.work.waiting()
            _staff(pool, waiting)
            pool.tick()
            total = max(total, waiting)
            tell(total - waiting, total)
        if again and not stop.asked.is_set():
            store.work.suggest_again(None)
        _work_off(pool, store, stop, tell, total)
    except BaseException:
        pool.kill()
        raise
    _end(pool, stop)
    failed, interrupted = pool.failed, stop.asked.is_set()
    refused = taken.rejected + (problem is not None)
    return Added(taken.added, taken.known, refused, failed, interrupted, problem)


def _files(paths: Iterable[Path]) -> Iterator[Seen]:
    """The files to read; a file given by name is read even if a folder would ignore it."""
    # Check all paths before reading the first.
    roots = [(path, _real(path)) for path in paths]
    for path, real in roots:
        if state_at(real) is None:
            raise ReadError(
                f"There is no file or folder {path}.", hint="Check the spelling of the name."
            )
    for _, real in roots:
        if real.is_dir() and not real.is_symlink():
            yield from sorted(scan(real, Ignoring(real)), key=lambda seen: seen.path)
        elif (state := state_at(real)) is not None:
            yield Seen(str(real), state)


def _rejected_files(store: Store) -> tuple[Seen, ...]:
    """The rejected files that still exist; in a SQLite database, missing ones are no longer listed
    as rejected."""
    found: list[Seen] = []
    gone: list[str] = []
    for path in store.files.rejected_paths():
        there = next((one for one in unescaped(path) if state_at(one) is not None), None)
        if there is None:
            gone.append(path)
        elif os.path.isdir(there) and not os.path.islink(there):
            inside = _listed(Path(there))
            gone += [] if any(seen.problem for seen in inside) else [path]
            found += inside
        elif (state := state_at(there)) is not None:
            found.append(Seen(there, state))
    # A server also lists files of other machines, which are missing here.
    if store.database.is_sqlite:
        store.files.forget(gone)
    return tuple(found)


def _is_gone(path: str) -> bool:
    """Whether the file at `path` (escaped) no longer exists; always for piped input."""
    return not path.startswith(PIPED) and all(state_at(one) is None for one in unescaped(path))


def _listed(folder: Path) -> list[Seen]:
    """The files of a folder that could not be listed before, or the folder if it still cannot."""
    try:
        return sorted(scan(folder, Ignoring(folder)), key=lambda seen: seen.path)
    except OSError as error:
        state = state_at(folder)
        return [Seen(str(folder), state, error.strerror or str(error))] if state else []


def _real(path: Path) -> Path:
    """`path` as the watcher names it; its last part is not resolved: links are not followed."""
    if path.is_dir():
        return Path(os.path.realpath(path))
    return Path(os.path.realpath(path.parent)) / path.name


def _arrivals(files: Iterable[Seen], rules: ReadingRules, stop: Stop) -> Iterator[Arrival]:
    for seen in files:
        for arrival in _of_file(seen, rules):
            if stop.asked.is_set():
                return
            yield arrival


def _of_file(seen: Seen, rules: ReadingRules) -> Iterator[Arrival]:
    """Read the file, retrying for a while if somebody is writing it."""
    why = ""
    for _ in range(_TRIES):
        was_read = False
        if _is_being_written(seen.path):
            why = "The file is still being written."
        else:
            why = "The file changed while it was read."
            for arrival in arrivals_of(seen, rules):
                was_read = True
                yield arrival
        if was_read or state_at(seen.path) is None:
            return
        time.sleep(_PAUSE)
    yield rejection_of(seen, why, "Add it again when it is complete; a watcher reads it by itself.")


def _is_being_written(path: str) -> bool:
    """Whether a process has the file open for writing; unknown on network mounts."""
    return not _lies_elsewhere(os.path.dirname(path)) and is_being_written(path) is True


@lru_cache(maxsize=1000)
def _lies_elsewhere(folder: str) -> bool:
    return is_without_events(Path(folder))


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
