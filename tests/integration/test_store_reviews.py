"""Reviews: taking an article, deciding, reading back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from annotator.core.annotations import Entity
from annotator.core.decisions import (
    Answer,
    accept,
    add,
    finish,
    link,
    note,
    note_article,
    reject,
    relabel,
    reopen,
    skip,
)
from annotator.core.watcher_status import Heartbeat, WatcherStatus
from annotator.errors import ArticleNotFound, LeaseLost, ReviewError, StoreError
from annotator.store.store import Store
from annotator.store.values import QueueView
from tests.helpers.building import HOLD, NOW, PIPELINE, TEXT, at, open_, press, ready, waiting
from tests.helpers.items import entity
from tests.helpers.store_caches import assert_caches_are_right
from tests.helpers.strategies import stamped


def test_a_new_review_has_the_suggestions(store: Store) -> None:
    opened = open_(store, ready(store))
    assert [item.spans[0].of(TEXT) for item in opened.review.items] == [
        "Ada Low",
        "Bo Marsh",
        "Port Ellis",
    ]
    assert (opened.pipeline, opened.started, opened.article.text) == (PIPELINE, NOW, TEXT)


def test_decisions_of_every_kind_are_stored_unchanged(store: Store) -> None:
    opened = open_(store, ready(store))
    ada, bo, port = opened.review.entities
    opened = press(store, opened, accept(ada), reject(bo))
    opened = press(store, opened, relabel(port, "FAC"))
    opened = press(store, opened, note(ada, "spelt so"), link(port, replace(port, identity="q1")))
    opened = press(store, opened, add(entity(TEXT, "Marsh", "ORG", id="new")))
    opened = press(store, opened, note_article("ada", at(1), "A short one."))
    undo = opened.review.undo()
    assert undo is not None
    opened = press(store, opened, undo)
    redo = opened.review.redo()
    assert redo is not None
    opened = press(store, opened, redo)
    opened = press(store, opened, finish(showed_low_confidence=True))
    opened = press(store, opened, reopen())
    opened = press(store, opened, skip(Answer.UNUSABLE), finish())
    assert store.reviews.get(opened.article.id, "ada") == opened


def test_a_restart_finds_everything(store: Store, database_url: str) -> None:
    opened = open_(store, ready(store))
    opened = press(store, opened, accept(opened.review.items[0]))
    store.close()
    again = Store.open(database_url)
    resumed = open_(again, opened.article.id)
    assert resumed == opened
    undo = resumed.review.undo()
    assert undo is not None
    assert len(press(again, resumed, undo).review.open_items()) == 3
    again.close()


def test_a_repeated_decision_is_stored_once(store: Store) -> None:
    opened = open_(store, ready(store))
    made = stamped([accept(opened.review.items[0])], opened.review)
    for _ in range(3):
        store.reviews.append(made, text=TEXT)
    assert store.reviews.get(opened.article.id, "ada").review.decisions == made


def test_decisions_stored_already_are_not_stored_again(store: Store) -> None:
    opened = open_(store, ready(store))
    made = stamped([accept(item) for item in opened.review.items], opened.review)
    store.reviews.append(made[:2], text=TEXT)
    store.reviews.append(made, text=TEXT)
    assert store.reviews.get(opened.article.id, "ada").review.decisions == made


def test_a_decision_made_elsewhere_is_noticed(store: Store) -> None:
    opened = open_(store, ready(store))
    first, second = opened.review.items[:2]
    press(store, opened, accept(first))
    other = [replace(d, id="other") for d in stamped([reject(second)], opened.review)]
    with pytest.raises(LeaseLost, match="elsewhere"):
        store.reviews.append(other, text=TEXT)
    assert len(store.reviews.get(opened.article.id, "ada").review.decisions) == 1


def test_one_reviewer_in_two_windows_continues_from_the_store(
    store: Store, database_url: str
) -> None:
    here = open_(store, ready(store))
    here = press(store, here, accept(here.review.items[0]))
    other = Store.open(database_url)
    there = open_(other, here.article.id)
    press(other, there, reject(there.review.items[1]))
    other.close()
    again = open_(store, here.article.id)
    press(store, again, reject(again.review.items[1]))
    review = store.reviews.get(here.article.id, "ada").review
    assert [item.id for item in review.items] == [here.review.items[0].id]
    assert_caches_are_right(store)


def test_a_gap_in_the_numbers_is_refused(store: Store) -> None:
    opened = open_(store, ready(store))
    made = stamped([accept(item) for item in opened.review.items], opened.review)
    with pytest.raises(LeaseLost):
        store.reviews.append(made[1:], text=TEXT)
    assert store.reviews.get(opened.article.id, "ada").review.decisions == ()


def test_an_invalid_decision_is_refused_completely(store: Store) -> None:
    opened = open_(store, ready(store))
    stranger = entity(TEXT, "Marsh", id="stranger")
    made = stamped([accept(opened.review.items[0]), accept(stranger)], opened.review)
    with pytest.raises(ReviewError):
        store.reviews.append(made, text=TEXT)
    assert store.reviews.get(opened.article.id, "ada").review.decisions == ()
    press(store, opened, accept(opened.review.items[1]))


def test_decisions_of_two_reviews_are_not_stored_together(store: Store) -> None:
    opened = open_(store, ready(store))
    (made,) = stamped([accept(opened.review.items[0])], opened.review)
    with pytest.raises(StoreError, match="one review at a time"):
        store.reviews.append([made, replace(made, id="x", reviewer="bo", seq=2)], text=TEXT)


def test_a_held_article_cannot_be_taken(store: Store) -> None:
    article_id = ready(store)
    open_(store, article_id, "ada")
    with pytest.raises(LeaseLost, match="ada is reviewing"):
        open_(store, article_id, "bo", now=at(HOLD - 1))


def test_a_finished_article_cannot_be_taken(store: Store) -> None:
    opened = open_(store, ready(store), "ada")
    press(store, opened, finish())
    store.reviews.release(opened.article.id, "ada")
    with pytest.raises(LeaseLost, match="ada has reviewed"):
        open_(store, opened.article.id, "bo", now=at(99 * HOLD))
    assert open_(store, opened.article.id, "ada", now=at(99 * HOLD)).review.finished


def test_an_expired_hold_is_free_for_others_and_lost(store: Store) -> None:
    opened = open_(store, ready(store), "ada")
    opened = press(store, opened, accept(opened.review.items[0]))
    theirs = open_(store, opened.article.id, "bo", now=at(2 * HOLD))
    assert theirs.review.decisions == ()
    with pytest.raises(LeaseLost, match="bo took it up"):
        press(store, opened, accept(opened.review.items[1]))
    with pytest.raises(LeaseLost, match="bo is reviewing"):
        open_(store, opened.article.id, "ada", now=at(2 * HOLD + 1))
    press(store, theirs, accept(theirs.review.items[1]), now=at(2 * HOLD))


def test_an_unnoticed_expired_hold_is_renewed_by_a_decision(store: Store) -> None:
    opened = open_(store, ready(store), "ada")
    press(store, opened, accept(opened.review.items[0]), now=at(5 * HOLD))
    with pytest.raises(LeaseLost, match="ada is reviewing"):
        open_(store, opened.article.id, "bo", now=at(5.5 * HOLD))


def test_reading_renews_the_hold(store: Store) -> None:
    article_id = ready(store)
    open_(store, article_id, "ada")
    store.reviews.renew(article_id, "ada", now=at(HOLD - 1))
    with pytest.raises(LeaseLost):
        open_(store, article_id, "bo", now=at(HOLD + 1))
    with pytest.raises(LeaseLost):
        store.reviews.renew(article_id, "bo", now=NOW)


def test_a_released_article_is_free(store: Store) -> None:
    opened = open_(store, ready(store), "ada")
    press(store, opened, accept(opened.review.items[0]))
    store.reviews.release(opened.article.id, "ada")
    open_(store, opened.article.id, "bo")
    assert len(store.reviews.get(opened.article.id, "ada").review.decisions) == 1


def test_one_terminal_leaving_does_not_affect_another(store: Store) -> None:
    opened = open_(store, ready(store), "ada")
    opened = press(store, opened, accept(opened.review.items[0]))
    store.reviews.release(opened.article.id, "ada")
    opened = press(store, opened, accept(opened.review.items[1]))
    with pytest.raises(LeaseLost, match="ada is reviewing"):
        open_(store, opened.article.id, "bo")
    store.reviews.release(opened.article.id, "ada")
    store.reviews.renew(opened.article.id, "ada", now=NOW)
    with pytest.raises(LeaseLost, match="ada is reviewing"):
        open_(store, opened.article.id, "bo")


def test_a_released_article_taken_by_others_is_not_continued(store: Store) -> None:
    opened = open_(store, ready(store), "ada")
    opened = press(store, opened, accept(opened.review.items[0]))
    store.reviews.release(opened.article.id, "ada")
    press(store, theirs := open_(store, opened.article.id, "bo"), accept(theirs.review.items[0]))
    store.reviews.release(opened.article.id, "bo")
    with pytest.raises(LeaseLost, match="bo took it up"):
        press(store, opened, accept(opened.review.items[1]))


def test_a_look_without_a_decision_leaves_no_trace(store: Store) -> None:
    article_id = ready(store)
    open_(store, article_id, "ada")
    assert store.queue.counts("ada").in_review == 1
    store.reviews.release(article_id, "ada")
    assert store.queue.counts("ada").in_review == 0
    store.reviews.release(article_id, "ada")


def test_two_may_review_if_two_reviews_are_wanted(store: Store) -> None:
    article_id = ready(store)
    ours = open_(store, article_id, "ada", reviews_per_article=2)
    theirs = open_(store, article_id, "bo", reviews_per_article=2)
    press(store, ours, accept(ours.review.items[0]))
    press(store, theirs, reject(theirs.review.items[0]))
    with pytest.raises(LeaseLost, match="ada and bo are reviewing"):
        open_(store, article_id, "cy", reviews_per_article=2)
    assert len(store.reviews.get(article_id, "ada").review.items) == 3
    assert len(store.reviews.get(article_id, "bo").review.items) == 2


def test_an_unknown_article_and_an_unopened_review_are_clear_errors(store: Store) -> None:
    with pytest.raises(ArticleNotFound):
        open_(store, "0" * 64)
    with pytest.raises(ArticleNotFound):
        store.articles.get("0" * 64)
    with pytest.raises(StoreError, match="no review"):
        store.reviews.get(ready(store), "ada")


def test_an_article_without_suggestions_is_not_opened_yet(store: Store) -> None:
    (article_id,) = waiting(store, TEXT)
    with pytest.raises(StoreError, match="no suggestions yet"):
        open_(store, article_id)


def test_a_failed_article_can_be_reviewed_by_hand(store: Store) -> None:
    (article_id,) = waiting(store, TEXT)
    store.work.lease("w", limit=1, seconds=60, now=NOW)
    store.work.fail("w", article_id, "Too long.", now=NOW)
    opened = open_(store, article_id)
    assert (opened.review.items, opened.pipeline) == ((), None)
    press(store, opened, add(entity(TEXT, "Ada Low", id="mine")))


def test_finished_reviews_are_listed_in_order(store: Store) -> None:
    articles = [ready(store, f"Ada Low, number {n}.\n") for n in range(45)]
    for article_id in articles:
        press(store, open_(store, article_id), finish())
    undone = store.reviews.get(articles[7], "ada")
    undo = undone.review.undo()
    assert undo is not None
    press(store, undone, undo)
    found = [one.article.id for one in store.finished.reviews()]
    assert found == sorted(set(articles) - {articles[7]})
    assert store.finished.last_decisions() == {(article_id, "ada"): 1 for article_id in found}


def test_finished_reviews_of_one_reviewer_or_since_a_time(store: Store) -> None:
    article_id = ready(store)
    for reviewer, when in (("ada", NOW), ("bo", at(100))):
        opened = open_(store, article_id, reviewer, reviews_per_article=2)
        press(store, opened, finish(), now=when)
    assert [one.review.reviewer for one in store.finished.reviews()] == ["ada", "bo"]
    assert [one.review.reviewer for one in store.finished.reviews(reviewer="bo")] == ["bo"]
    assert [one.review.reviewer for one in store.finished.reviews(since=at(50))] == ["bo"]


def test_an_entity_as_long_as_a_paragraph_can_be_stored(store: Store) -> None:
    text = "word " * 2000 + "end\n"
    opened = open_(store, ready(store, text, []))
    whole = Entity("x", entity(text, text.strip()).span, "EVENT")
    press(store, opened, add(whole))
    assert store.reviews.get(opened.article.id, "ada").review.entities[0].span == whole.span


def test_notes_with_any_characters_are_stored_unchanged(store: Store) -> None:
    opened = open_(store, ready(store))
    remark = "[red]\x00\x1b \udce9 👩‍👩‍👧 \u202e"
    opened = press(store, opened, note(opened.review.items[0], remark))
    assert store.reviews.get(opened.article.id, "ada") == opened


def test_times_keep_their_microseconds(store: Store) -> None:
    opened = open_(store, ready(store))
    exact = NOW + timedelta(microseconds=123457)
    opened = press(store, opened, accept(opened.review.items[0]), now=exact)
    (made,) = store.reviews.get(opened.article.id, "ada").review.decisions
    assert made == opened.review.decisions[0]


def test_only_changes_are_noticed(store: Store) -> None:
    article_id = ready(store)
    before = store.data_version()
    store.queue.page(QueueView("ada"), offset=0, limit=9)
    assert store.data_version() == before
    open_(store, article_id)
    assert store.data_version() != before


def test_the_last_heartbeat_is_returned(store: Store) -> None:
    assert store.watcher.last() is None
    store.watcher.beat(Heartbeat(NOW, 42, NOW, WatcherStatus(waiting=3)))
    store.watcher.beat(Heartbeat(at(2), 42, NOW, WatcherStatus(waiting=2)))
    beat = store.watcher.last()
    assert beat is not None
    assert (beat.at, beat.pid, beat.started) == (at(2), 42, NOW)
    assert beat.status == WatcherStatus(waiting=2)
