"""The sample of the tour: which errors are planted, and what is near to the gold."""

from __future__ import annotations

import pytest

from annotator.core.annotations import Entity, Item, MadeBy
from annotator.core.decisions import (
    Change,
    DecisionGroup,
    accept,
    add,
    correct,
    reject,
    to_decisions,
)
from annotator.core.review import Review
from annotator.core.tour import TourSample, compared
from annotator.tui.review.tour_source import shipped_sample
from tests.helpers.taught import NOON


@pytest.fixture(scope="module")
def sample() -> TourSample:
    return shipped_sample()[0]


def differs(one: Item, other: Item) -> bool:
    if isinstance(one, Entity) and isinstance(other, Entity):
        return (one.span, one.label) != (other.span, other.label)
    return False


def decided(review: Review, *changes: Change) -> Review:
    press = DecisionGroup(f"g{review.next_seq}", review.article, "ada", NOON, review.next_seq)
    ids = [f"d{review.next_seq}-{n}" for n in range(len(changes))]
    return review.decide(*to_decisions(changes, press, ids=ids))


def test_the_suggestions_differ_from_the_gold_in_four_ways(sample: TourSample) -> None:
    gold = {one.id: one for one in sample.gold}
    suggested = {one.id: one for one in sample.suggestions}
    assert len(gold.keys() - suggested.keys()) == 1
    assert len(suggested.keys() - gold.keys()) == 1
    both = [(suggested[id], gold[id]) for id in gold.keys() & suggested.keys()]
    entities = [(a, b) for a, b in both if isinstance(a, Entity) and isinstance(b, Entity)]
    assert sum(a.label != b.label for a, b in entities) == 1
    assert sum(a.span != b.span for a, b in entities) == 1


def test_every_item_lies_within_the_sample(sample: TourSample) -> None:
    text = sample.article.text
    assert all(span.end <= len(text) for one in sample.suggestions for span in one.spans)
    assert {one.made_by for one in sample.suggestions} == {MadeBy.PIPELINE}


def test_accepting_all_that_is_suggested_is_not_the_gold(sample: TourSample) -> None:
    review = Review.of(sample.article.id, "ada", sample.suggestions)
    assert compared(review, sample.gold).same == 0
    result = compared(decided(review, *map(accept, sample.suggestions)), sample.gold)
    assert str(result) == "17 of 20 items as in the gold, 3 not in the gold"


def test_the_steps_end_at_the_gold(sample: TourSample) -> None:
    review = Review.of(sample.article.id, "ada", sample.suggestions)
    gold = {one.id: one for one in sample.gold}
    for one in sample.suggestions:
        there = gold.pop(one.id, None)
        if there is None:
            review = decided(review, reject(one))
        elif differs(one, there):
            review = decided(review, correct(one, there))
        else:
            review = decided(review, accept(one))
    review = decided(review, *map(add, gold.values()))
    assert str(compared(review, sample.gold)) == "20 of 20 items as in the gold"
