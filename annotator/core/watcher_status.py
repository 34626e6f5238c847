"""The status that a watcher sends with each heartbeat, and its wording."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from annotator.core.ages import span_of_time

_SILENT_SECONDS = 10
"""A watcher sends a heartbeat every two seconds; after so many without one it is not running."""


@dataclass(frozen=True, slots=True)
class WatcherStatus:
    """The status of a watcher: articles waiting for suggestions, files still being written, files
    still unread, worker processes and restarts, whether the pipeline is loaded, seconds since
    the last scan of the inbox (None: not yet), a problem with the inbox, and whether the watcher
    has ended."""

    waiting: int = 0
    unsettled: int = 0
    workers: int = 0
    is_ready: bool = True
    restarts: int = 0
    has_ended: bool = False
    scanned_seconds_ago: float | None = None
    problem: str = ""
    unread: int = 0

    def to_json(self) -> dict[str, int | float | str]:
        """The status as stored and reported, without empty fields."""
        plain: dict[str, int | float | str] = {
            "waiting": self.waiting,
            "unsettled": self.unsettled,
            "workers": self.workers,
            "ready": int(self.is_ready),
            "restarts": self.restarts,
        }
        if self.has_ended:
            plain["ended"] = 1
        if self.scanned_seconds_ago is not None:
            plain["scanned_seconds_ago"] = self.scanned_seconds_ago
        if self.problem:
            plain["problem"] = self.problem
        if self.unread:
            plain["unread"] = self.unread
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> WatcherStatus:
        """The status stored by a watcher of any version: missing fields get defaults, unknown ones
        are ignored."""
        scanned = plain.get("scanned_seconds_ago")
        return cls(
            waiting=_count(plain, "waiting"),
            unsettled=_count(plain, "unsettled"),
            workers=_count(plain, "workers"),
            is_ready=bool(plain.get("ready", True)),
            restarts=_count(plain, "restarts"),
            has_ended=bool(plain.get("ended")),
            scanned_seconds_ago=scanned if isinstance(scanned, int | float) else None,
            problem=str(plain.get("problem") or ""),
            unread=_count(plain, "unread"),
        )


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The last heartbeat of a watcher: time (UTC), process id, start and status."""

    at: datetime
    pid: int
    started: datetime
    status: WatcherStatus

    def is_recent(self, now: datetime) -> bool:
        """Whether the watcher counts as running at `now`."""
        return not self.status.has_ended and self.silent(now) <= _SILENT_SECONDS

    def silent(self, now: datetime) -> float:
        """Seconds since the heartbeat."""
        return (now - self.at).total_seconds()

    @property
    def end(self) -> str:
        """How to introduce the time of the last heartbeat of a watcher that is not running."""
        return "it ended" if self.status.has_ended else "its last heartbeat was"

    def doing(self, now: datetime, waiting: int) -> Iterator[str]:
        """What the watcher is doing, as short phrases, with so many articles waiting."""
        scanned = self.status.scanned_seconds_ago
        if scanned is not None:
            yield f"last scan {span_of_time(scanned + self.silent(now))} ago"
        if waiting:
            yield f"{waiting:,} waiting"
            if not self.status.is_ready:
                yield "pipeline loading"
        if unsettled := self.status.unsettled:
            yield f"{unsettled:,} {'file' if unsettled == 1 else 'files'} still being written"


def _count(plain: Mapping[str, Any], name: str) -> int:
    value = plain.get(name, 0)
    return value if isinstance(value, int) else 0
