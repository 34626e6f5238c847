"""Reviews of two short texts, and what the memory makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from annotator.core.annotations import Entity, Item
from annotator.core.article import Article, identity_of
from annotator.core.decisions import Change, reject
from annotator.core.memory.entries import Entry, Subject, entries_of
from annotator.core.memory.known import (
    Known,
    remembered,
)
from annotator.core.review import Review
from tests.helpers.items import entity
from tests.helpers.strategies import stamped

Reviewed = tuple[Article, Review]

TEXT = "Pell met Vard in Sund.\n\nPell said the Vard plan was late, Pell added.\n"
NEXT = "Pell is back\n\nIn Sund, Pell and Vard spoke of the Harbour Fund.\n"
NOON = datetime(2019, 1, 14, 12, tzinfo=UTC)


def reviewed(
    *presses: Sequence[Change], items: Sequence[Item] = (), text: str = TEXT, who: str = "ada"
) -> Review:
    """A review after these key presses, one second each."""
    review = Review.of(identity_of(text), who, items)
    for n, press in enumerate(presses):
        made = stamped(tuple(press), review, at=NOON + timedelta(seconds=n))
        review = review.decide(*made)
    return review


def entries(review: Review, text: str = TEXT, **how: bool) -> tuple[Entry, ...]:
    return entries_of(review, review.held, text, **how)


def known(review: Review, form: str, text: str = TEXT) -> Known:
    return remembered(entries(review, text)).get((Subject.ENTITY, form), Known())


def learnt(*reviews: Review) -> dict[tuple[Subject, str], Known]:
    return remembered(entry for review in reviews for entry in entries(review))


def pells() -> list[Entity]:
    return [entity(TEXT, "Pell", "ORG", nth=n, id=f"p{n}") for n in range(3)]


def suggested(*items: Item) -> list[Entity]:
    return [item for item in items if isinstance(item, Entity)]


def rejections(times: int) -> Review:
    """A review that rejects the form *Pell* so often, each mention by its own key press."""
    return reviewed(*([reject(one)] for one in pells()[:times]), items=pells())
