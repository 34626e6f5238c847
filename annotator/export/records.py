"""Which records go out: from the store or from a file, all of them or those that were asked for."""

from __future__ import annotations

import contextlib
import heapq
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import IO

import orjson

from annotator.core.annotations import Entity
from annotator.core.codec import time_from_text
from annotator.core.record import Record, SchemeId
from annotator.errors import ArticleDamaged, RecordError
from annotator.formats.jsonl import line_of, records_in
from annotator.formats.jsonl import record_of as record_of_line
from annotator.store.store import Store
from annotator.store.values import OpenedReview

_HEAD = re.compile(rb'\{"format":"annotator\.record/1","id":"([0-9a-f]{64})",')
_RUN = 32_000_000  # bytes of records that are sorted in memory at once


@dataclass(frozen=True)
class Wanted:
    """Which records are wanted; None is no condition.

    `since` is a time (aware): finished then or later, of articles that nobody has reviewed taken in
    then or later. `outlet` is one of the outlets an article came from. `labels` leaves of entities
    those with these labels, standing or rejected; claims, junk lines and records without any such
    entity stay.
    """

    reviewer: str | None = None
    since: datetime | None = None
    outlet: str | None = None
    labels: frozenset[str] | None = None

    def narrow(self, record: Record) -> Record:
        """The record with entities of the wanted labels alone."""
        labels = self.labels
        if labels is None:
            return record
        return replace(
            record,
            entities=tuple(entity for entity in record.entities if entity.label in labels),
            rejected=tuple(
                item
                for item in record.rejected
                if not isinstance(item, Entity) or item.label in labels
            ),
        )

    def takes(self, record: Record) -> bool:
        """Whether the record meets the conditions on the record as a whole."""
        return (
            (self.reviewer is None or record.review.reviewer == self.reviewer)
            and (self.outlet is None or record.article.is_from(self.outlet))
            and (self.since is None or _is_since(record, self.since))
        )


def records(
    store: Store,
    *,
    scheme: SchemeId,
    reviewer: str | None = None,
    since: datetime | None = None,
    outlet: str | None = None,
    labels: frozenset[str] | None = None,
    pending: bool = False,
    damaged: Callable[[ArticleDamaged], None] | None = None,
) -> Iterator[Record]:
    """Finished reviews as records, ordered by article id, then reviewer; `Wanted` says which.

    `pending` adds the articles that nobody has reviewed, as the pipeline left them. `damaged` is
    told of articles that cannot be read, which are left out; without it the first is an error.
    """
    wanted = Wanted(reviewer, since, outlet, labels)
    finished = (
        record_of(opened, scheme)
        for opened in store.finished.reviews(
            reviewer=reviewer, since=since, outlet=outlet, damaged=damaged
        )
    )
    untouched = (
        Record.unreviewed(article, items, scheme=scheme, pipeline=pipeline)
        for article, items, pipeline in (
            store.articles.unreviewed(since=since, outlet=outlet, damaged=damaged)
            if pending
            else ()
        )
    )
    merged = heapq.merge(finished, untouched, key=lambda record: record.article.id)
    for _, same in groupby(merged, key=lambda record: record.article.id):
        # Databases differ in how they order names; a dataset must not.
        for record in sorted(same, key=lambda record: record.review.reviewer or ""):
            yield wanted.narrow(record)


def chosen(rows: Iterable[Record], wanted: Wanted) -> Iterator[Record]:
    """Those of `rows` that are wanted, in their order."""
    return (wanted.narrow(record) for record in rows if wanted.takes(record))


def records_of_file(path: Path) -> Iterator[Record]:
    """Every record of a file, ordered as datasets have them; RecordError names a line that is none.

    A file that an export wrote is in order already, which its lines show without being read.
    """
    return records_in(path) if _is_in_order(path) else in_order(records_in(path))


def in_order(rows: Iterable[Record]) -> Iterator[Record]:
    """The same records by article id, then reviewer, as datasets have them.

    They are sorted in parts on the disk, so that memory stays flat.
    """
    with contextlib.ExitStack() as parts:
        # One run in memory at a time: a variable would keep each until the next is there.
        runs = [parts.enter_context(spool) for spool in map(_spooled, _runs(rows))]
        for _, _, line in heapq.merge(*map(_entries, runs)):
            yield record_of_line(line)


def record_of(opened: OpenedReview, scheme: SchemeId) -> Record:
    """The record of a finished review."""
    return Record.of(
        opened.article,
        opened.review,
        scheme=scheme,
        pipeline=opened.pipeline,
        started=opened.started,
        kind=opened.kind,
    )


def _is_in_order(path: Path) -> bool:
    """Whether the lines show that each record comes after the one before."""
    if not path.is_file():  # what comes through a pipe can be read once
        return False
    before = b""
    with contextlib.suppress(OSError), path.open("rb") as lines:
        for line in lines:
            found = _HEAD.match(line)
            if found is None or found[1] <= before:
                return False
            before = found[1]
    return True


def _is_since(record: Record, since: datetime) -> bool:
    at = record.review.finished
    if at is None and record.article.origin.received:
        try:
            at = time_from_text(record.article.origin.received)
        except RecordError:
            return False
    return at is not None and at >= since


def _runs(rows: Iterable[Record]) -> Iterator[list[tuple[str, str, bytes]]]:
    """The records as sorted entries (article, reviewer, line), as many at once as memory takes."""
    run: list[tuple[str, str, bytes]] = []
    size = 0
    for record in rows:
        # A copy: what orjson returns keeps the room that it was made in, three times as much.
        line = bytes(memoryview(line_of(record)))
        run.append((record.article.id, record.review.reviewer or "", line))
        size += len(line)
        if size > _RUN:
            yield sorted(run)
            run, size = [], 0
    yield sorted(run)


def _spooled(run: list[tuple[str, str, bytes]]) -> IO[bytes]:
    """The entries on the disk, each two lines: its key, the record."""
    spool: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # closed by who asked for it
    for article, reviewer, line in run:
        spool.write(orjson.dumps([article, reviewer]) + b"\n" + line)
    spool.seek(0)
    return spool


def _entries(spool: IO[bytes]) -> Iterator[tuple[str, str, bytes]]:
    for key in spool:
        article, reviewer = orjson.loads(key)
        yield article, reviewer, spool.readline()
