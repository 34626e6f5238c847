"""One file, read safely: whole or not at all, never through a link, and never changed by us."""

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
from typing import NamedTuple

from annotator.errors import ReadError

try:
    import fcntl
except ImportError:  # Windows has no leases; there a file is finished when it has been quiet.
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


class FileState(NamedTuple):
    """What tells one state of a file from another; times in nanoseconds since the epoch.

    The time of change is there for copies that keep their times: with an equal size nothing else
    tells the new file from the old.
    """

    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file held, and the state that it held it in."""

    raw: bytes
    state: FileState


def state_of(status: os.stat_result) -> FileState:
    """What tells one state of a file from another; numbers too large for a database are cut."""
    # Some file systems number their files beyond what a database takes as a whole number, and
    # archives date them beyond it (in nanoseconds that is the year 2262).
    inode, changed, noted = status.st_ino & _LARGEST, status.st_mtime_ns, status.st_ctime_ns
    if not (-_LARGEST <= changed <= _LARGEST and -_LARGEST <= noted <= _LARGEST):
        changed, noted = (max(-_LARGEST, min(time, _LARGEST)) for time in (changed, noted))
    return FileState(inode, status.st_size, changed, noted)


def state_at(path: str | Path) -> FileState | None:
    """The state of what lies at `path`, links not followed; None if nothing does."""
    try:
        return state_of(os.lstat(path))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        # Of a path that is too long for the system it says so whether anything is there or not.
        if error.errno == errno.ENAMETOOLONG and not os.path.lexists(_beginning(path)):
            return None
        return FileState(0, 0, 0, 0)


def _beginning(path: str | Path) -> bytes:
    """The folder farthest down the path that is not too long a path itself."""
    return os.fsencode(path)[:_LONGEST_PATH].rpartition(b"/")[0]


def escaped(path: str) -> str:
    """`path` as text that any database takes: bytes that are no UTF-8 stand as `\\xff`."""
    if path.isascii():
        return path
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def unescaped(path: str) -> tuple[str, ...]:
    """The paths that may stand as `path` once escaped: itself, and the one with bytes that are no
    UTF-8, if it can be read so."""
    if "\\x" not in path:
        return (path,)
    return path, _ESCAPE.sub(lambda found: chr(0xDC00 + int(found[1], 16)), path)


def shell_word(name: str) -> str:
    """The file called `name` (escaped) as one word of a command line, to be pasted as it is.

    It stands on one line and is no option, whatever the file is called.
    """
    word = f"./{name}" if name.startswith("-") else name
    if word.isprintable() and "\\x" not in word:
        return shlex.quote(word)
    # As bash, zsh and ksh write what has no letters of its own.
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


def contents_of(path: str, *, max_size: int) -> Contents | None:
    """All that the file at `path` holds; None if it went away or changed while it was read.

    ReadError if it is no ordinary file, cannot be read, or holds more than `max_size` bytes.
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
    return Contents(raw, state_of(after)) if same else None


def is_being_written(path: str) -> bool | None:
    """Whether any process has the file open for writing; None where the system does not tell.

    Linux grants a read lease only on a file that nobody writes (fcntl(2), F_SETLEASE), to its owner
    and on local file systems. The lease is given back at once, so that no writer waits for us.
    """
    if fcntl is None or not hasattr(fcntl, "F_SETLEASE"):
        return None
    try:
        # Opening a pipe, even so, would let its writer believe that somebody reads.
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return None
        descriptor = os.open(path, _OPEN)
    except BlockingIOError:
        return True
    except OSError:
        return None
    try:
        # A writer that comes in this instant breaks the lease; the signal for that would end the
        # process by default, while SIGURG is ignored by default.
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
    """ReadError for what a person has to mend; nothing for what may be better in a moment."""
    if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.EAGAIN, errno.ESTALE):
        return
    if error.errno == errno.ELOOP:
        raise ReadError(f"This is {_KINDS[0][1]}, not a file.", hint=_KINDS[0][2]) from error
    if error.errno in (errno.EACCES, errno.EPERM):
        raise ReadError(
            "The file may not be read: permission denied.",
            hint="Make it readable (chmod a+r); it is then read again by itself.",
        ) from error
    raise ReadError(
        f"The file cannot be read: {error.strerror or error}.",
        hint="Check the disk it lies on, then save the file again.",
    ) from error


def _all_of(descriptor: int, size: int) -> bytes:
    chunks = []
    while chunk := os.read(descriptor, max(_CHUNK, size + 1)):
        chunks.append(chunk)
        size -= len(chunk)
        if size < 0:  # it grows while we read, so it will not count as read anyway
            break
    return b"".join(chunks)
