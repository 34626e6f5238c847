"""Reviews that start without suggestions: what they hold, and what is known of them later."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from annotator.core.annotations import Entity, MadeBy
from annotator.core.article import identity_of
from annotator.core.assignment import ReviewPlan
from annotator.core.decisions import Change, accept, add, finish
from annotator.core.record import Record, SchemeId
from annotator.export.records import record_of
from annotator.store.reviewing.review_cache import ReviewCache
from annotator.store.sql import columns as t
from annotator.store.store import Store
from annotator.store.values import OpenedReview
from tests.helpers.building import (
    HOLD,
    NOW,
    PIPELINE,
    TEXT,
    arrival,
    at,
    open_,
    press,
    ready,
    row_of,
    suggest,
)
from tests.helpers.importing import bring_in, write
from tests.helpers.items import span
from tests.helpers.store_caches import assert_caches_are_right
from tests.helpers.strategies import stamped

SCHEME = SchemeId("news", "1")
BARE = ReviewPlan(reviews_per_article=2, unassisted=1.0)
ADDED = Entity("own", span(TEXT, "Ada Low"), "PERSON", made_by=MadeBy.REVIEWER)


def unassisted(store: Store, article: str, reviewer: str = "ada") -> OpenedReview:
    return store.reviews.open(article, reviewer, now=NOW, lease_seconds=HOLD, plan=BARE)


def items_pinned(store: Store, article: str, reviewer: str) -> list[object]:
    """The items of the suggestion set that a review is pinned to."""
    r, s = t.review.c, t.suggestion_set
    wanted = select(s.c["items"]).join(t.review, r.suggestion_set_id == s.c.id)
    with store.database.reading() as connection:
        found = connection.execute(wanted.where(r.article_id == article, r.reviewer == reviewer))
        return list(found.scalar_one())


def finished(store: Store, opened: OpenedReview, *changes: Change) -> Record:
    press(store, opened, *changes, finish())
    return record_of(store, store.reviews.get(opened.article.id, opened.review.reviewer), SCHEME)


def test_an_unassisted_review_starts_empty_and_is_counted_so(store: Store) -> None:
    opened = unassisted(store, ready(store))
    assert (opened.assisted, opened.review.items, opened.pipeline) == (False, (), None)
    row = row_of(store, opened.article.id)
    assert (row.total, row.open, row.entities) == (0, 0, 0)
    assert_caches_are_right(store)


def test_it_is_pinned_to_what_would_have_been_shown(store: Store) -> None:
    article = ready(store)
    unassisted(store, article)
    open_(store, article, "ben", reviews_per_article=2)
    assert len(items_pinned(store, article, "ada")) == 3
    assert items_pinned(store, article, "ada") == items_pinned(store, article, "ben")


def test_its_decisions_fold_over_nothing(store: Store) -> None:
    article = ready(store)
    press(store, unassisted(store, article), add(ADDED))
    store.reviews.cache = ReviewCache()  # as in another process
    again = open_(store, article)
    assert (again.assisted, [one.id for one in again.review.items]) == (False, ["own"])
    press(store, again, finish())
    assert_caches_are_right(store)


def test_until_something_is_decided_it_can_begin_with_suggestions(store: Store) -> None:
    article = ready(store)
    unassisted(store, article)
    helped = open_(store, article)
    assert len(helped.review.items) == 3
    assert unassisted(store, article).review.items == ()
    helped = open_(store, article)
    press(store, helped, accept(helped.review.items[0]))
    assert unassisted(store, article).assisted


def test_its_record_says_so_and_names_no_pipeline(store: Store) -> None:
    article = ready(store)
    bare = finished(store, unassisted(store, article), add(ADDED))
    helped = finished(store, open_(store, article, "ben", reviews_per_article=2))
    assert (bare.review.assisted, bare.pipeline) == (False, None)
    assert (helped.review.assisted, helped.pipeline) == (True, PIPELINE)


def test_a_record_that_was_made_without_suggestions_is_imported_so(
    store: Store, tmp_path: Path
) -> None:
    made = finished(store, unassisted(store, ready(store)), add(ADDED))
    there = Store.open(f"sqlite:///{tmp_path / 'there.db'}")
    bring_in(there, write(tmp_path / "one.jsonl", [made]), reviewer="ada")
    again = record_of(there, there.reviews.get(made.article.id, "ada"), SCHEME)
    there.close()
    assert (again.review.assisted, again.entities) == (False, made.entities)


def test_decisions_on_an_earlier_text_are_not_carried_into_it(store: Store) -> None:
    store.files.take_in([arrival("/inbox/one.txt", TEXT)])
    suggest(store, {})
    press(store, open_(store, identity_of(TEXT)), add(ADDED), finish())
    revised = f"A new first line.\n\n{TEXT}"
    store.files.take_in([arrival("/inbox/one.txt", revised)])
    suggest(store, {})
    assert unassisted(store, identity_of(revised)).review.items == ()
    assert len(open_(store, identity_of(revised)).review.items) == 1


def test_late_decisions_begin_it_without_suggestions_too(store: Store) -> None:
    article = ready(store)
    late = stamped([add(ADDED)], unassisted(store, article).review, at=at(1))
    store.reviews.release(article, "ada")
    store.reviews.append_late(late, text=TEXT, now=at(2), lease_seconds=HOLD, plan=BARE)
    assert [one.id for one in store.reviews.get(article, "ada").review.items] == ["own"]
