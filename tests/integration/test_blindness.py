"""Nobody sees what others decided on an article that they may still have to review.

One reviewer leaves marks that nobody else would make; everything that the store shows another is
searched for them.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.core.across.story_log import Story
from annotator.core.annotations import Entity, MadeBy
from annotator.core.assignment import ReviewPlan, Viewer
from annotator.core.decisions import add, finish, link, note, note_article, relabel, reopen
from annotator.core.memory.entries import Subject
from annotator.core.search.query import Query
from annotator.core.search.sought import Sought
from annotator.core.states import QueueView
from annotator.store.identities.open_proposals import ProposalsWanted
from annotator.store.store import Store
from annotator.store.values import OpenedReview
from tests.helpers.building import HOLD, NOW, TEXT, at, press, ready
from tests.helpers.items import entity, span

TWO = ReviewPlan(reviews_per_article=2)
MARK = "VEHICLE"
"""A label that only ada gives, and that she writes wherever one can write."""


def open_as(
    store: Store, article: str, reviewer: str, plan: ReviewPlan = TWO, seconds: float = 0
) -> OpenedReview:
    return store.reviews.open(article, reviewer, now=at(seconds), lease_seconds=HOLD, plan=plan)


def marked(store: Store, opened: OpenedReview) -> OpenedReview:
    """Decisions of every kind that leave the mark."""
    first, second, *_ = opened.review.entities
    own = Entity("own", span(TEXT, "nothing"), MARK, made_by=MadeBy.REVIEWER)
    opened = press(store, opened, relabel(first, MARK), add(own))
    (held,) = (one for one in opened.review.entities if one.id == second.id)
    opened = press(store, opened, note(held, f"{MARK} instead"))
    (held,) = (one for one in opened.review.entities if one.id == first.id)
    opened = press(store, opened, link(held, replace(held, identity="ada-low")))
    return press(store, opened, note_article(opened.review.reviewer, NOW, f"Is this a {MARK}?"))


def told(store: Store, articles: list[str], reviewer: str, plan: ReviewPlan) -> str:
    """Everything that the store shows a reviewer, in words."""
    store.sight.viewer = Viewer(reviewer, plan)
    view = QueueView(reviewer, reviews_per_article=plan.reviews_per_article, overlap=plan.overlap)
    story = Story("s1", "The ferry", tuple(articles))
    sought = Sought(label=MARK), Sought(in_entities=True), Sought(Query.of("nothing"))
    shown = [
        store.queue.page(view, offset=0, limit=9),
        *(tuple(store.search.all(one)) for one in sought),
        [*store.statistics.reviews_done()],
        [*store.statistics.notes()],
        store.stories.open(story, reviewer),
        store.stories.proposed(reviewer),
        store.identities.mentions("ada-low"),
        store.identities.proposed(ProposalsWanted(reviewer, 100)),
        *(
            store.forms.known((Subject.ENTITY, form), besides=(article, "other"))
            for article in articles
            for form in ("Ada Low", "nothing")
        ),
    ]
    store.sight.viewer = None
    return "\n".join(map(repr, shown))


@pytest.mark.parametrize(
    "plan", [TWO, ReviewPlan(overlap=1.0), ReviewPlan(2, unassisted=1.0)], ids=repr
)
def test_nothing_of_an_open_or_finished_review_is_shown_before_ones_own_is_finished(
    store: Store, plan: ReviewPlan
) -> None:
    article = ready(store)
    first = marked(store, open_as(store, article, "ada", ReviewPlan(2)))
    assert MARK in told(store, [article], "ada", plan)  # what is looked for can be found
    assert MARK not in told(store, [article], "ben", plan)
    press(store, first, finish())
    assert MARK not in told(store, [article], "ben", plan)
    mine = open_as(store, article, "ben", plan)
    assert MARK not in repr(mine)
    assert MARK not in told(store, [article], "ben", plan)
    press(store, mine, finish())
    assert MARK in told(store, [article], "ben", plan)


def test_an_article_that_others_have_filled_is_shown(store: Store) -> None:
    article = ready(store)
    for reviewer in ("ada", "ben"):
        press(store, marked(store, open_as(store, article, reviewer)), finish())
    assert MARK in told(store, [article], "cy", TWO)


def test_where_one_review_is_enough_it_is_shown_to_all(store: Store) -> None:
    article = ready(store)
    marked(store, open_as(store, article, "ada", ReviewPlan()))
    assert MARK in told(store, [article], "ben", ReviewPlan())


def test_a_released_review_stays_hidden_from_whoever_takes_the_article_up(store: Store) -> None:
    article = ready(store)
    plan = ReviewPlan()
    marked(store, open_as(store, article, "ada", plan))
    store.reviews.release(article, "ada")
    mine = open_as(store, article, "ben", plan)
    assert mine.half_done == ("ada",)
    assert MARK not in repr(mine)
    assert MARK not in told(store, [article], "ben", plan)


def test_a_review_taken_up_again_hides_the_others_again(store: Store) -> None:
    article = ready(store)
    press(store, marked(store, open_as(store, article, "ada")), finish())
    mine = press(store, open_as(store, article, "ben"), finish())
    assert MARK in told(store, [article], "ben", TWO)
    press(store, mine, reopen())
    assert MARK not in told(store, [article], "ben", TWO)


def test_suggestions_are_not_shown_of_an_article_to_be_reviewed_without(store: Store) -> None:
    article = ready(store, TEXT, [entity(TEXT, "Ada Low", MARK)])
    bare = ReviewPlan(unassisted=1.0)
    assert MARK in told(store, [article], "ada", ReviewPlan())
    assert MARK not in told(store, [article], "ada", bare)
    mine = open_as(store, article, "ada", bare)
    assert MARK not in repr(mine)
    assert MARK not in told(store, [article], "ada", bare)


def test_a_list_counts_no_items_of_a_review_that_is_hidden(store: Store) -> None:
    article = ready(store)
    marked(store, open_as(store, article, "ada"))
    open_as(store, article, "cy")
    view = QueueView("ben", reviews_per_article=2)
    (row,) = store.queue.page(view, offset=0, limit=9)
    assert (row.state, row.entities, row.total) == ("in review", 3, 3)
