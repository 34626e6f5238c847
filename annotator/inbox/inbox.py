"""The inbox: finds new and changed files that are complete."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from annotator.core.arrival import FileState
from annotator.errors import SettingsError
from annotator.inbox.files import escaped, is_being_written, shell_word, state_at, unescaped
from annotator.inbox.ignoring import Ignoring
from annotator.inbox.scanning import Seen, scan
from annotator.inbox.settling import Settling
from annotator.inbox.watcher import Watcher
from annotator.mounts import is_without_events

DEBOUNCE = 0.2
RECHECK = 0.3
RESCAN_WITHOUT_EVENTS = 5.0
QUIET_ON_NETWORK = 10.0
CHECK_FOLDER = 1.0
# How long events are distrusted after a scan found a file without one.
DISTRUST = 600.0
# Maximum delay of an event in seconds: watchdog holds it back for half a second.
_EVENTS_TAKE = 2.0
# Maximum share of time for scans.
_SCAN_SHARE = 0.2
# The same for an unchanged inbox without events.
_IDLE_SHARE = 0.007

_log = logging.getLogger(__name__)


class Inbox:
    """A watched folder.

    `look` returns files to read; `handled` marks them as done. The state here is expendable: a new
    Inbox with the file states of the store continues after a kill.
    """

    def __init__(
        self,
        root: Path,
        *,
        known: Mapping[str, tuple[int, int, int, int]],
        settle_seconds: float = 2.0,
        rescan_seconds: float = 60.0,
        events: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`known` maps each path (escaped) to its last handled state."""
        if os.path.lexists(root) and not root.is_dir():
            raise SettingsError(
                f"The inbox {root} is not a folder.",
                hint="Move it away and create a folder there, or set `inbox` in annotator.toml.",
            )
        if not root.is_dir():
            raise SettingsError(
                f"The inbox folder {root} does not exist.",
                hint=f"Create it (mkdir -p {shell_word(escaped(str(root)))}), "
                "or set `inbox` in annotator.toml.",
            )
        network = is_without_events(root)
        quiet = max(settle_seconds, QUIET_ON_NETWORK) if network else settle_seconds
        self.root = root
        self.wake = threading.Event()
        self.scanned: float | None = None
        self._clock = clock
        self._known = dict(known)
        self._ignoring = Ignoring(root)
        self._settling = Settling(quiet=quiet)
        self._watcher = Watcher(root, self.wake, events=events)
        self._rescan = rescan_seconds
        self._is_network = network
        # Leases on network file systems cover this machine only, or are never granted.
        self._is_being_written = _not_told if network else is_being_written
        self._ready: dict[str, Seen] = {}
        self._woken: float | None = None
        # Why the last scan failed.
        self._closed: str | None = None
        self._next_scan = self._next_recheck = self._next_check = self._scan_cost = 0.0
        self._distrusted_until = 0.0

    def close(self) -> None:
        self._watcher.stop()

    @property
    def unsettled(self) -> int:
        """The number of incomplete files."""
        return len(self._settling)

    @property
    def problem(self) -> str | None:
        """Why files are noticed late or not at all; None if everything works."""
        if not self.root.is_dir():
            return f"the inbox {self.root} is gone"
        if self._closed is not None:
            return self._closed
        if self._ignoring.problem is not None:
            return self._ignoring.problem
        if self._is_network:
            return "the inbox is on a network mount"
        return self._watcher.problem

    def wait(self, longest: float) -> None:
        """Wait for an event or a due check, at most `longest` seconds."""
        due = self._next_scan
        if self._settling:
            due = min(due, self._next_recheck)
        if self._woken is not None:
            due = min(due, self._woken + DEBOUNCE)
        pause = max(0.0, min(longest, due - self._clock()))
        if self._woken is None:
            self.wake.wait(pause)
        else:
            time.sleep(min(pause, DEBOUNCE))

    def look(self) -> tuple[Seen, ...]:
        """The files to read now, ordered by path; usually none."""
        now = self._clock()
        if now >= self._next_check:
            self._next_check = now + CHECK_FOLDER
            self._watcher.check()
        if self.wake.is_set():
            self.wake.clear()
            self._woken = self._woken if self._woken is not None else now
        woken = self._woken is not None and now >= self._woken + max(DEBOUNCE, self._scan_cost)
        if woken or now >= self._next_scan:
            self._scan(now, was_told=self._woken is not None)
        elif self._settling and now >= self._next_recheck:
            self._recheck(now)
        ready, self._ready = self._ready, {}
        return tuple(ready[path] for path in sorted(ready))

    def handled(self, path: str, state: FileState) -> None:
        """Mark a file as taken in or rejected in this state; it is read again after a change."""
        self._known[escaped(path)] = state

    def look_again(self, path: str) -> None:
        """Check a file again soon that changed while it was read."""
        self._settling.expect(path, now=self._clock())

    def read_again(self, path: str) -> None:
        """Return the file at `path` (escaped) again soon, even unchanged or outside the inbox."""
        self._known.pop(path, None)
        there = next((one for one in unescaped(path) if state_at(one) is not None), None)
        if there is None or _is_folder(there):  # the next scan finds its state
            self.scan_within(0.0)
        else:
            self._settling.expect(there, now=self._clock())

    def is_gone(self, path: str) -> bool:
        """Whether `path` (escaped) was in the inbox and no longer exists there.

        Also True for a folder that can be listed again. Paths outside the inbox give False.
        """
        top = f"{escaped(str(self.root)).rstrip('/')}/"
        if not path.startswith(top) or not self.root.is_dir():
            return False
        there = [one for one in unescaped(path) if state_at(one) is not None]
        if not there or self._ignoring.passes_over(path.removeprefix(top)):
            return True
        return _is_folder(there[0]) and os.access(there[0], os.R_OK | os.X_OK)

    def _is_passed_over(self, path: str) -> bool:
        top = f"{str(self.root).rstrip('/')}/"
        return path.startswith(top) and self._ignoring.passes_over(path.removeprefix(top))

    def scan_within(self, seconds: float) -> None:
        """Scan again within so many seconds, after files could not be stored."""
        self._next_scan = min(self._next_scan, self._clock() + seconds)

    def _scan(self, now: float, *, was_told: bool) -> None:
        self._woken = None
        try:
            found_late = self._consider(scan(self.root, self._ignoring, self._known), now)
            # At its limits the system silently leaves folders unwatched.
            if found_late and self.scanned is not None and not was_told:
                self._distrusted_until = now + DISTRUST
            self.scanned, self._closed = self._clock(), None
        except OSError as error:
            why = f"the inbox {self.root} cannot be listed: {error.strerror or error}"
            if self._closed != why:
                _log.warning("Nothing is taken in: %s.", why)
            self.scanned, self._closed = None, why
        took = self._clock() - now
        self._scan_cost = took / _SCAN_SHARE
        often = self._rescan
        if self._is_network or not self._watcher.has_events or now < self._distrusted_until:
            often = min(often, RESCAN_WITHOUT_EVENTS)
        if self.scanned is None:
            often = min(often, CHECK_FOLDER)
        if not self._ready and not self._settling:
            # An idle inbox: scans must be cheap but frequent.
            often = max(often, min(took / _IDLE_SHARE, self._rescan))
        self._next_scan = now + max(often, self._scan_cost)
        self._next_recheck = self._clock() + RECHECK

    def _recheck(self, now: float) -> None:
        """Check incomplete files again without listing the inbox."""
        for path in self._settling.paths:
            state = state_at(path)
            if state is None:
                self._settling.forget(path)
            else:
                self._consider((Seen(path, state),), now)
        self._next_recheck = self._clock() + RECHECK

    def _consider(self, seen: Iterable[Seen], now: float) -> bool:
        """Sort files into known, complete and incomplete.

        Returns whether there is a new file that an event should have reported.
        """
        found_late = False
        for file in seen:
            if self._known.get(escaped(file.path)) == file.state:
                self._settling.forget(file.path)
                continue
            before = len(self._settling)
            age = time.time() - file.state.ctime_ns / 1e9
            if file.problem or self._settling.has_settled(
                file.path,
                file.state,
                now=now,
                is_being_written=self._is_being_written,
                # Nobody waits for files that lay there before, except at the start.
                rested=age if self.scanned is None else 0.0,
            ):
                self._settling.forget(file.path)
                if self._is_passed_over(file.path):  # since it was first seen
                    continue
                self._ready[file.path] = file
            elif len(self._settling) > before:
                found_late = found_late or age > _EVENTS_TAKE
        return found_late


def _is_folder(path: str) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)


def _not_told(path: str) -> None:
    """Used where the system cannot tell whether a file is being written."""
