"""All decisions on an article, of all reviews, in order and in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge

from annotator.core.decisions import Decision, is_joined
from annotator.core.review import Review
from annotator.core.reviewing.wording import narrated


@dataclass(frozen=True, slots=True)
class ToldDecision:
    """A decision, and what it did in words."""

    decision: Decision
    words: str


def told_in_order(reviews: Iterable[Review], text: str) -> Iterator[ToldDecision]:
    """The decisions of all reviews by time; each review in its own order, whatever its clock."""
    told = (_told_review(review, text) for review in reviews)
    for _, one in merge(*told, key=lambda pair: pair[0]):
        yield one


def _told_review(review: Review, text: str) -> Iterator[tuple[datetime, ToldDecision]]:
    presses: dict[str, list[Decision]] = defaultdict(list)
    latest: datetime | None = None
    for decision in review.decisions:
        words = narrated(decision, presses, text)
        if is_joined(decision):
            words = f"joined with another machine: {words}"
        presses[decision.group].append(decision)
        latest = decision.at if latest is None else max(latest, decision.at)
        yield latest, ToldDecision(decision, words)
