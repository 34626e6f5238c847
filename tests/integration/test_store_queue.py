"""The queue as reviewers see it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import insert, select, update

from annotator.core.annotations import Claim, Tier
from annotator.core.arrival import Arrival, FileState
from annotator.core.article import Article, Origin, Span
from annotator.core.assignment import ReviewPlan
from annotator.core.decisions import accept, finish, reject, reopen
from annotator.core.states import QueueFilter, QueueOrder
from annotator.store.sql import columns as t
from annotator.store.store import Store
from annotator.store.values import Counts, QueueView
from tests.helpers.building import (
    HOLD,
    NOW,
    TEXT,
    arrival,
    at,
    ids,
    open_,
    press,
    ready,
    row_of,
    suggest,
    waiting,
)
from tests.helpers.items import entity
from tests.helpers.store_caches import assert_caches_are_right

ADAS = QueueView("ada")


def listed(store: Store, view: QueueView = ADAS) -> list[str]:
    return ids(store.queue.page(view, offset=0, limit=100))


@pytest.fixture
def mixed(store: Store) -> dict[str, str]:
    """One article in each state, from the point of view of ada; the oldest first."""
    names = ("ready", "in review", "finished", "failed", "waiting", "superseded")
    made = {"ready": ready(store, "Ready.\n", [])}
    for state in ("in review", "finished"):
        made[state] = ready(store, f"{state}.\n", [])
        opened = open_(store, made[state])
        if state == "finished":
            press(store, opened, finish())
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


def test_superseded_articles_are_not_listed(store: Store, mixed: dict[str, str]) -> None:
    assert set(listed(store)) == set(mixed.values()) - {mixed["superseded"]}
    assert store.queue.size(QueueView("ada")) == 5
    assert store.queue.position(QueueView("ada"), mixed["superseded"]) is None


def test_counts_add_up(store: Store, mixed: dict[str, str]) -> None:
    everything = Counts(
        articles=6, waiting=1, ready=1, in_review=1, finished=1, failed=1, superseded=1
    )
    assert len(mixed) == 6
    assert_caches_are_right(store)
    assert store.queue.counts("ada") == store.queue.counts() == everything
    assert store.queue.counts("bo") == everything
    nothing_of_bo = Counts(articles=6, waiting=1, ready=3, failed=1, superseded=1)
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
    assert (row.title, row.outlet, row.received) == ("one.txt", "The Bay Post", NOW)


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


def scored(store: Store, title: str, *scores: float) -> str:
    """An article with one person named for each score; its id."""
    body = f"{title}.\n\n" + " ".join(f"Ada{n} spoke." for n in range(len(scores)))
    found = [
        replace(entity(body, f"Ada{n}"), score=score, id=f"{title}{n}")
        for n, score in enumerate(scores)
    ]
    return ready(store, body, found)


def test_the_least_confident_articles_come_first(store: Store) -> None:
    sure, none, unsure = scored(store, "Sure", 0.9), scored(store, "None"), scored(store, "Un", 0.2)
    half, other = scored(store, "Half", 0.3, 0.7), scored(store, "Other")
    order = [unsure, half, sure, none, other]
    assert listed(store, QueueView("ada", order=QueueOrder.LEAST_CONFIDENT)) == order
    for place, article_id in enumerate(order):
        assert (
            store.queue.position(QueueView("ada", order=QueueOrder.LEAST_CONFIDENT), article_id)
            == place
        )
    assert row_of(store, half).confidence == 0.5
    assert row_of(store, none).confidence is None
    following = [
        store.queue.next_ready(QueueView("ada", order=QueueOrder.LEAST_CONFIDENT), one)
        for one in order
    ]
    assert following == [*order[1:], unsure]


def test_articles_with_most_claims_come_first(store: Store) -> None:
    def with_claims(title: str, many: int) -> str:
        body = f"{title}.\n"
        return ready(store, body, [Claim(f"{title}{n}", (Span(n, n + 1),)) for n in range(many)])

    one, none, three, other = (
        with_claims("One two", 1),
        with_claims("None", 0),
        with_claims("Three four", 3),
        with_claims("Other one", 1),
    )
    order = [three, other, one, none]
    assert listed(store, QueueView("ada", order=QueueOrder.MOST_CLAIMS)) == order
    assert [
        store.queue.position(QueueView("ada", order=QueueOrder.MOST_CLAIMS), i) for i in order
    ] == [
        0,
        1,
        2,
        3,
    ]
    assert store.queue.next_ready(QueueView("ada", order=QueueOrder.MOST_CLAIMS), one) == none
    assert store.queue.next_ready(QueueView("ada", order=QueueOrder.MOST_CLAIMS), none) == three


def test_near_duplicates_are_adjacent_in_order_of_arrival(store: Store) -> None:
    one, two, three = (ready(store, f"Article {n}.\n", []) for n in range(3))
    with store.database.writing() as connection:
        beside = select(t.article.c.place).where(t.article.c.id == one).scalar_subquery()
        connection.execute(update(t.article).where(t.article.c.id == three).values(place=beside))
        connection.execute(
            insert(t.likeness).values(article_id=three, other_id=one, similarity=0.8)
        )
    assert listed(store) == [two, three, one]
    assert listed(store, QueueView("ada", order=QueueOrder.OLDEST)) == [one, three, two]
    assert [store.queue.position(QueueView("ada"), i) for i in (two, three, one)] == [0, 1, 2]
    assert [row.alike for row in store.queue.page(QueueView("ada"), offset=0, limit=9)] == [0, 1, 1]
    assert store.queue.next_ready(QueueView("ada"), two) == three
    assert_caches_are_right(store)


def of_outlet(store: Store, title: str, outlet: str | None) -> str:
    article = Article(f"{title}.\n", title=title, origin=Origin(f"{title}.txt", outlet=outlet))
    key = FileState(1, 1, 1, 1)
    store.files.take_in([Arrival(f"/inbox/{title}.txt", key, NOW, (article,))])
    suggest(store, {})
    return article.id


def test_a_filter_lists_one_outlet(store: Store) -> None:
    bay, sund, none = (
        of_outlet(store, "Boats", "The Bay Post"),
        of_outlet(store, "Boots", "Sund Courier"),
        of_outlet(store, "Bats", None),
    )
    bay_two = of_outlet(store, "Beets", "The Bay Post")
    assert store.queue.outlets() == (("The Bay Post", 2), ("Sund Courier", 1))
    assert listed(store, QueueView("ada", outlet="The Bay Post")) == [bay_two, bay]
    assert listed(store, QueueView("ada", outlet="Sund Courier", state=QueueFilter.READY)) == [sund]
    assert listed(store, QueueView("ada", outlet="Sund Courier", state=QueueFilter.FAILED)) == []
    assert store.queue.size(QueueView("ada", outlet="The Bay Post")) == 2
    assert store.queue.position(QueueView("ada", outlet="The Bay Post"), bay) == 1
    assert store.queue.position(QueueView("ada", outlet="The Bay Post"), none) is None
    assert store.queue.next_ready(QueueView("ada", outlet="The Bay Post"), bay_two) == bay
    assert store.queue.next_ready(QueueView("ada", outlet="Sund Courier"), sund) is None


def test_own_articles_are_those_with_an_own_review(store: Store, mixed: dict[str, str]) -> None:
    open_(store, mixed["ready"], "bo")
    assert set(listed(store, QueueView("ada", state=QueueFilter.MINE))) == {
        mixed["in review"],
        mixed["finished"],
    }
    assert store.queue.size(QueueView("ada", state=QueueFilter.MINE)) == 2
    assert listed(store, QueueView("bo", state=QueueFilter.MINE)) == [mixed["ready"]]
    assert listed(store, QueueView("cy", state=QueueFilter.MINE)) == []


def test_open_articles_are_ready_or_in_review(store: Store, mixed: dict[str, str]) -> None:
    assert set(listed(store, QueueView("ada", state=QueueFilter.OPEN))) == {
        mixed["ready"],
        mixed["in review"],
    }
    assert store.queue.size(QueueView("ada", state=QueueFilter.OPEN)) == 2
    assert set(listed(store, QueueView("bo", state=QueueFilter.OPEN, reviews_per_article=2))) == {
        mixed["ready"], mixed["in review"], mixed["finished"]
    }  # fmt: skip
    assert store.queue.size(QueueView("bo", state=QueueFilter.OPEN, reviews_per_article=2)) == 3


def test_titles_are_found_case_insensitively(store: Store) -> None:
    one, two = ready(store, "Ferry vote 100% sure.\n", []), ready(store, "Ferry fares.\n", [])
    assert store.queue.next_titled(QueueView("ada"), "FERRY") == two
    assert store.queue.next_titled(QueueView("ada"), "ferry", two) == one
    assert store.queue.next_titled(QueueView("ada"), "vote ferry", two) == one
    assert store.queue.next_titled(QueueView("ada"), "100%") == one
    assert store.queue.next_titled(QueueView("ada"), "1_0") is None
    assert store.queue.next_titled(QueueView("ada"), "fares", two) is None
    assert store.queue.next_titled(QueueView("ada", state=QueueFilter.FAILED), "ferry") is None


def test_an_untitled_article_is_found_by_its_file_name(store: Store) -> None:
    article = Article("Nobody was hurt.\n", title=None, origin=Origin("harbour-12.txt"))
    store.files.take_in([Arrival("/inbox/harbour-12.txt", FileState(1, 1, 1, 1), NOW, (article,))])
    assert store.queue.next_titled(QueueView("ada"), "Harbour") == article.id
