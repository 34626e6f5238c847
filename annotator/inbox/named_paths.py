"""Reads named files and folders, and rejected files, once."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from annotator.core.arrival import PIPED, Arrival
from annotator.errors import ReadError
from annotator.inbox.files import is_being_written, state_at, unescaped
from annotator.inbox.ignoring import Ignoring
from annotator.inbox.reading import ReadingRules, arrivals_of, rejected_for_now
from annotator.inbox.scanning import Seen, scan
from annotator.mounts import is_without_events

_TRIES = 5
_PAUSE = 0.2


@dataclass(frozen=True, slots=True)
class RejectedPaths:
    """Rejected files: those that still exist, and the paths (escaped) of those that do not."""

    files: tuple[Seen, ...] = ()
    gone: tuple[str, ...] = ()


def files_at(paths: Iterable[Path]) -> tuple[Seen, ...]:
    """The files at `paths`, folders recursively; raises ReadError if a path does not exist.

    A file given by name is read even if a folder would ignore it.
    """
    # Check all paths before reading the first.
    roots = [(path, _real(path)) for path in paths]
    for path, real in roots:
        if state_at(real) is None:
            raise ReadError(f"{path} does not exist.", hint="Check the spelling of the name.")
    return tuple(seen for _, real in roots for seen in _below(real))


def still_there(paths: Iterable[str]) -> RejectedPaths:
    """The files at the `paths` (escaped) of rejected files."""
    found: list[Seen] = []
    gone: list[str] = []
    for path in paths:
        there = next((one for one in unescaped(path) if state_at(one) is not None), None)
        if there is None:
            gone.append(path)
        elif os.path.isdir(there) and not os.path.islink(there):
            inside = _listed(Path(there))
            gone += [] if any(seen.problem for seen in inside) else [path]
            found += inside
        elif (state := state_at(there)) is not None:
            found.append(Seen(there, state))
    return RejectedPaths(tuple(found), tuple(gone))


def is_gone(path: str) -> bool:
    """Whether the file at `path` (escaped) no longer exists; False for piped input."""
    return not path.startswith(PIPED) and all(state_at(one) is None for one in unescaped(path))


def arrivals_at(
    files: Iterable[Seen], rules: ReadingRules, *, go_on: Callable[[], bool]
) -> Iterator[Arrival]:
    """The contents of the files, in order, until `go_on` returns False.

    A file that is still being written after some retries is rejected for now.
    """
    for seen in files:
        for arrival in _of_file(seen, rules):
            if not go_on():
                return
            yield arrival


def _below(real: Path) -> Iterator[Seen]:
    if real.is_dir() and not real.is_symlink():
        yield from sorted(scan(real, Ignoring(real)), key=lambda seen: seen.path)
    elif (state := state_at(real)) is not None:
        yield Seen(str(real), state)


def _listed(folder: Path) -> list[Seen]:
    """The files of a folder that could not be listed before, or the folder if it still cannot."""
    try:
        return sorted(scan(folder, Ignoring(folder)), key=lambda seen: seen.path)
    except OSError as error:
        state = state_at(folder)
        return [Seen(str(folder), state, error.strerror or str(error))] if state else []


def _real(path: Path) -> Path:
    """`path` as the watcher names it, with all parts except the last resolved."""
    if path.is_dir():
        return Path(os.path.realpath(path))
    return Path(os.path.realpath(path.parent)) / path.name


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
    hint = "Add it again when it is complete; a watcher reads it by itself."
    yield rejected_for_now(seen, why, hint)


def _is_being_written(path: str) -> bool:
    """Whether a process has the file open for writing; unknown on network mounts."""
    return not _lies_elsewhere(os.path.dirname(path)) and is_being_written(path) is True


@lru_cache(maxsize=1000)
def _lies_elsewhere(folder: str) -> bool:
    return is_without_events(Path(folder))
