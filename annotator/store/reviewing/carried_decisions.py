"""Carries decisions over when a revision is opened, and keeps the outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import repeat
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, delete, insert, select, update

from annotator.core.decisions import DecisionGroup, to_decisions
from annotator.core.records.codec import item_from_dict, item_to_dict
from annotator.core.reviewing.projection import GROUP, Carried, carry_over, reason_from
from annotator.store.identities.mention_cache import keep_mentions
from annotator.store.journal.chaining import put_decisions
from annotator.store.reviewing.stored_review import StoredReview, read_review
from annotator.store.sql import columns as t
from annotator.store.sql.row_mapping import review_to_cache
from annotator.store.values import ADJUDICATION


def carry_into(
    connection: Connection, read: StoredReview, *, now: datetime, only_own: bool
) -> tuple[Carried, ...]:
    """Carry decisions on the nearest earlier text over into a review without decisions.

    These are the reviewer's own; without a review of theirs, unless `only_own`, those of the review
    finished last or opened last. Stored as one group.
    """
    source = _reviewed_before(connection, read.row, only_own=only_own)
    if source is None:
        return ()
    before, review = read_review(connection, source), read.review()
    if before.is_hidden:
        return ()
    new_text, text = read.article.text, before.article.text
    done = carry_over(text, before.review(), new_text, review.suggestions, _new_id)
    made = to_decisions(
        done.changes,
        DecisionGroup(
            id=f"{GROUP}{uuid4()}",
            article=review.article,
            reviewer=review.reviewer,
            at=now,
            first_seq=1,
        ),
        ids=(_new_id() for _ in repeat(None)),
    )
    if made:
        head = put_decisions(connection, read.row, made, new_text)
        after = review.decide(*made)
        cached = review_to_cache(after) | {"chain": head}
        connection.execute(update(t.review).where(t.review.c.id == read.row.id).values(cached))
        keep_mentions(connection, read.row, review, after, new_text)
    if done.items:
        connection.execute(
            insert(t.carried),
            [
                {
                    "review_id": read.row.id,
                    "from_review_id": source.id,
                    "item": item_to_dict(one.item, text),
                    "carried_to": one.to,
                    "reason": one.reason,
                }
                for one in done.items
            ],
        )
    return done.items


def forget_carried(connection: Connection, review_id: int) -> None:
    """Remove the outcomes of a review without decisions."""
    connection.execute(delete(t.carried).where(t.carried.c.review_id == review_id))


def _reviewed_before(connection: Connection, row: Row[Any], *, only_own: bool) -> Row[Any] | None:
    """The review of the nearest earlier text to carry decisions over from."""
    c = t.review.c
    for article_id in earlier_texts(connection, row.article_id):
        wanted = select(t.review).where(
            c.article_id == article_id, c.last_seq > 0, c.kind != ADJUDICATION
        )
        if only_own:
            wanted = wanted.where(c.reviewer == row.reviewer)
        found: Sequence[Row[Any]] = connection.execute(wanted).fetchall()
        if found:
            return max(found, key=lambda one: _rank(one, row.reviewer))
    return None


def _rank(review: Row[Any], reviewer: str) -> tuple[bool, bool, datetime]:
    finished: datetime | None = review.finished_at
    return review.reviewer == reviewer, finished is not None, finished or review.opened_at


def earlier_texts(connection: Connection, article_id: str) -> Iterator[str]:
    """Earlier texts of the article, the nearest first."""
    c = t.article.c
    seen: set[str] = set()
    before: str | None = article_id
    while before is not None and before not in seen:
        seen.add(before)
        before = connection.execute(select(c.supersedes).where(c.id == before)).scalar()
        if before is not None:
            yield before


def carried_from_row(row: Row[Any]) -> Carried:
    """The outcome for one decision in a row."""
    pieces = row.item.get("content") or [row.item]
    return Carried(
        item_from_dict(row.item, where="carried"),
        " … ".join(piece["text"] for piece in pieces),
        row.carried_to,
        reason_from(row.reason) if row.reason else None,
    )


def _new_id() -> str:
    return str(uuid4())
