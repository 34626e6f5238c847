"""Reads a file safely: completely or not at all, not through a link, without changing it."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shlex
import signal
import stat
from dataclasses import dataclass
from pathlib import Path

from annotator.core.arrival import FileState
from annotator.errors import Hint, ReadError

try:
    import fcntl
except ImportError:  # Windows has no leases; there, a file is complete after a quiet time.
    fcntl = None  # type: ignore[assignment]  # the name must exist for the test below

_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_OPEN |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_CHUNK = 1 << 20
_LARGEST = 2**63 - 1
_LONGEST_PATH = 1000
_ESCAPE = re.compile(r"\\x([89a-f][0-9a-f])")
_KINDS = (
    (stat.S_ISLNK, "a link", "Put the file itself into the inbox instead of a link to it."),
    (stat.S_ISDIR, "a folder", "Give the files in it their own names."),
    (stat.S_ISFIFO, "a pipe", "Save what it sends as a file."),
    (stat.S_ISSOCK, "a socket", "Remove it: it holds no text."),
    (stat.S_ISBLK, "a device", "Remove it: it holds no text."),
    (stat.S_ISCHR, "a device", "Remove it: it holds no text."),
)


@dataclass(frozen=True, slots=True)
class FileContents:
    """The contents of a file, and its state while they were read."""

    raw: bytes
    state: FileState


def state_of(status: os.stat_result) -> FileState:
    """The state of a file; numbers too large for a database are truncated."""
    # Some file systems number their files beyond what a database takes as a whole number, and
    # archives date them beyond it (in nanoseconds that is the year 2262).
    inode, changed, noted = status.st_ino & _LARGEST, status.st_mtime_ns, status.st_ctime_ns
    if not (-_LARGEST <= changed <= _LARGEST and -_LARGEST <= noted <= _LARGEST):
        changed, noted = (max(-_LARGEST, min(time, _LARGEST)) for time in (changed, noted))
    return FileState(inode, status.st_size, changed, noted)


def state_at(path: str | Path) -> FileState | None:
    """The state of the file at `path`, not following links; None if there is none."""
    try:
        return state_of(os.lstat(path))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        # A path that is too long gives this error whether or not the file exists.
        if error.errno == errno.ENAMETOOLONG and not os.path.lexists(_beginning(path)):
            return None
        return FileState(0, 0, 0, 0)


def _beginning(path: str | Path) -> bytes:
    """The deepest folder on the path whose own path is not too long."""
    return os.fsencode(path)[:_LONGEST_PATH].rpartition(b"/")[0]


def escaped(path: str) -> str:
    """`path` as text that any database takes: bytes that are not UTF-8 become `\\xff`."""
    if path.isascii():
        return path
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def unescaped(path: str) -> tuple[str, ...]:
    """The paths whose escaped form is `path`: itself, and the one with escaped bytes, if any."""
    if "\\x" not in path:
        return (path,)
    return path, _ESCAPE.sub(lambda found: chr(0xDC00 + int(found[1], 16)), path)


def shell_word(name: str) -> str:
    """The file `name` (escaped) as one shell word to paste.

    It is on one line and cannot be read as an option.
    """
    word = f"./{name}" if name.startswith("-") else name
    if word.isprintable() and "\\x" not in word:
        return shlex.quote(word)
    # The quoting of bash, zsh and ksh for unprintable characters.
    parts = _ESCAPE.split(word)
    quoted = (f"\\x{part}" if n % 2 else _spelt(part) for n, part in enumerate(parts))
    return f"$'{''.join(quoted)}'"


def _spelt(part: str) -> str:
    return "".join(
        f"\\{letter}"
        if letter in "\\'"
        else letter
        if letter.isprintable()
        else "".join(f"\\x{byte:02x}" for byte in letter.encode("utf-8", "surrogateescape"))
        for letter in part
    )


def contents_of(path: str, *, max_size: int) -> FileContents | None:
    """The contents of the file at `path`; None if it was removed or changed while it was read.

    Raises ReadError if it is not a regular file, cannot be read, or has more than `max_size` bytes.
    """
    try:
        before = os.lstat(path)
        _refuse(before, max_size)
        descriptor = os.open(path, _OPEN)
    except OSError as error:
        _raise_if_lasting(error)
        return None
    try:
        opened = os.fstat(descriptor)
        _refuse(opened, max_size)
        raw = _all_of(descriptor, opened.st_size)
        after, named = os.fstat(descriptor), os.lstat(path)
    except OSError as error:
        _raise_if_lasting(error)
        return None
    finally:
        os.close(descriptor)
    same = state_of(opened) == state_of(after) == state_of(named) and len(raw) == after.st_size
    return FileContents(raw, state_of(after)) if same else None


def is_being_written(path: str) -> bool | None:
    """Whether any process has the file open for writing; None where the system does not tell.

    Linux grants a read lease only on a file that nobody writes (fcntl(2), F_SETLEASE), to its owner
    and on local file systems. The lease is given back at once, so that no writer waits for us.
    """
    if fcntl is None or not hasattr(fcntl, "F_SETLEASE"):
        return None
    try:
        # Opening a pipe, even so, would unblock its writer.
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return None
        descriptor = os.open(path, _OPEN)
    except BlockingIOError:
        return True
    except OSError:
        return None
    try:
        # A writer that opens the file now breaks the lease. The default signal for that ends the
        # process, but SIGURG is ignored by default.
        fcntl.fcntl(descriptor, getattr(fcntl, "F_SETSIG", 10), signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return True if error.errno == errno.EAGAIN else None
    finally:
        with contextlib.suppress(OSError):
            os.close(descriptor)
    return False


def _refuse(status: os.stat_result, max_size: int) -> None:
    for is_kind, what, hint in _KINDS:
        if is_kind(status.st_mode):
            raise ReadError(f"This is {what}, not a file.", hint=hint)
    if status.st_size > max_size:
        raise ReadError(
            f"The file is too large: {_megabytes(status.st_size)} MB, "
            f"where {_megabytes(max_size)} MB are allowed.",
            hint="Split it into single articles, or raise max_size in annotator.toml.",
        )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f}".removesuffix(".0")


def _raise_if_lasting(error: OSError) -> None:
    """Raises ReadError for lasting errors; returns for temporary ones."""
    if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.EAGAIN, errno.ESTALE):
        return
    if error.errno == errno.ELOOP:
        raise ReadError(f"This is {_KINDS[0][1]}, not a file.", hint=_KINDS[0][2]) from error
    if error.errno in (errno.EACCES, errno.EPERM):
        raise ReadError(
            "The file may not be read: permission denied.",
            hint=Hint("Make it readable (chmod a+r)", retries_by_itself=True),
        ) from error
    raise ReadError(
        f"The file cannot be read: {error.strerror or error}.",
        hint="Check the disk, then save the file again.",
    ) from error


def _all_of(descriptor: int, size: int) -> bytes:
    chunks = []
    while chunk := os.read(descriptor, max(_CHUNK, size + 1)):
        chunks.append(chunk)
        size -= len(chunk)
        if size < 0:  # the file is growing, so this read does not count anyway
            break
    return b"".join(chunks)
