"""The pairs of a board: tied by letters, whole blocks by one key, never what is not shown."""

from __future__ import annotations

from dataclasses import replace

from annotator.core.claim_ties import Relation
from annotator.core.decisions import finish
from annotator.store.store import Store
from annotator.tui.stories.pairs_screen import PairsScreen
from annotator.tui.stories.story_desk import WantedTie
from tests.helpers.building import open_, press
from tests.helpers.ferry_stories import ALSO, FIRE, LATER, VOTE
from tests.tui.desk import Desk, at_desk
from tests.tui.test_board_screen import board_of, decided, story_of


async def pairs_of(desk: Desk) -> PairsScreen:
    """The pairs of the only story."""
    await board_of(desk)
    await desk.press("t")
    await desk.until(lambda: isinstance(desk.app.screen, PairsScreen))
    screen = desk.app.screen
    assert isinstance(screen, PairsScreen)
    await read(desk, screen)
    return screen


async def read(desk: Desk, screen: PairsScreen) -> None:
    await desk.until(lambda: screen.takes_keys)
    await desk.settle()


async def pressed(desk: Desk, screen: PairsScreen, *keys: str) -> None:
    for key in keys:
        await desk.press(key)
        await read(desk, screen)


async def test_a_letter_ties_a_pair_as_its_sign_says(store: Store) -> None:
    story_of(store, FIRE, ALSO)
    async with at_desk(store) as desk:
        screen = await pairs_of(desk)
        assert "f ! " in desk.bar("pairs")
        await pressed(desk, screen, "f")
        assert decided(store) == [Relation.CONTRADICTS]
        assert "✓f ! " in desk.bar("pairs")
        assert "1 pair decided" in desk.bar("counts")


async def test_a_capital_says_the_other_and_the_same_again_unrelated(store: Store) -> None:
    story_of(store, FIRE, ALSO)
    async with at_desk(store) as desk:
        screen = await pairs_of(desk)
        await pressed(desk, screen, "F")
        assert decided(store) == [Relation.SUPPORTS]
        await pressed(desk, screen, "F")
        assert decided(store) == [Relation.UNRELATED]
        await pressed(desk, screen, "f")
        assert decided(store) == [Relation.CONTRADICTS]


async def test_a_chosen_relation_is_that_of_the_next_letter_alone(store: Store) -> None:
    story_of(store, FIRE, ALSO)
    async with at_desk(store) as desk:
        screen = await pairs_of(desk)
        for key, relation in (("=", "same"), ("+", "supports"), ("0", "unrelated")):
            await pressed(desk, screen, key)
            assert "The next letter says" in desk.bar("told")
            await pressed(desk, screen, "f")
            assert (key, decided(store)) == (key, [Relation(relation)])
            assert "letter: tied as its sign says" in desk.bar("told")
        await pressed(desk, screen, "!", "!", "F")
        assert decided(store) == [Relation.SUPPORTS]


async def test_undo_takes_back_what_the_last_key_tied(store: Store) -> None:
    story_of(store, FIRE, ALSO)
    async with at_desk(store) as desk:
        screen = await pairs_of(desk)
        await pressed(desk, screen, "f", "F", "backspace")
        assert decided(store) == [Relation.CONTRADICTS]
        await pressed(desk, screen, "backspace")
        assert decided(store) == []
        await pressed(desk, screen, "backspace")
        assert "No tie was made here" in desk.bar("counts")


async def test_enter_ties_the_block_and_one_undo_takes_all_of_it_back(store: Store) -> None:
    story_of(store, FIRE, ALSO, LATER)
    async with at_desk(store) as desk:
        screen = await pairs_of(desk)
        assert len(screen.page.blocks[0].pairs) == 2
        await pressed(desk, screen, "enter")
        assert len(decided(store)) == 2
        await pressed(desk, screen, "backspace")
        assert decided(store) == []


async def test_the_page_stays_until_it_is_turned(store: Store) -> None:
    story_of(store, FIRE, ALSO)
    async with at_desk(store) as desk:
        screen = await pairs_of(desk)
        before = screen.page
        await pressed(desk, screen, "f", "space")
        assert "No further pair is proposed" in desk.bar("counts")
        assert screen.page is before
        await pressed(desk, screen, "escape")
        assert "No further pair is proposed" in desk.bar("offered")


async def test_a_claim_that_is_not_proposed_is_searched_for(store: Store) -> None:
    story_of(store, FIRE, VOTE)
    async with at_desk(store) as desk:
        screen = await pairs_of(desk)
        assert "No pair of it is proposed" in desk.bar("pairs")
        await pressed(desk, screen, "/", *"th")
        assert "1 claim" in desk.bar("prompt")
        await pressed(desk, screen, "enter", "f")
        assert decided(store) == [Relation.SUPPORTS]


async def test_attributes_that_no_claim_has_are_not_shown(store: Store) -> None:
    story_of(store, FIRE, VOTE)
    async with at_desk(store) as desk:
        screen = await pairs_of(desk)
        await pressed(desk, screen, "/", *"zebra", "enter")
        assert "0 claims" in desk.bar("prompt")
        await pressed(desk, screen, "escape", "f")
        assert "No pair has the letter f" in desk.bar("counts")


async def test_claims_in_the_review_of_others_are_not_tied(store: Store) -> None:
    for article in story_of(store, FIRE, ALSO):
        press(store, open_(store, article, "bo"), finish())
    async with at_desk(store) as desk:
        screen = await pairs_of(desk)
        await pressed(desk, screen, "f")
        assert "in the review of bo" in desk.bar("counts")
        assert decided(store) == []


async def test_further_claims_for_the_first_one_are_shown_and_left_again(store: Store) -> None:
    story_of(store, FIRE, ALSO)
    async with at_desk(store) as desk:
        screen = await pairs_of(desk)
        before = screen.page
        await pressed(desk, screen, "right")
        assert "No further claim has anything in common" in desk.bar("counts")
        screen.board = replace(screen.board, offered=())
        screen.on_resize()
        await pressed(desk, screen, "right")
        assert [tie.pair for tie in screen.page.blocks[0].pairs] == [
            tie.pair for tie in before.blocks[0].pairs
        ]
        await pressed(desk, screen, "f")
        assert decided(store) == [Relation.CONTRADICTS]
        await pressed(desk, screen, "left")
        assert screen.page.blocks[0].pairs == ()


async def test_a_small_screen_shows_whole_pairs_and_the_rest_on_further_pages(store: Store) -> None:
    story_of(store, FIRE, ALSO, LATER)
    async with at_desk(store, size=(50, 9)) as desk:
        screen = await pairs_of(desk)
        seen: list[frozenset[tuple[str, str]]] = []
        while screen.page.blocks and seen[-1:] != [*screen.page.letters][-1:]:
            drawn = desk.bar("pairs").splitlines()
            assert len(drawn) <= desk.line("pairs").size.height
            for letter in screen.page.by_letter:
                assert any(line[2:].lstrip().startswith(f"{letter} ") for line in drawn)
            seen += screen.page.letters
            await pressed(desk, screen, "space")
        assert sorted(map(sorted, seen)) == sorted(sorted(tie.pair) for tie in screen.board.offered)


async def test_what_one_key_ties_in_several_reviews_is_undone_by_one_key(store: Store) -> None:
    fire, also, later = ((article, "c1") for article in story_of(store, FIRE, ALSO, LATER))
    async with at_desk(store) as desk:
        screen = await pairs_of(desk)
        await screen.take_over(
            lambda: screen.desk.tie(
                WantedTie(fire, also, Relation.SUPPORTS), WantedTie(later, also, Relation.SUPPORTS)
            )
        )
        assert [article for article, _ in screen.desk.made[-1]] == [fire[0], later[0]]
        assert len(decided(store)) == 2
        await pressed(desk, screen, "backspace")
        assert decided(store) == []


async def test_a_pair_that_others_alone_may_tie_leaves_the_block_as_it_was(store: Store) -> None:
    fire, also, _ = story_of(store, FIRE, ALSO, LATER)
    for article in (fire, also):
        press(store, open_(store, article, "bo"), finish())
    async with at_desk(store) as desk:
        screen = await pairs_of(desk)
        assert len(screen.page.blocks[0].pairs) == 2
        await pressed(desk, screen, "enter")
        assert "in the review of bo" in desk.bar("counts")
        assert decided(store) == []
