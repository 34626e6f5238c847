"""How far reading and suggesting has come, and how long it will take."""

from __future__ import annotations

from dataclasses import dataclass

_MEASURED_FOR = 1.0
"""Seconds of progress that are enough for an estimate."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many articles are done, and of how many."""

    done: int
    total: int

    @property
    def share(self) -> float:
        """Between 0 and 1; 0 if nothing is known yet."""
        return min(1.0, self.done / self.total) if self.total else 0.0


class ReadingProgress:
    """Measures how fast articles become ready."""

    def __init__(self) -> None:
        self._began: tuple[float, int] | None = None
        self._last: tuple[float, Progress] | None = None

    def saw(self, progress: Progress, now: float) -> None:
        """Record the progress at a time, in seconds."""
        if self._last is None or progress.done != self._last[1].done:
            # Loading the pipeline before the first article says nothing about the speed.
            if self._began is None and progress.done:
                self._began = now, progress.done
            self._last = now, progress
        else:
            self._last = self._last[0], progress

    def seconds_left(self) -> float | None:
        """Seconds until everything is done, at the speed so far; None while that is not measured,
        or nothing is left."""
        if self._began is None or self._last is None:
            return None
        (began, at_first), (now, progress) = self._began, self._last
        left, done = progress.total - progress.done, progress.done - at_first
        if left <= 0 or done <= 0 or now - began < _MEASURED_FOR:
            return None
        return left * (now - began) / done
