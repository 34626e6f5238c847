"""What a watcher says of itself with each sign of life, and that in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from annotator.core.ages import span_of_time

_SILENT_SECONDS = 10
"""A watcher gives a sign of life every two seconds; after so many without one it is not there."""


@dataclass(frozen=True, slots=True)
class WatcherStatus:
    """How far a watcher is: articles that wait for suggestions, files that are still being written,
    worker processes and how often one had to be started again, whether the pipeline is loaded, how
    long ago the inbox was scanned (None: not yet), what is wrong with the inbox, and whether this
    is its last word."""

    waiting: int = 0
    unsettled: int = 0
    workers: int = 0
    is_ready: bool = True
    restarts: int = 0
    has_ended: bool = False
    scanned_seconds_ago: float | None = None
    problem: str = ""

    def to_json(self) -> dict[str, int | float | str]:
        """As it is stored and reported; what there is nothing to say of is left out."""
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
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> WatcherStatus:
        """What a watcher of any version has stored: what it did not say is as by default, what
        nobody knows here is left out."""
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
        )


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The last sign of life of a watcher: when (UTC), from which process, and what it said."""

    at: datetime
    pid: int
    started: datetime
    status: WatcherStatus

    def is_recent(self, now: datetime) -> bool:
        """Whether the watcher is at work, as far as one can tell at `now`."""
        return not self.status.has_ended and self.silent(now) <= _SILENT_SECONDS

    def silent(self, now: datetime) -> float:
        """How many seconds ago it was given."""
        return (now - self.at).total_seconds()

    @property
    def end(self) -> str:
        """What it was, said of a watcher that is there no more; a time or an age follows."""
        return "it ended" if self.status.has_ended else "its last sign of life was"

    def doing(self, now: datetime, waiting: int) -> Iterator[str]:
        """What the watcher is at, a few words each, while so many articles wait."""
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
