"""Time and ids as the screens take them: one place, so that tests can hold both still."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime


class Clock:
    """What changes by itself; `now` says what the time is (UTC), this machine's if it is None."""

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self._now = now

    def now(self) -> datetime:
        """The time (UTC)."""
        return datetime.now(UTC) if self._now is None else self._now()

    def seconds(self) -> float:
        """Seconds since some moment; never runs backwards."""
        return time.monotonic()

    def new_id(self) -> str:
        """A UUID that nobody else has."""
        return str(uuid.uuid4())
