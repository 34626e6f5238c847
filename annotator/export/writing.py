"""Files and folders that take their place whole: the old one or the new one, whenever one looks.

Both are made beside their target and put in its place by one rename. A folder that replaces another
is exchanged with it in one step where the system can (Linux: renameat2). Elsewhere the old one is
first put aside: killed between these two steps, the target is missing and the old folder lies
beside it; the next writing puts it back before anything else.

What is being made is locked, so that leftovers of a writer that was killed are told from work in
progress, and removed. By hand: filelock locks a file of its own, which would itself be left over;
here the lock lies on the file or folder that is written.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from annotator.errors import ExportError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # the name must exist for the test below

TEMPORARY = ".annotator-writing-"
MANIFEST = ".manifest-sha256.txt"
_ASIDE = ".annotator-before-"
_HEAD = b"# written by annotator export\n"
_AT_FDCWD, _EXCHANGE = -100, 2  # of fcntl.h and linux/fs.h


@contextlib.contextmanager
def replacing_file(target: Path, suffix: str = "") -> Iterator[Path]:
    """An empty file to be written; it takes the target's place when the block ends well.

    What stood there keeps its permissions. OSError where the system refuses.
    """
    with _made_beside(target, suffix) as temporary:
        yield temporary
        _sync(temporary)
        os.chmod(temporary, _mode_for(target, 0o666))
        os.replace(temporary, target)
    _sync_names(target.parent)


@contextlib.contextmanager
def replacing_folder(target: Path, manifest: str = MANIFEST) -> Iterator[Path]:
    """An empty folder to be filled; it takes the target's place when the block ends well.

    A file named `manifest` is put into it: the SHA-256 of every other file, as `sha256sum` writes
    and checks it. By it a later writing knows what it may replace: ExportError if the target holds
    anything else, or anything that was changed since.
    """
    _heal(target)
    _refuse_what_is_not_ours(target, manifest)
    with _made_beside(target, folder=True) as temporary:
        yield temporary
        (temporary / manifest).write_bytes(_HEAD + b"".join(_sums(temporary)))
        os.chmod(temporary, _mode_for(target, 0o777))
        _sync_all(temporary)
        _refuse_what_is_not_ours(target, manifest)
        _put_in_place(temporary, target)
    _sync_names(target.parent)


def remove_leftovers(folder: Path) -> None:
    """Removes what writers that were killed have left in a folder; work in progress stays."""
    with contextlib.suppress(OSError):
        for path in folder.glob(f"{TEMPORARY}*"):
            with contextlib.suppress(OSError), _opened(path) as descriptor:
                if _lock(descriptor):
                    _remove(path)


@contextlib.contextmanager
def _made_beside(target: Path, suffix: str = "", *, folder: bool = False) -> Iterator[Path]:
    """A locked file or folder in the target's folder; removed at the end if it is still there."""
    path, descriptor = _make_and_lock(target.parent, suffix, folder=folder)
    try:
        yield path
    finally:
        _remove(path)
        os.close(descriptor)


def _make_and_lock(parent: Path, suffix: str, *, folder: bool) -> tuple[Path, int]:
    while True:
        if folder:
            path = Path(tempfile.mkdtemp(dir=parent, prefix=TEMPORARY))
        else:
            made, name = tempfile.mkstemp(suffix, TEMPORARY, parent)
            os.close(made)
            path = Path(name)
        with contextlib.suppress(FileNotFoundError):
            descriptor = os.open(path, os.O_RDONLY)
            _lock(descriptor)
            # Before it was locked it may have been taken for a leftover.
            if path.exists():
                return path, descriptor
            os.close(descriptor)


def _put_in_place(new: Path, target: Path) -> None:
    """`new` becomes `target`; what stood there is removed afterwards."""
    if not target.exists():
        os.rename(new, target)
    elif not _exchange(new, target):
        aside = _aside(target)
        os.rename(target, aside)
        os.rename(new, target)
        _remove(aside)


def _heal(target: Path) -> None:
    """Puts back what a writer put aside that was killed before its new folder stood."""
    aside = _aside(target)
    if aside.exists():
        if target.exists():
            _remove(aside)
        else:
            os.rename(aside, target)


def _aside(target: Path) -> Path:
    mark = hashlib.sha256(os.fsencode(target.name)).hexdigest()[:16]
    return target.parent / f"{_ASIDE}{mark}"


def _exchange(one: Path, other: Path) -> bool:
    """Exchanges two names in one step; False where the system or the file system cannot."""
    if sys.platform != "linux":
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    names = os.fsencode(one), os.fsencode(other)
    return bool(rename(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _EXCHANGE) == 0)


def _refuse_what_is_not_ours(target: Path, manifest: str) -> None:
    if not os.path.lexists(target):
        return
    if not target.is_dir():
        raise ExportError(f"{target} is a file, not a folder.", hint="Name a folder, or a new one.")
    foreign = _foreign(target, manifest)
    if foreign:
        more = f" and {len(foreign) - 3:,} more" if len(foreign) > 3 else ""
        raise ExportError(
            f"{target} holds files that are not as the last export left them: "
            f"{', '.join(foreign[:3])}{more}.",
            hint="Nothing was replaced. Move them away, or name another folder.",
        )


def _foreign(target: Path, manifest: str) -> list[str]:
    """Names of files in a folder that its manifest does not know, or not as they are now."""
    known = _manifest_lines(target / manifest)
    if known is None:
        return list(_files(target))
    return [
        name
        for name in _files(target)
        if name != manifest
        and ((target / name).is_symlink() or _sum_line(target / name, name) not in known)
    ]


def _manifest_lines(path: Path) -> set[bytes] | None:
    """The lines of a manifest of ours; None if there is none."""
    try:
        lines = path.read_bytes().splitlines(keepends=True)
    except OSError:
        return None
    return {*lines[1:]} if lines and lines[0] == _HEAD else None


def _sums(folder: Path) -> Iterator[bytes]:
    return (_sum_line(folder / name, name) for name in _files(folder))


def _sum_line(path: Path, name: str) -> bytes:
    with path.open("rb") as stream:
        return f"{hashlib.file_digest(stream, 'sha256').hexdigest()}  ".encode() + (
            os.fsencode(name) + b"\n"
        )


def _files(folder: Path) -> Iterator[str]:
    """The files in a folder and below, by name within it (with `/`), in order."""
    for here, folders, names in os.walk(folder):
        folders.sort()
        within = Path(here).relative_to(folder)
        # A link to a folder is listed among the folders, and is no folder of ours.
        links = [name for name in folders if (Path(here) / name).is_symlink()]
        yield from ((within / name).as_posix() for name in sorted([*names, *links]))


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
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


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()


def _mode_for(path: Path, usual: int) -> int:
    """The permissions of what is replaced, else those of anything new."""
    with contextlib.suppress(OSError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return usual & ~mask


def _sync_all(folder: Path) -> None:
    """Every file in a folder, and their names, on the disk."""
    for name in _files(folder):
        _sync(folder / name)
    for here, _, _ in os.walk(folder):
        _sync_names(Path(here))


def _sync_names(folder: Path) -> None:
    """The names in a folder on the disk, where the system lets a folder be synchronised."""
    with contextlib.suppress(OSError):
        _sync(folder)


def _sync(path: Path) -> None:
    with _opened(path) as descriptor:
        os.fsync(descriptor)
