"""The queue as reviewers see it."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from annotator.core.annotations import Claim, Tier
from annotator.core.article import Origin, Span
from annotator.core.assignment import ReviewPlan
from annotator.core.decisions import (
    Answer,
    accept,
    finish,
    note,
    note_article,
    reject,
    reopen,
    skip,
)
from annotator.core.states import ArticleState, QueueFilter, QueueOrder
from annotator.store.store import Store
from annotator.store.values import Counts, OpenedReview, QueueView
from tests.helpers.building import (
    HOLD,
    NOW,
    TEXT,
    arrival,
    at,
    open_,
    press,
    ready,
    row_of,
    waiting,
)
from tests.helpers.items import entity
from tests.helpers.queue_lists import ADAS, listed
from tests.helpers.store_caches import assert_caches_are_right


@pytest.fixture
def mixed(store: Store) -> dict[str, str]:
    """One article in each state, from the point of view of ada; the oldest first."""
    names = (
        *("ready", "in review", "finished", "skipped", "unusable"),
        *("failed", "waiting", "superseded"),
    )
    made = {"ready": ready(store, "Ready.\n", [])}
    ends = {"finished": [], "skipped": [skip(Answer.SKIP)], "unusable": [skip(Answer.UNUSABLE)]}
    for state in ("in review", *ends):
        made[state] = ready(store, f"{state}.\n", [])
        opened = open_(store, made[state])
        if state in ends:
            press(store, opened, *ends[state], finish())
    (made["failed"],) = waiting(store, "Failed.\n")
    store.work.lease("w", limit=1, seconds=60, now=NOW)
    store.work.fail("w", made["failed"], "Too long.", now=NOW)
    store.files.take_in([arrival("/inbox/s.txt", "Old.\n")])
    (row,) = store.queue.page(QueueView("ada"), offset=0, limit=1)
    made["superseded"] = row.id
    store.files.take_in([arrival("/inbox/s.txt", "New.\n")])
    (row,) = store.queue.page(QueueView("ada"), offset=0, limit=1)
    made["waiting"] = row.id
    return {name: made[name] for name in names}


def test_states_and_filters_agree(store: Store, mixed: dict[str, str]) -> None:
    for state, article_id in mixed.items():
        assert row_of(store, article_id).state == state
        view = QueueView("ada", state=QueueFilter(state))
        assert listed(store, view) == [article_id]
        assert store.queue.size(view) == 1
        assert store.queue.position(view, article_id) == 0


@pytest.mark.parametrize("reviews", [1, 2])
def test_articles_that_stay_are_listed_in_their_place(
    store: Store, mixed: dict[str, str], reviews: int
) -> None:
    whole = [one for one in listed(store) if one != mixed["superseded"]]
    stays = (mixed["finished"], mixed["ready"])
    for state in (*QueueFilter, None):
        view = replace(ADAS, state=state, reviews_per_article=reviews)
        fit = set(listed(store, view))
        view = replace(view, staying=stays)
        wanted = fit if state is None else fit | set(stays)
        found = listed(store, view)
        assert set(found) == wanted
        assert [one for one in found if one in whole] == [one for one in whole if one in wanted]
        assert store.queue.size(view) == len(found)
        assert [store.queue.position(view, one) for one in found] == list(range(len(found)))


def test_superseded_articles_are_not_listed(store: Store, mixed: dict[str, str]) -> None:
    assert set(listed(store)) == set(mixed.values()) - {mixed["superseded"]}
    assert store.queue.size(QueueView("ada")) == 7
    assert store.queue.position(QueueView("ada"), mixed["superseded"]) is None


def test_counts_add_up(store: Store, mixed: dict[str, str]) -> None:
    everything = Counts(
        **dict.fromkeys(("waiting", "ready", "in_review", "finished", "skipped"), 1),
        **dict.fromkeys(("unusable", "failed", "superseded"), 1),
        articles=8,
    )
    assert len(mixed) == 8
    assert_caches_are_right(store)
    assert store.queue.counts("ada") == store.queue.counts() == everything
    assert store.queue.counts("bo") == everything
    nothing_of_bo = Counts(articles=8, waiting=1, ready=5, failed=1, superseded=1)
    assert store.queue.counts("bo", plan=ReviewPlan(2)) == nothing_of_bo


def test_counts_of_reviews_on_articles_that_are_not_ready(store: Store) -> None:
    (article_id,) = waiting(store, TEXT)
    store.work.lease("w", limit=1, seconds=60, now=NOW)
    store.work.fail("w", article_id, "Too long.", now=NOW)
    open_(store, article_id)
    assert store.queue.counts("ada") == store.queue.counts() == Counts(articles=1, in_review=1)
    assert store.queue.counts("bo") == Counts(articles=1, in_review=1)
    assert store.queue.counts("bo", plan=ReviewPlan(2)) == Counts(articles=1, failed=1)


def test_pages_and_positions_agree(store: Store) -> None:
    waiting(store, *(f"Article {n}.\n" for n in range(25)))
    whole = listed(store)
    pages = [
        store.queue.page(QueueView("ada"), offset=start, limit=10) for start in range(0, 30, 10)
    ]
    assert [row.id for page in pages for row in page] == whole
    assert [store.queue.position(QueueView("ada"), one) for one in whole] == list(range(25))
    assert listed(store, QueueView("ada", order=QueueOrder.OLDEST)) == whole[::-1]
    assert store.queue.position(QueueView("ada", order=QueueOrder.OLDEST), whole[0]) == 24


def test_a_row_describes_its_article(store: Store) -> None:
    file = arrival("/inbox/one.txt", TEXT)
    named = [
        type(article)(article.text, title=None, origin=Origin("one.txt", outlet="The Bay Post"))
        for article in file.articles
    ]
    store.files.take_in([type(file)(file.path, file.state, file.at, tuple(named))])
    (row,) = store.queue.page(QueueView("ada"), offset=0, limit=9)
    assert (row.title, row.outlet, row.received) == (
        "Ada Low met Bo Marsh in Port Ellis.",
        "The Bay Post",
        NOW,
    )
    assert row.words == len(TEXT.split())


def test_a_row_counts_items_and_open_ones(store: Store) -> None:
    unsure = Claim("c1", (Span(0, 7),), tier=Tier.B)
    article_id = ready(store, TEXT, [entity(TEXT, "Ada Low"), entity(TEXT, "Bo Marsh"), unsure])
    row = row_of(store, article_id)
    assert (row.entities, row.claims, row.total, row.open) == (2, 1, 3, 3)
    opened = open_(store, article_id)
    first, second = opened.review.entities
    opened = press(store, opened, accept(first))
    row = row_of(store, article_id)
    assert (row.entities, row.total, row.open, row.reviewer) == (2, 3, 2, "ada")
    press(store, opened, reject(second))
    row = row_of(store, article_id)
    assert (row.entities, row.total, row.open) == (1, 3, 1)


def test_others_see_who_holds_an_article(store: Store) -> None:
    opened = open_(store, ready(store), "ada")
    seen = row_of(store, opened.article.id, "bo")
    assert (seen.state, seen.reviewer) == ("in review", "ada")
    assert listed(store, QueueView("bo", state=QueueFilter.READY)) == []
    press(store, opened, finish())
    assert listed(store, QueueView("bo", state=QueueFilter.FINISHED)) == [opened.article.id]


def test_with_two_reviews_others_see_it_as_ready(store: Store) -> None:
    opened = open_(store, ready(store), "ada")
    press(store, opened, finish())
    assert listed(store, QueueView("bo", state=QueueFilter.READY, reviews_per_article=2)) == [
        opened.article.id
    ]
    assert listed(store, QueueView("ada", state=QueueFilter.FINISHED, reviews_per_article=2)) == [
        opened.article.id
    ]
    theirs = open_(store, opened.article.id, "bo", reviews_per_article=2)
    assert listed(store, QueueView("cy", state=QueueFilter.READY, reviews_per_article=2)) == []
    assert listed(store, QueueView("cy", state=QueueFilter.IN_REVIEW, reviews_per_article=2)) == [
        opened.article.id
    ]
    assert listed(store, QueueView("bo", state=QueueFilter.IN_REVIEW, reviews_per_article=2)) == [
        opened.article.id
    ]
    press(store, theirs, finish())
    assert listed(store, QueueView("bo", state=QueueFilter.FINISHED, reviews_per_article=2)) == [
        opened.article.id
    ]


def test_one_finished_and_one_open_review_of_an_article(store: Store) -> None:
    opened = open_(store, ready(store), "ada", reviews_per_article=2)
    theirs = open_(store, opened.article.id, "bo", reviews_per_article=2)
    press(store, opened, finish())
    assert listed(store, QueueView("ada", state=QueueFilter.FINISHED)) == [opened.article.id]
    assert listed(store, QueueView("bo", state=QueueFilter.FINISHED)) == []
    assert listed(store, QueueView("bo", state=QueueFilter.IN_REVIEW)) == [opened.article.id]
    press(store, theirs, finish())
    assert listed(store, QueueView("bo", state=QueueFilter.IN_REVIEW)) == []


def test_a_reopened_review_is_no_longer_finished(store: Store) -> None:
    opened = press(store, open_(store, ready(store)), finish())
    press(store, opened, reopen())
    assert listed(store, QueueView("ada", state=QueueFilter.IN_REVIEW)) == [opened.article.id]
    assert listed(store, QueueView("ada", state=QueueFilter.FINISHED)) == []
    assert (store.queue.counts().in_review, store.queue.counts().finished) == (1, 0)


def test_the_next_article_follows_the_list_and_wraps_around(store: Store) -> None:
    one, two, three = (ready(store, f"Article {n}.\n", []) for n in range(3))
    assert store.queue.next_ready(QueueView("ada"), None) == three
    assert store.queue.next_ready(QueueView("ada"), three) == two
    assert store.queue.next_ready(QueueView("ada"), one) == three
    assert store.queue.next_ready(QueueView("ada", order=QueueOrder.OLDEST), one) == two


def test_the_next_article_can_be_opened(store: Store) -> None:
    one, two, three, four = (ready(store, f"Article {n}.\n", []) for n in range(4))
    press(store, open_(store, three), finish())
    open_(store, two, "bo")
    assert store.queue.next_ready(QueueView("ada"), four) == one
    assert store.queue.next_ready(QueueView("ada"), four, now=at(HOLD - 1)) == one
    assert store.queue.next_ready(QueueView("ada"), four, now=at(HOLD + 1)) == two
    assert store.queue.next_ready(QueueView("bo"), four) == two
    assert store.queue.next_ready(QueueView("cy", reviews_per_article=2), four) == three


def test_half_done_articles_of_others_come_last(
    store: Store,
) -> None:
    one, two = (ready(store, TEXT + f"{n}.\n", [entity(TEXT, "Ada Low")]) for n in range(2))
    opened = open_(store, two, "bo")
    press(store, opened, accept(opened.review.items[0]))
    store.reviews.release(two, "bo")
    assert store.queue.next_ready(QueueView("ada"), None, now=NOW) == one
    assert store.queue.next_ready(QueueView("bo"), None, now=NOW) == two
    press(store, open_(store, one, "ada"), finish())
    assert store.queue.next_ready(QueueView("ada"), one, now=NOW) == two
    assert open_(store, two, "ada").half_done == ("bo",)
    assert open_(store, two, "cy", reviews_per_article=3).half_done == ()


def test_the_only_article_has_no_next_one(store: Store) -> None:
    assert store.queue.next_ready(QueueView("ada"), None) is None
    only = ready(store)
    assert store.queue.next_ready(QueueView("ada"), only) is None
    assert store.queue.next_ready(QueueView("ada"), None) == only


def test_own_articles_are_those_with_an_own_review(store: Store, mixed: dict[str, str]) -> None:
    open_(store, mixed["ready"], "bo")
    assert set(listed(store, QueueView("ada", state=QueueFilter.MINE))) == {
        mixed[state] for state in ("in review", "finished", "skipped", "unusable")
    }
    assert store.queue.size(QueueView("ada", state=QueueFilter.MINE)) == 4
    assert listed(store, QueueView("bo", state=QueueFilter.MINE)) == [mixed["ready"]]
    assert listed(store, QueueView("cy", state=QueueFilter.MINE)) == []


def test_open_articles_are_ready_or_in_review(store: Store, mixed: dict[str, str]) -> None:
    assert set(listed(store, QueueView("ada", state=QueueFilter.OPEN))) == {
        mixed["ready"],
        mixed["in review"],
    }
    assert store.queue.size(QueueView("ada", state=QueueFilter.OPEN)) == 2
    assert set(listed(store, QueueView("bo", state=QueueFilter.OPEN, reviews_per_article=2))) == {
        mixed[state] for state in ("ready", "in review", "finished", "skipped", "unusable")
    }
    assert store.queue.size(QueueView("bo", state=QueueFilter.OPEN, reviews_per_article=2)) == 5


STATES = (QueueFilter.IN_REVIEW, QueueFilter.FINISHED, QueueFilter.SKIPPED, QueueFilter.UNUSABLE)


def test_counts_filters_and_rows_tell_the_same_states(store: Store) -> None:
    made = [ready(store, f"{TEXT}{n}\n", []) for n in range(3)]
    reviews: dict[tuple[int, str], OpenedReview] = {}
    chance, said = random.Random(4), set[ArticleState]()
    for _ in range(6):
        for _ in range(5):
            _act(store, reviews, (chance.randrange(3), chance.choice(("ada", "bo"))), made, chance)
        for view in (ADAS, QueueView("bo"), QueueView("ada", reviews_per_article=2)):
            said |= _assert_states_agree(store, view)
    assert said >= {ArticleState(state) for state in STATES}
    assert_caches_are_right(store)


def _act(
    store: Store,
    reviews: dict[tuple[int, str], OpenedReview],
    whose: tuple[int, str],
    made: list[str],
    chance: random.Random,
) -> None:
    """Finish, skip, reopen or undo one review, by chance."""
    opened = reviews.get(whose)
    if opened is None:
        opened = open_(store, made[whose[0]], whose[1], reviews_per_article=2)
    change = opened.review.undo() if chance.random() < 0.2 else None
    if change is not None:
        opened = press(store, opened, change)
    elif opened.review.finished:
        opened = press(store, opened, reopen())
    else:
        answer = chance.choice(list(Answer))
        answers = () if answer is Answer.ACCEPT else (skip(answer),)
        opened = press(store, opened, *answers, finish())
    reviews[whose] = opened


def _assert_states_agree(store: Store, view: QueueView) -> set[ArticleState]:
    """Checks one view; returns the states that it lists."""
    rows = store.queue.page(view, offset=0, limit=9)
    counts = store.queue.counts(view.reviewer, plan=ReviewPlan(view.reviews_per_article))
    for state in STATES:
        own = [row.id for row in rows if row.state.value == state.value]
        chosen = replace(view, state=state)
        assert listed(store, chosen) == own
        assert store.queue.size(chosen) == len(own) == counts.of(ArticleState(state))
    return {row.state for row in rows}


def test_articles_with_notes_are_listed(store: Store) -> None:
    one, two, three = (ready(store, f"{TEXT}{n}\n", [entity(TEXT, "Ada Low")]) for n in range(3))
    noted = QueueView("ada", state=QueueFilter.NOTED)
    first = open_(store, one)
    first = press(store, first, note(first.review.entities[0], "Who?"))
    press(store, open_(store, three, "bo"), note_article("bo", NOW, "Check."))
    assert listed(store, noted) == [three, one]
    assert store.queue.size(noted) == 2
    assert row_of(store, one).notes == 1
    assert listed(store, QueueView("ada", state=QueueFilter.NOTED, reviews_per_article=2)) == [one]
    change = first.review.undo()
    assert change is not None
    press(store, first, change)
    assert listed(store, noted) == [three]
    assert row_of(store, two).notes == 0
    assert_caches_are_right(store)


def test_folded_claims_are_not_counted_as_open(store: Store) -> None:
    claims = [
        Claim(f"c{n}", (Span(n, n + 4),), score=score) for n, score in enumerate((0.2, 0.4, 0.9))
    ]
    one = ready(store, TEXT, [entity(TEXT, "Ada Low"), *claims])

    def counted(below: float) -> tuple[int, int]:
        (row,) = store.queue.page(QueueView("ada", fold_below=below), offset=0, limit=1)
        return row.total, row.open

    assert [counted(below) for below in (0.0, 0.3, 0.5)] == [(4, 4), (3, 3), (2, 2)]
    opened = open_(store, one)
    folded, other, _ = opened.review.claims
    opened = press(store, opened, accept(folded), accept(opened.review.entities[0]))
    assert [counted(below) for below in (0.0, 0.3, 0.5)] == [(4, 2), (4, 2), (3, 1)]
    press(store, opened, reject(other))
    assert counted(0.5) == (4, 1)
