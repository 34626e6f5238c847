"""The process of a suggester, as its worker sees it: one JSON line sent, one received.

Whatever the pipeline does, no call takes longer than it may: the process may sleep, end, close its
output, or leave children behind that hold its pipes open.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import Any

_LOOK = 0.5
"""How often, in seconds, a silent process is checked for having ended."""
_CHUNK = 1 << 16
# Without -P a file in the current folder could shadow a module.
_COMMAND = (sys.executable, "-P", "-m", "annotator.ingest.suggester_process")


class NoAnswer(Exception):
    """The process did not answer; the message says why."""


class SuggesterChild:
    """A process that has just been started, with its plan sent to it. For one thread at a time."""

    def __init__(self, plan: Any) -> None:
        # In a session of its own, so that the children of its pipeline can be ended with it.
        self._process = subprocess.Popen(
            _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
        self._to_send: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._received: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        # A pipe that a grandchild holds open blocks this thread, and nobody else.
        threading.Thread(target=self._talk, daemon=True).start()
        self.send(plan)

    def send(self, plain: Any) -> None:
        """Send a value, which the process answers with one line."""
        self._to_send.put(json.dumps(plain).encode() + b"\n")

    def receive(self, *, within: float) -> dict[str, Any]:
        """The answer to what was sent; raises NoAnswer if the process ends or takes longer than so
        many seconds."""
        deadline = time.monotonic() + within
        has_ended = False
        while (left := deadline - time.monotonic()) > 0:
            try:
                line = self._received.get(timeout=min(left, _LOOK))
            except queue.Empty:
                if has_ended:
                    break
                has_ended = self._process.poll() is not None
                continue
            return self._read(line)
        if has_ended:
            raise NoAnswer(self._end_in_words())
        raise NoAnswer(f"took longer than {within:g} seconds")

    def end(self) -> None:
        """End the process and its children."""
        self._to_send.put(None)
        _kill(self._process)
        self._process.wait()

    def _read(self, line: bytes) -> dict[str, Any]:
        if line.endswith(b"\n"):
            with suppress(ValueError):
                said: dict[str, Any] = json.loads(line)
                return said
        raise NoAnswer(self._end_in_words())

    def _end_in_words(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            return f"ended unexpectedly (status {self._process.wait(timeout=_LOOK)})"
        return "closed its output"

    def _talk(self) -> None:
        """Send what is to be sent and take the line that answers it, until the process ends."""
        assert self._process.stdin is not None  # both are pipes
        assert self._process.stdout is not None
        with self._process.stdin as into, self._process.stdout as out:
            rest = b""
            while (line := self._to_send.get()) is not None:
                with suppress(OSError):  # it has ended, which reading notices
                    _write(into.fileno(), line)
                answer, rest = _next_line(out.fileno(), rest)
                self._received.put(answer)


def _write(descriptor: int, line: bytes) -> None:
    while line:
        line = line[os.write(descriptor, line) :]


def _next_line(descriptor: int, rest: bytes) -> tuple[bytes, bytes]:
    """The next line with its end, and what follows it; without its end if the input ends."""
    parts = [rest]
    while b"\n" not in parts[-1]:
        chunk = os.read(descriptor, _CHUNK)
        if not chunk:
            return b"".join(parts), b""
        parts.append(chunk)
    line, end, rest = b"".join(parts).partition(b"\n")
    return line + end, rest


def _kill(process: subprocess.Popen[bytes]) -> None:
    if os.name == "nt":
        process.kill()
        return
    # Its children too, even if it has ended itself.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
