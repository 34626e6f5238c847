"""Decides when to scan the inbox.

Events only trigger a scan early. Events get lost: in bursts, when the limit of watches is reached,
on network mounts, when the folder itself is replaced. So their content is never used.
"""

from __future__ import annotations

import logging
import threading
import warnings
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

_log = logging.getLogger(__name__)

# Reading and listing cause these events themselves, which would be an endless loop.
_OUR_OWN = frozenset({"opened", "closed_no_write"})
_STOP_WITHIN = 2.0


class _Wake(FileSystemEventHandler):
    """Only sets a flag: an exception here would end watchdog's thread."""

    def __init__(self, wake: threading.Event) -> None:
        self._wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        try:
            if event.event_type not in _OUR_OWN:
                self._wake.set()
        except Exception:
            _log.exception("An event could not be handled; the next scan finds its file.")


class Watcher:
    """Sets `wake` when the system reports a change in the inbox."""

    def __init__(self, root: Path, wake: threading.Event, *, events: bool = True) -> None:
        """`events=False` starts no observer."""
        self.root = root
        self._wake = wake
        self._events = events
        self._observer: BaseObserver | None = None
        self._folder: tuple[int, int] | None = None
        self.problem: str | None = None if events else "events are switched off"

    @property
    def has_events(self) -> bool:
        """Whether events can arrive; without them the inbox is scanned more often."""
        return self._observer is not None and self._observer.is_alive()

    def check(self) -> None:
        """Start watching; restart if the inbox was replaced or the observer has died."""
        if not self._events:
            return
        folder = self._folder_now()
        if folder == self._folder and (folder is None or self.has_events or self.problem):
            return
        self.stop()
        self._folder = folder
        if folder is not None:
            self._start()
            self._wake.set()

    def stop(self) -> None:
        observer, self._observer = self._observer, None
        if observer is None:
            return
        try:
            observer.stop()
            observer.join(_STOP_WITHIN)
        except RuntimeError:  # it never started
            return

    def _folder_now(self) -> tuple[int, int] | None:
        try:
            status = self.root.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def _start(self) -> None:
        # After lost events watchdog logs all its watches; the scan handles these.
        warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"watchdog\.")
        observer = Observer()
        try:
            observer.schedule(_Wake(self._wake), str(self.root), recursive=True)
            observer.start()
        except Exception as error:  # limits or missing system calls: scans continue
            self.problem = f"the system sends no events ({error})"
            _log.warning("The inbox is scanned every few seconds: %s.", self.problem)
            self._observer = observer
            self.stop()
            return
        self.problem = None
        self._observer = observer
