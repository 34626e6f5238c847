"""Reads files of a folder made by others: only regular files inside it.

A link may point to any file on this machine; a pipe or a device may never end.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection
from pathlib import Path

from annotator.errors import RecordError
from annotator.formats.external_text import InvalidAnnotation

OUTSIDE = "a link that points out of its folder; put the file itself there"
MOST = 100_000_000
"""Maximum size in bytes of a file that is read as a whole."""
_HUGE, _HOLLOW = 1 << 30, 100


def is_plain(path: Path) -> bool:
    """Whether this is a regular file, or a link to one."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def refuse_holes(path: Path) -> None:
    """Raises RecordError for a huge sparse file, since reading it would take for ever and yield
    nothing."""
    try:
        about = path.stat()
    except (OSError, ValueError):
        return  # opening it will raise the error
    held = getattr(about, "st_blocks", about.st_size) * 512
    if stat.S_ISREG(about.st_mode) and about.st_size > _HUGE and held * _HOLLOW < about.st_size:
        raise RecordError(
            f"{path.name} is sparse: only {held:,} of its {about.st_size:,} bytes are on the disk.",
            hint="It was probably not copied completely. Copy it again.",
        )


def leads_out(path: Path, folders: Collection[Path]) -> bool:
    """Whether a path, with links resolved, is outside all of these (resolved) folders."""
    target = path.resolve()
    return not any(target.is_relative_to(folder) for folder in folders)


def content_of(path: Path, folders: Collection[Path]) -> bytes:
    """The content of a regular file in one of the folders; raises InvalidAnnotation for anything
    else, OSError if it cannot be read."""
    if leads_out(path, folders):
        raise InvalidAnnotation(OUTSIDE, OUTSIDE)
    # Opening a pipe would wait for a writer.
    opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(opened, "rb") as file:
        about = os.fstat(opened)
        if not stat.S_ISREG(about.st_mode):
            raise InvalidAnnotation(
                "a pipe, a socket or a device, not a regular file", "irregular files"
            )
        if about.st_size > MOST:
            raise InvalidAnnotation(f"larger than {MOST:,} bytes", "files that are too large")
        return file.read(MOST + 1)
