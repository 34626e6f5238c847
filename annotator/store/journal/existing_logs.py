"""Chains the logs of a store that was made before the journal had chains."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Table, bindparam, func, select, update

from annotator.core.journal.chain import Opening, linked
from annotator.errors import ArticleDamaged
from annotator.store.journal.chaining import (
    LOG_FIELDS,
    decision_digest,
    entry_digest,
    keep_head,
    log_start,
    opening_value,
    suggestions_digest,
)
from annotator.store.journal.protection import SHARED_LOGS, unlocked
from annotator.store.sql import columns as t
from annotator.store.sql.damage import of_article

_log = logging.getLogger(__name__)
_AT_ONCE = 200
_NUMBERED: BindParameter[int] = bindparam("of")


def chain_everything(
    connection: Connection, progress: Callable[[int, int], None] | None = None
) -> None:
    """Chain all logs; `progress` is called with (done, total) reviews.

    One review is in memory at a time. A damaged one stays without chain values, and is left to
    `verify`.
    """
    for log in SHARED_LOGS:
        _chain_log(connection, log)
    total = connection.execute(select(func.count()).select_from(t.review)).scalar_one()
    c, done, last = t.review.c, 0, 0
    with unlocked(connection, t.decision, "update"):
        while True:
            wanted = select(t.review).where(c.id > last).order_by(c.id).limit(_AT_ONCE)
            rows = connection.execute(wanted).fetchall()
            if not rows:
                return
            for row in rows:
                _chain_review(connection, row)
            done, last = done + len(rows), rows[-1].id
            if progress is not None:
                progress(done, total)


def _chain_review(connection: Connection, row: Row[Any]) -> None:
    try:
        with of_article(row.article_id):
            opening = opening_of(connection, row)
            chained = _chained(connection, row, opening)
    except ArticleDamaged as error:
        _log.warning("%s It has no chain values.", error.message)
        return
    if chained:
        connection.execute(_CHAIN, chained)
    head = chained[-1]["now"] if chained else opening
    values = {"opening": opening, "chain": head}
    connection.execute(update(t.review).where(t.review.c.id == row.id).values(values))


def opening_of(connection: Connection, row: Row[Any]) -> str:
    """The chain value with which a review begins, by what is stored of its opening."""
    sets = select(t.suggestion_set).where(t.suggestion_set.c.id == row.suggestion_set_id)
    pinned = connection.execute(sets).first()
    digest = None if pinned is None else suggestions_digest(pinned)
    return opening_value(
        Opening(row.article_id, row.reviewer, row.kind, row.opened_at, digest, row.assisted)
    )


def _chained(connection: Connection, review: Row[Any], head: str) -> list[dict[str, Any]]:
    """The numbers of a review's decisions, with their chain values."""
    c = t.decision.c
    rows = connection.execute(select(t.decision).where(c.review_id == review.id).order_by(c.seq))
    chained = []
    for row in rows.fetchall():
        digest = decision_digest(row._asdict(), review.article_id, review.reviewer)
        head = linked(head, digest)
        chained.append({"of": row.number, "now": head})
    return chained


def _chain_log(connection: Connection, log: Table) -> None:
    assert log.name in LOG_FIELDS
    head, c, last = log_start(log.name), log.c, 0
    change = update(log).where(c.number == _NUMBERED).values(chain=bindparam("now"))
    with unlocked(connection, log, "update"):
        while True:
            wanted = select(log).where(c.number > last).order_by(c.number).limit(_AT_ONCE)
            rows = connection.execute(wanted).fetchall()
            if not rows:
                break
            chained = []
            for row in rows:
                head = linked(head, entry_digest(log.name, row._asdict()))
                chained.append({"of": row.number, "now": head})
            connection.execute(change, chained)
            last = rows[-1].number
    if last:
        keep_head(connection, log, last, head, is_new=True)


# Built once: building a statement takes longer than executing it.
_CHAIN = update(t.decision).where(t.decision.c.number == _NUMBERED).values(chain=bindparam("now"))
