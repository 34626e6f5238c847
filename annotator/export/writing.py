"""Replaces folders atomically, so that readers see either the old or the new one.

A folder is written beside its target and renamed, like a file (`replacing`). An existing target is
exchanged in one step if the system supports it (Linux: renameat2). Elsewhere the old folder is
renamed first. If the process is killed between the two steps, the target is missing; the next
export restores it first.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from annotator.errors import ExportError
from annotator.replacing import made_beside, mode_for, remove, sync, sync_names

MANIFEST = ".manifest-sha256.txt"
_ASIDE = ".annotator-before-"
_HEAD = b"# written by annotator export\n"
_AT_FDCWD, _EXCHANGE = -100, 2  # of fcntl.h and linux/fs.h


@contextlib.contextmanager
def replacing_folder(target: Path, manifest: str = MANIFEST) -> Iterator[Path]:
    """Yields an empty folder, which replaces the target when the block ends without an error.

    A file `manifest` is added with the SHA-256 of every other file, in the format of `sha256sum`. A
    later export replaces only what the manifest lists: raises ExportError if the target holds other
    or changed files.
    """
    _heal(target)
    _refuse_what_is_not_ours(target, manifest)
    with made_beside(target, folder=True) as temporary:
        yield temporary
        (temporary / manifest).write_bytes(_HEAD + b"".join(_sums(temporary)))
        os.chmod(temporary, mode_for(target, 0o777))
        _sync_all(temporary)
        _refuse_what_is_not_ours(target, manifest)
        _put_in_place(temporary, target)
    sync_names(target.parent)


def _put_in_place(new: Path, target: Path) -> None:
    """Rename `new` to `target`, then remove the old target."""
    if not target.exists():
        os.rename(new, target)
    elif not _exchange(new, target):
        aside = _aside(target)
        os.rename(target, aside)
        os.rename(new, target)
        remove(aside)


def _heal(target: Path) -> None:
    """Restore the folder that a killed writer had renamed."""
    aside = _aside(target)
    if aside.exists():
        if target.exists():
            remove(aside)
        else:
            os.rename(aside, target)


def _aside(target: Path) -> Path:
    mark = hashlib.sha256(os.fsencode(target.name)).hexdigest()[:16]
    return target.parent / f"{_ASIDE}{mark}"


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two names atomically; False if the system does not support it."""
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
        raise ExportError(
            f"{target} is a file, not a folder.", hint="Give a folder, existing or new."
        )
    foreign = _foreign(target, manifest)
    if foreign:
        more = f" and {len(foreign) - 3:,} more" if len(foreign) > 3 else ""
        raise ExportError(
            f"{target} holds files added or changed since the last export: "
            f"{', '.join(foreign[:3])}{more}.",
            hint="Nothing was changed. Move them away, or give another folder.",
        )


def _foreign(target: Path, manifest: str) -> list[str]:
    """Names of files in a folder that its manifest lacks or that have changed since."""
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
    """The lines of our manifest; None if there is none."""
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
    """All files in a folder and its subfolders, as sorted relative paths (with `/`)."""
    for here, folders, names in os.walk(folder):
        folders.sort()
        within = Path(here).relative_to(folder)
        # os.walk lists a link to a folder among the folders, but we never write one.
        links = [name for name in folders if (Path(here) / name).is_symlink()]
        yield from ((within / name).as_posix() for name in sorted([*names, *links]))


def _sync_all(folder: Path) -> None:
    """Flush all files of a folder and their names to the disk."""
    for name in _files(folder):
        sync(folder / name)
    for here, _, _ in os.walk(folder):
        sync_names(Path(here))
