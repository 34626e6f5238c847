"""The board of a story on the screen: claims tied by keys, articles opened at a claim."""

from __future__ import annotations

from annotator.core.across.story_changes import StoryPress, create_story, to_story_decisions
from annotator.core.across.story_log import Story
from annotator.core.claim_ties import Relation
from annotator.core.decisions import finish
from annotator.store.store import Store
from annotator.tui.review.review_screen import ReviewScreen
from annotator.tui.screens.palette_prompt import PalettePrompt
from annotator.tui.stories.board_screen import BoardScreen
from annotator.tui.stories.stories_screen import StoriesScreen
from tests.helpers.building import open_, press
from tests.helpers.ferry_stories import ALSO, FIRE, VOTE, taken_in
from tests.tui.desk import Desk, at_desk, drawn
from tests.tui.held_clock import NOON

KEYS = {
    "=": Relation.SAME,
    "!": Relation.CONTRADICTS,
    "+": Relation.SUPPORTS,
    "0": Relation.UNRELATED,
}


def story_of(store: Store, *texts: str) -> list[str]:
    """Articles taken in, and their story."""
    articles = [taken_in(store, text) for text in texts]
    change = create_story(Story("s1", "The ferry", tuple(articles)))
    store.stories.append(to_story_decisions((change,), StoryPress("g", "ada", NOON), ids=("d",)))
    return articles


async def board_of(desk: Desk) -> BoardScreen:
    """The board of the only story, read."""
    await desk.press("S")
    await desk.until(lambda: isinstance(desk.app.screen, StoriesScreen))
    await desk.press("enter")
    await desk.until(lambda: isinstance(desk.app.screen, BoardScreen))
    screen = desk.app.screen
    assert isinstance(screen, BoardScreen)
    await read(desk, screen)
    return screen


async def read(desk: Desk, screen: BoardScreen) -> None:
    await desk.until(lambda: screen.takes_keys and screen.board is not None)
    await desk.settle()


async def pressed(desk: Desk, screen: BoardScreen, *keys: str) -> None:
    for key in keys:
        await desk.press(key)
        await read(desk, screen)


def decided(store: Store) -> list[Relation]:
    story = store.stories.all().named["s1"]
    return [tie.relation for tie in store.stories.open(story, "ada").ties]


def rows(screen: BoardScreen) -> list[str]:
    return [" ".join(line.split()) for line in drawn(screen.listed) if line]


async def test_conflicts_stand_first_with_the_accounts_across(store: Store) -> None:
    story_of(store, VOTE, FIRE, ALSO)
    async with at_desk(store, size=(120, 30)) as desk:
        screen = await board_of(desk)
        first, who, said, *_ = rows(screen)
        assert "conflict? that" in first
        assert who.count("asserts") == 2
        assert "47 passengers were hurt" in said
        assert "50 passengers were hurt" in said
        assert "1 proposition in several accounts, 1 in conflict" in desk.bar("counts")


async def test_a_key_ties_the_pair_that_is_offered(store: Store) -> None:
    story_of(store, FIRE, ALSO)
    async with at_desk(store) as desk:
        screen = await board_of(desk)
        assert "Do 1 and 2 contradict each other?" in desk.bar("offered")
        await pressed(desk, screen, "a")
        assert decided(store) == [Relation.CONTRADICTS]
        assert "No further pair is proposed" in desk.bar("offered")
        assert rows(screen)[0].startswith("▌conflict that")


async def test_each_relation_has_a_key_and_undo_takes_it_back(store: Store) -> None:
    story_of(store, FIRE, ALSO)
    async with at_desk(store) as desk:
        screen = await board_of(desk)
        for key, relation in KEYS.items():
            await pressed(desk, screen, key)
            assert (key, decided(store)) == (key, [relation])
            await pressed(desk, screen, "u")
            assert (key, decided(store)) == (key, [])
        await pressed(desk, screen, "u")
        assert "No tie was made here" in desk.bar("counts")


async def test_unrelated_claims_leave_the_proposition(store: Store) -> None:
    story_of(store, FIRE, ALSO)
    async with at_desk(store) as desk:
        screen = await board_of(desk)
        await pressed(desk, screen, "0")
        assert screen.board is not None
        assert [len(row.accounts) for row in screen.board.propositions] == [1, 1]


async def test_the_marked_claim_is_tied_to_the_one_under_the_cursor(store: Store) -> None:
    fire, vote = story_of(store, FIRE, VOTE)
    async with at_desk(store) as desk:
        screen = await board_of(desk)
        assert "No further pair" in desk.bar("offered")
        await pressed(desk, screen, "=")
        assert "Mark a claim" in desk.bar("counts")
        await pressed(desk, screen, "space", "j", "=")
        assert decided(store) == [Relation.SAME]
        assert screen.marked is None
        assert screen.board is not None
        (row,) = screen.board.propositions
        assert {one.place for one in row.accounts} == {(fire, "c1"), (vote, "c1")}


async def test_moving_across_visits_each_account_and_tab_the_offered_ones(store: Store) -> None:
    fire, also = story_of(store, FIRE, ALSO)
    async with at_desk(store) as desk:
        screen = await board_of(desk)
        first = screen.cursor
        await pressed(desk, screen, "l", "l")
        assert screen.cursor is not None
        assert {first, screen.cursor} == {(fire, "c1"), (also, "c1")}
        await pressed(desk, screen, "h")
        assert screen.cursor == first
        await pressed(desk, screen, "tab", "tab")
        assert screen.cursor in ((fire, "c1"), (also, "c1"))


async def test_a_pair_is_passed_over_and_offered_again(store: Store) -> None:
    story_of(store, FIRE, ALSO)
    async with at_desk(store) as desk:
        screen = await board_of(desk)
        await pressed(desk, screen, "n")
        assert "No further pair" in desk.bar("offered")
        await pressed(desk, screen, "a")
        assert "No pair is proposed." in desk.bar("counts")
        await pressed(desk, screen, "p")
        assert "contradict" in desk.bar("offered")


async def test_an_article_opens_at_the_claim_and_leads_back_to_it(store: Store) -> None:
    story_of(store, FIRE, ALSO)
    async with at_desk(store) as desk:
        screen = await board_of(desk)
        before = screen.cursor
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        assert desk.text[desk.view.caret :].startswith("that ")
        await desk.press("x", "q")
        await desk.until(lambda: desk.app.screen is screen)
        await read(desk, screen)
        assert screen.board is not None
        assert len(screen.board.accounts) == 1
        assert screen.cursor != before


async def test_claims_in_the_review_of_others_are_not_tied(store: Store) -> None:
    for article in story_of(store, FIRE, ALSO):
        opened = open_(store, article, "bo")
        press(store, opened, finish())
    async with at_desk(store) as desk:
        screen = await board_of(desk)
        await pressed(desk, screen, "a")
        assert "in the review of bo" in desk.bar("counts")
        assert decided(store) == []


async def test_a_narrow_screen_shows_fewer_columns_and_follows_the_cursor(store: Store) -> None:
    story_of(store, FIRE, ALSO)
    async with at_desk(store, size=(50, 20)) as desk:
        screen = await board_of(desk)
        assert desk.bar("columns").rstrip().endswith("›")
        await pressed(desk, screen, "l")
        assert desk.bar("columns").startswith("‹")


async def test_every_action_is_in_the_palette(store: Store) -> None:
    story_of(store, FIRE, ALSO)
    async with at_desk(store) as desk:
        screen = await board_of(desk)
        await desk.press("ctrl+p")
        await desk.until(lambda: isinstance(screen.prompts.current, PalettePrompt))
        await desk.press(*"nothing to do", "enter")
        await desk.until(lambda: screen.prompts.current is None)
        await read(desk, screen)
        assert decided(store) == [Relation.UNRELATED]


async def test_a_key_without_an_action_says_so(store: Store) -> None:
    story_of(store, FIRE, ALSO)
    async with at_desk(store) as desk:
        screen = await board_of(desk)
        await pressed(desk, screen, "z")
        assert "z" in desk.bar("counts")
