"""What lies in an inbox right now. Events only say when to look; this says what is there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from annotator.inbox.files import FileState, escaped, state_at, state_of
from annotator.inbox.ignoring import Ignoring


@dataclass(frozen=True, slots=True)
class Seen:
    """Something in the inbox that is not passed over: a file, or what only looks like one.

    `problem` is set where it lies in a folder that cannot be listed; it is then that folder.
    """

    path: str
    state: FileState
    problem: str | None = None


def scan(
    root: Path, ignoring: Ignoring, known: Mapping[str, tuple[int, int, int, int]] | None = None
) -> Iterator[Seen]:
    """Everything below `root`, in no order; links are not followed, what vanishes is left out.

    So is what is in the state that `known` has for its path (escaped): of an inbox at rest nothing
    is left, for little more than the system's own listing costs. FileNotFoundError if there is no
    such folder.
    """
    ignoring.refresh()
    known = known or {}
    top = os.fspath(root)
    folders = [(top, "")]
    while folders:
        folder, relative = folders.pop()
        try:
            entries = os.scandir(folder)
        except OSError as error:
            if folder == top:
                raise
            yield from _unlisted(folder, error)
            continue
        closed: OSError | None = None
        with entries:
            for entry in entries:
                below = relative + entry.name
                is_folder = entry.is_dir(follow_symlinks=False)
                if ignoring.ignores(below, entry.name, is_folder=is_folder):
                    continue
                if is_folder:
                    folders.append((entry.path, below + "/"))
                    continue
                try:
                    status = entry.stat(follow_symlinks=False)
                except OSError as error:
                    # Gone since; or the folder gives names alone (it may be read, not entered).
                    closed = error if not isinstance(error, FileNotFoundError) else closed
                    continue
                path = entry.path
                before = known.get(path if path.isascii() else escaped(path))
                if before is None or before != (
                    status.st_ino,
                    status.st_size,
                    status.st_mtime_ns,
                    status.st_ctime_ns,
                ):
                    yield Seen(path, state_of(status))
        if closed is not None:
            yield from _unlisted(folder, closed)


def _unlisted(folder: str, error: OSError) -> Iterator[Seen]:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return
    state = state_at(folder)
    if state is not None:
        yield Seen(folder, state, error.strerror or str(error))
