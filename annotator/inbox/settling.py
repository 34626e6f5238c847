"""Decides when a file is complete. Pure: time and state of the file are arguments."""

from __future__ import annotations

from collections.abc import Callable, Hashable

QUIET_UNWRITTEN = 0.5
"""Quiet seconds that are enough if the system confirms that nobody writes the file."""


class Settling:
    """Files seen but not read yet, each with the time of its last change."""

    def __init__(self, *, quiet: float, quiet_unwritten: float = QUIET_UNWRITTEN) -> None:
        """`quiet`: seconds without a change that are enough if the system cannot tell."""
        self.quiet = quiet
        self.quiet_unwritten = min(quiet, quiet_unwritten)
        self._since: dict[str, tuple[Hashable, float]] = {}

    def __len__(self) -> int:
        return len(self._since)

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(self._since)

    def has_settled(
        self,
        path: str,
        state: Hashable,
        *,
        now: float,
        is_being_written: Callable[[str], bool | None],
        rested: float = 0.0,
    ) -> bool:
        """Whether the file, in this state at `now` (seconds), is complete.

        A file open for writing never is. At first sight, a file that has `rested` for `quiet`
        seconds by its own change time is complete if the system confirms that nobody writes it.
        """
        if path not in self._since and 0 < self.quiet <= rested:
            self._since[path] = state, now - self.quiet_unwritten
        before, since = self._since.get(path, (None, now))
        if before != state:
            self._since[path] = state, now
            return False
        rest = now - since
        if rest < self.quiet_unwritten:
            return False
        written = is_being_written(path)
        return rest >= self.quiet if written is None else not written

    def expect(self, path: str, *, now: float) -> None:
        """Treat the file as incomplete, whatever its next state is."""
        self._since[path] = None, now

    def forget(self, path: str) -> None:
        """Forget a file that was read or removed."""
        self._since.pop(path, None)
