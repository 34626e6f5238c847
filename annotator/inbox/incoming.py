"""Reads the complete files of a watched inbox in batches; short files before long ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from annotator.core.arrival import Arrival
from annotator.inbox.files import escaped
from annotator.inbox.inbox import Inbox
from annotator.inbox.readers import is_archive
from annotator.inbox.reading import ReadingRules, arrivals_of, batches_of
from annotator.inbox.scanning import Seen

# Files of this size (bytes) or larger are read in pieces, with a scan of the inbox after each.
_LONG = 1_000_000


def _is_long(seen: Seen) -> bool:
    """Whether reading a file may take long: an archive holds far more than its size says."""
    return seen.state.size >= _LONG or is_archive(escaped(seen.path))


class Incoming:
    """Reads the files of an inbox.

    `batches` returns what was read; `confirm` is called after a batch is stored. Files of an
    unconfirmed batch are read again from the beginning.
    """

    def __init__(self, inbox: Inbox, rules: ReadingRules, *, go_on: Callable[[], bool]) -> None:
        """`go_on` is called between files and pieces; reading stops when it returns False."""
        self.inbox = inbox
        self.rules = rules
        self._go_on = go_on
        self._confirmed = True
        self.unread = 0
        """The number of short files that are complete and still to be read."""
        # Files with a piece that was not confirmed, until they are read again.
        self._broken_off: set[str] = set()
        # Long files being read, with their sizes and remaining pieces.
        self._long: dict[str, tuple[int, Iterator[Sequence[Arrival]]]] = {}

    @property
    def has_more(self) -> bool:
        """Whether a long file is partly read, so that there is no need to wait for files."""
        return bool(self._long)

    def batches(self) -> Iterator[Sequence[Arrival]]:
        """The files that are complete now, each batch small enough for one transaction; then one
        batch of the smallest long file."""
        files = [seen for seen in self.inbox.look() if seen.path not in self._long]
        short = [one for one in files if not _is_long(one)]
        self.unread = len(short)
        for batch in batches_of(self._arrivals(short)):
            yield from self._handed_over(batch)
        for seen in files:
            if _is_long(seen):
                self._long[seen.path] = seen.state.size, batches_of(self._arrivals((seen,)))
        yield from self._next_of_a_long_file()

    def confirm(self, batch: Sequence[Arrival]) -> None:
        """Mark the files of a batch as done; each is read again only after a change."""
        self._confirmed = True
        for arrival in batch:
            if not arrival.more:
                self.inbox.handled(arrival.path, arrival.state)

    def _handed_over(self, batch: Sequence[Arrival]) -> Iterator[Sequence[Arrival]]:
        self._confirmed = False
        yield batch
        if not self._confirmed:
            self._broken_off.update(arrival.path for arrival in batch if arrival.more)

    def _next_of_a_long_file(self) -> Iterator[Sequence[Arrival]]:
        if not self._long:
            return
        path = min(self._long, key=lambda path: self._long[path][0])
        batch = next(self._long[path][1], None)
        if batch is None:
            del self._long[path]
            return
        yield from self._handed_over(batch)
        if escaped(path) in self._broken_off:
            del self._long[path]

    def _arrivals(self, files: Sequence[Seen]) -> Iterator[Arrival]:
        for seen in files:
            if not self._go_on():
                return
            self.unread = max(0, self.unread - (not _is_long(seen)))
            was_read = False
            self._broken_off.discard(escaped(seen.path))
            for arrival in arrivals_of(seen, self.rules):
                was_read = True
                # Otherwise the rest of a partly stored file would count as the whole file.
                if arrival.path not in self._broken_off:
                    yield arrival
                if not self._go_on():
                    return
            if not was_read:
                self.inbox.look_again(seen.path)
