"""Whatever several reviewers said of an article: every answer is settled, or in one difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.adjudicating.choices import both, choose, close, neither
from annotator.core.adjudicating.compared_reviews import ComparedReviews, compare
from annotator.core.adjudicating.differences import (
    ReviewDifference,
    differences,
    open_differences,
    outcome,
)
from annotator.core.annotations import (
    Item,
)
from annotator.core.article import Article
from annotator.core.decisions import (
    Answer,
    Change,
    accept,
    finish,
    reopen,
)
from annotator.core.item_matching import content_key
from annotator.core.review import Review, Status
from tests.helpers.adjudicating import contents, decided
from tests.helpers.strategies import articles, changes, stamped, suggestions


@st.composite
def several(draw: st.DrawFn) -> tuple[Review, ...]:
    """Finished reviews of one article, with everything decided."""
    article = draw(articles())
    suggested = draw(suggestions(article.text))
    names = draw(st.sampled_from([("ann", "ben"), ("ann", "ben", "cat")]))
    return tuple(draw(finished(article, suggested, name)) for name in names)


@st.composite
def finished(draw: st.DrawFn, article: Article, suggested: tuple[Item, ...], name: str) -> Review:
    review = Review.of(article.id, name, suggested)
    for _ in range(draw(st.integers(0, 5))):
        made = draw(changes(review, article.text))
        # Both may add items with the same id, as two reviewers of one suggestion do.
        review = review.decide(*stamped(made, review))
    if review.finished:
        review = review.decide(*stamped((reopen(),), review))
    rest = [accept(one.item) for one in review.held.values() if one.status is Status.OPEN]
    return review.decide(*stamped((*rest, finish(folded=())), review))


def begun(
    reviews: Sequence[Review],
) -> tuple[ComparedReviews, tuple[ReviewDifference, ...], Review]:
    comparison = compare(reviews)
    review = Review.of(reviews[0].article, "zoe", comparison.items, settled=comparison.settled)
    return comparison, differences(comparison), review


def with_answers_of(name: str, review: Review, found: Sequence[ReviewDifference]) -> Review:
    """The review after every open difference was given this reviewer's answer: who has no such item
    says so once, and nothing is open then."""
    for one in found:
        if outcome(review, one) is not None:
            continue
        numbers = [n for n, option in enumerate(one.options) if name in option.by]
        for number in numbers or [0]:
            review = decided(review, choose(review, one, number))
    return review


@given(several())
def test_every_answer_is_settled_or_in_one_difference(reviews: tuple[Review, ...]) -> None:
    comparison, found, review = begun(reviews)
    items = {item.id: item for item in comparison.items}
    agreed = [items[id] for id, status in comparison.settled.items() if status is Status.ACCEPTED]
    for one in reviews:
        if one.answer is not Answer.ACCEPT:
            continue
        theirs = [
            items[variant.id]
            for contested in comparison.contested
            for variant in contested.variants
            if one.reviewer in variant.by
        ]
        assert Counter(map(content_key, [*agreed, *theirs])) == contents(one)
    for contested in comparison.contested:
        names = [name for variant in contested.variants for name in variant.by]
        assert sorted([*names, *contested.absent]) == sorted(set(names) | set(contested.absent))
    assert len({one.key for one in found}) == len(found)
    about = {one.contested.ids for one in found if one.contested}
    assert about == {one.ids for one in comparison.contested}
    assert all(outcome(review, one) is None for one in found)


@given(several())
def test_the_answers_of_one_reviewer_give_their_items(reviews: tuple[Review, ...]) -> None:
    comparison, found, review = begun(reviews)
    for one in reviews:
        done = with_answers_of(one.reviewer, review, found)
        assert open_differences(done, found) == ()
        done = decided(done, close(done, comparison))
        assert done.finished
        assert done.answer is one.answer
        if one.answer is Answer.ACCEPT:
            assert contents(done) == contents(one)


@given(several(), st.data())
def test_undo_goes_all_the_way_back(reviews: tuple[Review, ...], data: st.DataObject) -> None:
    comparison, found, first = begun(reviews)
    review = first
    for one in data.draw(st.lists(st.sampled_from(found), max_size=6)) if found else ():
        review = decided(review, data.draw(st.sampled_from(keys_of(review, one))))
    review = decided(review, close(review, comparison))
    while (change := review.undo()) is not None:
        review = decided(review, (change,))
    assert (review.held, review.whole) == (first.held, first.whole)


@given(several(), st.data())
def test_a_choice_is_read_back_whatever_was_chosen_before(
    reviews: tuple[Review, ...], data: st.DataObject
) -> None:
    _, found, review = begun(reviews)
    for one in data.draw(st.lists(st.sampled_from(found), max_size=6)) if found else ():
        review = decided(review, data.draw(st.sampled_from(keys_of(review, one))))
        number = data.draw(st.integers(0, len(one.options) - 1))
        review = decided(review, choose(review, one, number))
        assert outcome(review, one) == number


@given(several())
def test_the_order_of_the_reviews_has_no_effect(reviews: tuple[Review, ...]) -> None:
    assert compare(reviews) == compare(reversed(reviews))


@given(several())
def test_reviews_agree_with_themselves(reviews: tuple[Review, ...]) -> None:
    one = reviews[0]
    again = [
        replace(one, reviewer=name, decisions=(), standing=(), withdrawn=()) for name in ("u", "v")
    ]
    comparison, found, review = begun(again)
    assert found == ()
    assert comparison.contested == ()
    if one.answer is Answer.ACCEPT:
        assert contents(review) == contents(one)


def keys_of(review: Review, one: ReviewDifference) -> list[tuple[Change, ...]]:
    """What the keys can do to a difference."""
    options = [choose(review, one, number) for number in range(len(one.options))]
    return [*options, both(review, one), neither(review, one)]
