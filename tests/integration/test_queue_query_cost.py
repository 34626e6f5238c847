"""The cost of the queue is the same at any size, counted in statements and rows read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from annotator.core.states import QueueFilter, QueueOrder
from annotator.store.listing.queue_view import QueueConditions
from annotator.store.listing.state_counters import BLOCK
from annotator.store.sql import columns as t
from annotator.store.store import Store
from annotator.store.values import QueueView
from tests.helpers.many_articles import Work, counted, filled

SMALL, LARGE = 400, 4000
BY_PLACE = [QueueOrder.NEWEST, QueueOrder.OLDEST]
INDEX = {
    "newest": "ix_article_queue",
    "oldest": "ix_article_queue",
    "least confident": "ix_article_confidence",
    "most confident": "ix_article_confidence",
    "most claims": "ix_article_claims",
    "fewest claims": "ix_article_claims",
    "most entities": "ix_article_entities",
    "fewest entities": "ix_article_entities",
    "longest": "ix_article_words",
    "shortest": "ix_article_words",
    "by story": "ix_article_story",
}


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Store]:
    """The same kind of store twice, one of them ten times as large."""
    folder = tmp_path_factory.mktemp("sizes")
    return filled(folder, SMALL), filled(folder, LARGE)


def both(stores: tuple[Store, Store], ask: Callable[[Store], object]) -> tuple[Work, Work]:
    """What asking costs in the small store and in the large one."""
    done = []
    for store in stores:
        with counted(store) as work:
            ask(store)
        done.append(work)
    return done[0], done[1]


def assert_alike(small: Work, large: Work) -> None:
    assert small.statements == large.statements > 0
    # What stands between the rows that are listed is not quite the same in both.
    assert 0 < large.steps <= 1.15 * small.steps + 20


@pytest.mark.parametrize("order", QueueOrder)
def test_cost_of_a_page(stores: tuple[Store, Store], order: QueueOrder) -> None:
    small, large = both(
        stores, lambda s: s.queue.page(QueueView("ada", order=order), offset=0, limit=50)
    )
    assert_alike(small, large)
    assert large.statements == 3


@pytest.mark.parametrize("state", [QueueFilter.READY, QueueFilter.OPEN])
def test_cost_of_a_page_of_ready_or_open_articles(
    stores: tuple[Store, Store], state: QueueFilter
) -> None:
    assert_alike(
        *both(stores, lambda s: s.queue.page(QueueView("ada", state=state), offset=0, limit=50))
    )


@pytest.mark.parametrize("state", [None, *QueueFilter])
def test_cost_of_the_length_of_the_list(
    stores: tuple[Store, Store], state: QueueFilter | None
) -> None:
    small, large = both(stores, lambda s: s.queue.size(QueueView("ada", state=state)))
    assert_alike(small, large)
    assert large.statements == 1


def test_cost_of_the_counts(stores: tuple[Store, Store]) -> None:
    small, large = both(stores, lambda s: s.queue.counts("ada"))
    assert_alike(small, large)
    assert small.steps == large.steps


def test_cost_of_the_counts_for_anybody(stores: tuple[Store, Store]) -> None:
    assert_alike(*both(stores, lambda s: s.queue.counts()))


@pytest.mark.parametrize("order", QueueOrder)
def test_cost_of_a_position_near_the_top(stores: tuple[Store, Store], order: QueueOrder) -> None:
    tops = {
        store: store.queue.page(QueueView("ada", order=order), offset=9, limit=1)[0].id
        for store in stores
    }
    assert_alike(*both(stores, lambda s: s.queue.position(QueueView("ada", order=order), tops[s])))


@pytest.mark.parametrize("order", [QueueOrder.NEWEST, QueueOrder.OLDEST, QueueOrder.MOST_CLAIMS])
def test_cost_of_the_next_article(stores: tuple[Store, Store], order: QueueOrder) -> None:
    tops = {
        store: store.queue.page(QueueView("ada", order=order), offset=9, limit=1)[0].id
        for store in stores
    }
    assert_alike(
        *both(stores, lambda s: s.queue.next_ready(QueueView("ada", order=order), tops[s]))
    )


@pytest.mark.parametrize("order", QueueOrder)
def test_a_deep_page_reads_only_its_own_rows(
    stores: tuple[Store, Store], order: QueueOrder
) -> None:
    _, large = stores
    listed = QueueConditions(QueueView("ada", order=order))
    plan = plan_of(large, listed)
    assert plan == [f"SCAN article USING COVERING INDEX {INDEX[order]}"]


@pytest.mark.parametrize("state", [None, *QueueFilter])
def test_no_list_is_sorted(stores: tuple[Store, Store], state: QueueFilter | None) -> None:
    for order in QueueOrder:
        listed = QueueConditions(QueueView("ada", state=state, order=order))
        plan = plan_of(stores[0], listed)
        if state is QueueFilter.NOTED:  # the few reviews with notes are read, then sorted
            assert "ix_review_noted" in str(plan)
            continue
        assert "INDEX ix_article_" in plan[0]
        assert "SORT" not in plan[0]
        # What stands behind an order that no index has is sorted: this index has it. Of reviews
        # in different states, the finished ones come first.
        if state not in ("open", "in review", "finished", "skipped", "unusable"):
            assert "TEMP B-TREE" not in str(plan), (order, plan)


@pytest.mark.parametrize("order", QueueOrder)
def test_where_some_articles_want_two_reviews_lists_cost_the_same(
    stores: tuple[Store, Store], order: QueueOrder
) -> None:
    view = QueueView("ada", order=order, overlap=0.1)
    ready = replace(view, state=QueueFilter.READY)
    assert_alike(*both(stores, lambda s: s.queue.page(view, offset=0, limit=50)))
    if order in BY_PLACE:  # other orders read on to the next ready one
        assert_alike(*both(stores, lambda s: s.queue.page(ready, offset=0, limit=50)))


def test_an_outlets_articles_are_found_in_its_index(stores: tuple[Store, Store]) -> None:
    listed = QueueConditions(QueueView("ada", outlet="Ansel Post"))
    plan = plan_of(stores[0], listed)
    assert plan == ["SEARCH article USING COVERING INDEX ix_article_outlet (outlet=?)"]


@pytest.mark.parametrize("order", BY_PLACE)
def test_a_deep_page_and_position_cost_at_most_a_block(
    stores: tuple[Store, Store], order: QueueOrder
) -> None:
    _, large = stores
    top, deep = Work(), Work()
    for offset, work in ((0, top), (LARGE - LARGE // 50, deep)):
        with counted(large) as spent:
            (row, *_) = large.queue.page(QueueView("ada", order=order), offset=offset, limit=50)
            large.queue.position(QueueView("ada", order=order), row.id)
        work.steps = spent.steps
    # Going through a row of an index takes some nine steps.
    assert deep.steps - top.steps < 2 * BLOCK * 9


@pytest.mark.parametrize("order", BY_PLACE)
def test_pages_and_places_agree_with_the_whole_list(
    stores: tuple[Store, Store], order: QueueOrder
) -> None:
    _, large = stores
    whole = [
        row.id for row in large.queue.page(QueueView("ada", order=order), offset=0, limit=LARGE)
    ]
    assert len(whole) == large.queue.size(QueueView("ada")) < LARGE
    for place in (0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 2055, 3000, len(whole) - 1):
        page = large.queue.page(QueueView("ada", order=order), offset=place, limit=3)
        assert [row.id for row in page] == whole[place : place + 3]
        assert large.queue.position(QueueView("ada", order=order), whole[place]) == place
    assert large.queue.page(QueueView("ada", order=order), offset=len(whole), limit=3) == ()
    assert large.queue.page(QueueView("ada", order=order), offset=9 * LARGE, limit=3) == ()


def plan_of(store: Store, listed: QueueConditions) -> list[str]:
    """How SQLite goes about a page of numbers."""
    page = select(t.article.c.number).where(listed.lists()).order_by(*listed.order.terms).limit(50)
    literal = {"literal_binds": True}
    sql = str(page.compile(store.database.engine, compile_kwargs=literal))
    with store.database.reading() as connection:
        return [row.detail for row in connection.execute(text(f"EXPLAIN QUERY PLAN {sql}"))]
