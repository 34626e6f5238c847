"""The fold of decisions: the effects of any sequence of key presses on a review."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from annotator.core.article import Article
from annotator.core.decisions import accept
from annotator.core.review import Review, Status
from tests.helpers.strategies import (
    REVIEWER,
    articles,
    changes,
    reviewed_articles,
    stamped,
    suggestions,
)


def state_of(review: Review) -> Any:
    """All that a review says of its article, without how it came to that."""
    return review.held, review.whole, review.items, review.rejected, review.open_items()


class Reviewing(RuleBasedStateMachine):
    """Somebody presses keys; beside the review stands what was there before each of them."""

    def __init__(self) -> None:
        super().__init__()
        self.before: list[Any] = []
        self.undone: list[Any] = []

    @initialize(data=st.data(), article=articles())
    def open(self, data: st.DataObject, article: Article) -> None:
        self.article = article
        self.review = Review.of(article.id, REVIEWER, data.draw(suggestions(article.text)))

    @rule(data=st.data())
    def press(self, data: st.DataObject) -> None:
        made = data.draw(changes(self.review, self.article.text))
        if made[0] == self.review.undo():
            self.undo()
        elif made[0] == self.review.redo():
            self.redo()
        else:
            self.before.append(state_of(self.review))
            self.undone.clear()
            self.review = self.review.decide(*stamped(made, self.review))
            assert self.review.redo() is None

    @precondition(lambda self: self.before)
    @rule()
    def undo(self) -> None:
        change = self.review.undo()
        assert change is not None
        self.undone.append(state_of(self.review))
        self.review = self.review.decide(*stamped((change,), self.review))
        assert state_of(self.review) == self.before.pop()

    @precondition(lambda self: self.undone)
    @rule()
    def redo(self) -> None:
        change = self.review.redo()
        assert change is not None
        self.before.append(state_of(self.review))
        self.review = self.review.decide(*stamped((change,), self.review))
        assert state_of(self.review) == self.undone.pop()

    @rule()
    def accept_all(self) -> None:
        if self.review.open_items() and not self.review.finished:
            self.before.append(state_of(self.review))
            self.undone.clear()
            made = [accept(item) for item in self.review.open_items()]
            self.review = self.review.decide(*stamped(made, self.review))
            assert not self.review.open_items()

    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        if self.review.decisions:
            again = data.draw(st.lists(st.sampled_from(self.review.decisions), max_size=3))
            assert self.review.decide(*again) == self.review

    @invariant()
    def the_log_rebuilds_the_state(self) -> None:
        if hasattr(self, "review"):
            review = self.review
            again = Review.of(
                review.article, review.reviewer, review.suggestions, reversed(review.decisions)
            )
            assert again == review

    @invariant()
    def as_many_steps_back_as_were_made(self) -> None:
        if hasattr(self, "review"):
            assert bool(self.review.undoable) == bool(self.before)
            assert bool(self.review.redoable) == bool(self.undone)

    @invariant()
    def every_item_is_open_kept_or_dropped_once(self) -> None:
        if hasattr(self, "review"):
            held = self.review.held.values()
            kept = [one.item for one in held if one.status is not Status.REJECTED]
            assert sorted(item.id for item in kept) == sorted(i.id for i in self.review.items)


TestReviewing = Reviewing.TestCase
TestReviewing.settings = settings(stateful_step_count=25)


@given(reviewed_articles())
def test_undoing_everything_leaves_the_suggestions(case: tuple[Article, Review]) -> None:
    article, review = case
    while (change := review.undo()) is not None:
        review = review.decide(*stamped((change,), review))
    assert state_of(review) == state_of(Review.of(article.id, REVIEWER, review.suggestions))
