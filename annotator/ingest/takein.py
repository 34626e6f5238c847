"""Files to stored articles: each file read whole, each batch stored in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from annotator.core.article import Article
from annotator.core.codec import time_to_text
from annotator.errors import ReadError
from annotator.inbox.files import FileState, contents_of, escaped, state_at
from annotator.inbox.readers import articles_of
from annotator.inbox.scanning import Seen
from annotator.store.values import Arrival, FileKey, Rejection

BATCH = 64
_BATCH_CHARACTERS = 16_000_000

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """What may be read: files up to `max_size` bytes; `encodings` tried where it is not UTF-8."""

    max_size: int = 20_000_000
    encodings: tuple[str, ...] = ()


def arrival_of(seen: Seen, rules: ReadingRules) -> Arrival | None:
    """The file as it is now: its articles, or why it has none.

    None if it went away or changed while it was read, so that it is to be looked at again.
    """
    path = Path(seen.path)
    name = escaped(path.name)
    try:
        if seen.problem:
            raise ReadError(
                f"The folder cannot be listed: {seen.problem}.",
                hint="Make it readable (chmod a+rx); its files are then found by themselves.",
            )
        contents = contents_of(seen.path, max_size=rules.max_size)
        if contents is None:
            return None
        articles = articles_of(contents.raw, name, encodings=rules.encodings)
    except ReadError as error:
        _log.info("Rejected %r: %s", name, error.message)
        rejection = Rejection(error.message, error.hint)
        return Arrival(escaped(seen.path), _key(seen.state), _now(), rejection=rejection)
    at = _now()
    received = tuple(_received(article, name, at) for article in articles)
    return Arrival(escaped(seen.path), _key(contents.state), at, received)


def rejection_of(seen: Seen, reason: str, hint: str) -> Arrival:
    """The file as one that cannot be taken in, in the state it has now."""
    state = state_at(seen.path) or seen.state
    return Arrival(escaped(seen.path), _key(state), _now(), rejection=Rejection(reason, hint))


def batches_of(arrivals: Iterable[Arrival]) -> Iterator[Sequence[Arrival]]:
    """`arrivals` in order, cut so that one transaction holds neither many nor much of them."""
    batch: list[Arrival] = []
    characters = 0
    for arrival in arrivals:
        batch.append(arrival)
        characters += sum(len(article.text) for article in arrival.articles)
        if len(batch) >= BATCH or characters >= _BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def state_in(arrival: Arrival) -> FileState:
    key = arrival.key
    return FileState(key.inode, key.size, key.mtime_ns, key.ctime_ns)


def _key(state: FileState) -> FileKey:
    return FileKey(*state)


def _received(article: Article, name: str, at: datetime) -> Article:
    origin = replace(article.origin, name=article.origin.name or name, received=time_to_text(at))
    return replace(article, origin=origin)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
