"""The keys of the queue: filter, order, search, retry, skip, copy."""

from __future__ import annotations

from datetime import timedelta

import pytest

from annotator.core.decisions import Answer
from annotator.core.states import QueueFilter
from annotator.store.sql import columns as t
from annotator.store.store import Store
from annotator.store.values import QueueView
from annotator.tui.keys import KEYS, Mode
from annotator.tui.review.review_screen import ReviewScreen
from annotator.tui.screens.palette_prompt import PalettePrompt
from tests.tui.desk import REVIEWER, TEXT, at_desk, drawn, take_in
from tests.tui.four_articles import TITLES, text, titles
from tests.tui.held_clock import NOON


def failed(store: Store, body: str = TEXT) -> str:
    """An article that the pipeline could not annotate."""
    article = take_in(store, body, None)
    store.work.lease("worker", limit=9, seconds=60, now=NOON)
    store.work.fail("worker", article, "The pipeline stopped 3 times at this text.", now=NOON)
    return article


async def test_orders_of_the_queue(store: Store, four: dict[str, str]) -> None:
    async with at_desk(store) as desk:
        assert titles(desk) == ["Elm felled", "Dam repaired", "Council meets", "Bridge shut"]
        await desk.press("o", "o")
        await desk.until(lambda: titles(desk) == list(TITLES))
        assert "oldest first" in desk.bar("counts")
        await desk.press("o", "l")
        sure = ["Elm felled", "Council meets", "Bridge shut", "Dam repaired"]
        await desk.until(lambda: titles(desk) == sure)
        assert "CONF" in desk.bar("columns")
        assert "60 %" in drawn(desk.queue.rows.listed)[0]
        await desk.press("o", "c")
        await desk.until(lambda: titles(desk) == list(TITLES)[::-1])
        await desk.press("o", "n")
        await desk.until(lambda: "first" not in desk.bar("counts"))
        assert len(four) == 4


async def test_filters_of_own_and_open_articles(store: Store, four: dict[str, str]) -> None:
    store.reviews.open(four["Dam repaired"], REVIEWER, now=NOON, lease_seconds=600)
    store.reviews.open(four["Elm felled"], "bo", now=NOON, lease_seconds=600)
    async with at_desk(store) as desk:
        await desk.press("F", "m")
        await desk.until(lambda: titles(desk) == ["Dam repaired"])
        assert "only mine" in desk.bar("counts")
        await desk.press("F", "o")
        await desk.until(lambda: titles(desk) == list(TITLES)[::-1])
        await desk.press("F", "r")
        await desk.until(lambda: titles(desk) == ["Council meets", "Bridge shut"])
        await desk.press("F", "*")
        await desk.until(lambda: len(titles(desk)) == 4)


async def test_a_filter_lists_articles_of_one_outlet(store: Store, four: dict[str, str]) -> None:
    rename(store, four["Council meets"], "The Bay Post")
    async with at_desk(store) as desk:
        await desk.press("F", "l")
        await desk.until(lambda: "Ansel Post 3" in desk.bar("prompt"))
        assert "The Bay Post 1" in desk.bar("prompt")
        await desk.press("b")
        await desk.until(lambda: titles(desk) == ["Council meets"])
        assert "only The Bay Post" in desk.bar("counts")
        await desk.press("F", "f")
        await desk.until(
            lambda: desk.queue.rows.seen is not None and desk.queue.rows.listed.count == 0
        )
        assert "only finished, The Bay Post" in desk.bar("counts")
        await desk.press("escape")
        await desk.until(lambda: len(titles(desk)) == 4)


async def test_the_outlet_menu_offers_the_current_outlet(
    store: Store, four: dict[str, str]
) -> None:
    rename(store, four["Elm felled"], "The Bay Post")
    async with at_desk(store) as desk:
        await desk.press("F", "l")
        await desk.until(lambda: "this one's: The Bay Post" in desk.bar("prompt"))
        await desk.press(".")
        await desk.until(lambda: titles(desk) == ["Elm felled"])


async def test_leaving_a_filter_stays_on_the_article(store: Store, four: dict[str, str]) -> None:
    store.reviews.open(four["Council meets"], REVIEWER, now=NOON, lease_seconds=600)
    async with at_desk(store) as desk:
        await desk.press("F", "i")
        await desk.until(lambda: titles(desk) == ["Council meets"])
        await desk.press("escape")
        await desk.until(lambda: desk.queue.rows.listed.key == four["Council meets"])
        assert desk.queue.rows.listed.count == 4


async def test_an_unassigned_letter_keeps_the_menu(store: Store) -> None:
    async with at_desk(store) as desk:
        await desk.press("F", "ü")
        assert "No option ü" in desk.bar("prompt")
        assert desk.queue.prompts.is_open
        await desk.press("escape")
        assert not desk.queue.prompts.is_open


async def test_n_follows_the_order_and_the_outlet(store: Store, four: dict[str, str]) -> None:
    rename(store, four["Council meets"], "The Bay Post")
    rename(store, four["Bridge shut"], "The Bay Post")
    async with at_desk(store) as desk:
        await desk.press("F", "l", "b")
        await desk.until(lambda: len(titles(desk)) == 2)
        await desk.press("o", "l")
        await desk.until(lambda: titles(desk)[:1] == ["Council meets"])
        await desk.press("n")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        assert desk.text == text("Council meets")
        await desk.press("A")
        await desk.until(lambda: desk.text == text("Bridge shut"))


async def test_a_failed_article_is_retried(store: Store) -> None:
    article = failed(store)
    async with at_desk(store) as desk:
        await desk.press("enter")
        assert "The pipeline stopped 3 times at this text. t tries again." in desk.bar("status")
        await desk.press("t")
        await desk.until(lambda: "Tried again." in desk.bar("status"))
        await desk.until(lambda: "waiting" in drawn(desk.queue.rows.listed)[0])
        assert [
            one.id
            for one in store.queue.page(
                QueueView("ada", state=QueueFilter.WAITING), offset=0, limit=9
            )
        ] == [article]


async def test_only_failed_articles_are_retried(store: Store, four: dict[str, str]) -> None:
    async with at_desk(store) as desk:
        await desk.press("t")
        assert "Only what failed is tried again; s has new suggestions made" in desk.bar("status")
        assert store.queue.counts().ready == len(four)


async def test_new_suggestions_for_articles_without_decisions(
    store: Store, four: dict[str, str]
) -> None:
    store.reviews.open(four["Elm felled"], "bo", now=NOON, lease_seconds=600)
    async with at_desk(store) as desk:
        await desk.press("s")
        await desk.until(lambda: "its suggestions stay" in desk.bar("status"))
        await desk.press("j", "s")
        await desk.until(lambda: "New suggestions are being made" in desk.bar("status"))
        await desk.until(lambda: "waiting" in drawn(desk.queue.rows.listed)[1])
        await desk.until(
            lambda: desk.queue.rows.row is not None and desk.queue.rows.row.state == "waiting"
        )
        await desk.press("s")
        assert "has no suggestions yet" in desk.bar("status")


async def test_an_article_can_be_marked_unusable_from_the_queue(
    store: Store, four: dict[str, str]
) -> None:
    async with at_desk(store) as desk:
        await desk.press("X")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        assert desk.text == text("Elm felled")
        await desk.press("u")
        await desk.until(lambda: desk.text == text("Dam repaired"))
        await desk.settle()
        review = desk.stored(four["Elm felled"])
        assert review.answer is Answer.UNUSABLE
        assert review.keys == 2


async def test_y_copies_the_articles_id(store: Store, four: dict[str, str]) -> None:
    async with at_desk(store) as desk:
        await desk.press("y")
        assert desk.app.clipboard == four["Elm felled"]
        assert four["Elm felled"][:12] in desk.bar("status")


async def test_the_palette_lists_every_action_that_can_be_done(store: Store) -> None:
    async with at_desk(store) as desk:
        await desk.press("ctrl+p")
        palette = desk.queue.prompts.prompts.current
        assert isinstance(palette, PalettePrompt)
        listed = {offer.name for offer in palette.offers}
        # Without an article, these have nothing to act on.
        of_a_row = {"open", "copy", "skip", "again", "suggest", "show_new", "close", "palette"}
        actions = {key.action for key in KEYS if key.mode is Mode.QUEUE}
        assert listed & actions == actions - {f"queue_{name}" for name in of_a_row}
        await desk.press(*"no such words")
        assert "none holds these words" in desk.bar("prompt")
        await desk.press("enter")
        assert desk.queue.prompts.prompts.current is None
        assert desk.app.screen is desk.queue


async def test_the_palette_filters_the_queue(store: Store, four: dict[str, str]) -> None:
    async with at_desk(store) as desk:
        await desk.press("ctrl+p", *"filter waiting", "enter")
        assert desk.queue.rows.listing.state is QueueFilter.WAITING
        await desk.press("ctrl+p", *"show all", "enter")
        assert not desk.queue.rows.listing.is_filtered
        assert len(four) == 4


async def test_q_ends_the_app(store: Store, four: dict[str, str]) -> None:
    async with at_desk(store) as desk:
        await desk.press("q")
        await desk.until(lambda: not desk.app.is_running)
        assert desk.app.return_code in (None, 0)
    assert len(four) == 4


async def test_keys_that_move_in_the_list(store: Store, four: dict[str, str]) -> None:
    async with at_desk(store) as desk:
        places = []
        for key in ("j", "down", "k", "up", "G", "g", "end", "home", "pagedown", "pageup"):
            await desk.press(key)
            places.append(desk.queue.rows.listed.cursor)
        assert places == [1, 2, 1, 0, 3, 0, 3, 0, 3, 0]
        assert len(four) == 4


@pytest.mark.parametrize("width", [80, 60, 40])
async def test_narrow_terminals_keep_state_title_and_progress(store: Store, width: int) -> None:
    take_in(store, TEXT, ())
    async with at_desk(store, size=(width, 24)) as desk:
        (row, *_) = drawn(desk.queue.rows.listed)
        assert "ready" in row
        assert len(row) <= width
        assert "Ferry" in row
        for name in ("counts", "columns", "status", "hints"):
            assert len(desk.drawn(name)) == width
        desk.clock.time = NOON + timedelta(hours=1)
        await desk.press("F")
        assert "failed" in desk.bar("prompt")


def rename(store: Store, article: str, outlet: str) -> None:
    """As if the article came from another outlet."""
    with store.database.writing() as connection:
        connection.execute(
            t.article.update().where(t.article.c.id == article).values(outlet=outlet)
        )
        row = connection.execute(t.article.select().where(t.article.c.id == article)).one()
        connection.execute(
            t.article.update()
            .where(t.article.c.id == article)
            .values(origin={**row.origin, "outlet": outlet})
        )
