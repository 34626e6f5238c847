"""Reads files completely and stores each batch in one transaction."""

from __future__ import annotations

import errno
import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from annotator.core.arrival import Arrival, Rejection
from annotator.core.article import Article
from annotator.core.records.codec import time_to_text
from annotator.errors import AnnotatorError, ReadError
from annotator.inbox.files import contents_of, escaped, state_at
from annotator.inbox.readers import pieces_of, size_limit
from annotator.inbox.scanning import Seen
from annotator.store.store import Store
from annotator.store.values import TakenIn

BATCH = 64
_ARTICLES = 1000
_BATCH_CHARACTERS = 16_000_000
_TOO_LONG = "Its path is longer than the system takes: move it further up."
_CLOSED = "Make it readable (chmod a+rx); it is then read again by itself."
# The wording of readers for files in an inbox.
_BY_ITSELF = re.compile(r"(it|the file) is then read again by itself")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """Rules for reading: articles of up to `max_size` bytes, in UTF-8 or one of `encodings`.

    Nobody looks again by himself for what lies outside `inbox` (None: everything lies in it).
    """

    max_size: int = 20_000_000
    encodings: tuple[str, ...] = ()
    inbox: Path | None = None

    def looks_again(self, path: str) -> bool:
        """Whether a watcher reads the file at `path` again after a change."""
        if self.inbox is None:
            return True
        return Path(path).is_relative_to(os.path.realpath(self.inbox))


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
        yield Arrival(escaped(seen.path), seen.state, _now(), rejection=_why(error, seen, rules))
        return
    if contents is None:
        return
    at = _now()
    pieces = pieces_of(contents.raw, name, encodings=rules.encodings, max_size=rules.max_size)
    for number, piece in enumerate(pieces):
        yield Arrival(
            escaped(seen.path),
            contents.state,
            at,
            tuple(_received(article, name, at) for article in piece.articles),
            _why(piece.problem, seen, rules) if piece.problem else None,
            piece=number,
            more=not piece.is_last,
        )


def _why(error: ReadError, seen: Seen, rules: ReadingRules) -> Rejection:
    _log.info("Rejected %r: %s", escaped(Path(seen.path).name), error.message)
    hint = error.hint
    if not rules.looks_again(seen.path):
        hint = _BY_ITSELF.sub("then have it read again: annotator add --retry-rejected", hint)
    return Rejection(error.message, hint)


def rejection_of(seen: Seen, reason: str, hint: str) -> Arrival:
    """The file as rejected for now, to be read again as soon as possible."""
    state = state_at(seen.path) or seen.state
    rejection = Rejection(reason, hint)
    return Arrival(escaped(seen.path), state, _now(), rejection=rejection, retry=True)


def batches_of(arrivals: Iterable[Arrival]) -> Iterator[Sequence[Arrival]]:
    """`arrivals` in order, in batches of limited number and size."""
    batch: list[Arrival] = []
    articles = characters = 0
    for arrival in arrivals:
        batch.append(arrival)
        articles += len(arrival.articles)
        characters += sum(len(article.text) for article in arrival.articles)
        if len(batch) >= BATCH or articles >= _ARTICLES or characters >= _BATCH_CHARACTERS:
            yield batch
            batch, articles, characters = [], 0, 0
    if batch:
        yield batch


def stored(
    batch: Sequence[Arrival], store: Store, *, is_gone: Callable[[str], bool] | None = None
) -> TakenIn:
    """Store a batch; raises StoreError if that is not possible now.

    A file that cannot be stored because of a bug in its reader is rejected alone. `is_gone` tells
    whether a file at a path no longer exists.
    """
    try:
        return store.files.take_in(batch, is_gone=is_gone)
    except AnnotatorError:
        raise
    except Exception as error:
        if len(batch) > 1:
            parts = (stored((one,), store, is_gone=is_gone) for one in batch)
            return sum(parts, TakenIn())
        _log.exception("A file could not be stored.")
        why = Rejection(
            f"The contents of the file cannot be stored ({type(error).__name__}).",
            "Save the article as plain text; report the error with the log.",
        )
        return store.files.take_in((replace(batch[0], articles=(), rejection=why),))


def _received(article: Article, name: str, at: datetime) -> Article:
    origin = replace(article.origin, name=article.origin.name or name, received=time_to_text(at))
    return replace(article, origin=origin)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
