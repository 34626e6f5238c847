"""Reads files completely: each becomes articles, or a rejection with a hint."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from annotator.core.arrival import Arrival, Rejection
from annotator.core.article import Article
from annotator.core.records.codec import time_to_text
from annotator.errors import Hint, ReadError, ReadFrom
from annotator.inbox.files import contents_of, escaped, state_at
from annotator.inbox.readers import MAX_SIZE, pieces_of, size_limit
from annotator.inbox.scanning import Seen

BATCH = 64
"""Number of files in a batch."""
_ARTICLES = 1000
_BATCH_CHARACTERS = 16_000_000
_TOO_LONG = Hint("Its path is longer than the system takes: move it further up.")
_CLOSED = Hint("Make it readable (chmod a+rx)", retries_by_itself=True)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """Rules for reading: articles of up to `max_size` bytes, in UTF-8 or one of `encodings`.

    A watcher reads only files in `inbox` again (None: all files are in it).
    """

    max_size: int = MAX_SIZE
    encodings: tuple[str, ...] = ()
    inbox: Path | None = None

    def source(self, path: str) -> ReadFrom:
        """The source of the file at `path`: the inbox, where a watcher reads it again, or not."""
        is_inside = self.inbox is None or Path(path).is_relative_to(os.path.realpath(self.inbox))
        return ReadFrom.INBOX if is_inside else ReadFrom.ELSEWHERE


def arrivals_of(seen: Seen, rules: ReadingRules) -> Iterator[Arrival]:
    """The file in its current state: its articles, and the reason if it or a part was rejected.

    One arrival, or several for a file of very many articles; none if the file was removed or
    changed while it was read.
    """
    name = escaped(Path(seen.path).name)
    try:
        if seen.problem:
            raise ReadError(
                f"The folder cannot be listed: {seen.problem}.",
                hint=_TOO_LONG if seen.problem == os.strerror(errno.ENAMETOOLONG) else _CLOSED,
            )
        contents = contents_of(seen.path, max_size=size_limit(name, rules.max_size))
    except ReadError as error:
        rejection = _rejection(error, seen, rules)
        yield Arrival(escaped(seen.path), seen.state, now(), rejection=rejection)
        return
    if contents is None:
        return
    at = now()
    pieces = pieces_of(contents.raw, name, encodings=rules.encodings, max_size=rules.max_size)
    for number, piece in enumerate(pieces):
        yield Arrival(
            escaped(seen.path),
            contents.state,
            at,
            tuple(received(one, one.origin.name or name, at) for one in piece.articles),
            _rejection(piece.problem, seen, rules) if piece.problem else None,
            piece=number,
            more=not piece.is_last,
        )


def rejected_for_now(seen: Seen, reason: str, hint: str) -> Arrival:
    """The file as rejected, to be read again as soon as possible."""
    state = state_at(seen.path) or seen.state
    rejection = Rejection(reason, hint)
    return Arrival(escaped(seen.path), state, now(), rejection=rejection, retry=True)


def batches_of(arrivals: Iterable[Arrival]) -> Iterator[Sequence[Arrival]]:
    """`arrivals` in order, in batches of limited number and size.

    A batch ends with a piece of a file that goes on, because reading the next may take long.
    """
    batch: list[Arrival] = []
    articles = characters = 0
    for arrival in arrivals:
        batch.append(arrival)
        articles += len(arrival.articles)
        characters += sum(len(article.text) for article in arrival.articles)
        is_full = articles >= _ARTICLES or characters >= _BATCH_CHARACTERS
        if arrival.more or is_full or len(batch) >= BATCH:
            yield batch
            batch, articles, characters = [], 0, 0
    if batch:
        yield batch


def received(article: Article, name: str | None, at: datetime) -> Article:
    """The article as received at `at` (UTC) in a file called `name`."""
    return replace(article, origin=replace(article.origin, name=name, received=time_to_text(at)))


def now() -> datetime:
    """The time in UTC, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def _rejection(error: ReadError, seen: Seen, rules: ReadingRules) -> Rejection:
    _log.info("Rejected %r: %s", escaped(Path(seen.path).name), error.message)
    worded = error.worded(rules.source(seen.path))
    return Rejection(worded.message, worded.hint)
