"""What holds of stories, kept in tables beside their log, so that nothing that reads stories folds
the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select

from annotator.core.across.story_log import Pair, Stories, Story, StoryKind
from annotator.store.sql import columns as t
from annotator.store.sql.database import chunks
from annotator.store.stories.story_places import keep_places
from annotator.store.stories.story_rows import read_story_log

CACHES = (t.story, t.story_article, t.story_apart)
MADE_LAST_FIRST = (t.story.c.at.desc(), t.story.c.number.desc())


@dataclass(frozen=True)
class HeldStories:
    """What holds of some stories and articles, with the time and the number of the decision that
    made each story."""

    stories: Stories = field(default_factory=Stories)
    made: Mapping[str, tuple[datetime, int]] = field(default_factory=dict)


def all_held(connection: Connection) -> HeldStories:
    """What holds of all stories."""
    c = t.story_apart.c
    rows = connection.execute(select(t.story)).fetchall()
    apart = frozenset(map(frozenset, connection.execute(select(c.one, c.other))))
    return _held(rows, apart)


def held_of(
    connection: Connection, articles: Iterable[str], stories: Iterable[str] = ()
) -> HeldStories:
    """What holds of these articles and stories, and of the stories that have these articles."""
    own = sorted(set(articles))
    p, a = t.story_article.c, t.story_apart.c
    named, apart = set(stories), set[Pair]()
    for some in chunks(own):
        places = select(p.story).where(p.article.in_(some))
        named |= set(connection.execute(places).scalars())
        pairs = select(a.one, a.other).where(or_(a.one.in_(some), a.other.in_(some)))
        apart |= set(map(frozenset, connection.execute(pairs)))
    rows: list[Row[Any]] = []
    for some in chunks(sorted(named)):
        rows += connection.execute(select(t.story).where(t.story.c.id.in_(some)))
    return _held(rows, frozenset(apart))


def story_from_row(row: Row[Any]) -> Story:
    """The story in a row of `story`."""
    return Story(row.id, row.title, tuple(row.articles))


def keep(connection: Connection, before: HeldStories, after: HeldStories) -> None:
    """Write what holds after decisions, where it is not what was held before."""
    was, now = _rows_of(before), _rows_of(after)
    changed = sorted(id for id in was.keys() | now.keys() if was.get(id) != now.get(id))
    for some in chunks(changed):
        connection.execute(delete(t.story).where(t.story.c.id.in_(some)))
    if rows := [now[id] for id in changed if id in now]:
        connection.execute(insert(t.story), rows)
    _keep_articles(connection, before.stories.of_article, after.stories.of_article)
    _keep_apart(connection, before.stories.taken_apart, after.stories.taken_apart)
    keep_places(connection, before.stories, after.stories)


def rebuild_stories(connection: Connection) -> None:
    """Fold the whole log, and write what is not held so."""
    log, numbers = read_story_log(connection)
    made: dict[str, tuple[datetime, int]] = {}
    for one in log.standing:
        if one.kind is StoryKind.CREATE:
            made.setdefault(one.target, (one.at, numbers[one.id]))
    keep(connection, all_held(connection), HeldStories(Stories.of(log), made))


def _held(rows: Sequence[Row[Any]], apart: frozenset[Pair]) -> HeldStories:
    made = {row.id: (row.at, row.number) for row in rows}
    named = {row.id: story_from_row(row) for row in sorted(rows, key=lambda row: made[row.id])}
    of_article = {article: row.id for row in rows for article in row.articles}
    return HeldStories(Stories(named, of_article, apart), made)


def _rows_of(held: HeldStories) -> dict[str, dict[str, Any]]:
    return {
        id: {
            "id": id,
            "title": one.title,
            "at": held.made[id][0],
            "number": held.made[id][1],
            "size": len(one.articles),
            "articles": list(one.articles),
        }
        for id, one in held.stories.named.items()
    }


def _keep_articles(connection: Connection, was: Mapping[str, str], now: Mapping[str, str]) -> None:
    c = t.story_article.c
    moved = sorted(one for one in {*was, *now} if was.get(one) != now.get(one))
    for some in chunks(moved):
        connection.execute(delete(t.story_article).where(c.article.in_(some)))
    if rows := [{"article": one, "story": now[one]} for one in moved if one in now]:
        connection.execute(insert(t.story_article), rows)


def _keep_apart(connection: Connection, was: frozenset[Pair], now: frozenset[Pair]) -> None:
    c = t.story_apart.c
    for one, other in sorted(map(sorted, was - now)):
        connection.execute(delete(t.story_apart).where(c.one == one, c.other == other))
    if rows := [{"one": one, "other": other} for one, other in sorted(map(sorted, now - was))]:
        connection.execute(insert(t.story_apart), rows)
