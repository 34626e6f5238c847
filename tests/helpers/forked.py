"""Processes of this interpreter without its start: forked from one that has loaded everything.

`Forked` is `subprocess.Popen` for commands like `[sys.executable, "-m", "annotator", ...]`. What it
starts is a process of its own, with its own streams, folder, environment, session and signals; only
the start of the interpreter and the imports are done once, for all of them. The processes that it
starts in turn are forked too. Their parent is the server that forks (`fork_server.py`).
"""

from __future__ import annotations

import functools
import json
import os
import select
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

_INTERPRETER = sys.executable
NUMBER = struct.Struct("<q")
"""How lengths, process ids and statuses are sent."""


class Forked(subprocess.Popen):  # type: ignore[type-arg]  # of bytes or of text, by its arguments
    """A process of this interpreter, forked from one that has loaded our modules.

    Another program, or one that is to be started in a way that is not known here, is started as
    usual. On systems other than Linux all are.
    """

    _server: socket.socket | None = None
    _status: int | None = None

    def _execute_child(self, args: Any, executable: Any, preexec_fn: Any, *rest: Any) -> None:
        (
            _close_fds, pass_fds, cwd, env, _info, _flags, shell,
            p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite,
            _signals, gid, gids, uid, umask, new_session, group,
        ) = rest  # fmt: skip
        plain = not (executable or preexec_fn or pass_fds or shell)
        if not plain or (gid, gids, uid, group) != (None, None, None, -1) or not _is_ours(args):
            super()._execute_child(args, executable, preexec_fn, *rest)  # type: ignore[misc]  # private
            return
        start = {
            "words": [os.fspath(word) for word in args[1:]],
            "folder": os.fspath(cwd) if cwd is not None else os.getcwd(),
            "environment": dict(os.environ if env is None else env),
            "umask": umask,
            "session": new_session,
        }
        given = (p2cread, c2pwrite, errwrite)
        self._server = _asked(start, [n if fd == -1 else fd for n, fd in enumerate(given)])
        self.pid = _number(self._server)
        self._child_created = True
        self._close_pipe_fds(p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite)  # type: ignore[attr-defined]  # private

    def _try_wait(self, wait_flags: int) -> tuple[int, int]:
        if self._server is None:
            return super()._try_wait(wait_flags)  # type: ignore[misc,no-any-return]  # private
        patience = 0 if wait_flags & os.WNOHANG else None
        if self._status is None and select.select((self._server,), (), (), patience)[0]:
            self._status = _number(self._server)
            self._server.close()
        return (0, 0) if self._status is None else (self.pid, self._status)

    def _internal_poll(self, *args: Any, **how: Any) -> int | None:
        if self._server is None:
            return super()._internal_poll(*args, **how)  # type: ignore[misc,no-any-return]  # private
        if self.returncode is None and self._waitpid_lock.acquire(blocking=False):  # type: ignore[attr-defined]  # private
            try:
                pid, status = self._try_wait(os.WNOHANG)
                if pid == self.pid and self.returncode is None:
                    self._handle_exitstatus(status)  # type: ignore[attr-defined]  # private
            finally:
                self._waitpid_lock.release()  # type: ignore[attr-defined]  # private
        return self.returncode


def children_of(pid: int) -> list[int]:
    """The running processes that this one has had forked."""
    with _asked({"children": pid}, [0]) as answer:
        return [_number(answer) for _ in range(_number(answer))]


def _is_ours(command: Any) -> bool:
    words = [command] if isinstance(command, str | os.PathLike) else list(command)
    return sys.platform == "linux" and len(words) > 1 and words[0] == _INTERPRETER


def _asked(request: Mapping[str, object], streams: Sequence[int]) -> socket.socket:
    """A connection to the server that has been sent this request."""
    said = json.dumps(request).encode()
    server = socket.socket(socket.AF_UNIX)
    server.connect(_place())
    socket.send_fds(server, [NUMBER.pack(len(said))], list(streams))
    server.sendall(said)
    return server


def _number(server: socket.socket) -> int:
    return int(NUMBER.unpack(received(server, NUMBER.size))[0])


def received(connection: socket.socket, size: int) -> bytes:
    """So many bytes; ConnectionError if the other end is closed before."""
    parts = b""
    while len(parts) < size:
        part = connection.recv(size - len(parts))
        if not part:
            raise ConnectionError("the other end of a fork was closed")
        parts += part
    return parts


class _Server:
    """The server that forks, which ends when this process does."""

    def __init__(self) -> None:
        self.place = os.path.join(tempfile.mkdtemp(prefix="annotator-test-"), "forks")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(self.place)
            listener.listen(64)
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.helpers.fork_server", str(listener.fileno())],
                stdin=subprocess.PIPE,
                pass_fds=(listener.fileno(),),
                start_new_session=True,
                cwd=Path(__file__).parents[2],
            )


@functools.cache
def _server() -> _Server:
    return _Server()


_inherited: list[str] = []
_SHARED = "PYTEST_FORK_SERVER"


def fork_processes(patched: pytest.MonkeyPatch) -> None:
    """Until this is undone, processes of this interpreter begin at once."""
    patched.setattr(subprocess, "Popen", Forked)


def share_a_server() -> None:
    """Starts a server for this process and all that inherit its environment."""
    if sys.platform == "linux":
        os.environ[_SHARED] = _server().place


def inherit(place: str) -> None:
    """In a forked process: what it starts is forked too, by the server at `place`."""
    _inherited[:] = [place]
    subprocess.Popen = Forked  # type: ignore[misc]  # in this process alone


def _place() -> str:
    return _inherited[0] if _inherited else os.environ.get(_SHARED) or _server().place
