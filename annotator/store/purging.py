"""Removes an article with its reviews and decisions for good; a tombstone stays."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, exists, func, insert, or_, select, update

from annotator.core.arrival import PIPED
from annotator.core.journal.chain import Redaction
from annotator.core.memory.known import Form
from annotator.errors import ArticleNotFound
from annotator.store.identities.mention_cache import (
    forget_made,
    forget_mentions,
    unindex_forms,
)
from annotator.store.journal.chaining import entry_digest
from annotator.store.journal.protection import unlocked
from annotator.store.reviewing.form_index import forget_sets
from annotator.store.reviewing.remembering import forget_reviews, recount
from annotator.store.reviewing.review_cache import ReviewCache
from annotator.store.reviewing.second_opinions import forget_opinions
from annotator.store.searching.text_index import MERGE, forget_text
from annotator.store.sql import columns as t
from annotator.store.sql.damage import readable
from annotator.store.sql.database import BUSY_SECONDS, Database, chunks
from annotator.store.stories.purged_stories import forget_in_stories
from annotator.store.stories.story_cache import rebuild_stories
from annotator.store.tombstones import HINT
from annotator.store.values import ArticleContents, Tombstone

_LISTED = 5


class Purge:
    """Removes articles for good."""

    def __init__(self, database: Database, cache: ReviewCache) -> None:
        self.database = database
        self.cache = cache

    def contents(self, article_id: str) -> ArticleContents | None:
        """What a purge would remove; None if the article is not in the store."""
        with self.database.reading() as connection:
            return _contents(connection, article_id)

    def tombstone(self, article_id: str) -> Tombstone | None:
        """The tombstone of a purged article; None if it was not purged."""
        with self.database.reading() as connection:
            return _tombstone(connection, article_id)

    def article(self, article_id: str, *, by: str, now: datetime) -> Tombstone:
        """Remove an article with its suggestions, reviews and decisions, and return its tombstone.

        The rows are removed in one transaction; `erase` clears their traces in the files. For an
        article purged before, its tombstone is returned. Raises ArticleNotFound for an unknown one.
        """
        with self.database.writing(lock="intake") as connection:
            before = _tombstone(connection, article_id)
            contents = _contents(connection, article_id)
            if contents is None:
                if before is None:
                    raise ArticleNotFound(f"No article has the id {article_id[:12]}.")
                return before
            counts = contents.counts()
            forms, redacted = _remove(connection, article_id, now=now, by=by)
            tombstone = Tombstone(article_id, now, by, counts)
            values = {"article_id": article_id, "at": now, "by": by, "counts": counts}
            values["redacted"] = [asdict(one) for one in redacted] or None
            connection.execute(insert(t.stone).values(values))
            recount(connection, forms)
        self.cache.clear()
        return tombstone

    def erase(self, *, patience: float = BUSY_SECONDS) -> str | None:
        """Overwrite traces of removed rows in the database files; returns None, or why it was not
        done.

        On SQLite the file is rewritten, which takes as long as copying it and blocks other writers;
        it waits for readers `patience` seconds at most. On PostgreSQL the server reuses the space
        later.
        """
        if self.database.file is None:
            return "the server keeps removed rows until it has run VACUUM FULL"
        return _rewrite(self.database.file, patience)


def _contents(connection: Connection, article_id: str) -> ArticleContents | None:
    a, r = t.article.c, t.review.c
    if connection.execute(select(a.id).where(a.id == article_id)).first() is None:
        return None

    def count(table: Any, condition: Any) -> int:
        return connection.execute(
            select(func.count()).select_from(table).where(condition)
        ).scalar_one()

    reviews = connection.execute(
        select(r.id, r.reviewer).where(r.article_id == article_id).order_by(r.reviewer)
    ).fetchall()
    ids = [review.id for review in reviews]
    path = t.source_article.c.path
    links = select(path).where(
        t.source_article.c.article_id == article_id, ~path.startswith(PIPED, autoescape=True)
    )
    return ArticleContents(
        title=readable(connection, article_id, a.title) or _file_name(connection, article_id),
        reviewers=tuple(review.reviewer for review in reviews),
        decisions=count(t.decision, t.decision.c.review_id.in_(ids)),
        suggestion_sets=count(t.suggestion_set, t.suggestion_set.c.article_id == article_id),
        files=tuple(sorted(connection.execute(links).scalars())),
    )


def _file_name(connection: Connection, article_id: str) -> str | None:
    """The name of the file that an article came from; None if it is damaged."""
    origin = readable(connection, article_id, t.article.c.origin)
    name = origin.get("name") if isinstance(origin, dict) else None
    return name if isinstance(name, str) else None


def _tombstone(connection: Connection, article_id: str) -> Tombstone | None:
    row = connection.execute(select(t.stone).where(t.stone.c.article_id == article_id)).first()
    return None if row is None else Tombstone(row.article_id, row.at, row.by, row.counts)


def _remove(
    connection: Connection, article_id: str, *, now: datetime, by: str
) -> tuple[set[Form], list[Redaction]]:
    """Remove an article's rows; returns the forms whose statistics change, and the entries of
    logs that were removed or changed."""
    reviews = select(t.review.c.id).where(t.review.c.article_id == article_id)
    carried, alike = t.carried.c, t.likeness.c
    forms = forget_reviews(connection, article_id)
    connection.execute(
        delete(t.carried).where(
            or_(carried.review_id.in_(reviews), carried.from_review_id.in_(reviews))
        )
    )
    names = forget_mentions(connection, article_id)
    made = forget_made(connection, article_id)
    with unlocked(connection, t.decision, "delete"):
        connection.execute(delete(t.decision).where(t.decision.c.review_id.in_(reviews)))
    redacted = _remove_identities(connection, made)
    unindex_forms(connection, names)
    connection.execute(delete(t.review).where(t.review.c.article_id == article_id))
    connection.execute(
        delete(t.likeness).where(or_(alike.article_id == article_id, alike.other_id == article_id))
    )
    forget_sets(connection, article_id)
    forget_text(connection, article_id)
    forget_opinions(connection, article_id)
    redacted += forget_in_stories(connection, article_id)
    for table in (t.suggestion_set, t.shingle_band, t.assignment, t.check_gold):
        connection.execute(delete(table).where(table.c.article_id == article_id))
    _unlink_files(connection, article_id, now=now, by=by)
    c = t.article.c
    before = connection.execute(select(c.supersedes).where(c.id == article_id)).scalar()
    # Link its revision to its predecessor, so that decisions can still be carried over.
    connection.execute(
        update(t.article).where(c.supersedes == article_id).values(supersedes=before)
    )
    connection.execute(delete(t.article).where(c.id == article_id))
    rebuild_stories(connection)
    return forms, redacted


def _unlink_files(connection: Connection, article_id: str, *, now: datetime, by: str) -> None:
    """Reject files that held only this article, with the reason."""
    link, file = t.source_article.c, t.source.c
    paths = connection.execute(select(link.path).where(link.article_id == article_id)).scalars()
    held = list(dict.fromkeys(paths))
    connection.execute(delete(t.source_article).where(link.article_id == article_id))
    still = exists().where(link.path == file.path)
    reason = f"This article was purged on {now:%Y-%m-%d} by {by}."
    for path in held:
        connection.execute(
            update(t.source)
            .where(file.path == path, ~still, file.reason.is_(None))
            .values(reason=reason, hint=HINT)
        )


def _remove_identities(connection: Connection, groups: Collection[str]) -> list[Redaction]:
    """Remove the decisions of these groups on identities, and their undoing, from the log."""
    log, c = t.identity_decision, t.identity_decision.c
    redacted: list[Redaction] = []
    with unlocked(connection, log, "delete"):
        for some in chunks(sorted(groups)):
            theirs = or_(c.group.in_(some), c.target.in_(some))
            for row in connection.execute(select(log).where(theirs)):
                digest = entry_digest(log.name, row._asdict())
                redacted.append(Redaction(log.name, row.number, digest))
            connection.execute(delete(log).where(theirs))
    return redacted


def _rewrite(file: Path, patience: float) -> str | None:
    connection = sqlite3.connect(str(file), timeout=BUSY_SECONDS, isolation_level=None)
    try:
        connection.execute(MERGE)
        connection.execute("VACUUM")
        connection.execute("PRAGMA busy_timeout = 0")
        until = time.monotonic() + patience
        while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if time.monotonic() > until:
                return "a reader prevents clearing the write-ahead log"
            time.sleep(0.05)
    except sqlite3.Error as error:
        return f"the database could not be rewritten ({error})"
    finally:
        connection.close()
    return None
