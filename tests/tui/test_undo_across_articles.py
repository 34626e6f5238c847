"""Undo from one article to the one that was finished before it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual import events

from annotator.core.decisions import Kind
from annotator.core.review import Review
from annotator.store.store import Store
from annotator.tui.terminal.keyboard import now
from tests.helpers.items import entity
from tests.tui.desk import (
    OTHER,
    REVIEWER,
    Desk,
    at_desk,
    reviewing,
    take_in,
)
from tests.tui.one_app import ONE_APP

pytestmark = ONE_APP


async def test_undo_right_after_finishing_reopens_the_previous_article(store: Store) -> None:
    take_in(store, OTHER, (), minutes=60)
    async with reviewing(store) as desk:
        article = desk.review.article
        await desk.press("A", "u")
        await desk.settle()
        assert desk.review.article == article
        assert len(desk.stored(article).open_items()) == 6


def take_in_other(store: Store) -> str:
    """A second article with two items."""
    items = (entity(OTHER, "Sund", "GPE"), entity(OTHER, "Monday", "DATE"))
    return take_in(store, OTHER, items, minutes=60)


@asynccontextmanager
async def opened(store: Store, article: str) -> AsyncIterator[Desk]:
    """A new session with this article open."""
    async with at_desk(store) as desk:
        desk.queue.actions.open(article)
        await desk.until(lambda: desk.app.screen is not desk.queue)
        await desk.settle()
        yield desk


async def press_timed(desk: Desk, *times: float) -> None:
    """Press undo at these times, in seconds from now."""
    start = now()
    for time in times:
        key = events.Key("u", "u")
        key.time = start + time
        desk.app.post_message(key)
        await desk.settle()


async def half_done_and_finished(store: Store) -> tuple[str, str]:
    """Two articles of an earlier session: one finished, the other with one rejection."""
    other = take_in_other(store)
    async with reviewing(store) as desk:
        first = desk.review.article
        await desk.press("A", "x")
        assert desk.review.article == other
    return first, other


def kinds(review: Review) -> list[Kind]:
    return [decision.kind for decision in review.decisions]


async def test_undo_does_not_reach_an_article_that_was_only_passed(store: Store) -> None:
    first, other = await half_done_and_finished(store)
    done = store.reviews.get(first, REVIEWER).review.decisions
    async with opened(store, first) as desk:
        await desk.press("enter")
        assert desk.review.article == other
        assert "takes it back" not in desk.bar("detail")
        await desk.press("u")
        assert kinds(desk.stored(other)) == [Kind.REJECT, Kind.WITHDRAW]
        await press_timed(desk, 1, 2)
        assert "Nothing left to undo here." in desk.bar("detail")
        assert desk.review.article == other
        assert desk.stored(first).decisions == done


async def test_the_first_undo_takes_back_a_finish_before_older_decisions(store: Store) -> None:
    first, other = await half_done_and_finished(store)
    async with opened(store, first) as desk:
        await desk.press("R", "enter")
        assert desk.review.article == other
        assert "Finished: 6 accepted in bulk; u takes it back; 1 left" in desk.bar("detail")
        await desk.press("j", "u")
        assert desk.review.article == first
        assert desk.stored(first).finished is None
        assert kinds(desk.stored(other)) == [Kind.REJECT]


async def test_undo_asks_before_it_leaves_an_article_that_was_decided_on(store: Store) -> None:
    other = take_in_other(store)
    async with reviewing(store) as desk:
        first = desk.review.article
        await desk.press("A", "x", "u")
        assert desk.review.article == other
        await press_timed(desk, 1)
        assert "Nothing left to undo here; u again returns to “Ferry" in desk.bar("detail")
        assert desk.stored(first).finished is not None
        await press_timed(desk, 2)
        assert desk.review.article == first
        assert len(desk.stored(first).open_items()) == 6


async def test_undo_held_down_stays_in_its_article(store: Store) -> None:
    other = take_in_other(store)
    async with reviewing(store) as desk:
        first = desk.review.article
        await desk.press("A", "x")
        await press_timed(desk, *(1 + n / 25 for n in range(12)))
        assert desk.review.article == other
        assert "u again returns" in desk.bar("detail")
        assert desk.stored(first).finished is not None


async def test_undo_held_down_takes_back_the_finish_and_no_more(store: Store) -> None:
    take_in_other(store)
    async with reviewing(store) as desk:
        first = desk.review.article
        await desk.press("a", "x", "enter")
        await desk.press("enter")
        await press_timed(desk, *(1 + n / 25 for n in range(12)))
        assert desk.review.article == first
        assert (desk.review.finished, len(desk.review.open_items())) == (None, 4)
        await press_timed(desk, 3)
        assert len(desk.review.open_items()) == 5


async def test_undo_takes_back_a_finish_only_once(store: Store) -> None:
    other = take_in_other(store)
    async with reviewing(store) as desk:
        first = desk.review.article
        await desk.press("X", "u", "u")
        assert desk.review.article == first
        await press_timed(desk, 1, 2)
        assert "Nothing left to undo here." in desk.bar("detail")
        await desk.press("ctrl+r", "enter")
        assert desk.review.article == other
        assert "takes it back" not in desk.bar("detail")
        await press_timed(desk, 3, 4)
        assert desk.review.article == other


async def test_undo_goes_back_article_by_article(store: Store) -> None:
    take_in_other(store)
    take_in(store, "Third one\n\nNothing here.\n", (), minutes=90)
    async with reviewing(store) as desk:
        first = desk.review.article
        await desk.press("A")
        second = desk.review.article
        await desk.press("X", "u")
        assert desk.review.article not in (first, second)
        await press_timed(desk, 1)
        assert desk.review.article == second
        await press_timed(desk, 2)
        assert "u again returns to “Ferry" in desk.bar("detail")
        await press_timed(desk, 3)
        assert desk.review.article == first


async def test_a_finish_that_is_not_the_last_decision_any_more_stays(store: Store) -> None:
    take_in_other(store)
    async with reviewing(store) as desk:
        first = desk.review.article
        await desk.press("A")
        async with opened(store, first) as elsewhere:
            await elsewhere.press("R")
        before = desk.stored(first).decisions
        await desk.press("u")
        assert desk.review.article == first
        assert desk.stored(first).decisions == before
        assert "nothing was undone" in desk.bar("detail")
