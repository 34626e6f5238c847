"""Checks: articles with a known answer (gold), slipped in among the others.

To a reviewer a check is an article like any other until it is finished. `article.draw` is negative
for it; its gold lies in a table of its own, which roles of reviewers cannot read before.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from annotator.core.assignment import DRAW_OF_A_CHECK, check_block, check_place
from annotator.core.check_outcome import CheckOutcome, check_outcome
from annotator.core.record import Record, record_from_dict
from annotator.store.listing.check_slots import are_checks
from annotator.store.listing.queue_view import is_check
from annotator.store.reviewing.stored_review import StoredReview, read_review
from annotator.store.searching.text_index import index_texts
from annotator.store.sql import columns as t
from annotator.store.sql.database import Database, chunks
from annotator.store.sql.notices import notify
from annotator.store.sql.paging import in_pages
from annotator.store.sql.row_mapping import article_to_row
from annotator.store.tombstones import why_purged
from annotator.store.values import REVIEW, Stage

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SlippedIn:
    """What came of gold: `added` are new checks, `later` those that come when there are more
    articles, `ordinary` those that are articles of this store already, or were purged: they stay
    what they are."""

    added: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    ordinary: tuple[str, ...] = ()


class GoldChecks:
    """Slips checks in, and says how reviewers did on them."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def is_room_for_more(self, share: float, *, as_reviewed: bool = False) -> bool:
        """Whether `slip_in` would store further checks, if there is gold for them."""
        with self.database.reading() as connection:
            return _room(connection, share, as_reviewed=as_reviewed) > 0

    def slip_in(
        self, gold: Sequence[Record], *, share: float, as_reviewed: bool = False
    ) -> SlippedIn:
        """Store gold as checks, at most `share` of the articles (but one at least), each at a place
        among them that its id decides. With `as_reviewed` no more than the reviewer who has
        finished most has begun blocks. Gold that has changed replaces what was stored."""
        with self.database.writing(lock="intake") as connection:
            by_id = {one.article.id: one for one in gold}
            draws = _draws(connection, list(by_id))
            purged = why_purged(connection, by_id)
            known = {id for id, draw in draws.items() if draw < 0}
            _replace_changed(connection, [by_id[id] for id in sorted(known)], self.database.now())
            ordinary = tuple(sorted((draws.keys() - known) | purged.keys()))
            new = sorted(by_id.keys() - draws.keys() - purged.keys())
            room = max(0, _room(connection, share, as_reviewed=as_reviewed))
            for id in new[:room]:
                _put(connection, by_id[id], self.database.now())
            if new[:room]:
                notify(connection)
        return SlippedIn(tuple(new[:room]), tuple(new[room:]), ordinary)

    def count(self) -> int:
        """The number of checks."""
        with self.database.reading() as connection:
            return _count(connection)

    def outcome(self, article_id: str, reviewer: str) -> CheckOutcome | None:
        """How a reviewer did on an article; None if it is no check or was never finished."""
        with self.database.reading() as connection:
            wanted = select(t.check_gold.c.record).where(t.check_gold.c.article_id == article_id)
            record = connection.execute(wanted).scalar()
            if record is None:
                return None
            r = t.review.c
            own = select(t.review).where(
                r.article_id == article_id, r.reviewer == reviewer, r.kind == REVIEW
            )
            row = connection.execute(own).first()
            read = None if row is None else read_review(connection, row, before=False)
        return None if read is None else _outcome(read, record)

    def outcomes(self, reviewer: str | None = None) -> Iterator[CheckOutcome]:
        """How reviewers, or one of them, did on all checks that they have finished, ordered by
        article and reviewer; without what this role of the database may not read."""
        r, gold = t.review.c, t.check_gold.c
        ids = select(r.id).join(t.check_gold, gold.article_id == r.article_id)
        ids = ids.where(r.kind == REVIEW, r.last_seq > 0)
        if reviewer is not None:
            ids = ids.where(r.reviewer == reviewer)
        ids = ids.order_by(r.article_id, r.reviewer)
        for some in in_pages(self.database, ids, 20):
            for read, record in self._read(some):
                found = _outcome(read, record)
                if found is not None:
                    yield found

    def _read(self, ids: Sequence[int]) -> list[tuple[StoredReview, Plain]]:
        r, gold = t.review.c, t.check_gold.c
        wanted = select(t.review).where(r.id.in_(ids)).order_by(r.article_id, r.reviewer)
        with self.database.reading() as connection:
            rows = connection.execute(wanted).fetchall()
            named = [row.article_id for row in rows]
            records = select(gold.article_id, gold.record).where(gold.article_id.in_(named))
            said: Mapping[str, Plain] = dict(connection.execute(records).all())
            return [
                (read_review(connection, row, before=False), said[row.article_id])
                for row in rows
                if row.article_id in said
            ]

    def among(self, articles: Sequence[str]) -> frozenset[str]:
        """Those of these articles that are checks."""
        with self.database.reading() as connection:
            return are_checks(connection, articles)

    def along(self, reviewer: str, articles: Sequence[str], *, share: float) -> list[str]:
        """So many articles to be reviewed by one reviewer, at once and elsewhere: in each block one
        of them is replaced by a check that they have not begun, as long as there are any."""
        if share <= 0:
            return list(articles)
        size, found = check_block(share), list(articles)
        with self.database.reading() as connection:
            left = _not_begun(connection, reviewer)
        for block, start in enumerate(range(0, len(found), size)):
            place = start + check_place(reviewer, block, size)
            if place < len(found) and left:
                found[place] = left.pop(0)
        return found


def _outcome(read: StoredReview, record: Plain) -> CheckOutcome | None:
    if read.is_hidden:
        return None
    opened = read.opened()
    return check_outcome(opened.article, opened.review, record_from_dict(record))


def _count(connection: Connection) -> int:
    checks = select(func.count()).select_from(t.article).where(is_check())
    return int(connection.execute(checks).scalar_one())


def _room(connection: Connection, share: float, *, as_reviewed: bool) -> int:
    """How many more checks the articles of the store have room for, or its reviewers use."""
    # Articles are numbered by arrival; the few that were purged do not matter here.
    numbered = connection.execute(select(func.max(t.article.c.number))).scalar() or 0
    checks = _count(connection)
    room = math.ceil((numbered - checks) * share)
    if as_reviewed and room > checks:
        room = min(room, _most_finished(connection) // check_block(share) + 1)
    return room - checks


def _most_finished(connection: Connection) -> int:
    """How many reviews the reviewer has finished who has finished most."""
    r = t.review.c
    each = select(func.count().label("done")).where(r.finished_at.is_not(None), r.kind == REVIEW)
    most = select(func.max(each.group_by(r.reviewer).subquery().c.done))
    return int(connection.execute(most).scalar() or 0)


def _draws(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """The draws of those of these articles that are stored."""
    c = t.article.c
    found: dict[str, int] = {}
    for some in chunks(ids):
        rows = connection.execute(select(c.id, c.draw).where(c.id.in_(some)))
        found |= {id: int(draw) for id, draw in rows}
    return found


def _replace_changed(connection: Connection, gold: Sequence[Record], now: datetime) -> None:
    c = t.check_gold.c
    for one in gold:
        stored = select(c.record).where(c.article_id == one.article.id)
        plain = one.to_dict()
        if connection.execute(stored).scalar() != plain:
            changed = update(t.check_gold).where(c.article_id == one.article.id)
            connection.execute(changed.values(record=plain, at=now))


def _put(connection: Connection, gold: Record, now: datetime) -> None:
    """Store a check beside another article, as if it had come in with that one."""
    c = t.article.c
    last = connection.execute(select(func.max(c.number))).scalar() or 0
    chosen = int(gold.article.id[:12], 16) % max(1, last) + 1
    beside = connection.execute(
        select(c.place, c.received)
        .where(c.number >= chosen, c.draw >= 0)
        .order_by(c.number)
        .limit(1)
    ).first()
    row = article_to_row(gold.article) | {
        "number": last + 1,
        "place": last + 1 if beside is None else beside.place,
        "stage": Stage.WAITING.value,
        "received": now if beside is None else beside.received,
        "supersedes": None,
        # No later text of its page shall replace it.
        "url": None,
        "draw": DRAW_OF_A_CHECK,
    }
    connection.execute(insert(t.article), [row])
    index_texts(connection, [row])
    values = {"article_id": gold.article.id, "at": now, "record": gold.to_dict()}
    connection.execute(insert(t.check_gold).values(values))


def _not_begun(connection: Connection, reviewer: str) -> list[str]:
    """The checks that a reviewer has not begun, in an order that their ids decide."""
    a, r = t.article.c, t.review.c
    mine = select(r.article_id).where(r.reviewer == reviewer)
    wanted = select(a.id).where(is_check(), a.stage == Stage.READY.value, a.id.not_in(mine))
    return list(connection.execute(wanted.order_by(a.id)).scalars())
