"""Time and ids as the screens take them: one place, so that tests can hold both still."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime


class Clock:
    """What changes by itself."""

    def now(self) -> datetime:
        """The time (UTC)."""
        return datetime.now(UTC)

    def seconds(self) -> float:
        """Seconds since some moment; never runs backwards."""
        return time.monotonic()

    def new_id(self) -> str:
        """A UUID that nobody else has."""
        return str(uuid.uuid4())
