"""Work on a page that is broken off after so much processor time, whatever the page makes it do.

What takes longer than its size accounts for is counted before a page is parsed (`page_bounds`).
Extraction is other people's code, with loops within loops that a page can be made for; this ends
those too. Only the time of the thread itself counts: a busy machine refuses no page.
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
    """The work took more processor time than it was given."""


class _BrokenOff(BaseException):
    """Raised in the midst of the work: no Exception, so that whoever does it does not catch it."""


def within(seconds: float, work: Callable[[], T]) -> T:
    """What `work` gives; TooLongError once it has taken so many seconds of processor time.

    It is broken off between two steps of Python: one call into a compiled library is waited for.
    """
    watch = _Watch(seconds)
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


class _Watch:
    """A thread that looks at the clock of another, and breaks off what it does."""

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
        """Nothing is broken off from here on; called by the thread that does the work."""
        with self._lock:
            self._over.set()
        if self._has_raised:
            _take_what_waits(self._worker)

    def _look(self) -> None:
        pause = max(_SHORTEST_LOOK, self._seconds / _LOOKS_PER_LIMIT)
        # What breaks off is lost where Python can raise nothing (in a finaliser): so once more.
        while not self._over.wait(pause):
            with self._lock:
                if not self._over.is_set() and self._clock() >= self._end:
                    self._has_raised = True
                    _raise_in(self._worker, _BrokenOff)


def _raise_in(thread: int, error: type[BaseException]) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error))


def _take_what_waits(thread: int) -> None:
    """Lets this very thread have the exception that may still wait for it.

    One that is withdrawn instead leaves the interpreter looking for it for ever (CPython 3.11 and
    3.12): every loop is slower from then on, and none ends under a profiler.
    """
    try:
        _raise_in(thread, _BrokenOff)  # in the place of the one that waits, if any does
        while True:
            pass
    except _BrokenOff:
        pass


def _clock_of(thread: int) -> Callable[[], float]:
    """The processor time of one thread; where a system does not tell it, of the process."""
    if not hasattr(time, "pthread_getcpuclockid"):
        return time.process_time
    clock = time.pthread_getcpuclockid(thread)
    return lambda: time.clock_gettime(clock)
