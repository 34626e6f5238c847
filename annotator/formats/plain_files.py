"""Files of a folder that somebody else made: read only if they are plain files that lie in it.

A link may lead to any file of this machine, a pipe never ends and a device has no end.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection
from pathlib import Path

from annotator.errors import RecordError
from annotator.formats.external_text import Misfit

OUTSIDE = "a link that leads out of its folder; put the file itself there"
MOST = 100_000_000
"""So many bytes of a file that is read as a whole are taken at most."""
_HUGE, _HOLLOW = 1 << 30, 100


def is_plain(path: Path) -> bool:
    """Whether this is a file with an end, also through a link."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def refuse_holes(path: Path) -> None:
    """RecordError for a file that claims to be huge while almost nothing of it is on the disk: to
    read it would take for ever, and find nothing."""
    try:
        about = path.stat()
    except (OSError, ValueError):
        return  # whoever opens it says so
    held = getattr(about, "st_blocks", about.st_size) * 512
    if stat.S_ISREG(about.st_mode) and about.st_size > _HUGE and held * _HOLLOW < about.st_size:
        raise RecordError(
            f"{path.name} is hollow: of its {about.st_size:,} bytes {held:,} are on the disk.",
            hint="It was probably cut off while it was copied. Copy it again.",
        )


def leads_out(path: Path, folders: Collection[Path]) -> bool:
    """Whether a path leads by links to something outside all of these folders (themselves without
    links)."""
    target = path.resolve()
    return not any(target.is_relative_to(folder) for folder in folders)


def content_of(path: Path, folders: Collection[Path]) -> bytes:
    """All that a plain file in one of the folders holds; Misfit if it is anything else, OSError if
    it cannot be read."""
    if leads_out(path, folders):
        raise Misfit(OUTSIDE, OUTSIDE)
    # Opening a pipe would wait for somebody to write into it.
    opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(opened, "rb") as file:
        about = os.fstat(opened)
        if not stat.S_ISREG(about.st_mode):
            raise Misfit("no plain file, but a pipe, a socket or a device", "no plain files")
        if about.st_size > MOST:
            raise Misfit(f"larger than {MOST:,} bytes", "files that are too large")
        return file.read(MOST + 1)
