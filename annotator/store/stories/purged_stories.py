"""Takes a purged article out of the log of decisions on stories."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select, update

from annotator.core.journal.chain import Redaction
from annotator.store.journal.chaining import entry_digest
from annotator.store.journal.protection import unlocked
from annotator.store.sql import columns as t
from annotator.store.sql.damage import readable
from annotator.store.sql.database import take_lock

UNTITLED = "(purged)"
"""The title of a story that had the headline of a purged article."""


def forget_in_stories(connection: Connection, article_id: str) -> list[Redaction]:
    """Remove the id of an article from the decisions on stories, and its title where a story was
    named after it; returns what was changed.

    If its title is damaged, all stories that were made with it may have been.
    """
    c, article = t.story_decision.c, t.article.c
    has_title = select(article.title.is_not(None)).where(article.id == article_id)
    title = readable(connection, article_id, article.title)
    is_damaged = title is None and bool(connection.execute(has_title).scalar())
    headline = None if is_damaged else " ".join((title or "").split())
    log, redacted = t.story_decision, []
    take_lock(connection, "stories")
    with unlocked(connection, log, "update"):
        for row in connection.execute(select(log)).fetchall():
            was = {"target": row.target, "before": row.before, "after": row.after}
            now = {
                "target": "" if row.target == article_id else row.target,
                "before": _without(row.before, article_id, headline),
                "after": _without(row.after, article_id, headline),
            }
            if now != was:
                connection.execute(update(log).where(c.number == row.number).values(now))
                digests = (entry_digest(log.name, row._asdict() | these) for these in (was, now))
                redacted.append(Redaction(log.name, row.number, *digests))
    return redacted


def _without(
    told: dict[str, Any] | None, article_id: str, headline: str | None
) -> dict[str, Any] | None:
    """What a decision holds, without an article and its headline; None if that is unknown."""
    if told is None:
        return None
    now = dict(told)
    if "articles" in now:
        now["articles"] = [id for id in now["articles"] if id != article_id]
    if headline is None:
        is_named_after = now.get("articles") != told.get("articles")
    else:
        title = now.get("title")
        is_named_after = bool(headline and title and headline.startswith(title))
    if is_named_after and "title" in now:
        now["title"] = UNTITLED
    return now
