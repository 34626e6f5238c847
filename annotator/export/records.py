"""Selects records to export, from the store or from a file."""

from __future__ import annotations

import contextlib
import heapq
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import IO

import orjson

from annotator.core.across.identity_mentions import tied_since
from annotator.core.annotations import Entity
from annotator.core.record import Record, ReviewFacts, SchemeId
from annotator.core.records.codec import time_from_text
from annotator.core.records.identity_list import named_by, resolved
from annotator.core.review import Review
from annotator.errors import ArticleDamaged, RecordError
from annotator.formats.jsonl import line_of, records_in
from annotator.formats.jsonl import record_of as record_of_line
from annotator.store.reviewing.finished_reviews import Which
from annotator.store.store import Store
from annotator.store.values import OpenedReview

_HEAD = re.compile(rb'\{"format":"annotator\.record/1","id":"([0-9a-f]{64})",')
_RUN = 32_000_000  # bytes of records sorted in memory at once


@dataclass(frozen=True)
class RecordFilter:
    """A filter for records; None means no condition.

    `since` (timezone-aware) selects reviews finished at that time or later; for unreviewed
    articles, those received then or later. `outlet` must be one of the outlets of the article.
    `labels` keeps entities with these labels, rejected ones included; claims, junk lines and
    records without such entities stay.
    """

    reviewer: str | None = None
    since: datetime | None = None
    outlet: str | None = None
    labels: frozenset[str] | None = None

    def narrow(self, record: Record) -> Record:
        """The record with only the entities of the wanted labels."""
        labels = self.labels
        if labels is None:
            return record
        entities = tuple(entity for entity in record.entities if entity.label in labels)
        named = {entity.identity for entity in entities}
        return replace(
            record,
            review=replace(record.review, bulk=None),  # of all its items; of these it is not known
            entities=entities,
            identities=tuple(one for one in record.identities if one.id in named),
            rejected=tuple(
                item
                for item in record.rejected
                if not isinstance(item, Entity) or item.label in labels
            ),
        )

    def takes(self, record: Record) -> bool:
        """Whether the record meets the conditions on reviewer, time and outlet."""
        return (
            (self.reviewer is None or record.review.reviewer == self.reviewer)
            and (self.outlet is None or record.article.is_from(self.outlet))
            and (self.since is None or _is_since(record, self.since))
        )


ALL = RecordFilter()


def records(
    store: Store,
    *,
    scheme: SchemeId,
    wanted: RecordFilter = ALL,
    pending: bool = False,
    which: Which = Which.STANDING,
    damaged: Callable[[ArticleDamaged], None] | None = None,
) -> Iterator[Record]:
    """The wanted finished reviews as records, ordered by article id, reviewer and kind. By default,
    adjudications supersede the reviews that they are about.

    `pending` adds unreviewed articles with their suggestions. `damaged` is called for each
    unreadable article, which is omitted; without it, the first one raises an error.
    """
    since, outlet = wanted.since, wanted.outlet
    stories = store.stories.of_articles()
    finished = (
        record_of(store, opened, scheme, stories.get(opened.article.id))
        for opened in store.finished.reviews(
            reviewer=wanted.reviewer, since=since, outlet=outlet, damaged=damaged, which=which
        )
    )
    untouched = (
        _with_identities(
            store,
            replace(
                Record.unreviewed(article, items, scheme=scheme, pipeline=pipeline),
                story=stories.get(article.id),
            ),
        )
        for article, items, pipeline in (
            store.articles.unreviewed(since=since, outlet=outlet, damaged=damaged)
            if pending
            else ()
        )
    )
    merged = heapq.merge(finished, untouched, key=lambda record: record.article.id)
    for _, same in groupby(merged, key=lambda record: record.article.id):
        # Databases order names differently, but a dataset must have one order.
        for record in sorted(same, key=_by_reviewer):
            yield wanted.narrow(record)


def _by_reviewer(record: Record) -> tuple[str, str, datetime]:
    facts = record.review
    return facts.reviewer or "", facts.kind, facts.finished or datetime.min.replace(tzinfo=UTC)


def chosen(rows: Iterable[Record], wanted: RecordFilter) -> Iterator[Record]:
    """The records of `rows` that `wanted` selects, in the same order."""
    return (wanted.narrow(record) for record in rows if wanted.takes(record))


def records_of_file(path: Path) -> Iterator[Record]:
    """The records of a file in dataset order; raises RecordError for an invalid line.

    The lines of an exported file are in order already, which can be seen without parsing them.
    """
    return records_in(path) if _is_in_order(path) else in_order(records_in(path))


def in_order(rows: Iterable[Record]) -> Iterator[Record]:
    """The records ordered by article id, then reviewer.

    They are sorted on disk, so memory use stays constant.
    """
    with contextlib.ExitStack() as parts:
        # Only one run is in memory: a variable would keep each until the next is read.
        runs = [parts.enter_context(spool) for spool in map(_spooled, _runs(rows))]
        for _, _, line in heapq.merge(*map(_entries, runs)):
            yield record_of_line(line)


def record_of(
    store: Store, opened: OpenedReview, scheme: SchemeId, story: str | None = None
) -> Record:
    """The record of a finished review, with the identities of its entities as they are now; `story`
    is the id of the story of its article."""
    record = Record.of(
        opened.article,
        opened.review,
        scheme=scheme,
        pipeline=opened.pipeline,
        facts=facts_of(opened),
    )
    record = _with_identities(store, record, opened.review)
    if not opened.suggesters and story is None:
        return record
    return replace(record, suggesters=opened.suggesters, story=story)


def facts_of(opened: OpenedReview) -> ReviewFacts:
    """The facts of a review; of an imported one it is known only that it had no help."""
    known = opened.kind != "import" or not opened.assisted
    assisted: bool | None = opened.assisted
    if opened.comparison is not None:  # an adjudication has the help that the reviews had
        assisted = opened.comparison.beside.assisted
    return ReviewFacts.of(
        opened.review,
        started=opened.started,
        kind=opened.kind,
        assisted=assisted if known else None,
    )


def _with_identities(store: Store, record: Record, review: Review | None = None) -> Record:
    """The record with the identities that its entities name now, after merges and splits."""
    tied = {one.id: one.identity for one in record.entities if one.identity}
    if not tied:
        return record
    now = store.identities.held(filter(None, tied.values()))
    since = {} if review is None else tied_since(review, tied)
    entities = resolved(record.entities, now, since, record.article.text)
    return replace(record, entities=entities, identities=named_by(entities, now))


def _is_in_order(path: Path) -> bool:
    """Whether the lines of a file are in dataset order."""
    if not path.is_file():  # a pipe can be read only once
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
    """Sorted runs of entries (article, reviewer, line), each small enough for memory."""
    run: list[tuple[str, str, bytes]] = []
    size = 0
    for record in rows:
        # Copied, since the bytes from orjson keep a buffer of three times their size.
        line = bytes(memoryview(line_of(record)))
        run.append((record.article.id, record.review.reviewer or "", line))
        size += len(line)
        if size > _RUN:
            yield sorted(run)
            run, size = [], 0
    yield sorted(run)


def _spooled(run: list[tuple[str, str, bytes]]) -> IO[bytes]:
    """A temporary file of the entries, two lines each: key and record."""
    spool: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 # closed by the caller
    for article, reviewer, line in run:
        spool.write(orjson.dumps([article, reviewer]) + b"\n" + line)
    spool.seek(0)
    return spool


def _entries(spool: IO[bytes]) -> Iterator[tuple[str, str, bytes]]:
    for key in spool:
        article, reviewer = orjson.loads(key)
        yield article, reviewer, spool.readline()
