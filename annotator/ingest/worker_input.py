"""The control channel from pool to worker: lines on standard input, end of input, and stop signals.

Without a thread where possible: in a process with threads each allocation takes a lock, which costs
a pipeline one twentieth of its speed (measured with glibc 2.36).
"""

from __future__ import annotations

import os
import select
import signal
import threading
import time
from typing import Protocol

_INPUT = 0
_CHUNK = 1 << 16
_LONG = 60.0


class Hints(Protocol):
    """The part of a connection to the store that gives hints (`store.sql.notices`)."""

    def fileno(self) -> int: ...

    def taken(self) -> bool:
        """Take the hints that are there."""


class WorkerInput:
    """Reads standard input, unbuffered. Must be created in the main thread."""

    def __init__(self) -> None:
        self.should_stop = False
        self.was_woken = False
        """Whether a line has come since the first."""
        self._rest = b""
        # A signal just before waiting must end the wait as well.
        self._called, caller = os.pipe()
        os.set_blocking(caller, False)
        self._caller = caller
        self._thread: threading.Thread | None = None
        self._notices: Hints | None = None
        if os.name != "nt":
            os.set_blocking(self._called, False)
            signal.set_wakeup_fd(caller, warn_on_full_buffer=False)

    def hear_too(self, notices: Hints | None) -> None:
        """Let hints of the store end a wait as lines do."""
        self._notices = notices

    def stop(self) -> None:
        """Stop before the next batch; for signal handlers."""
        self.should_stop = True

    def first_line(self) -> bytes:
        """The first line without its end; empty at the end of input."""
        while b"\n" not in self._rest and not self.should_stop:
            chunk = os.read(_INPUT, _CHUNK)
            if not chunk:
                return b""
            self._rest += chunk
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def is_told_to_begin(self) -> bool:
        """Wait for the second line, however long, or a reason to stop; False for the latter."""
        while not self.was_woken and not self.should_stop:
            self.listen(_LONG)
        return not self.should_stop

    def listen(self, seconds: float) -> bool:
        """Wait up to `seconds` for a line; returns whether to stop."""
        if self._rest or self.should_stop:
            self.was_woken = self.was_woken or bool(self._rest)
            self._rest = b""
            return self.should_stop
        if os.name == "nt":
            self._listen_in_a_thread(seconds)
            return self.should_stop
        notices = self._notices
        hints = () if notices is None or notices.fileno() < 0 else (notices,)
        heard, _, _ = select.select((_INPUT, self._called, *hints), (), (), seconds)
        if hints and hints[0] in heard:
            hints[0].taken()
        if self._called in heard:
            os.read(self._called, _CHUNK)
        if _INPUT in heard:
            self._hear(os.read(_INPUT, _CHUNK))
        return self.should_stop

    def _listen_in_a_thread(self, seconds: float) -> None:
        """For Windows, which cannot wait for a pipe with a timeout."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._wait_for_the_end, daemon=True)
            self._thread.start()
        time.sleep(min(seconds, 0.2))

    def _wait_for_the_end(self) -> None:
        while not self.should_stop:
            self._hear(os.read(_INPUT, _CHUNK))

    def _hear(self, chunk: bytes) -> None:
        """Note a line; the end of input means to stop."""
        if chunk:
            self.was_woken = True
        else:
            self.should_stop = True
