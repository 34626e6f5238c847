"""The open items of rows of the queue without the folded ones, where a setting folds claims."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from annotator.core.annotations import Claim, Item
from annotator.core.folds import Fold
from annotator.core.reviewing.preview_counts import standing_in
from annotator.errors import ArticleDamaged
from annotator.store.listing.article_previews import suggested
from annotator.store.queue_values import QueueRow
from annotator.store.reviewing.stored_review import read_review
from annotator.store.sql import columns as t
from annotator.store.sql.damage import of_article
from annotator.store.values import ADJUDICATION


def without_folded(
    connection: Connection, rows: Sequence[QueueRow], below: float
) -> tuple[QueueRow, ...]:
    """The rows, where the open claims that are folded count neither as open nor in all: finishing
    leaves them out. Only rows with open items and claims are read again."""
    fold = Fold(below)
    return tuple(
        row if not (row.open and row.claims) else _without(row, _folded(connection, row, fold))
        for row in rows
    )


def _without(row: QueueRow, folded: int) -> QueueRow:
    return replace(row, open=max(0, row.open - folded), total=max(0, row.total - folded))


def _folded(connection: Connection, row: QueueRow, fold: Fold) -> int:
    """The number of folded claims in a review that a row is of, or else in suggestions."""
    try:
        with of_article(row.id):
            return sum(
                is_open and isinstance(item, Claim) and fold.takes(item)
                for item, is_open in _items(connection, row)
            )
    except ArticleDamaged:
        return 0  # its row says so


def _items(connection: Connection, row: QueueRow) -> Iterable[tuple[Item, bool]]:
    r = t.review.c
    wanted = select(t.review).where(
        r.article_id == row.id, r.reviewer == row.reviewer, r.kind != ADJUDICATION
    )
    review = None if row.reviewer is None else connection.execute(wanted).first()
    if review is None:
        return ((item, True) for item in suggested(connection, row.id))
    stored = read_review(connection, review, before=False)
    return () if stored.is_hidden else standing_in(stored.review())
