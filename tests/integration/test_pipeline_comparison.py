"""Finished reviews compared with the pipeline, as their rows keep it; how items were decided."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from annotator.core.anchoring import gathered
from annotator.core.annotations import Claim, Entity
from annotator.core.decisions import (
    Answer,
    Change,
    accept,
    add,
    correct,
    finish,
    reject,
    reopen,
    skip,
)
from annotator.store.sql import columns as t
from annotator.store.store import Store
from annotator.store.values import OpenedReview
from tests.helpers.building import NOW, TEXT, open_, press, ready
from tests.helpers.items import entity, span
from tests.helpers.store_caches import assert_caches_are_right
from tests.helpers.strategies import stamped

ADA = entity(TEXT, "Ada Low", "PERSON")
BO = entity(TEXT, "Bo Marsh", "PERSON")
PORT = entity(TEXT, "Port Ellis", "ORG")
SHE = Claim("c", (span(TEXT, "nothing"),), (span(TEXT, "said"),), (span(TEXT, "She"),))
COMPARED = ("same_entities", "marked_entities", "same_claims", "marked_claims")


def kept(store: Store, *names: str) -> tuple[object, ...]:
    """These columns of the only review."""
    with store.database.reading() as connection:
        wanted = select(*(t.review.c[name] for name in names))
        return tuple(connection.execute(wanted).one())


@pytest.fixture
def opened(store: Store) -> OpenedReview:
    return open_(store, ready(store, TEXT, (ADA, BO, PORT, SHE)))


def test_a_finished_review_keeps_how_much_it_has_in_common_with_the_pipeline(
    store: Store, opened: OpenedReview
) -> None:
    met = Entity("new", span(TEXT, "met"), "ORG")
    opened = press(store, opened, accept(ADA))
    opened = press(store, opened, reject(BO))
    opened = press(store, opened, correct(PORT, replace(PORT, label="GPE")))
    opened = press(store, opened, add(met))
    assert kept(store, *COMPARED) == (None,) * 4
    opened = press(store, opened, accept(SHE), finish())
    # Both have Ada; the pipeline two more, the reviewer two others. Both have the claim.
    assert kept(store, *COMPARED) == (1, 6, 1, 2)
    assert kept(store, "fates") == (
        [
            ["claim", "", None, 1, 1, 0, 0, 0, 0, 0],
            ["entity", "ORG", 9, 0, 0, 1, 0, 0, 0, 900],
            ["entity", "ORG", None, 0, 0, 0, 0, 0, 1, 0],
            ["entity", "PERSON", 9, 1, 0, 0, 1, 0, 0, 1800],
        ],
    )
    opened = press(store, opened, reopen())
    assert kept(store, *COMPARED) == (None,) * 4
    undo = opened.review.undo()
    assert undo is not None
    press(store, opened, undo)
    assert kept(store, *COMPARED) == (1, 6, 1, 2)


def test_open_items_count_on_neither_side(store: Store, opened: OpenedReview) -> None:
    opened = press(store, opened, accept(ADA))
    press(store, opened, finish())
    assert kept(store, *COMPARED) == (1, 2, 0, 0)


@pytest.mark.parametrize("answer", [Answer.SKIP, Answer.UNUSABLE])
def test_skipped_articles_are_not_compared(
    store: Store, opened: OpenedReview, answer: Answer
) -> None:
    press(store, opened, skip(answer), finish())
    assert kept(store, *COMPARED) == (None,) * 4


def test_many_reviews_are_read_as_few_rows(store: Store) -> None:
    ids = [f"{n % 256:02x}{n:062x}" for n in range(600)]
    facts = {"received": NOW, "stage": "ready", "text": "", "origin": {}, "meta": {}}
    rest = {"also_from": [], "reviews": 1, "finished": 1, "tries": 0}
    none = dict.fromkeys(("entities", "claims", "total"), 0)
    reviewed = {"reviewer": "ada", "opened_at": NOW, "answer": "accept", "kind": "review"}
    sums = dict(zip(COMPARED, (1, 3, 0, 0), strict=True))
    with store.database.writing() as connection:
        connection.execute(
            t.article.insert(),
            [
                {"id": id, "number": n, "place": n, **facts, **rest, **none}
                for n, id in enumerate(ids)
            ],
        )
        connection.execute(
            t.review.insert(),
            [
                {"article_id": id, "assisted": n % 3 > 0, **reviewed, **sums}
                for n, id in enumerate(ids)
            ],
        )
    helped, alone = (store.statistics.compared(assisted=one) for one in (True, False))
    assert (helped.reviews, helped.articles) == (400, 400)
    assert len(helped.rows) == 400
    assert (alone.reviews, alone.articles) == (200, 200)
    overlaps = [(article, one) for (article, _), one in store.statistics.overlaps().items()]
    assert gathered(overlaps).reviews == 600
    with store.database.writing() as connection:
        connection.execute(t.review.update().values(assisted=True))
    every = store.statistics.compared(assisted=True)
    assert (every.reviews, every.articles, len(every.rows)) == (600, 600, 256)
    assert every == gathered(overlaps)


def test_a_key_press_that_is_saved_in_two_parts_counts_as_one(
    store: Store, opened: OpenedReview
) -> None:
    changes: list[Change] = [accept(ADA), accept(BO), reject(PORT)]
    made = stamped(changes, opened.review)
    store.reviews.append(made[:1], text=TEXT)
    assert kept(store, "one_by_one", "in_bulk") == (1, 0)
    store.reviews.append(made[1:], text=TEXT)
    assert kept(store, "one_by_one", "in_bulk") == (0, 3)
    assert_caches_are_right(store)
