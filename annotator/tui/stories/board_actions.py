"""The actions of the board: one method per action of the table of keys."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from annotator.core.across.board import Account, Board
from annotator.core.across.mentions import Place
from annotator.core.claim_ties import Relation
from annotator.errors import AnnotatorError
from annotator.tui.app_setup import AppSetup
from annotator.tui.screens.opening import open_place
from annotator.tui.stories.board_table import row_with
from annotator.tui.stories.story_desk import WantedTie

if TYPE_CHECKING:
    from annotator.tui.stories.board_screen import BoardScreen

_TIE = "tie"


class BoardActions:
    """What the keys of a board do."""

    def __init__(self, screen: BoardScreen, setup: AppSetup) -> None:
        self._screen, self._setup = screen, setup

    # Ties

    def do_board_same(self) -> None:
        self._tie(Relation.SAME)

    def do_board_contradicts(self) -> None:
        self._tie(Relation.CONTRADICTS)

    def do_board_supports(self) -> None:
        self._tie(Relation.SUPPORTS)

    def do_board_unrelated(self) -> None:
        self._tie(Relation.UNRELATED)

    def do_board_accept(self) -> None:
        now = self._screen.offers.offered if self._screen.offers else None
        if self._screen.marked is not None:
            self._screen.say("A claim is marked: say how both are related, or take the mark off.")
        elif now is None:
            self._screen.say("No pair is proposed.")
        else:
            self._tie(now.relation)

    def do_board_skip(self) -> None:
        if self._screen.offers is not None:
            self._screen.offers = self._screen.offers.next()

    def do_board_back(self) -> None:
        if self._screen.offers is not None:
            self._screen.offers = self._screen.offers.before()

    def do_board_mark(self) -> None:
        self._screen.marked = (
            None if self._screen.marked == self._screen.cursor else self._screen.cursor
        )
        self._screen.redraw()

    def do_board_go(self) -> None:
        now = self._screen.offers.offered if self._screen.offers else None
        if now is not None:
            self._screen.move_to(now.other if self._screen.cursor == now.one else now.one)

    def do_board_undo(self) -> None:
        self._screen.waiting.fetch(_TIE, partial(self._decided, self._screen.desk.undo, "Undone."))

    def _tie(self, relation: Relation) -> None:
        pair = self._pair()
        if pair is None or self._screen.offers is None:
            self._screen.say("Mark a claim with space, and go to another one.")
            return
        one, other = pair
        proposed = self._screen.offers.of(one, other)
        wanted = WantedTie(one, other, relation, proposed)
        decide = partial(self._screen.desk.tie, wanted)
        self._screen.waiting.fetch(_TIE, partial(self._decided, decide, f"Tied: {relation}."))

    def _pair(self) -> tuple[Place, Place] | None:
        """The claims that a key ties: the marked one and that under the cursor, else the pair that
        is offered."""
        if self._screen.marked is not None:
            other = self._screen.cursor
            return None if other in (None, self._screen.marked) else (self._screen.marked, other)
        now = self._screen.offers.offered if self._screen.offers else None
        return None if now is None else (now.one, now.other)

    async def _decided(self, decide: Callable[[], Board], done: str) -> None:
        try:
            await self._screen.take_over(decide)
        except AnnotatorError as error:
            with suppress(AnnotatorError):
                await self._screen.take_over(self._screen.desk.read_all_again)
            self._screen.say(f"{error.message} {error.hint}")
        else:
            self._screen.marked = None
            self._screen.say(done)
            self._screen.redraw()

    # Moving

    def do_board_down(self) -> None:
        self._screen.listed.action_move(1)

    def do_board_up(self) -> None:
        self._screen.listed.action_move(-1)

    def do_board_page_down(self) -> None:
        self._screen.listed.action_page(1)

    def do_board_page_up(self) -> None:
        self._screen.listed.action_page(-1)

    def do_board_top(self) -> None:
        self._screen.listed.action_edge(-1)

    def do_board_bottom(self) -> None:
        self._screen.listed.action_edge(1)

    def do_board_right(self) -> None:
        self._move_across(1)

    def do_board_left(self) -> None:
        self._move_across(-1)

    def _move_across(self, by: int) -> None:
        accounts = self._accounts()
        places = [one.place for one in accounts]
        if places:
            at = places.index(self._screen.cursor) if self._screen.cursor in places else 0
            self._screen.move_to(places[min(max(0, at + by), len(places) - 1)])

    def _accounts(self) -> tuple[Account, ...]:
        """The accounts of the proposition under the cursor, in the order of the columns."""
        board = self._screen.board
        row = (
            None
            if board is None or self._screen.cursor is None
            else row_with(board, self._screen.cursor)
        )
        return () if board is None or row is None else board.propositions[row].accounts

    # Other screens

    def do_board_pairs(self) -> None:
        screen = self._screen
        if screen.board is None:
            return
        from annotator.tui.stories.pairs_screen import BoardBelow, PairsScreen

        below = BoardBelow(screen.board, screen.marked or screen.cursor, screen.show_board)
        screen.show_over(PairsScreen(self._setup, screen.keymap, screen.desk, below))

    def do_board_open(self) -> None:
        if self._screen.cursor is None or self._screen.desk.opened is None:
            return
        article, claim = self._screen.cursor
        shown = self._screen.desk.opened.of(article).shown
        span = next(one.span for one in shown.claims if one.id == claim)
        open_place(self._screen, article, span)

    def do_board_help(self) -> None:
        self._screen.keys.show_help()

    def do_board_palette(self) -> None:
        self._screen.keys.open_palette()

    def do_board_close(self) -> None:
        self._screen.close()
