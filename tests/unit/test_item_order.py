"""The order of items: updating equals rebuilding."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import Claim, Entity
from annotator.core.article import Span
from annotator.core.decisions import Change, accept, add, correct, reject
from annotator.core.folds import Fold
from annotator.core.review import Review, ReviewItem, Status
from annotator.core.reviewing.item_filter import item_rank
from annotator.core.states import ItemOrdering
from annotator.tui.review.item_order import ItemOrder
from tests.helpers.strategies import stamped

ITEMS = (
    Entity("e1", Span(0, 4), "ORG", score=0.9),
    Claim("c1", (Span(0, 20),), score=0.5),
    Entity("e2", Span(8, 12), "GPE", score=0.3),
    Claim("c2", (Span(30, 40),), score=0.4),
    Entity("e3", Span(50, 52), "GPE"),
)
BY_SCORE = item_rank(ItemOrdering.LEAST_CONFIDENT, 0.6, "")


def _review(*changes: Change) -> Review:
    review = Review.of("a", "ada", ITEMS)
    for change in changes:
        review = review.decide(*stamped([change], review))
    return review


def test_claims_come_before_items_inside_them_and_folded_ones_are_left_out() -> None:
    fold = Fold(0.45)
    assert ItemOrder(_review()).ids == ("c1", "e1", "e2", "c2", "e3")
    assert ItemOrder(_review(), fold=fold).ids == ("c1", "e1", "e2", "e3")
    assert ItemOrder(_review(), fold=replace(fold, unfolded=True)).ids == ItemOrder(_review()).ids
    assert "c2" in ItemOrder(_review(accept(ITEMS[3])), fold=fold)


def test_least_confident_items_come_first() -> None:
    order = ItemOrder(_review(), rank=BY_SCORE)
    assert order.ids == ("e2", "c2", "c1", "e1", "e3")


def test_steps_wrap_around_and_skip_decided_items() -> None:
    order = ItemOrder(_review(accept(ITEMS[0])))
    assert order.step("c1", 1, open_only=True) == "e2"
    assert order.step("e3", 1, open_only=True) == "c1"
    assert order.step("c1", -1, open_only=False) == "e3"
    assert order.step(None, 1, open_only=True) == "c1"


def test_a_removed_item_keeps_its_place_for_the_next_step() -> None:
    def is_open(held: ReviewItem) -> bool:
        return held.status is Status.OPEN

    order = ItemOrder(_review(), is_open)
    order.update(_review(accept(ITEMS[2])), ["e2"])
    assert "e2" not in order
    assert order.step("e2", 1, open_only=True) == "c2"


@given(st.integers(0, 60), st.sampled_from((1, -1)), st.sampled_from([None, "c1", "e1", "e2"]))
def test_steps_start_at_an_offset(offset: int, by: int, besides: str | None) -> None:
    review = _review(accept(ITEMS[0]))
    order = ItemOrder(review)
    for open_only in (True, False):
        ids = [
            id
            for id in order.ids
            if id != besides and not (open_only and review.held[id].status is not Status.OPEN)
        ]
        starts = {id: review.held[id].item.span.start for id in ids}
        ahead = [id for id in ids if (starts[id] - offset) * by > 0] or ids
        wanted = ahead[0 if by > 0 else -1]
        assert order.beyond(offset, by, open_only=open_only, besides=besides) == wanted


@given(st.lists(st.sampled_from(range(6)), max_size=8), st.booleans())
def test_updating_equals_rebuilding(steps: list[int], by_score: bool) -> None:
    review = _review()
    rank = BY_SCORE if by_score else None
    order = ItemOrder(review, rank=rank)
    for n, step in enumerate(steps):
        item = review.held[ITEMS[step % 5].id].item
        change = [accept, reject, lambda one: correct(one, one), accept, reject][step % 5](item)
        if step == 5:
            change = add(Entity(f"n{n}", Span(60 + n, 61 + n), "ORG"))
        review = review.decide(*stamped([change], review))
        order.update(review, [change.target or ""])
        anew = ItemOrder(review, rank=rank)
        assert (order.ids, order.open_count) == (anew.ids, anew.open_count)
