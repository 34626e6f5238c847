"""The pairs of a board while others work, and on screens that change: nothing is tied that was not
on the screen, and every key leaves a screen that shows what holds."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from annotator.core.across.story_changes import StoryPress, create_story, to_story_decisions
from annotator.core.across.story_log import Story
from annotator.core.claim_ties import Relation
from annotator.core.decisions import reject
from annotator.errors import LeaseLost
from annotator.store.store import Store
from annotator.tui.saving.stored_at_once import store_at_once
from annotator.tui.stories import story_desk
from annotator.tui.stories.board_screen import BoardScreen
from annotator.tui.stories.story_desk import WantedTie
from annotator.tui.terminal.keyboard import Typed, now
from tests.helpers.building import open_, press, ready
from tests.helpers.ferry_stories import ALSO, FIRE, LATER
from tests.tui.desk import at_desk
from tests.tui.held_clock import NOON
from tests.tui.test_board_screen import decided, story_of
from tests.tui.test_board_screen import pressed as pressed_on_board
from tests.tui.test_pairs_screen import pairs_of, pressed, read

CHANGED = "A claim has changed or is gone"


def reject_claim(store: Store, article: str) -> None:
    """Reject the claim of an article in the same reviewer's review, as in another terminal."""
    opened = open_(store, article)
    press(store, opened, reject(opened.review.held["c1"].item))


async def test_no_key_does_anything_in_a_story_without_claims(store: Store) -> None:
    articles = [ready(store, f"Quiet day {n}\nNothing.\n", []) for n in range(2)]
    change = create_story(Story("s1", "Quiet", tuple(articles)))
    store.stories.append(to_story_decisions((change,), StoryPress("g", "ada", NOON), ids=("d",)))
    async with at_desk(store) as desk:
        screen = await pairs_of(desk)
        await pressed(desk, screen, "left", "right", "space", "enter", "f", "F", "/", "up", "down")
        await pressed(desk, screen, "backspace", "left")
        assert decided(store) == []
        await desk.press("escape")
        assert isinstance(desk.app.screen, BoardScreen)


@pytest.mark.parametrize("whose", [0, 1])
async def test_a_claim_of_a_purged_article_is_not_tied(store: Store, whose: int) -> None:
    articles = story_of(store, FIRE, ALSO)
    async with at_desk(store) as desk:
        screen = await pairs_of(desk)
        store.purge.article(articles[whose], by="bo", now=NOON)
        await pressed(desk, screen, "f")
        assert CHANGED in desk.bar("counts")
        assert "not there any more" in desk.bar("pairs")
        await pressed(desk, screen, "f", "enter")
        assert decided(store) == []


async def test_a_claim_rejected_meanwhile_is_not_tied_but_the_others_are(store: Store) -> None:
    fire, *_ = story_of(store, FIRE, ALSO, LATER)
    async with at_desk(store) as desk:
        screen = await pairs_of(desk)
        first, *_, last = screen.page.by_letter
        reject_claim(store, fire)
        await pressed(desk, screen, first)
        assert CHANGED in desk.bar("counts")
        assert decided(store) == []
        await pressed(desk, screen, last)
        assert decided(store) == [Relation.SAME]


async def test_the_board_ties_no_claim_that_was_rejected_meanwhile(store: Store) -> None:
    fire, _ = story_of(store, FIRE, ALSO)
    async with at_desk(store) as desk:
        await pairs_of(desk)
        await desk.press("escape")
        board = desk.app.screen
        assert isinstance(board, BoardScreen)
        reject_claim(store, fire)
        await pressed_on_board(desk, board, "a")
        assert CHANGED in desk.bar("counts")
        assert board.board is not None
        assert (fire, "c1") not in board.board.accounts
        assert decided(store) == []


async def test_undo_goes_on_past_a_tie_whose_article_was_purged(store: Store) -> None:
    fire, also, later = ((one, "c1") for one in story_of(store, FIRE, ALSO, LATER))
    async with at_desk(store) as desk:
        screen = await pairs_of(desk)
        for one, other in ((also, later), (fire, also)):
            wanted = WantedTie(one, other, Relation.SUPPORTS)
            await screen.take_over(partial(screen.desk.tie, wanted))
        store.purge.article(fire[0], by="bo", now=NOON)
        await pressed(desk, screen, "backspace")
        assert "gone, and the tie with it" in desk.bar("counts")
        assert decided(store) == [Relation.SUPPORTS]
        await pressed(desk, screen, "backspace")
        assert decided(store) == []


async def test_what_was_tied_before_a_failure_is_shown_and_undone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fire, also, later = ((one, "c1") for one in story_of(store, FIRE, ALSO, LATER))
    wanted = [WantedTie(one, also, Relation.SUPPORTS) for one in (fire, later)]
    async with at_desk(store) as desk:
        screen = await pairs_of(desk)
        outcomes = iter((None, LeaseLost("bo works on this article.")))

        def stored_or_not(*given: Any) -> None:
            if error := next(outcomes, None):
                raise error
            store_at_once(*given)

        monkeypatch.setattr(story_desk, "store_at_once", stored_or_not)
        screen.actions._store(partial(screen.desk.tie, *wanted), "Tied.")
        await read(desk, screen)
        assert "bo works on this article" in desk.bar("counts")
        assert "1 pair decided" in desk.bar("counts")
        await pressed(desk, screen, "backspace")
        assert decided(store) == []


async def test_a_letter_pressed_before_its_page_was_shown_ties_nothing(store: Store) -> None:
    story_of(store, FIRE, ALSO, LATER)
    async with at_desk(store, size=(44, 8)) as desk:
        screen = await pairs_of(desk)
        typed, before = now(), screen.page
        await pressed(desk, screen, "space")
        assert screen.page is not before
        for key in ("f", "F", "enter"):
            screen.take(Typed(typed, key, key))
            await desk.settle()
            assert "before these pairs were shown" in desk.bar("counts")
        assert decided(store) == []
        await pressed(desk, screen, "f")
        assert len(decided(store)) == 1


async def test_earlier_pages_are_filled_anew_for_a_smaller_screen(store: Store) -> None:
    story_of(store, FIRE, ALSO, LATER)
    async with at_desk(store, size=(100, 30)) as desk:
        screen = await pairs_of(desk)
        await pressed(desk, screen, "/", *"50", "enter")
        await desk.pilot.resize_terminal(44, 9)
        await desk.settle()
        await pressed(desk, screen, "left", "left")
        assert screen.page.by_letter
        assert len(desk.bar("pairs").splitlines()) <= desk.line("pairs").size.height


async def test_no_pair_is_tied_that_has_no_room(store: Store) -> None:
    story_of(store, FIRE, ALSO, LATER)
    async with at_desk(store, size=(40, 30)) as desk:
        screen = await pairs_of(desk)
        await desk.pilot.resize_terminal(40, 5)
        await desk.settle()
        assert "f" in screen.page.by_letter
        for key in ("f", "F", "enter"):
            await pressed(desk, screen, key)
            assert "no room" in desk.bar("counts")
        assert decided(store) == []
        await desk.pilot.resize_terminal(40, 12)
        await desk.settle()
        await pressed(desk, screen, "f")
        assert len(decided(store)) == 1
