"""What goes wrong again and again, said once in a while: a disk may stay full for a night."""

from __future__ import annotations

SAY_AGAIN = 60.0
"""Seconds after which the same trouble is worth another line of the log."""


class Troubles:
    """Which messages have been said lately."""

    def __init__(self) -> None:
        self._said: dict[str, float] = {}

    def is_news(self, message: str, *, now: float) -> bool:
        """Whether to say it at `now` (seconds): the first time, and once a minute as it lasts."""
        if now - self._said.get(message, now - SAY_AGAIN) < SAY_AGAIN:
            return False
        self._said = {one: at for one, at in self._said.items() if now - at < SAY_AGAIN}
        self._said[message] = now
        return True
