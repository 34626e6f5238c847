"""The list of stories: proposals accepted and refused, titles, articles taken out and in, undo."""

from __future__ import annotations

from annotator.core.across.story_changes import StoryPress, create_story, to_story_decisions
from annotator.core.across.story_log import Story
from annotator.store.store import Store
from annotator.tui.queue.queue_screen import QueueScreen
from annotator.tui.screens.help_screen import HelpScreen
from annotator.tui.stories.board_screen import BoardScreen
from annotator.tui.stories.stories_loading import PAGE
from annotator.tui.stories.stories_screen import StoriesScreen
from tests.helpers.ferry_stories import ALSO, FIRE, VOTE, taken_in
from tests.tui.desk import Desk, at_desk, drawn
from tests.tui.held_clock import NOON

NONE = ["No story yet, and no articles seem to be on one event."]


async def listing(desk: Desk) -> StoriesScreen:
    """The stories, opened by their key, with the proposals."""
    await desk.press("S")
    await desk.until(lambda: isinstance(desk.app.screen, StoriesScreen))
    screen = desk.app.screen
    assert isinstance(screen, StoriesScreen)
    await proposed(desk, screen)
    return screen


async def proposed(desk: Desk, screen: StoriesScreen) -> None:
    await desk.until(lambda: screen.takes_keys and "looking" not in desk.bar("counts"))
    await desk.settle()


async def pressed(desk: Desk, screen: StoriesScreen, *keys: str) -> list[str]:
    """The rows after these keys."""
    await desk.press(*keys)
    await proposed(desk, screen)
    return [" ".join(line.split()) for line in drawn(screen.listed) if line]


def make(store: Store, *articles: str) -> None:
    change = create_story(Story("s1", "The ferry", articles))
    store.stories.append(to_story_decisions((change,), StoryPress("g", "bo", NOON), ids=("d",)))


async def test_a_proposal_is_accepted_renamed_and_undone(store: Store) -> None:
    taken_in(store, FIRE), taken_in(store, ALSO)
    async with at_desk(store) as desk:
        screen = await listing(desk)
        assert "0 stories, 1 proposed" in desk.bar("counts")
        (row,) = await pressed(desk, screen, "a")
        assert "2 articles" in row
        assert "proposed" not in row
        await desk.press("r", "ctrl+u", *"The ferry", "enter")
        (row,) = await pressed(desk, screen)
        assert row.endswith("The ferry")
        (story,) = store.stories.all().standing
        assert story.title == "The ferry"
        (row,) = await pressed(desk, screen, "u", "u")
        assert "proposed" in row
        assert not store.stories.all().standing
        (row,) = await pressed(desk, screen, "ctrl+r")
        assert "proposed" not in row


async def test_articles_told_apart_are_not_proposed_again(store: Store) -> None:
    one, other = taken_in(store, FIRE), taken_in(store, ALSO)
    async with at_desk(store) as desk:
        screen = await listing(desk)
        assert await pressed(desk, screen, "x") == NONE
        assert store.stories.all().apart == {frozenset((one, other))}
        assert "0 stories, 0 proposed" in desk.bar("counts")


async def test_an_article_is_added_to_the_story_it_is_proposed_for(store: Store) -> None:
    one, other = taken_in(store, FIRE), taken_in(store, ALSO)
    make(store, one)
    async with at_desk(store) as desk:
        screen = await listing(desk)
        first, second = drawn(screen.listed)[:2]
        assert "proposed for it" in first
        assert "The ferry" in second
        (row,) = await pressed(desk, screen, "g", "a")
        assert "2 articles The ferry" in row
        assert store.stories.all().named["s1"].articles == (one, other)


async def test_an_article_is_taken_out_by_letter(store: Store) -> None:
    one, other = taken_in(store, FIRE), taken_in(store, ALSO)
    make(store, one, other)
    async with at_desk(store) as desk:
        screen = await listing(desk)
        await desk.press("o")
        assert "Fire on the Saint Oda" in desk.bar("prompt")
        (row,) = await pressed(desk, screen, "b")
        assert "1 article The ferry" in row
        assert store.stories.all().named["s1"].articles == (one,)


async def test_the_article_of_the_queue_is_put_into_a_story(store: Store) -> None:
    one = taken_in(store, FIRE)
    make(store, one)
    vote = taken_in(store, VOTE)
    async with at_desk(store) as desk:
        await desk.press("g")
        screen = await listing(desk)
        (row,) = await pressed(desk, screen, "i")
        assert "2 articles" in row
        assert "Put in: Council votes." in desk.bar("counts")
        assert store.stories.all().of_article[vote] == "s1"
        await desk.press("i")
        assert "is in it already" in desk.bar("counts")


async def test_keys_for_stories_or_for_proposals_alone_say_so(store: Store) -> None:
    taken_in(store, FIRE), taken_in(store, ALSO)
    async with at_desk(store) as desk:
        await listing(desk)
        await desk.press("r")
        assert "Accept it first" in desk.bar("counts")
        await desk.press("a")
        await desk.until(lambda: "It is a story now." in desk.bar("counts"))
        for key in ("a", "x"):
            await desk.press(key)
            assert "Only what is proposed" in desk.bar("counts")


async def test_one_s_own_decisions_alone_are_undone(store: Store) -> None:
    make(store, taken_in(store, FIRE))
    async with at_desk(store) as desk:
        screen = await listing(desk)
        await pressed(desk, screen, "u")
        assert "nothing of yours to undo" in desk.bar("counts")
        assert store.stories.all().standing


async def test_the_names_of_articles_stand_below_the_list(store: Store) -> None:
    make(store, taken_in(store, FIRE), taken_in(store, ALSO))
    async with at_desk(store) as desk:
        await listing(desk)
        await desk.until(lambda: "Saint Oda" in desk.bar("told"))
        assert "Ferry burns off Kesthaven" in desk.bar("told")


async def test_the_board_opens_over_the_list_and_leads_back(store: Store) -> None:
    make(store, taken_in(store, FIRE), taken_in(store, ALSO))
    async with at_desk(store) as desk:
        screen = await listing(desk)
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, BoardScreen))
        await desk.press("escape")
        await desk.until(lambda: desk.app.screen is screen)
        await desk.press("?")
        await desk.until(lambda: isinstance(desk.app.screen, HelpScreen))
        await desk.press("q")
        await desk.until(lambda: desk.app.screen is screen)
        await desk.press("q")
        await desk.until(lambda: isinstance(desk.app.screen, QueueScreen))


async def test_the_queue_names_the_story_of_an_article(store: Store) -> None:
    make(store, taken_in(store, FIRE))
    taken_in(store, VOTE)
    async with at_desk(store, size=(120, 20)) as desk:
        lines = drawn(desk.queue.rows.listed)
        assert ["§ The ferry" in line for line in lines if "ready" in line] == [False, True]
        listing_now = await listing(desk)
        await pressed(desk, listing_now, "i", "q")
        await desk.until(
            lambda: sum("§ The ferry" in one for one in drawn(desk.queue.rows.listed)) == 2
        )


async def test_an_empty_store_has_an_empty_list(store: Store) -> None:
    async with at_desk(store) as desk:
        screen = await listing(desk)
        assert await pressed(desk, screen, "enter", "o") == NONE
        assert "There is no story." in desk.bar("counts")


async def test_many_stories_are_read_as_the_cursor_comes_near_them(store: Store) -> None:
    for number in range(120):
        made = create_story(Story(f"s{number}", f"Story {number}", (f"article {number}",)))
        press = StoryPress(f"g{number}", "bo", NOON)
        store.stories.append(to_story_decisions((made,), press, ids=(f"d{number}",)))
    async with at_desk(store) as desk:
        screen = await listing(desk)
        assert screen.listed.count == PAGE
        assert "120 stories" in desk.bar("counts")
        for rows in (100, 120, 120):
            await pressed(desk, screen, "G")
            assert screen.listed.count == rows
        assert screen.here is not None
        assert screen.here.story.title == "Story 0"
