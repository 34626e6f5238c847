"""Lists the files in an inbox. Events only tell when to scan."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from annotator.core.arrival import FileState
from annotator.inbox.files import escaped, state_at, state_of
from annotator.inbox.ignoring import Ignoring


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry of the inbox that is not ignored, usually a file.

    If `problem` is set, it is a folder that cannot be listed.
    """

    path: str
    state: FileState
    problem: str | None = None


def scan(
    root: Path, ignoring: Ignoring, known: Mapping[str, tuple[int, int, int, int]] | None = None
) -> Iterator[Seen]:
    """All entries below `root`, in no order; links are not followed, and vanishing entries are
    omitted.

    Entries in the state that `known` has for their path (escaped) are omitted, so scanning an
    unchanged inbox costs little more than listing it. Raises FileNotFoundError if there is no such
    folder.
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
                    # Removed in the meantime; or the folder may be listed but not entered.
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
