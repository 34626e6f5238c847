"""Takes a purged article out of the log of decisions on stories."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, select, text, update

from annotator.store.sql import columns as t

UNTITLED = "(purged)"
"""The title of a story that had the headline of a purged article."""


def forget_in_stories(connection: Connection, article_id: str) -> None:
    """Remove the id of an article from the decisions on stories, and its title where a story was
    named after it."""
    c, article = t.story_decision.c, t.article.c
    title = connection.execute(select(article.title).where(article.id == article_id)).scalar()
    headline = " ".join((title or "").split())
    with _unlocked(connection):
        for row in connection.execute(select(c.number, c.target, c.before, c.after)).fetchall():
            was = {"target": row.target, "before": row.before, "after": row.after}
            now = {
                "target": "" if row.target == article_id else row.target,
                "before": _without(row.before, article_id, headline),
                "after": _without(row.after, article_id, headline),
            }
            if now != was:
                connection.execute(
                    update(t.story_decision).where(c.number == row.number).values(now)
                )


def _without(told: dict[str, Any] | None, article_id: str, headline: str) -> dict[str, Any] | None:
    if told is None:
        return None
    now = dict(told)
    if "articles" in now:
        now["articles"] = [id for id in now["articles"] if id != article_id]
    if headline and now.get("title") and headline.startswith(now["title"]):
        now["title"] = UNTITLED
    return now


@contextmanager
def _unlocked(connection: Connection) -> Iterator[None]:
    """Allow changing the log within this transaction only."""
    if connection.dialect.name != "sqlite":
        connection.execute(
            text("ALTER TABLE story_decision DISABLE TRIGGER story_decision_no_change")
        )
        yield
        connection.execute(
            text("ALTER TABLE story_decision ENABLE TRIGGER story_decision_no_change")
        )
        return
    made_by = connection.execute(
        text("SELECT sql FROM sqlite_master WHERE name = 'story_decision_no_update'")
    ).scalar_one()
    connection.execute(text("DROP TRIGGER story_decision_no_update"))
    yield
    connection.exec_driver_sql(made_by)
