"""Checks the paths that a user names before anything is read or written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from annotator.errors import ExportError

if TYPE_CHECKING:
    from annotator.settings import Settings


def path_given(words: str | Path) -> Path:
    """A path on the command line; an empty one (an unset variable of the shell) is a usage error,
    for it would mean the current folder."""
    if not str(words):
        raise typer.BadParameter("a path is empty")
    return Path(words)


def keep_inbox_safe(target: Path | str, chosen: Settings) -> None:
    """Raise ExportError for a target that is a file in the inbox: articles are not replaced."""
    real, inbox = Path(os.path.realpath(target)), Path(os.path.realpath(chosen.inbox))
    if real.is_file() and real.is_relative_to(inbox):
        raise ExportError(
            f"{target} is a file in the inbox; nothing was written.", hint="Give another file."
        )


@contextmanager
def folders_made(target: Path | str) -> Iterator[None]:
    """Make the missing folders above a target for the block; if it fails, they are removed again.

    Raises ExportError if they cannot be made.
    """
    made: list[Path] = []
    try:
        for folder in reversed(Path(target).parents):
            if not os.path.lexists(folder):
                _make(folder, target)
                made.append(folder)
        yield
    except BaseException:
        with suppress(OSError):  # somebody else has put something into them
            for folder in reversed(made):
                folder.rmdir()
        raise


def _make(folder: Path, target: Path | str) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise ExportError(
            f"{target} cannot be written: {error.strerror or error}.",
            hint=f"Its folder {folder} cannot be made; give another path.",
        ) from error


def write_file(target: Path, content: bytes) -> None:
    """Write a file, complete or not at all, and the folders above it; raises ExportError if it
    cannot be written."""
    from annotator.export.outputs import refuse_link
    from annotator.replacing import replacing_file

    refuse_link(target)
    try:
        with folders_made(target), replacing_file(target) as file:
            file.write_bytes(content)
    except OSError as error:
        raise ExportError(
            f"{target} cannot be written: {error.strerror}.", hint="Give another file."
        ) from error
