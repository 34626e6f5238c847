"""Rows of the queue that stand together, and rows that nothing pushes out."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from annotator.core.across.story_changes import StoryPress, create_story, to_story_decisions
from annotator.core.across.story_log import Story
from annotator.core.states import QueueFilter
from annotator.store.sql import columns as t
from annotator.store.store import Store
from annotator.tui.widgets.rows import Cell
from tests.tui.desk import OTHER, Desk, at_desk, drawn, take_in
from tests.tui.held_clock import NOON

NAMES = ("Ash", "Birch", "Cedar", "Dogwood", "Elm", "Fir")


def six(store: Store) -> dict[str, str]:
    """Six articles, the last one the newest."""
    return {name: take_in(store, f"{name} stands\n\nIt rained on {name}.\n", ()) for name in NAMES}


def merge(store: Store, later: str, earlier: str) -> None:
    """Two articles are found to be alike: the later one moves to the earlier one."""
    with store.database.writing() as connection:
        pair = {"article_id": later, "other_id": earlier, "similarity": 0.9}
        connection.execute(insert(t.likeness).values(pair))
        place = select(t.article.c.place).where(t.article.c.id == earlier).scalar_subquery()
        connection.execute(update(t.article).where(t.article.c.id == later).values(place=place))


def shown(desk: Desk) -> list[str]:
    """The names of the articles that are drawn, from top to bottom."""
    lines = drawn(desk.queue.rows.listed)
    return [name for line in lines for name in (*NAMES, "Glass") if name in line]


async def test_no_row_that_was_shown_is_pushed_out(store: Store) -> None:
    ids = six(store)
    async with at_desk(store) as desk:
        await desk.press("j", "j", "j")
        await desk.until(lambda: desk.queue.rows.listed.key == ids["Cedar"])
        merge(store, ids["Fir"], ids["Ash"])
        await desk.until(lambda: shown(desk) == [*NAMES[4:0:-1], "Fir", "Ash"])
        merge(store, ids["Birch"], ids["Ash"])
        await desk.until(lambda: shown(desk) == ["Elm", "Dogwood", "Cedar", "Fir", "Birch", "Ash"])
        assert "new arrival" not in desk.bar("status")
        take_in(store, OTHER, ())
        await desk.until(lambda: "1 new arrival" in desk.bar("status"))
        store.purge.article(ids["Elm"], by="ada", now=NOON)
        await desk.until(lambda: shown(desk) == ["Dogwood", "Cedar", "Fir", "Birch", "Ash"])
        assert "1 new arrival" in desk.bar("status")
        assert desk.queue.rows.listed.key == ids["Cedar"]
        await desk.press(".")
        await desk.until(lambda: shown(desk)[:1] == ["Glass"])
        assert len(shown(desk)) == 6


async def test_a_row_that_comes_back_under_a_filter_is_no_arrival(store: Store) -> None:
    ids = six(store)
    async with at_desk(store) as desk:
        await desk.press("F", "r", "j", "j", "j")
        await desk.until(lambda: desk.queue.rows.listed.key == ids["Cedar"])
        store.reviews.open(ids["Elm"], "bo", now=NOON, lease_seconds=60)
        await desk.until(lambda: shown(desk) == ["Fir", "Dogwood", "Cedar", "Birch", "Ash"])
        store.reviews.release(ids["Elm"], "bo")
        await desk.until(lambda: shown(desk) == list(NAMES[::-1]))
        assert "new arrival" not in desk.bar("status")
        assert desk.queue.rows.listed.key == ids["Cedar"]


async def test_stories_stand_under_their_names(store: Store) -> None:
    ids = six(store)
    story = Story("s", "The old trees", (ids["Ash"], ids["Elm"]))
    press = StoryPress("g", "ada", NOON)
    store.stories.append(to_story_decisions((create_story(story),), press, ids=("d",)))
    async with at_desk(store) as desk:
        assert "§ The old trees" in "".join(drawn(desk.queue.rows.listed))
        await desk.press("o", "s")
        await desk.until(lambda: shown(desk) == ["Elm", "Ash", "Fir", "Dogwood", "Cedar", "Birch"])
        lines = drawn(desk.queue.rows.listed)
        assert "§ The old trees  2 articles" in lines[0]
        assert "└ Elm" in lines[1]
        assert "in no story" in lines[3]
        assert "by story" in desk.bar("counts")
        assert desk.queue.rows.listed.key == ids["Elm"]
        await desk.press("j", "j")
        assert desk.queue.rows.listed.key == ids["Fir"]
        await desk.press("G")
        assert desk.queue.rows.listed.key == ids["Birch"]
        take_in(store, OTHER, ())
        await desk.until(lambda: "1 new arrival" in desk.bar("status"))
        assert desk.queue.rows.listed.key == ids["Birch"]
        await desk.press("R")
        assert "one order" in desk.bar("status")
        await desk.press("F", "f")
        await desk.until(lambda: desk.queue.rows.listed.count == 0)
        assert desk.queue.rows.listing.state is QueueFilter.FINISHED


async def test_heads_sort_by_a_click_and_the_other_way_round_by_another(store: Store) -> None:
    for number, name in enumerate(NAMES):
        take_in(store, f"{name} stands\n\n{'It rained. ' * (7 * number % 6 + 1)}\n", ())
    async with at_desk(store, size=(120, 30)) as desk:
        heads = desk.drawn("columns")
        await desk.pilot.click("#columns", offset=(heads.index("WORDS"), 0))
        await desk.until(lambda: "WORDS▾" in desk.bar("columns") and len(shown(desk)) == 6)
        longest = shown(desk)
        await desk.pilot.click("#columns", offset=(heads.index("WORDS"), 0))
        await desk.until(lambda: "WORDS▴" in desk.bar("columns") and len(shown(desk)) == 6)
        await desk.until(lambda: shown(desk) == longest[::-1])
        await desk.press("R")
        await desk.until(lambda: shown(desk) == longest)
        await desk.press("o")
        assert "●w longest" in desk.bar("prompt")
        await desk.press("escape")
        await desk.pilot.click("#columns", offset=(heads.index("STATE"), 0))
        await desk.until(lambda: "Only articles that are" in desk.bar("prompt"))


async def test_the_preview_follows_the_cursor_when_it_rests(store: Store) -> None:
    ids = six(store)
    async with at_desk(store) as desk:
        await desk.until(lambda: "It rained on Fir." in desk.bar("preview"))
        await desk.press("j")
        await desk.until(lambda: "It rained on Elm." in desk.bar("preview"))
        assert desk.queue.rows.listed.key == ids["Elm"]
        await desk.press("j", "j", "j", "k")
        await desk.until(lambda: "It rained on Cedar." in desk.bar("preview"))
        await desk.press("p")
        assert not desk.queue.preview.bar.display
        await desk.press("p")
        await desk.until(lambda: "It rained on Cedar." in desk.bar("preview"))
    async with at_desk(store, size=(80, 18)) as desk:
        assert not desk.queue.preview.bar.display


async def test_an_address_is_copied_and_never_opened(store: Store) -> None:
    first = take_in(store, OTHER, ())
    async with at_desk(store) as desk:
        await desk.press("U")
        assert "no address" in desk.bar("status")
        with store.database.writing() as connection:
            row = connection.execute(select(t.article).where(t.article.c.id == first)).one()
            origin = {**row.origin, "url": "https://news.example/glass"}
            connection.execute(update(t.article).values(origin=origin))
        await desk.until(lambda: (desk.queue.rows.row and desk.queue.rows.row.url) is not None)
        await desk.press("U")
        assert desk.app.clipboard == "https://news.example/glass"


async def test_articles_that_leave_a_filter_by_finishing_stay_greyed(store: Store) -> None:
    ids = six(store)
    async with at_desk(store) as desk:
        await desk.press("F", "r", "j", "j")
        await desk.until(lambda: desk.queue.rows.listed.key == ids["Dogwood"])
        await desk.press("enter")
        await desk.until(lambda: desk.app.review is not None)
        await desk.settle()
        await desk.press("enter")  # finishes, and opens the next one
        await desk.until(lambda: desk.text.startswith("Cedar"))
        await desk.settle()
        await desk.press("q")
        await desk.until(lambda: desk.app.screen is desk.queue)
        await desk.until(lambda: "finished" in drawn(desk.queue.rows.listed)[2])
        assert shown(desk) == list(NAMES[::-1])
        assert desk.queue.rows.listed.key == ids["Cedar"]
        row = desk.queue.rows._row(2)
        assert row is not None
        assert row.lines[0][1] == Cell("Dogwood stands", "muted")
        await desk.press("F", "r")
        await desk.until(lambda: shown(desk) == ["Fir", "Elm", "Cedar", "Birch", "Ash"])


async def test_a_filter_that_fits_nothing_says_so(store: Store) -> None:
    six(store)
    async with at_desk(store) as desk:
        await desk.press("F", "x")
        await desk.until(lambda: "No article here." in desk.bar("card"))
        assert "only failed" in desk.bar("card")
        await desk.press("escape")
        await desk.until(lambda: len(shown(desk)) == 6)
        assert not desk.queue.frame.card.is_shown
