"""Stories in the store: what people decided on them, their articles, what is proposed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, or_, select, tuple_

from annotator.core.across.shared_log import SharedLog
from annotator.core.across.story_log import Stories, Story, StoryDecision
from annotator.errors import StoreError
from annotator.store.reviewing.sight import Sight
from annotator.store.sql import columns as t
from annotator.store.sql.damage import Told
from annotator.store.sql.database import Database, chunks
from annotator.store.stories.story_cache import (
    MADE_LAST_FIRST,
    all_held,
    held_of,
    story_from_row,
)
from annotator.store.stories.story_rows import read_story_log
from annotator.store.stories.story_writing import write_story_decisions
from annotator.store.values import Stage

if TYPE_CHECKING:
    from annotator.core.across.proposals import Annotated
    from annotator.core.across.propositions import DecidedTie
    from annotator.core.across.standing_ties import StoryArticle
    from annotator.core.across.story_window import ProposedStory

# What reads and compares articles is imported when it is used: compiling its patterns takes longer
# than opening the store, and the queue does without.

WINDOW = 100
"""The newest articles without a story among which stories are proposed, and the most articles of
known stories that they are compared with."""
_OF_EACH = 4


@dataclass(frozen=True)
class OpenedStory:
    """A story with its articles as one reviewer sees them."""

    story: Story
    articles: tuple[StoryArticle, ...]

    @property
    def annotated(self) -> tuple[Annotated, ...]:
        """The articles with the claims that are shown."""
        return tuple(one.shown for one in self.articles)

    @property
    def ties(self) -> tuple[DecidedTie, ...]:
        """The ties that people decided on."""
        from annotator.core.across.standing_ties import standing_ties

        return standing_ties(self.articles)

    def of(self, article: str) -> StoryArticle:
        """One of its articles."""
        return next(one for one in self.articles if one.id == article)


class StoryStore:
    """Stories, as they are kept beside the log of decisions on them."""

    def __init__(self, database: Database, sight: Sight) -> None:
        self.database, self.sight = database, sight

    # What holds

    def all(self) -> Stories:
        """All stories as they stand."""
        with self.database.reading() as connection:
            return all_held(connection).stories

    def held(self, articles: Iterable[str], stories: Iterable[str] = ()) -> Stories:
        """What holds of these articles and stories, and of the stories that have these articles."""
        with self.database.reading() as connection:
            return held_of(connection, articles, stories).stories

    def page(self, after: Story | None = None, *, limit: int) -> tuple[Story, ...]:
        """So many stories that have articles, the one made last first; those made before `after`,
        none if that one is gone."""
        c = t.story.c
        wanted = select(t.story).where(c.size > 0).order_by(*MADE_LAST_FIRST).limit(limit)
        with self.database.reading() as connection:
            if after is not None:
                made = select(c.at, c.number).where(c.id == after.id)
                last = connection.execute(made).first()
                if last is None:
                    return ()
                wanted = wanted.where(tuple_(c.at, c.number) < tuple_(last.at, last.number))
            return tuple(map(story_from_row, connection.execute(wanted)))

    def count(self) -> int:
        """How many stories have articles."""
        wanted = select(func.count()).select_from(t.story).where(t.story.c.size > 0)
        with self.database.reading() as connection:
            return connection.execute(wanted).scalar_one()

    def of_articles(self) -> Mapping[str, str]:
        """The id of the story of each article that is in one."""
        c = t.story_article.c
        with self.database.reading() as connection:
            rows = connection.execute(select(c.article, c.story))
            return {row.article: row.story for row in rows}

    def titles(self, articles: Iterable[str]) -> Mapping[str, str]:
        """The title of the story of each of these articles that is in one."""
        c, found = t.story_article.c, dict[str, str]()
        with self.database.reading() as connection:
            for some in chunks(articles):
                wanted = select(c.article, t.story.c.title).join(t.story, t.story.c.id == c.story)
                rows = connection.execute(wanted.where(c.article.in_(some)))
                found |= {row.article: row.title for row in rows}
        return found

    def log(self) -> SharedLog[StoryDecision]:
        """All decisions, and which of them stand."""
        with self.database.reading() as connection:
            return read_story_log(connection)[0]

    def named(self, prefix: str) -> Story:
        """The story with this id or unique prefix of one; raises StoreError."""
        found = self._begins(prefix)
        exact = [one for one in found if one.id == prefix]
        if len(exact or found) == 1:
            return (exact or found)[0]
        why = "Several stories have ids that begin with" if found else "No story has the id"
        raise StoreError(
            f"{why} {prefix!r:.80}.", hint="`annotator story` lists stories with their ids."
        )

    def meant(self, prefix: str, reviewer: str) -> Story:
        """The story with this id or unique prefix of one, or with an article of such an id; also a
        proposed one, which has the id of its first article. Raises StoreError."""
        if self._begins(prefix):
            return self.named(prefix)
        by_article = {one.id: one for one in self._with_article(prefix)}
        for one in () if by_article else self.proposed(reviewer):
            if one.into is None and any(id.startswith(prefix) for id in one.articles):
                by_article[one.id] = Story(one.id, one.title, one.articles)
        return next(iter(by_article.values())) if len(by_article) == 1 else self.named(prefix)

    def _begins(self, prefix: str) -> list[Story]:
        """The stories whose ids begin so; databases differ in whether case counts for them."""
        wanted = select(t.story).where(t.story.c.id.startswith(prefix, autoescape=True))
        with self.database.reading() as connection:
            found = map(story_from_row, connection.execute(wanted).fetchall())
            return [one for one in found if one.id.startswith(prefix)]

    def _with_article(self, prefix: str) -> list[Story]:
        c = t.story_article.c
        ids = select(c.story).where(c.article.startswith(prefix, autoescape=True))
        with self.database.reading() as connection:
            found = connection.execute(select(t.story).where(t.story.c.id.in_(ids)))
            return [story_from_row(row) for row in found]

    def names(self, ids: Iterable[str]) -> dict[str, str]:
        """The names of some articles, with their outlets where known; unknown ids are left out."""
        c = t.article.c
        found: dict[str, str] = {}
        with self.database.reading() as connection:
            for some in chunks(ids):
                rows = connection.execute(
                    select(c.id, c.listed_as, c.title, c.origin, c.outlet).where(c.id.in_(some))
                )
                for row in rows:
                    name = row.listed_as or row.title or row.origin.get("name") or row.id[:12]
                    found[row.id] = f"{row.outlet}: {name}" if row.outlet else name
        return found

    def open(self, story: Story, reviewer: str, *, damaged: Told | None = None) -> OpenedStory:
        """A story with its articles; `damaged` is called for unreadable ones, which are omitted."""
        from annotator.store.stories.story_articles import story_articles

        with self.database.reading() as connection:
            read = story_articles(connection, story.articles, reviewer, damaged, self.sight)
            return OpenedStory(story, tuple(read))

    # Decisions

    def append(self, decisions: Sequence[StoryDecision]) -> None:
        """Append decisions; durable when this returns. A repeated one is ignored.

        Raises ReviewError if one does not fit what holds; then nothing is stored.
        """
        with self.database.writing(lock="stories") as connection:
            write_story_decisions(connection, decisions)

    # Proposals

    def proposed(
        self, reviewer: str, *, before: int | None = None, damaged: Told | None = None
    ) -> tuple[ProposedStory, ...]:
        """Stories proposed among the newest articles without one (numbered below `before`), and
        articles proposed for known stories; the likeliest first. Nothing is stored."""
        from annotator.core.across.story_window import StoryWindow, stories_proposed
        from annotator.store.stories.story_articles import story_articles

        with self.database.reading() as connection:
            ids = [*_newest_free(connection, before), *_newest_known(connection)]
            stories = held_of(connection, ids).stories
            read = [*story_articles(connection, ids, reviewer, damaged, self.sight)]
            alike = _near_duplicates(connection, ids)
        return stories_proposed(StoryWindow([one.shown for one in read], stories, alike))


def _newest_free(connection: Connection, before: int | None) -> Sequence[str]:
    """The newest articles that are in no story."""
    c = t.article.c
    wanted = select(c.id).where(c.story_place.is_(None), c.stage == Stage.READY.value)
    if before is not None:
        wanted = wanted.where(c.number < before)
    return connection.execute(wanted.order_by(c.number.desc()).limit(WINDOW)).scalars().all()


def _newest_known(connection: Connection) -> list[str]:
    """A few articles of each of the stories made last."""
    wanted = select(t.story.c.articles).where(t.story.c.size > 0)
    made = connection.execute(wanted.order_by(*MADE_LAST_FIRST).limit(WINDOW)).scalars()
    known = [id for articles in made for id in articles[-_OF_EACH:]]
    return known[:WINDOW]


def _near_duplicates(connection: Connection, ids: Iterable[str]) -> list[tuple[str, str]]:
    c = t.likeness.c
    own = set(ids)
    pairs: list[tuple[str, str]] = []
    for some in chunks(sorted(own)):
        rows = connection.execute(
            select(c.article_id, c.other_id).where(
                or_(c.article_id.in_(some), c.other_id.in_(some))
            )
        )
        pairs += [(one, other) for one, other in rows if one in own and other in own]
    return pairs
