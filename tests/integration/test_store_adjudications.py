"""Adjudications in the store: who may, what is pinned, what happens when reviews change."""

from __future__ import annotations

import pytest

from annotator.core.adjudicating.differences import DifferenceType, outcome
from annotator.core.annotations import Verdict
from annotator.core.decisions import relabel, reopen
from annotator.core.memory.entries import Subject
from annotator.core.states import QueueFilter
from annotator.errors import LeaseLost, ReviewError
from annotator.store.reviewing.finished_reviews import Which
from annotator.store.store import Store
from annotator.store.values import QueueView
from tests.helpers.adjudicating import (
    adjudicate,
    adjudicated,
    closed,
    found_in,
    reviewed_by,
    with_choice,
)
from tests.helpers.building import HOLD, at, ids, open_, press, ready
from tests.helpers.store_caches import assert_caches_are_right


@pytest.fixture
def article(store: Store) -> str:
    """An article that ann and ben have reviewed; they differ on the label of the place."""
    article = ready(store)
    ann = reviewed_by(store, article, "ann")
    place = ann.review.entities[2]
    reviewed_by(store, article, "ben", relabel(place, "ORG"))
    reviewed_by(store, ready(store, "Nothing to see."), "zoe")
    return article


def to_adjudicate(store: Store, reviewer: str = "zoe") -> list[str]:
    view = QueueView(reviewer, state=QueueFilter.TO_ADJUDICATE, reviews_per_article=2)
    found = ids(store.queue.page(view, offset=0, limit=10))
    assert store.queue.size(view) == len(found)
    return found


def standing(store: Store, which: Which = Which.STANDING) -> list[tuple[str, str]]:
    return [(one.review.reviewer, one.kind) for one in store.finished.reviews(which=which)]


def test_an_adjudication_lists_what_differs_and_keeps_what_agrees(
    store: Store, article: str
) -> None:
    opened = adjudicate(store, article)
    (label,) = found_in(opened)
    assert label.type is DifferenceType.LABEL
    assert (opened.kind, opened.review.adjudicates) == ("adjudication", True)
    agreed = [one for one in opened.review.entities if one.verdict is Verdict.ACCEPTED]
    assert len(agreed) == 2
    assert opened.pipeline is not None
    assert to_adjudicate(store) == [article]


def test_choices_are_stored_undone_and_taken_up_again(store: Store, article: str) -> None:
    opened = adjudicate(store, article)
    (label,) = found_in(opened)
    opened = with_choice(store, opened, label, 1)
    again = adjudicate(store, article, seconds=1)
    assert again.review == opened.review
    assert outcome(again.review, label) == 1
    undo = again.review.undo()
    assert undo is not None
    press(store, again, undo)
    assert outcome(adjudicate(store, article).review, label) is None
    assert_caches_are_right(store)


def test_a_finished_adjudication_supersedes_the_reviews(store: Store, article: str) -> None:
    done = adjudicated(store, article, number=1)
    others = ("zoe", "review")
    assert sorted(standing(store)) == sorted([("zoe", "adjudication"), others])
    assert sorted(standing(store, Which.ALL)) == sorted(
        [("ann", "review"), ("ben", "review"), ("zoe", "adjudication"), others]
    )
    assert sorted(standing(store, Which.REVIEWS)) == sorted(
        [("ann", "review"), ("ben", "review"), others]
    )
    assert done.review.finished
    assert to_adjudicate(store) == []
    assert store.statistics.adjudicated() == {"zoe": 1}
    assert [one.reviewer for one in store.statistics.work()] == ["ann", "ben", "zoe"]
    assert_caches_are_right(store)


def test_it_needs_two_finished_reviews(store: Store) -> None:
    article = ready(store)
    reviewed_by(store, article, "ann")
    with pytest.raises(ReviewError, match="one finished review"):
        adjudicate(store, article)


def test_who_differs_may_not_while_somebody_else_can(store: Store, article: str) -> None:
    with pytest.raises(ReviewError, match="somebody else can: zoe"):
        adjudicate(store, article, "ann")
    adjudicate(store, article, "zoe")


def test_who_differs_may_where_nobody_else_is(store: Store) -> None:
    article = ready(store)
    reviewed_by(store, article, "ann")
    reviewed_by(store, article, "ben")
    opened = adjudicate(store, article, "ann")
    assert store.reviews.get(article, "ann").kind == "review"
    done = closed(store, opened)
    assert store.reviews.get(article, "ann", adjudicates=True).review == done.review
    assert standing(store) == [("ann", "adjudication")]
    assert_caches_are_right(store)


def test_the_workspace_names_who_may(store: Store, article: str) -> None:
    with pytest.raises(ReviewError, match="not among the adjudicators of this workspace: meg"):
        adjudicate(store, article, appointed=("meg",))
    with pytest.raises(ReviewError, match="somebody else can: meg"):
        adjudicate(store, article, "ann", appointed=("ann", "meg"))
    adjudicate(store, article, "ann", appointed=("ann", "ben"))


def test_who_has_not_finished_their_own_review_sees_no_answers(store: Store, article: str) -> None:
    opened = open_(store, article, "zoe", reviews_per_article=3)
    press(store, opened, relabel(opened.review.entities[0], "ORG"))
    with pytest.raises(ReviewError, match="reviewing this article yourself"):
        adjudicate(store, article)
    view = QueueView("zoe", reviews_per_article=3)
    assert store.adjudications.next_article(view) is None


def test_one_person_adjudicates_at_a_time(store: Store, article: str) -> None:
    opened = adjudicate(store, article)
    (label,) = found_in(opened)
    with pytest.raises(LeaseLost, match="zoe is adjudicating"):
        adjudicate(store, article, "meg", seconds=HOLD - 1)
    with_choice(store, opened, label, 0)
    mine = adjudicate(store, article, "meg", seconds=2 * HOLD)
    assert outcome(mine.review, label) is None
    closed(store, mine)
    with pytest.raises(LeaseLost, match="meg has adjudicated"):
        adjudicate(store, article, "zoe", seconds=4 * HOLD)


def test_looking_leaves_nothing(store: Store, article: str) -> None:
    adjudicate(store, article)
    store.reviews.release(article, "zoe", adjudicates=True)
    assert adjudicate(store, article, "meg").review.reviewer == "meg"
    assert_caches_are_right(store)


def test_reviews_stay_as_they_were(store: Store, article: str) -> None:
    before = store.queue.counts(), [store.reviews.get(article, who) for who in ("ann", "ben")]
    adjudicated(store, article)
    after = store.queue.counts(), [store.reviews.get(article, who) for who in ("ann", "ben")]
    assert before == after


def test_a_review_finished_anew_is_said_and_offered_anew(store: Store, article: str) -> None:
    (label,) = found_in(adjudicate(store, article))
    opened = with_choice(store, adjudicate(store, article), label, 1)
    _reopened(store, article, "ann", relabelled=0)
    again = adjudicate(store, article, seconds=1)
    assert again.changed == ("ann has finished the review anew.",)
    assert again.review == opened.review
    anew = adjudicate(store, article, seconds=1, anew=True)
    assert anew.changed == ()
    first, second = found_in(anew)
    assert [outcome(anew.review, one) for one in (first, second)] == [None, 1]
    assert_caches_are_right(store)


def test_an_earlier_adjudication_stands_until_the_new_one_is_finished(
    store: Store, article: str
) -> None:
    old = adjudicated(store, article)
    _reopened(store, article, "ann", relabelled=0)
    assert to_adjudicate(store) == [article]
    assert ("zoe", "adjudication") in standing(store)
    again = adjudicate(store, article, "meg", seconds=1)
    for one in found_in(again):
        again = with_choice(store, again, one, 0)
    assert old.review.reviewer in dict(standing(store))
    closed(store, again)
    assert ("meg", "adjudication") in standing(store)
    assert len(standing(store, Which.ALL)) == 5
    assert to_adjudicate(store) == []


def test_an_adjudication_stands_while_a_review_is_open_again(store: Store, article: str) -> None:
    adjudicated(store, article)
    opened = open_(store, article, "ann", reviews_per_article=3)
    opened = press(store, opened, reopen())
    assert ("zoe", "adjudication") in standing(store)
    assert ("ann", "review") not in standing(store, Which.ALL)
    undo = opened.review.undo()
    assert undo is not None
    press(store, opened, undo)
    assert to_adjudicate(store) == [article]
    assert adjudicate(store, article, seconds=1).changed == ()
    assert to_adjudicate(store) == []


def test_a_third_review_is_said(store: Store, article: str) -> None:
    adjudicated(store, article)
    reviewed_by(store, article, "cat")
    again = adjudicate(store, article)
    assert again.changed == ("cat has finished a review too.",)
    assert to_adjudicate(store) == [article]


def test_an_adjudication_counts_as_such_for_the_memory(store: Store, article: str) -> None:
    adjudicated(store, article, number=1)
    known = store.forms.known((Subject.ENTITY, "Port Ellis"))
    theirs, reviews = known.standing["ORG"], known.standing["GPE"]
    assert theirs.weight > 2 * theirs.times - 1 > reviews.weight


def test_the_next_article_is_one_that_this_reviewer_may_adjudicate(
    store: Store, article: str
) -> None:
    other = ready(store, "Ada Low met Bo Marsh again.")
    reviewed_by(store, other, "ann")
    reviewed_by(store, other, "zoe")
    view = QueueView("zoe", reviews_per_article=2)
    assert store.adjudications.next_article(view) == article
    assert store.adjudications.next_article(view, article) is None
    assert store.adjudications.next_article(QueueView("ben"), article) == other


def test_reviewers_find_decisions_against_their_answers(store: Store, article: str) -> None:
    done = adjudicated(store, article)
    (found,) = store.adjudications.finished(concerning="ann")
    assert found.review == done.review
    assert found.comparison == done.comparison
    assert [*store.adjudications.finished(concerning="meg")] == []


def test_purging_removes_adjudications_too(store: Store, article: str) -> None:
    adjudicated(store, article)
    store.purge.article(article, now=at(0), by="ann")
    assert standing(store) == [("zoe", "review")]


def _reopened(store: Store, article: str, who: str, *, relabelled: int) -> None:
    """A finished review is reopened, one entity relabelled, and finished again."""
    opened = open_(store, article, who, reviews_per_article=3)
    opened = press(store, opened, reopen())
    reviewed_by(store, article, who, relabel(opened.review.entities[relabelled], "EVENT"))
