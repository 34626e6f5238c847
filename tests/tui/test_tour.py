"""The tour: one key after the other in the real review screen, and nothing of it is kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from annotator.store.store import Store
from annotator.tui.review.review_screen import ReviewScreen
from tests.tui.desk import TEXT, Desk, at_desk, beside, suggestions, take_in

KEYS = ("a", "3", "x", "u", "ctrl+r", "]", "]", "a", "c", "a", "A")


async def begun(desk: Desk) -> None:
    """The tour, opened from the queue."""
    await desk.press("T")
    await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen) and "1 of 10" in tour(desk))


def tour(desk: Desk) -> str:
    """The lines of the guide, if the tour is open."""
    screen = desk.app.screen
    guide = screen._guide if isinstance(screen, ReviewScreen) else None
    return "" if guide is None else guide.bar.plain


def contents(store: Store) -> list[str]:
    """Everything in the database."""
    with closing(sqlite3.connect(store.database.file or "")) as database:
        return list(database.iterdump())


def files(store: Store) -> dict[Path, bytes]:
    """The files of the workspace beside the database."""
    folder = beside(store)
    return {one: one.read_bytes() for one in folder.rglob("*") if one.suffix == ".jsonl"}


async def test_the_tour_leads_to_the_gold_and_keeps_nothing(store: Store) -> None:
    take_in(store, TEXT, suggestions())
    async with at_desk(store) as desk:
        before = contents(store), files(store)
        await begun(desk)
        for place, key in enumerate(KEYS[:-1]):
            assert "the end" not in tour(desk), place
            await desk.press(key)
        await desk.press(KEYS[-1])
        await desk.until(lambda: "the end" in tour(desk))
        assert "20 of 20 items as in the gold" in tour(desk)
        await desk.press("enter")
        await desk.until(lambda: desk.app.screen is desk.queue)
        assert (contents(store), files(store)) == before
        assert desk.app.setup is not None
        assert not desk.app.setup.sitting.results


async def test_another_key_does_nothing_but_tell_which_one_is_asked_for(store: Store) -> None:
    async with at_desk(store) as desk:
        await begun(desk)
        await desk.press("x", "A", "enter", "G")
        assert "Here it is a, not G." in tour(desk)
        assert "1 of 10" in tour(desk)
        screen = desk.app.screen
        assert isinstance(screen, ReviewScreen)
        assert screen.work is not None
        assert not screen.work.state.review.decisions


async def test_the_tour_can_be_left_at_any_time_and_begun_again(store: Store) -> None:
    async with at_desk(store) as desk:
        await begun(desk)
        await desk.press("a", "escape")
        await desk.until(lambda: desk.app.screen is desk.queue)
        await begun(desk)


async def test_the_tour_asks_for_the_keys_of_the_workspace(store: Store) -> None:
    async with at_desk(store, keys={"accept": "y", "copy": ""}) as desk:
        await begun(desk)
        assert "y accepts" in tour(desk)
        await desk.press("y")
        assert "2 of 10" in tour(desk)
