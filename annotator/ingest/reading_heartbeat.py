"""Heartbeats while a document is read, which may take a minute: from a thread beside the watcher's
loop, which is busy then."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from threading import Event, Thread
from typing import TypeVar

from annotator.errors import AnnotatorError

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class ReadingHeartbeat:
    """Calls `beat` every so many seconds while something is read, and at no other time: a loop that
    hangs anywhere else goes silent."""

    def __init__(self, beat: Callable[[], object], seconds: float) -> None:
        self._beat, self._seconds = beat, seconds
        self._is_reading, self._ends = Event(), Event()
        self._thread = Thread(target=self._run, name="reading-heartbeat", daemon=True)

    def start(self) -> None:
        """Start the thread, which waits until something is read."""
        self._thread.start()

    def end(self) -> None:
        """End the thread; no beat is sent when this has returned."""
        self._ends.set()
        self._is_reading.set()
        if self._thread.is_alive():
            self._thread.join()

    def each(self, read: Iterable[_T]) -> Iterator[_T]:
        """What `read` makes; it is read while one of it is made, not while it is used."""
        left = iter(read)
        while True:
            with self._while_reading():
                found = [*islice(left, 1)]
            if not found:
                return
            yield from found

    @contextmanager
    def _while_reading(self) -> Iterator[None]:
        self._is_reading.set()
        try:
            yield
        finally:
            self._is_reading.clear()

    def _run(self) -> None:
        while not self._ends.is_set():
            self._is_reading.wait()
            if self._ends.wait(self._seconds):
                return
            if self._is_reading.is_set():
                try:
                    self._beat()
                except AnnotatorError as error:
                    _log.warning("%s %s", error.message, error.hint)
                except Exception:
                    _log.exception("a heartbeat could not be sent while a file was read")
