"""Offline bundles: articles with their suggestions and one's own reviews of them, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from annotator.core.across.identity_log import IdentityDecision
from annotator.core.across.story_log import StoryDecision
from annotator.core.adjudicating.compared_reviews import ComparedReviews
from annotator.core.annotations import Item
from annotator.core.article import Article
from annotator.core.decisions import Decision
from annotator.core.opinions import Opinion
from annotator.core.record import PipelineId
from annotator.core.records.suggesters import SuggesterId
from annotator.core.review import Review

ADJUDICATION = "adjudication"
"""The kind of a review that decides what others differ on."""


@dataclass(frozen=True, slots=True)
class BundledOpinion:
    """A suggester's opinion beside a suggestion set, as in the store."""

    opinion: Opinion
    pipeline: PipelineId
    dropped: int = 0
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class BundledSet:
    """A suggestion set; `base` is the place of the set that it was made from among those of its
    article, None for what a pipeline made. `pipeline` is None where it is unknown. The set of an
    adjudication has the `comparison` that it was made from."""

    pipeline: PipelineId | None
    at: datetime
    items: tuple[Item, ...]
    dropped: int = 0
    base: int | None = None
    suggesters: tuple[SuggesterId, ...] = ()
    opinions: tuple[BundledOpinion, ...] = ()
    comparison: ComparedReviews | None = None


@dataclass(frozen=True, slots=True)
class BundledReview:
    """One reviewer's review: the place of its suggestion set (None: no suggestions), and its whole
    log. A review without decisions is pinned to its suggestions and not begun."""

    reviewer: str
    kind: str
    opened: datetime
    assisted: bool
    suggested: int | None
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class BundledArticle:
    """An article with its suggestion sets and reviews; `received` is when it was first taken in
    (UTC), `supersedes` the id of the text that it revises."""

    article: Article
    received: datetime
    sets: tuple[BundledSet, ...] = ()
    reviews: tuple[BundledReview, ...] = ()
    supersedes: str | None = None

    def shown_to(self, review: BundledReview) -> tuple[Item, ...]:
        """The suggestions that a review was opened with."""
        if review.suggested is None or not review.assisted:
            return ()
        return self.sets[review.suggested].items

    def compared_by(self, review: BundledReview) -> ComparedReviews | None:
        """What an adjudication is about; None for other reviews."""
        if review.kind != ADJUDICATION or review.suggested is None:
            return None
        return self.sets[review.suggested].comparison

    def folded(self, review: BundledReview) -> Review:
        """A review of the bundle; raises ReviewError if its decisions do not fit."""
        shown, compared = self.shown_to(review), self.compared_by(review)
        settled = None if compared is None else compared.settled
        return Review.of(self.article.id, review.reviewer, shown, review.decisions, settled=settled)


@dataclass(frozen=True, slots=True)
class BundleScheme:
    """The label scheme of the store that a bundle comes from."""

    name: str
    version: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BundleHead:
    """What a bundle says of itself: its id, when it was made (UTC), whose reviews it holds, how
    many articles, the label scheme. `until` is when the articles are free again where they come
    from (UTC), None for a bundle that brings work home."""

    id: str
    made: datetime
    reviewers: tuple[str, ...]
    articles: int
    scheme: BundleScheme
    until: datetime | None = None


BundleEntry: TypeAlias = BundledArticle | IdentityDecision | StoryDecision
"""What a bundle holds, one on each line; decisions on identities and stories come first."""
