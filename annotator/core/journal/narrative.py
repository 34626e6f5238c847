"""All decisions on an article, of all reviews, in order and in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import groupby

from annotator.core.annotations import Claim, Entity, Item, Junk
from annotator.core.decisions import Decision, Kind, is_joined
from annotator.core.review import Review
from annotator.core.reviewing.wording import done, narrated


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


@dataclass(frozen=True, slots=True)
class ToldPress:
    """What one key press did, in words: who pressed it, and when; the `item` that it concerns first
    (None: the article), as it was said to be then.

    `undoes` is how many key presses undo takes back to be before this one, it included; None if
    that cannot be, because it was undone, or is an undo itself.
    """

    group: str
    reviewer: str
    at: datetime
    words: str
    item: Item | None
    undoes: int | None
    is_undone: bool


def presses_in_order(reviews: Iterable[Review], text: str) -> Iterator[ToldPress]:
    """The key presses of all reviews by time; each review in its own order, whatever its clock."""
    told = (_told_presses(review, text) for review in reviews)
    for _, one in merge(*told, key=lambda pair: pair[0]):
        yield one


def _told_presses(review: Review, text: str) -> Iterator[tuple[datetime, ToldPress]]:
    presses: dict[str, list[Decision]] = {}
    standing = {group.id: place for place, group in enumerate(review.standing)}
    latest: datetime | None = None
    for group, some in groupby(review.decisions, key=lambda decision: decision.group):
        made = [*some]
        words = narrated(made[0], presses, text) if len(made) == 1 else done(made, text)
        presses[group] = [*presses.get(group, ()), *made]
        latest = made[-1].at if latest is None else max(latest, made[-1].at)
        back = made[0].kind in (Kind.WITHDRAW, Kind.RESTORE)
        concerned = presses.get(made[0].target or "", ()) if back else made
        place = standing.get(group)
        yield (
            latest,
            ToldPress(
                group,
                review.reviewer,
                made[0].at,
                f"joined with another machine: {words}" if is_joined(made[0]) else words,
                next((item for item in map(_item_of, concerned) if item is not None), None),
                None if place is None else len(standing) - place,
                is_undone=place is None and not back,
            ),
        )


def _item_of(decision: Decision) -> Item | None:
    for outcome in (decision.after, decision.before):
        if isinstance(outcome, Entity | Claim | Junk):
            return outcome
    return None
