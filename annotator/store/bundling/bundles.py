"""Bundles, for the verb: what goes along, what comes home."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from annotator.core.across.identity_log import IdentityDecision, form_of
from annotator.core.across.story_log import StoryDecision
from annotator.core.annotations import Entity
from annotator.core.bundled import BundledArticle
from annotator.core.memory.recall import Recalling
from annotator.store.bundling.along import (
    Taking,
    decided_of_bundles,
    end_taking,
    others_of_bundles,
    read_along,
    take_along,
    taken_along,
)
from annotator.store.bundling.bringing import BringTerms, Brought, bring_article
from annotator.store.bundling.log_union import (
    bring_identity_decisions,
    bring_story_decisions,
    identities_along,
    stories_along,
)
from annotator.store.reviewing.review_cache import ReviewCache
from annotator.store.reviewing.taking import OpeningTerms
from annotator.store.sql.database import Database


@dataclass(frozen=True, slots=True)
class Away:
    """An article that is away in a bundle: since when, and when it is free again (UTC)."""

    article: str
    reviewer: str
    since: datetime
    until: datetime


class Bundles:
    """The part of the store that bundles use."""

    def __init__(
        self, database: Database, cache: ReviewCache, recalling: Recalling | None = None
    ) -> None:
        self.database, self.cache, self.recalling = database, cache, recalling

    # Out

    def take(self, article_id: str, reviewer: str, terms: OpeningTerms) -> Taking:
        """Open a review for the bundle and hold its article; how it goes along.

        Raises LeaseLost, naming the others, if they hold or have finished the article.
        """
        with self.database.writing() as connection:
            return take_along(connection, article_id, reviewer, terms, self.recalling)

    def end(self, article_id: str, reviewer: str) -> bool:
        """Free an article that is away; whether it was. What was done on it can still come home."""
        with self.database.writing() as connection:
            return end_taking(connection, article_id, reviewer)

    def away(self, reviewers: Sequence[str] | None = None) -> tuple[Away, ...]:
        """What is away, with these reviewers or with anybody."""
        with self.database.reading() as connection:
            return tuple(Away(*row) for row in taken_along(connection, reviewers))

    def decided(self, reviewers: Sequence[str]) -> list[str]:
        """The articles that came here in bundles and on which one of these decided something."""
        with self.database.reading() as connection:
            return decided_of_bundles(connection, reviewers)

    def decided_by_others(self, reviewers: Sequence[str]) -> dict[str, int]:
        """How many reviews of such articles others have decided on, by name."""
        with self.database.reading() as connection:
            return others_of_bundles(connection, reviewers)

    def read(self, article_id: str, reviewers: Iterable[str]) -> BundledArticle:
        """An article with what is needed to review it elsewhere; raises ArticleNotFound."""
        with self.database.reading() as connection:
            return read_along(connection, article_id, reviewers)

    def identities(self, forms: Iterable[str], ids: Iterable[str]) -> tuple[IdentityDecision, ...]:
        """The decisions on identities that names of these forms may name, or that have these
        ids."""
        with self.database.reading() as connection:
            return identities_along(connection, forms, ids)

    def stories(self, articles: Iterable[str]) -> tuple[StoryDecision, ...]:
        """The decisions on the stories of these articles."""
        with self.database.reading() as connection:
            return stories_along(connection, articles)

    # In

    def bring(self, articles: Sequence[BundledArticle], terms: BringTerms) -> list[Brought]:
        """Store these articles and reviews in one transaction; what was there is known."""
        with self.database.writing(lock="intake") as connection:
            brought = [bring_article(connection, one, terms) for one in articles]
        self.cache.clear()
        return brought

    def bring_identities(
        self, decisions: Sequence[IdentityDecision]
    ) -> tuple[IdentityDecision, ...]:
        """Append decisions on identities; returns those that were new."""
        with self.database.writing() as connection:
            return bring_identity_decisions(connection, decisions)

    def bring_stories(self, decisions: Sequence[StoryDecision]) -> tuple[StoryDecision, ...]:
        """Append decisions on stories; returns those that were new."""
        with self.database.writing() as connection:
            return bring_story_decisions(connection, decisions)


def names_in(one: BundledArticle) -> tuple[set[str], set[str]]:
    """The forms of the entities of an article, and the ids of the identities that they name."""
    forms, ids = set(), set()
    decided = (each.after for review in one.reviews for each in review.decisions)
    suggested = (item for own in one.sets for item in own.items)
    for item in (*suggested, *decided):
        if isinstance(item, Entity):
            forms.add(form_of(item.span.of(one.article.text), item.label))
            if item.identity:
                ids.add(item.identity)
    return forms, ids
