"""How many articles a worker takes at once."""

from __future__ import annotations

REST = 2.0
"""Seconds without work after which the next batch is a small one again."""


class BatchSizes:
    """`first` and then twice as many each time, up to `largest`; `first` again after a rest.

    A batch is ready when its last article is, and somebody may be waiting for the first. Later
    batches are large because each costs a transaction.
    """

    def __init__(self, largest: int, *, first: int = 1) -> None:
        self._largest, self._first = largest, first
        self._next = first
        self._ended: float | None = None

    def next(self, now: float) -> int:
        """The size of a batch that begins at `now` (seconds)."""
        if self._ended is not None and now - self._ended > REST:
            self._next = self._first
        return self._next

    def ended(self, now: float, done: int) -> None:
        """A batch of so many articles ended at `now`; without any, the worker rests."""
        self._ended = now
        self._next = min(2 * self._next, self._largest) if done else self._first
