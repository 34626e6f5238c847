"""Rate limit for repeated warnings: a disk may stay full all night."""

from __future__ import annotations

SAY_AGAIN = 60.0
"""Seconds until the same message is logged again."""


class LogThrottle:
    """Remembers recently logged messages."""

    def __init__(self) -> None:
        self._said: dict[str, float] = {}

    def is_news(self, message: str, *, now: float) -> bool:
        """Whether to log a message at `now` (seconds): the first time, then once a minute."""
        if now - self._said.get(message, now - SAY_AGAIN) < SAY_AGAIN:
            return False
        self._said = {one: at for one, at in self._said.items() if now - at < SAY_AGAIN}
        self._said[message] = now
        return True
