"""Pastes that the terminal does not mark: they decide nothing, and go into the line being typed."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select
from textual import events
from textual._time import get_time

from annotator.store.sql import columns as t
from annotator.store.store import Store
from annotator.tui.queue.title_search import Hit, TitleSearch
from annotator.tui.review.review_screen import ReviewScreen
from annotator.tui.search.search_screen import SearchScreen
from annotator.tui.terminal.pastes import FOLLOWS_WITHIN
from annotator.tui.terminal.received import KeysTogether
from tests.helpers.items import entity
from tests.tui.desk import OTHER, TEXT, Desk, _key, at_desk, suggestions, take_in
from tests.tui.test_key_bursts import assert_keys_work, at_rest, send


@pytest.fixture
def two(store: Store) -> Store:
    take_in(store, OTHER, (entity(OTHER, "Sund", "GPE"),), minutes=5)
    take_in(store, TEXT, suggestions())
    return store


def paste(desk: Desk, text: str) -> None:
    """Sends a text as a terminal does that marks no pastes."""
    keys = tuple(events.Key("enter" if c == "\r" else _key(c)[0], c) for c in text)
    desk.app.post_message(KeysTogether(keys, get_time()))


LINES = "The council denied any delay.\rGreyline may sell both ships.\r"


async def test_a_paste_does_nothing_on_any_screen_and_is_reported(two: Store) -> None:
    async with at_desk(two) as desk:
        paste(desk, LINES)
        await at_rest(desk)
        assert desk.app.screen is desk.queue
        assert "Pasted text" in desk.bar("status")
        await asyncio.sleep(FOLLOWS_WITHIN)
        for keys in ((), ("l",), ("f",), ("?",), ("H",)):
            send(desk, ["n", *keys])
            await at_rest(desk)
            await asyncio.sleep(FOLLOWS_WITHIN)
            on_top = desk.app.screen
            paste(desk, LINES)
            paste(desk, "axa")  # the end of it, in a piece of its own
            send(desk, ["a"])
            await at_rest(desk)
            assert desk.app.screen is on_top, keys
            review = desk.app.screen_stack[1]
            assert isinstance(review, ReviewScreen)
            assert review.work is not None
            assert review.work.state.review.decisions == ()
            await asyncio.sleep(FOLLOWS_WITHIN)
            await assert_keys_work(desk)


async def test_a_paste_goes_into_the_line_being_typed(two: Store) -> None:
    async with at_desk(two) as desk:
        send(desk, ["n", ";"])
        await at_rest(desk)
        paste(desk, LINES)
        await at_rest(desk)
        assert desk.typed.startswith("The council denied any delay. Greyline")
        assert desk.decisions() == ()
        desk.app.post_message(events.Paste("and\nmore"))
        await asyncio.sleep(FOLLOWS_WITHIN)
        await desk.press("escape", "/")
        paste(desk, "nobody said")
        await desk.settle()
        assert desk.typed == "nobody said"


async def test_a_search_typed_ahead_is_a_search(two: Store) -> None:
    async with at_desk(two) as desk:
        paste(desk, "/glass works\r")
        await at_rest(desk)
        await desk.until(
            lambda: (
                isinstance(found := desk.queue.prompts.prompts.current, TitleSearch)
                and found.hit is Hit.TAKEN
            )
        )
        await asyncio.sleep(FOLLOWS_WITHIN)
        await desk.press("escape", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        assert desk.text == OTHER
        await desk.press("q", "G", "g", "n")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        paste(desk, "aaxa")
        await desk.settle()
        assert [decision.kind for decision in desk.decisions()] == ["accept"] * 2 + ["reject"] + [
            "accept"
        ]


async def test_blank_lines_of_a_search_typed_ahead_open_nothing(two: Store) -> None:
    async with at_desk(two) as desk:
        paste(desk, "/glass works\r\raax")
        await at_rest(desk)
        assert desk.queue.prompts.is_open
        assert not isinstance(desk.app.screen, ReviewScreen)


@pytest.mark.parametrize("opening", ["f", "/", "n/", "n;"])
@pytest.mark.parametrize("in_pieces", [False, True])
async def test_pasted_lines_behind_a_key_that_opens_a_search_decide_nothing(
    two: Store, opening: str, in_pieces: bool
) -> None:
    async with at_desk(two) as desk:
        if opening.startswith("n"):
            send(desk, ["n"])
            await at_rest(desk)
        key = opening[-1]
        if in_pieces:
            send(desk, [key])
            await at_rest(desk)
            paste(desk, "Sund\raxa the council\r\r")
        else:
            paste(desk, f"{key}the mayor\raxa said\r\r")
        paste(desk, "\raxxa")  # the end of it, in a piece of its own
        await at_rest(desk)
        await asyncio.sleep(FOLLOWS_WITHIN)
        await assert_keys_work(desk)
    with two.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(t.decision)).scalar_one() == 0


async def test_a_word_typed_ahead_behind_the_key_that_finds_is_found_and_opened(
    two: Store,
) -> None:
    async with at_desk(two) as desk:
        paste(desk, "fglass works\r")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        assert (desk.text, desk.decisions()) == (OTHER, ())


async def test_a_paste_goes_into_the_line_of_the_search_screen(two: Store) -> None:
    async with at_desk(two) as desk:
        send(desk, ["f"])
        await at_rest(desk)
        paste(desk, LINES)
        await at_rest(desk)
        assert isinstance(desk.app.screen, SearchScreen)
        line = desk.app.screen.search.line.text
        assert line.startswith("The council denied any delay. Greyline")
