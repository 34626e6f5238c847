"""Files that take their place whole: the old one or the new one, whenever one looks.

A file is made beside its target and put in its place by one rename. What is being made is locked,
so that leftovers of a writer that was killed are told from work in progress. By hand: filelock
locks a file of its own, which would itself be left over; here the lock lies on what is written.

Below every part that writes files, and knowing none of them.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # the name must exist for the test below

TEMPORARY = ".annotator-writing-"


@contextlib.contextmanager
def replacing_file(
    target: Path, suffix: str = "", *, prefix: str = TEMPORARY, mode: int | None = None
) -> Iterator[Path]:
    """An empty file to be written; it takes the target's place when the block ends well.

    It gets the permissions `mode`, or else those of what stood there. Until then its name begins
    with `prefix`, and only its owner can read it. OSError where the system refuses.
    """
    with made_beside(target, suffix, prefix=prefix) as temporary:
        yield temporary
        sync(temporary)
        os.chmod(temporary, mode_for(target, 0o666) if mode is None else mode)
        os.replace(temporary, target)
    sync_names(target.parent)


@contextlib.contextmanager
def leftovers(folder: Path, prefix: str = TEMPORARY) -> Iterator[list[Path]]:
    """What writers that were killed have left in a folder, locked while the block runs; work in
    progress is left out."""
    with contextlib.ExitStack() as locked:
        found = []
        for path in sorted(folder.glob(f"{prefix}*")):
            # A link or a pipe is nothing that we have made.
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                continue
            with contextlib.suppress(OSError):
                if _lock(locked.enter_context(opened(path))):
                    found.append(path)
        yield found


def remove_leftovers(folder: Path) -> None:
    """Removes what writers that were killed have left in a folder; work in progress stays."""
    with contextlib.suppress(OSError), leftovers(folder) as found:
        for path in found:
            remove(path)


@contextlib.contextmanager
def made_beside(
    target: Path, suffix: str = "", *, prefix: str = TEMPORARY, folder: bool = False
) -> Iterator[Path]:
    """A locked file or folder in the target's folder; removed at the end if it is still there."""
    path, descriptor = _make_and_lock(target.parent, prefix, suffix, folder=folder)
    try:
        yield path
    finally:
        remove(path)
        os.close(descriptor)


def _make_and_lock(parent: Path, prefix: str, suffix: str, *, folder: bool) -> tuple[Path, int]:
    while True:
        if folder:
            path = Path(tempfile.mkdtemp(dir=parent, prefix=prefix))
        else:
            made, name = tempfile.mkstemp(suffix, prefix, parent)
            os.close(made)
            path = Path(name)
            with contextlib.suppress(FileNotFoundError):
                # Whatever the umask takes away, the owner can read it.
                path.chmod(0o600)
        with contextlib.suppress(FileNotFoundError):
            descriptor = os.open(path, os.O_RDONLY)
            _lock(descriptor)
            # Before it was locked it may have been taken for a leftover.
            if path.exists():
                return path, descriptor
            os.close(descriptor)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[int]:
    """A descriptor of a file or folder, for reading."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """Whether nobody else holds it; it is ours until the descriptor is closed."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def remove(path: Path) -> None:
    """Removes a file, a link or a folder with all below it, where that can be done."""
    with contextlib.suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()


def mode_for(path: Path, usual: int) -> int:
    """The permissions of what is replaced, else those of anything new."""
    with contextlib.suppress(OSError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return usual & ~mask


def sync_names(folder: Path) -> None:
    """The names in a folder on the disk, where the system lets a folder be synchronised."""
    with contextlib.suppress(OSError):
        sync(folder)


def sync(path: Path) -> None:
    """What a file or folder holds is on the disk; OSError where it does not get there."""
    with opened(path) as descriptor:
        os.fsync(descriptor)
