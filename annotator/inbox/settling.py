"""When is a file finished? Pure: the clock and the look at the file are arguments."""

from __future__ import annotations

from collections.abc import Callable, Hashable

QUIET_UNWRITTEN = 0.5
"""Seconds of rest that are enough where the system says that nobody writes the file."""


class Settling:
    """Files that were seen but are not read yet, each with the time since when it is unchanged."""

    def __init__(self, *, quiet: float, quiet_unwritten: float = QUIET_UNWRITTEN) -> None:
        """`quiet`: seconds of rest that are enough by themselves, where the system says nothing."""
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
    ) -> bool:
        """Whether the file, in this state at `now` (seconds), is finished.

        A file that somebody has open for writing never is, however long its writer pauses.
        """
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
        """The file is not finished after all, in whatever state it is next seen."""
        self._since[path] = None, now

    def forget(self, path: str) -> None:
        """The file was read, or is gone."""
        self._since.pop(path, None)
