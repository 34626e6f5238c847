"""Takes a purged article out of the log of decisions on stories."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select, update

from annotator.core.journal.chain import Redaction
from annotator.store.journal.chaining import entry_digest
from annotator.store.journal.protection import unlocked
from annotator.store.sql import columns as t

UNTITLED = "(purged)"
"""The title of a story that had the headline of a purged article."""


def forget_in_stories(connection: Connection, article_id: str) -> list[Redaction]:
    """Remove the id of an article from the decisions on stories, and its title where a story was
    named after it; returns what was changed."""
    c, article = t.story_decision.c, t.article.c
    title = connection.execute(select(article.title).where(article.id == article_id)).scalar()
    headline = " ".join((title or "").split())
    log, redacted = t.story_decision, []
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


def _without(told: dict[str, Any] | None, article_id: str, headline: str) -> dict[str, Any] | None:
    if told is None:
        return None
    now = dict(told)
    if "articles" in now:
        now["articles"] = [id for id in now["articles"] if id != article_id]
    if headline and now.get("title") and headline.startswith(now["title"]):
        now["title"] = UNTITLED
    return now
