"""What adjudications decided against the answers of one reviewer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from annotator.core.adjudicating.compared_reviews import ComparedReviews
from annotator.core.adjudicating.difference_wording import (
    note_on,
    outcome_is_against,
    outcome_words,
    place_of,
    words_of,
)
from annotator.core.adjudicating.differences import DifferenceType, differences, outcome
from annotator.core.article import Article, Span
from annotator.core.review import Review


@dataclass(frozen=True, slots=True)
class Overruled:
    """One answer that an adjudication decided against: what it was, what stands now, the
    adjudicator and their note, and where it is."""

    article: str
    title: str
    type: DifferenceType
    place: Span
    answered: str
    stands: str
    adjudicator: str
    note: str | None = None


def overruled(
    article: Article, review: Review, comparison: ComparedReviews, reviewer: str
) -> Iterator[Overruled]:
    """What a finished adjudication decided against a reviewer, in its order."""
    for one in differences(comparison):
        chosen = outcome(review, one)
        if not outcome_is_against(chosen, one, reviewer):
            continue
        (own,) = (n for n, option in enumerate(one.options) if reviewer in option.by)
        stands = (
            words_of(review, one, chosen, article.text)
            if isinstance(chosen, int)
            else outcome_words(review, one, article.text)
        )
        yield Overruled(
            article.id,
            article.name,
            one.type,
            place_of(review, one),
            words_of(review, one, own, article.text),
            stands,
            review.reviewer,
            note_on(review, one),
        )
