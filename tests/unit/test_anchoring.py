"""Reviews compared with the pipeline, with its suggestions before them and without."""

from __future__ import annotations

import random

import pytest
from hypothesis import given

from annotator.core.anchoring import (
    Overlap,
    PipelineOverlap,
    ReviewOverlaps,
    compared,
    digits_of_blocks,
    gathered,
)
from annotator.core.annotations import Item, Verdict
from annotator.core.article import Article
from annotator.core.review import Review
from annotator.measures.pipeline_agreement import (
    anchoring,
    anchoring_lines,
    anchoring_to_dict,
)
from tests.helpers.strategies import reviewed_articles


def reviews(*pairs: tuple[int, int]) -> ReviewOverlaps:
    """One review of each article, with so many entities the same, of so many on both sides."""
    rows = tuple(PipelineOverlap(Overlap(*pair)) for pair in pairs)
    return ReviewOverlaps(len(rows), len(rows), rows)


def test_agreement_is_f1_over_all_articles() -> None:
    helped = reviews(*[(9, 20)] * 10, *[(4, 10)] * 10)
    entities, claims = anchoring(helped, reviews())
    assert entities.assisted.f.value == pytest.approx(2 * 130 / 300)
    assert (entities.assisted.articles, entities.assisted.items) == (20, 300)
    assert not entities.unassisted.is_enough
    assert entities.difference.value is None
    assert not claims.assisted.is_enough


def test_the_difference_has_an_interval() -> None:
    draw = random.Random(7)
    helped = reviews(*((draw.randint(8, 10), 20) for _ in range(60)))
    alone = reviews(*((draw.randint(6, 9), 20) for _ in range(40)))
    entities, _ = anchoring(helped, alone)
    difference, ends = entities.difference.value, (entities.assisted.f, entities.unassisted.f)
    assert difference is not None
    assert difference == pytest.approx((ends[0].value or 0) - (ends[1].value or 0))
    low, high = entities.difference.low, entities.difference.high
    assert low is not None
    assert high is not None
    assert 0 < low < difference < high < 0.3
    assert anchoring(helped, alone)[0] == entities  # seeded


def test_few_articles_are_not_enough_and_say_how_many_there_are() -> None:
    plain = anchoring_to_dict(anchoring(reviews(*[(5, 10)] * 10), reviews(*[(5, 10)] * 9)))
    entities = next(anchoring_lines(plain))
    assert entities == (
        "entities: with suggestions F 100.0 (95 %: 70.0 to 100.0) (10 articles); "
        "without not enough (9 articles)"
    )
    assert plain["unassisted"]["entities"]["value"] is None
    assert plain["difference"]["entities"] == {"value": None, "low": None, "high": None}


def test_many_articles_are_put_into_blocks_of_their_ids() -> None:
    assert (digits_of_blocks(500), digits_of_blocks(501)) == (None, 2)
    pairs = [(f"{n:064x}", PipelineOverlap(Overlap(1, 3))) for n in range(501)]
    assert len(gathered(pairs[:500]).rows) == 500
    together = gathered(pairs)
    assert (together.reviews, together.articles, len(together.rows)) == (501, 501, 1)
    assert together.rows[0].entities == Overlap(501, 1503)


def test_two_reviews_of_an_article_are_one_row() -> None:
    found = gathered([("a", PipelineOverlap(Overlap(1, 2))), ("a", PipelineOverlap(Overlap(2, 4)))])
    assert (found.reviews, found.articles, len(found.rows)) == (2, 1, 1)


@given(reviewed_articles())
def test_a_review_of_which_all_was_accepted_agrees_wholly(drawn: tuple[Article, Review]) -> None:
    _, review = drawn
    for kind in ("entities", "claims"):
        found = getattr(compared(review, review.items), kind)
        assert 2 * found.same == found.marked


@given(reviewed_articles())
def test_open_items_count_on_neither_side(drawn: tuple[Article, Review]) -> None:
    _, review = drawn
    left_open: list[Item] = [one for one in review.items if one.verdict is Verdict.PENDING]
    assert compared(review, left_open) == compared(review, ())
