"""A clock for tests of the screens."""

from __future__ import annotations

from datetime import UTC, datetime

from annotator.tui.clock import Clock

NOON = datetime(2019, 1, 14, 12, 0, tzinfo=UTC)


class HeldClock(Clock):
    """Time that only moves when told to, and ids in order."""

    def __init__(self) -> None:
        self._ids = 0
        self.begin_anew()

    def begin_anew(self) -> None:
        """It is noon again; ids go on."""
        self.time = NOON
        self.elapsed = 0.0

    def now(self) -> datetime:
        return self.time

    def seconds(self) -> float:
        return self.elapsed

    def new_id(self) -> str:
        self._ids += 1
        return f"00000000-0000-4000-8000-{self._ids:012d}"
