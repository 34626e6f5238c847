"""Whether the list is still in its initial load, when new rows may move others."""

from __future__ import annotations

SECONDS_WITHOUT_ARRIVAL = 3.0


class InitialLoad:
    """The initial load of a list that was empty: it shows new rows at once.

    It ends at the first key, or when nothing has arrived for a while; from then on no row moves.
    """

    def __init__(self) -> None:
        self.is_running = False
        self._size: int | None = None
        self._grew = 0.0

    def saw(self, size: int, now: float) -> None:
        """Record the size of the list at a time, in seconds."""
        if self._size is None:
            self.is_running = size == 0
        elif self._size and now - self._grew > SECONDS_WITHOUT_ARRIVAL:
            self.is_running = False
        if size != self._size:
            self._size, self._grew = size, now

    def end(self) -> None:
        """End the initial load."""
        self.is_running = False
