"""Waiting articles leased to workers."""

from __future__ import annotations

import pytest

from annotator.core.decisions import accept
from annotator.core.record import PipelineId
from annotator.core.states import QueueFilter
from annotator.store.store import Store
from annotator.store.values import Leased, QueueView, Stage, Suggested
from tests.helpers.building import (
    NOW,
    PIPELINE,
    TEXT,
    at,
    ids,
    open_,
    press,
    ready,
    suggest,
    waiting,
)
from tests.helpers.items import entity


def lease(store: Store, worker: str = "w1", *, limit: int = 10, now: float = 0) -> list[Leased]:
    return list(store.work.lease(worker, limit=limit, seconds=60, now=at(now)))


def test_the_oldest_article_goes_first_and_to_one_worker(store: Store) -> None:
    one, two, three = waiting(store, "One.\n", "Two.\n", "Three.\n")
    assert ids(lease(store, "w1", limit=2)) == [one, two]
    assert ids(lease(store, "w2", limit=2)) == [three]
    assert lease(store, "w3") == []


def test_a_lease_carries_the_text_and_counts_the_try(store: Store) -> None:
    (one,) = waiting(store, TEXT)
    assert lease(store) == [Leased(one, TEXT, 1)]


def test_an_expired_lease_is_given_again(store: Store) -> None:
    (one,) = waiting(store, "One.\n")
    lease(store, "w1")
    assert lease(store, "w2", now=59) == []
    assert lease(store, "w2", now=61) == [Leased(one, "One.\n", 2)]


def test_a_retried_article_is_leased_alone(store: Store) -> None:
    one, two, three = waiting(store, "One.\n", "Two.\n", "Three.\n")
    lease(store, "w1", limit=2)
    assert store.work.release("w1") == 2
    assert ids(lease(store, "w2")) == [one]
    assert ids(lease(store, "w2")) == [two]
    assert ids(lease(store, "w2")) == [three]


def test_an_article_never_started_does_not_count_as_tried(store: Store) -> None:
    waiting(store, "One.\n", "Two.\n")
    lease(store, "w1")
    store.work.release("w1", tried=False)
    assert [one.tries for one in lease(store, "w2")] == [1, 1]


def test_suggestions_make_an_article_ready(store: Store) -> None:
    (one,) = waiting(store, TEXT)
    lease(store)
    items = (entity(TEXT, "Ada Low"), entity(TEXT, "Port Ellis", "GPE"))
    assert store.work.attach("w1", [Suggested(one, items, "en")], PIPELINE, now=NOW) == 1
    (row,) = store.queue.page(QueueView("ada"), offset=0, limit=9)
    assert (row.stage, row.language, row.entities, row.claims) == (Stage.READY, "en", 2, 0)
    opened = open_(store, one)
    assert (opened.review.items, opened.pipeline) == (items, PIPELINE)
    assert store.work.waiting() == 0


def test_an_unsure_detector_keeps_the_given_language(store: Store) -> None:
    (one,) = waiting(store, TEXT)
    lease(store)
    store.work.attach("w1", [Suggested(one, (), "de")], PIPELINE, now=NOW)
    store.work.suggest_again()
    lease(store, now=61)
    store.work.attach("w1", [Suggested(one, (), None)], PIPELINE, now=NOW)
    assert store.articles.get(one).language == "de"


def test_suggestions_after_a_lost_lease_are_dropped(store: Store) -> None:
    one, two = waiting(store, "One.\n", "Two.\n")
    lease(store, "slow")
    lease(store, "quick", limit=1, now=61)
    results = [Suggested(name, (), "en") for name in (one, two)]
    # The first is the quick one's now; of the second the slow one is still the last holder.
    assert store.work.attach("slow", results, PIPELINE, now=at(62)) == 1
    assert store.work.attach("quick", results, PIPELINE, now=at(63)) == 1
    assert store.queue.counts().ready == 2


def test_suggestions_for_an_unknown_article_are_dropped(store: Store) -> None:
    assert store.work.attach("w1", [Suggested("0" * 64, (), "en")], PIPELINE, now=NOW) == 0


def test_a_failure_keeps_its_reason(store: Store) -> None:
    one, two = waiting(store, "One.\n", "Two.\n")
    lease(store)
    store.work.fail("w1", one, "Too long.", now=NOW)
    store.work.fail("another", two, "Not mine.", now=NOW)
    rows = {row.id: row for row in store.queue.page(QueueView("ada"), offset=0, limit=9)}
    assert (rows[one].stage, rows[one].problem) == (Stage.FAILED, "Too long.")
    assert rows[two].stage is Stage.WAITING


def test_a_text_that_always_kills_fails_and_the_others_continue(store: Store) -> None:
    bad, *others = waiting(store, "Bad.\n", *(f"Good {n}.\n" for n in range(5)))
    deaths = 0
    for now in range(100):
        worker = f"w{now}"
        store.work.fail_exhausted(3, at(now))
        leased = ids(lease(store, worker, limit=4, now=now))
        if bad in leased:
            deaths += 1
            store.work.release(worker)
        else:
            store.work.attach(
                worker, [Suggested(x, (), "en") for x in leased], PIPELINE, now=at(now)
            )
    rows = {row.id: row.stage for row in store.queue.page(QueueView("ada"), offset=0, limit=9)}
    assert deaths == 3
    assert rows == {bad: Stage.FAILED} | dict.fromkeys(others, Stage.READY)


def test_a_lease_renewed_is_held_longer(store: Store) -> None:
    waiting(store, "One.\n")
    lease(store, "w1")
    assert store.work.renew("w1", seconds=60, now=at(50)) == 1
    assert lease(store, "w2", now=100) == []
    assert len(lease(store, "w2", now=111)) == 1


def test_new_suggestions_are_made_for_unopened_articles(store: Store) -> None:
    opened, fresh = ready(store, TEXT), ready(store, "Other.\n", [])
    review = open_(store, opened)
    press(store, review, accept(review.review.items[0]))
    assert store.work.suggest_again() == 1
    assert ids(
        store.queue.page(QueueView("ada", state=QueueFilter.WAITING), offset=0, limit=9)
    ) == [fresh]


def test_a_review_keeps_the_suggestions_it_was_opened_with(store: Store) -> None:
    one = ready(store, TEXT, [entity(TEXT, "Ada Low")])
    opened = open_(store, one)
    press(store, opened, accept(opened.review.items[0]))
    assert store.work.suggest_again([one]) == 0
    assert open_(store, one).review.suggestions == opened.review.suggestions


def test_a_review_without_decisions_gets_the_newest_suggestions(store: Store) -> None:
    one = ready(store, TEXT, [entity(TEXT, "Ada Low")])
    open_(store, one)
    store.reviews.release(one, "ada")
    assert store.work.suggest_again([one]) == 1
    suggest(store, {one: [entity(TEXT, "Bo Marsh")]})
    (item,) = open_(store, one).review.items
    assert item.spans[0].of(TEXT) == "Bo Marsh"


def test_failed_articles_are_retried_on_request(store: Store) -> None:
    (one,) = waiting(store, TEXT)
    lease(store)
    store.work.fail("w1", one, "Out of memory.", now=NOW)
    assert store.work.suggest_again([one]) == 1
    (row,) = store.queue.page(QueueView("ada"), offset=0, limit=9)
    assert (row.stage, row.problem) == (Stage.WAITING, None)


def test_unreviewed_articles_have_their_newest_suggestions(store: Store) -> None:
    done, seen, other = ready(store, TEXT), ready(store, "Seen Bo.\n", []), ready(store, "X.\n", [])
    opened = open_(store, done)
    press(store, opened, accept(opened.review.items[0]))
    store.work.suggest_again([seen])
    newer = PipelineId("annotator-en", "2.0", "4567")
    (leased,) = lease(store, "w9")
    item = entity("Seen Bo.\n", "Bo")
    store.work.attach("w9", [Suggested(leased.id, (item,), "en")], newer, now=NOW)
    found = {
        article.id: (items, pipeline) for article, items, pipeline in store.articles.unreviewed()
    }
    assert found == {seen: ((item,), newer), other: ((), PIPELINE)}
    assert list(found) == sorted(found)


def test_dropped_suggestions_are_counted_in_the_newest_sets(store: Store) -> None:
    assert store.statistics.dropped_suggestions() == 0
    one, two = waiting(store, "One.\n", "Two.\n")
    for dropped in (7, 2):
        lease(store)
        results = [Suggested(name, (), "en", dropped) for name in (one, two)]
        store.work.attach("w1", results, PIPELINE, now=NOW)
        store.work.suggest_again()
    assert store.statistics.dropped_suggestions() == 4


def test_a_renewal_waits_for_nobody(store: Store) -> None:
    if store.database.is_sqlite:
        pytest.skip("on SQLite writers take turns")
    ids = sorted(waiting(store, *(f"Text {number}.\n" for number in range(5))))
    lease(store, "w1")
    with store.database.writing() as attaching:
        # Another order than that of a renewal: whoever waited here might wait for each other.
        for article in (ids[3], ids[1]):
            locked = "SELECT id FROM article WHERE id = %(id)s FOR UPDATE"
            attaching.exec_driver_sql(locked, {"id": article})
        assert store.work.renew("w1", seconds=60, now=at(30)) == 3
    assert store.work.renew("w1", seconds=60, now=at(30)) == 5
