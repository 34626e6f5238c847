"""Arrivals in the queue, and what stands beside what."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.store.sql import columns as t
from annotator.store.store import Store
from annotator.store.values import QueueView
from tests.helpers.items import entity
from tests.helpers.stores import empty_store, without_syncing
from tests.tui.desk import OTHER, REVIEWER, at_desk, drawn, fresh, take_in
from tests.tui.four_articles import text, titles


async def test_arrivals_are_counted_in_every_order(store: Store, four: dict[str, str]) -> None:
    async with at_desk(store) as desk:
        await desk.press("o", "l", "j")
        await desk.until(lambda: desk.queue.rows.listed.key == four["Council meets"])
        row = drawn(desk.queue.rows.listed)[1]
        take_in(store, OTHER, (entity(OTHER, "Sund", "GPE", score=0.1),))
        await desk.until(lambda: "1 new arrival" in desk.bar("status"))
        listed = desk.queue.rows.listed
        await desk.until(lambda: listed.cursor == 2 and listed.key == four["Council meets"])
        assert drawn(listed)[listed.cursor - listed.scroll_offset.y] == row
        await desk.press(".")
        await desk.until(lambda: "Glass works" in drawn(listed)[0])
        await desk.until(lambda: "new arrival" not in desk.bar("status"))


@pytest.fixture(scope="module")
def forty_articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a database of forty articles, whose scores rise; for tests to copy."""
    file = tmp_path_factory.mktemp("forty") / "forty.db"
    store = without_syncing(empty_store(file))
    for n in range(40):
        body = text(f"Story {n}")
        take_in(store, body, (entity(body, "Sund", "GPE", score=0.5 + n / 150),), minutes=90)
    store.close()
    return file


@pytest.fixture
def forty(forty_articles: Path, tmp_path: Path) -> Iterator[Store]:
    """A store of forty articles."""
    file = shutil.copy(forty_articles, tmp_path / "forty.db")
    store = without_syncing(Store.open(f"sqlite:///{file}"))
    yield store
    store.close()


@pytest.mark.parametrize("order", ["n", "o", "l", "c"])
async def test_arrivals_do_not_move_the_cursor(forty: Store, order: str) -> None:
    store = forty
    async with at_desk(store) as desk:
        listed = desk.queue.rows.listed
        await desk.press("o", order, "G", "k", "k", "k")
        await desk.until(lambda: listed.key is not None and listed.cursor == 36)
        key, on_screen = listed.key, 36 - listed.scroll_offset.y
        row = drawn(listed)[on_screen]
        for n in range(3):
            body = text(f"Arrival {n}")
            take_in(store, body, (entity(body, "Sund", "GPE", score=n / 3),), minutes=80)
            await desk.until(
                lambda n=n: desk.queue.rows.seen is not None and desk.queue.rows.seen.size == 41 + n
            )
            for _ in range(5):
                assert (listed.key, drawn(listed)[on_screen]) == (key, row)
                await desk.pilot.pause()
        await desk.until(lambda: fresh(desk))
        assert (listed.key, drawn(listed)[on_screen]) == (key, row)
        assert listed.cursor + desk.queue.rows.hidden == store.queue.position(
            QueueView(REVIEWER, order=desk.queue.rows.listing.order), str(key)
        )


async def test_near_duplicates_are_adjacent(store: Store, four: dict[str, str]) -> None:
    with store.database.writing() as connection:
        connection.execute(
            t.likeness.insert().values(
                article_id=four["Elm felled"], other_id=four["Bridge shut"], similarity=0.8
            )
        )
        place = t.article.select().where(t.article.c.id == four["Bridge shut"])
        first = connection.execute(place).one().place
        connection.execute(
            t.article.update().where(t.article.c.id == four["Elm felled"]).values(place=first)
        )
    async with at_desk(store) as desk:
        assert titles(desk) == ["Dam repaired", "Council meets", "Elm felled", "Bridge shut"]
        upper, lower = drawn(desk.queue.rows.listed)[2:4]
        assert "≈1" in upper
        assert "└ ≈ 80 % Bridge shut" in lower
        await desk.press("o", "w")
        await desk.until(lambda: "≈1" in "".join(drawn(desk.queue.rows.listed)))
        assert "└" not in "".join(drawn(desk.queue.rows.listed))
