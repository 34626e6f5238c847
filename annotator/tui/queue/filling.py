"""Whether a queue is still filling for the first time, or belongs to its reader."""

from __future__ import annotations

SECONDS_WITHOUT_ARRIVAL = 3.0


class Filling:
    """A list that began empty shows everything as it comes.

    That is over once something is pressed, or once nothing has come for a while: from then on
    nothing moves under the cursor.
    """

    def __init__(self) -> None:
        self.goes_on = False
        self._size: int | None = None
        self._grew = 0.0

    def saw(self, size: int, now: float) -> None:
        """Takes note of how long the list is at a time (seconds)."""
        if self._size is None:
            self.goes_on = size == 0
        elif self._size and now - self._grew > SECONDS_WITHOUT_ARRIVAL:
            self.goes_on = False
        if size != self._size:
            self._size, self._grew = size, now

    def end(self) -> None:
        """The reader has taken the list in hand."""
        self.goes_on = False
