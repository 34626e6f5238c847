"""The screens' source of time and ids; tests replace it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime


class Clock:
    """A source of time and ids; `now` returns the time (UTC), the machine's if it is None."""

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self._now = now

    def now(self) -> datetime:
        """The time (UTC)."""
        return datetime.now(UTC) if self._now is None else self._now()

    def seconds(self) -> float:
        """Seconds on a monotonic clock."""
        return time.monotonic()

    def new_id(self) -> str:
        """A new UUID."""
        return str(uuid.uuid4())
