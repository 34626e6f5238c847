"""Carried-over decisions and near-duplicates, as a reviewer sees them."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.core.annotations import Item
from annotator.core.article import identity_of
from annotator.core.decisions import accept, reject
from annotator.store.linking.minhash import bands_of
from annotator.store.store import Store
from annotator.tui.queue.queue_actions import Opened
from annotator.tui.review.carried_over_screen import CarriedOverScreen
from annotator.tui.widgets.virtual_list import VirtualList
from tests.helpers.building import open_, press
from tests.helpers.near_duplicates import link_alike
from tests.tui.desk import TEXT, Desk, at_desk, reviewing, suggestions, take_in
from tests.tui.held_clock import NOON

NEW = TEXT.replace(
    "The council denied any delay.", "The council said nothing of any delay."
).replace("PORT ANSEL, March 4", "Updated.\n\nPORT ANSEL, March 4")
NAME = "ferry.txt"


def revised(store: Store, items: Sequence[Item] | None = None) -> str:
    """An article reviewed before its text was changed; the id of the new one."""
    first = take_in(store, TEXT, suggestions(TEXT), name=NAME)
    opened = open_(store, first, now=NOON)
    *others, last = opened.review.items
    press(store, opened, *map(accept, others), reject(last), now=NOON)
    store.reviews.release(first, "ada")
    return take_in(store, NEW, suggestions(NEW) if items is None else items, name=NAME)


async def open_revision(desk: Desk, article: str) -> None:
    desk.queue.post_message(Opened(article))
    await desk.until(lambda: len(desk.app.screen_stack) > 1)
    await desk.settle()


def shown(desk: Desk) -> list[str]:
    """The lines of the list as the terminal gets them, without blanks at their ends."""
    listed = desk.app.screen.query_one(VirtualList)
    lines = (listed.render_line(n).text.strip("▌ ") for n in range(listed.size.height))
    return [line for line in lines if line]


async def test_opening_a_revision_reports_carried_decisions(store: Store) -> None:
    article = revised(store)
    async with at_desk(store, size=(140, 30)) as desk:
        await open_revision(desk, article)
        assert "6 decisions carried over." in desk.bar("detail")
        assert "H lists them" in desk.bar("detail")
        assert desk.review.open_items() == ()


async def test_an_item_shows_that_it_was_decided_before(store: Store) -> None:
    article = revised(store)
    async with at_desk(store, size=(140, 30)) as desk:
        await open_revision(desk, article)
        await desk.press("N")
        assert "accepted before" in desk.bar("detail")
        await desk.until(lambda: "accepted once as DATE" in desk.bar("detail"))
        await desk.press("x")
        assert "rejected" in desk.bar("detail")
        assert "rejected before" not in desk.bar("detail")


async def test_u_withdraws_all_carried_decisions(store: Store) -> None:
    article = revised(store)
    async with at_desk(store, size=(140, 30)) as desk:
        await open_revision(desk, article)
        await desk.press("u")
        assert len(desk.review.open_items()) == 6
        assert desk.stored(article).standing == ()
        await desk.press("ctrl+r")
        assert desk.review.open_items() == ()


async def test_h_lists_decisions_carried_over_and_not(store: Store) -> None:
    article = revised(store, [item for item in suggestions(NEW) if item.id[0] != "j"])
    async with at_desk(store, size=(140, 30)) as desk:
        await open_revision(desk, article)
        await desk.press("H")
        await desk.until(lambda: isinstance(desk.app.screen, CarriedOverScreen))
        await desk.until(lambda: "reading" not in desk.bar("counts"))
        assert "5 decisions carried over" in desk.bar("counts")
        lines = shown(desk)
        assert [" ".join(line.split()) for line in lines[:4]] == [
            "NOT CARRIED OVER: NOTHING TO DECIDE 1",
            "ad-marker Advertisement it is not suggested again",
            "CARRIED OVER 5",
            "✓ GPE PORT ANSEL accepted",
        ]
        await desk.press("q")
        assert not isinstance(desk.app.screen, CarriedOverScreen)


async def test_an_article_without_earlier_text_is_reported_as_such(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("H")
        await desk.until(lambda: isinstance(desk.app.screen, CarriedOverScreen))
        await desk.until(lambda: "No earlier text" in desk.bar("counts"))
        await desk.press("escape")
        assert desk.review.decisions == ()


async def test_the_header_shows_near_duplicates(store: Store) -> None:
    body = " ".join(f"word{n}" for n in range(60))
    one, other = f"{TEXT}\n{body}\n", f"Another headline\n{TEXT}\n{body}\n"
    for text in (one, other):
        take_in(store, text, ())
    link_alike(store, {identity_of(text): bands_of(text) for text in (one, other)})
    async with at_desk(store, size=(160, 30)) as desk:
        await open_revision(desk, identity_of(one))
        assert "also told by: Ansel Post" in desk.bar("header")
        await desk.press("H")
        await desk.until(lambda: isinstance(desk.app.screen, CarriedOverScreen))
        await desk.until(lambda: "1 near-duplicate" in desk.bar("counts"))
        assert shown(desk)[1].endswith("% the same")
