"""Limits the processor time for one page and interrupts work that exceeds it.

`page_bounds` refuses pages whose cost can be counted before parsing. The extraction library has
nested loops that a crafted page can exploit; this interrupts those too. Only the processor time of
the thread counts, so no page is refused because the machine is busy.
"""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")

_LOOKS_PER_LIMIT = 10
_SHORTEST_LOOK = 0.01


class TooLongError(Exception):
    """The work exceeded its processor time."""


class _BrokenOff(BaseException):
    """Raised in the middle of the work; not an Exception, so that the work does not catch it."""


def within(seconds: float, work: Callable[[], T]) -> T:
    """The result of `work`; raises TooLongError after `seconds` of processor time.

    The work is interrupted between two Python instructions; a call into a compiled library ends
    first.
    """
    watch = _ClockThread(seconds)
    try:
        with watch:
            return work()
    except _BrokenOff:
        while True:
            try:
                watch.end()
                break
            except _BrokenOff:  # raised once more just before the end
                continue
        raise TooLongError(f"more than {seconds:g} s of processor time") from None


class _ClockThread:
    """A thread that checks the clock of another thread and interrupts it."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._worker = threading.get_ident()
        self._clock = _clock_of(self._worker)
        self._over = threading.Event()
        self._has_raised = False
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._end = self._clock() + self._seconds
        threading.Thread(target=self._look, daemon=True, name="page-clock").start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def end(self) -> None:
        """Stop interrupting; called by the thread that does the work."""
        with self._lock:
            self._over.set()
        if self._has_raised:
            _receive_pending(self._worker)

    def _look(self) -> None:
        pause = max(_SHORTEST_LOOK, self._seconds / _LOOKS_PER_LIMIT)
        # Python discards the exception in a finaliser, so it is raised again after each pause.
        while not self._over.wait(pause):
            with self._lock:
                if not self._over.is_set() and self._clock() >= self._end:
                    self._has_raised = True
                    _raise_in(self._worker, _BrokenOff)


def _raise_in(thread: int, error: type[BaseException]) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error))


def _receive_pending(thread: int) -> None:
    """Receive the exception that may still be pending in this thread.

    Withdrawing it instead would leave the interpreter checking for it for ever (CPython 3.11 and
    3.12): every loop would be slower from then on, and none would end under a profiler.
    """
    try:
        _raise_in(thread, _BrokenOff)  # replaces a pending one, if any
        while True:
            pass
    except _BrokenOff:
        pass


def _clock_of(thread: int) -> Callable[[], float]:
    """The clock of a thread's processor time; of the process's where the system has none."""
    if not hasattr(time, "pthread_getcpuclockid"):
        return time.process_time
    clock = time.pthread_getcpuclockid(thread)
    return lambda: time.clock_gettime(clock)
