"""Stories in the store: what people decided on them, their articles, what is proposed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, or_, select

from annotator.core.across.shared_log import SharedLog
from annotator.core.across.story_changes import check_story_decision
from annotator.core.across.story_log import Stories, Story, StoryDecision
from annotator.errors import ReviewError, StoreError
from annotator.store.journal.chaining import put_entries
from annotator.store.reviewing.sight import Sight
from annotator.store.sql import columns as t
from annotator.store.sql.damage import Told
from annotator.store.sql.database import Database, chunks
from annotator.store.stories.story_places import keep_places
from annotator.store.stories.story_rows import story_decision_from_row, story_decision_to_row
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
_StoryLog = SharedLog[StoryDecision]


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


@dataclass(frozen=True)
class _Folded:
    """The log as it was read last: up to which number, after how many purges."""

    log: _StoryLog
    stories: Stories
    number: int = 0
    purges: int = 0


_NOTHING = _Folded(SharedLog(), Stories())


class StoryStore:
    """The log of decisions on stories, folded; what was read is kept, and only later decisions are
    read again."""

    def __init__(self, database: Database, sight: Sight) -> None:
        self.database, self.sight = database, sight
        self._folded = _NOTHING
        self._lock = Lock()

    # What holds

    def all(self) -> Stories:
        """All stories as they stand."""
        with self.database.reading() as connection:
            return self._read(connection).stories

    def of_articles(self) -> Mapping[str, str]:
        """The id of the story of each article that is in one."""
        return self.all().of_article

    def log(self) -> _StoryLog:
        """All decisions, and which of them stand."""
        with self.database.reading() as connection:
            return self._read(connection).log

    def named(self, prefix: str) -> Story:
        """The story with this id or unique prefix of one; raises StoreError."""
        found = [one for id, one in self.all().named.items() if id.startswith(prefix)]
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
        stories = self.all()
        if any(id.startswith(prefix) for id in stories.named):
            return self.named(prefix)
        by_article = {
            stories.named[story].id: stories.named[story]
            for article, story in stories.of_article.items()
            if article.startswith(prefix)
        }
        for one in () if by_article else self.proposed(reviewer):
            if one.into is None and any(id.startswith(prefix) for id in one.articles):
                by_article[one.id] = Story(one.id, one.title, one.articles)
        return next(iter(by_article.values())) if len(by_article) == 1 else self.named(prefix)

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

    def append(self, decisions: Sequence[StoryDecision]) -> Stories:
        """Append decisions; durable when this returns. A repeated one is ignored.

        Raises ReviewError if one does not fit what holds; then nothing is stored.
        """
        with self.database.writing(lock="stories") as connection:
            now = self._read(connection)
            log, stories, number = now.log, now.stories, now.number
            known = {one.id for one in log.decisions}
            rows = []
            for decision in (one for one in decisions if one.id not in known):
                check_story_decision(stories, decision)
                log = log.after(decision)
                stories, number = Stories.of(log), number + 1
                rows.append(story_decision_to_row(decision, number))
            if rows:
                put_entries(connection, t.story_decision, rows)
                keep_places(connection, now.stories, stories)
        return stories

    # Proposals

    def proposed(
        self, reviewer: str, *, before: int | None = None, damaged: Told | None = None
    ) -> tuple[ProposedStory, ...]:
        """Stories proposed among the newest articles without one (numbered below `before`), and
        articles proposed for known stories; the likeliest first. Nothing is stored."""
        from annotator.core.across.story_window import StoryWindow, stories_proposed
        from annotator.store.stories.story_articles import story_articles

        with self.database.reading() as connection:
            stories = self._read(connection).stories
            free = _newest_free(connection, stories, before)
            known = _newest_known(stories)
            ids = [*free, *known]
            read = [*story_articles(connection, ids, reviewer, damaged, self.sight)]
            alike = _near_duplicates(connection, ids)
        return stories_proposed(StoryWindow([one.shown for one in read], stories, alike))

    def _read(self, connection: Connection) -> _Folded:
        """The fold of the log; later decisions are added to what was read before."""
        c = t.story_decision.c
        purges = connection.execute(select(func.count()).select_from(t.stone)).scalar_one()
        with self._lock:
            known = self._folded
        if known.purges != purges:
            known = _NOTHING
        later = select(t.story_decision).where(c.number > known.number).order_by(c.number)
        rows = connection.execute(later).fetchall()
        if not rows and known.purges == purges:
            return known
        log = _with_later(known.log, [story_decision_from_row(row) for row in rows])
        number = rows[-1].number if rows else known.number
        now = _Folded(log, Stories.of(log), number, purges)
        with self._lock:
            self._folded = now
        return now


def _with_later(log: _StoryLog, later: Sequence[StoryDecision]) -> _StoryLog:
    """The log with later decisions; those of bundles come later than they were made."""
    times = [one.at for one in (*log.decisions[-1:], *later)]
    if times == sorted(times):
        with suppress(ReviewError):
            return log.after(*later)
    return SharedLog.in_time((*log.decisions, *later), lambda one: one.at)


def _newest_free(connection: Connection, stories: Stories, before: int | None) -> list[str]:
    """The newest articles that are in no story; those that are get skipped page by page."""
    c = t.article.c
    found: list[str] = []
    last = before
    while len(found) < WINDOW:
        wanted = select(c.id, c.number).where(c.stage == Stage.READY.value)
        if last is not None:
            wanted = wanted.where(c.number < last)
        rows = connection.execute(wanted.order_by(c.number.desc()).limit(5 * WINDOW)).fetchall()
        found += [row.id for row in rows if row.id not in stories.of_article]
        if len(rows) < 5 * WINDOW:
            break
        last = rows[-1].number
    return found[:WINDOW]


def _newest_known(stories: Stories) -> list[str]:
    """A few articles of each of the stories made last."""
    known = (id for story in stories.standing for id in story.articles[-_OF_EACH:])
    return [id for id, _ in zip(known, range(WINDOW), strict=False)]


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
