"""The actions of the pairs of a board: one method per action of the table of keys."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from annotator.core.across.board import Board
from annotator.core.across.mentions import Place
from annotator.core.across.pair_blocks import PairBlock
from annotator.core.across.ties import TieProposal
from annotator.core.claim_ties import Relation
from annotator.core.text.counted import many
from annotator.errors import AnnotatorError
from annotator.tui.app_setup import AppSetup
from annotator.tui.stories.claim_search import ClaimSearch
from annotator.tui.stories.pair_page import contrary
from annotator.tui.stories.story_desk import WantedTie

if TYPE_CHECKING:
    from annotator.tui.stories.pairs_screen import PairsScreen

_TIE, _MORE = "tie", "more"


class PairsActions:
    """What the keys of the pairs do; letters that are in no table tie a pair."""

    def __init__(self, screen: PairsScreen, setup: AppSetup) -> None:
        self._screen, self._setup = screen, setup

    # Ties

    def letter(self, letter: str) -> None:
        """Tie the pair of a letter as its sign says; a capital the other way round; a pair that is
        tied so already is called unrelated."""
        if not self._screen.is_whole():
            return
        number, pair = self._screen.page.by_letter[letter.lower()]
        self._screen.at = number
        said = contrary(pair.relation) if letter.isupper() else pair.relation
        relation = self._screen.chosen or said
        if self._screen.board.decided.get(pair.pair) is relation:
            relation = Relation.UNRELATED
        self._tie([(pair, relation)], f"{letter.lower()}: {relation}.")

    def do_pairs_all(self) -> None:
        blocks = self._screen.page.blocks
        if not blocks or not self._screen.is_whole():
            return
        decided, chosen = self._screen.board.decided, self._screen.chosen
        pairs = blocks[self._screen.at].pairs
        wanted = [(pair, chosen or pair.relation) for pair in pairs if pair.pair not in decided]
        if wanted:
            self._tie(wanted, f"{many(len(wanted), 'pair')} tied.")
        self.do_pairs_down()

    def do_pairs_undo(self) -> None:
        self._store(self._screen.desk.undo, "Undone.")

    def _tie(self, pairs: Iterable[tuple[TieProposal, Relation]], done: str) -> None:
        wanted = [
            WantedTie(pair.one, pair.other, relation, pair if pair.score else None)
            for pair, relation in pairs
        ]
        self._store(partial(self._screen.desk.tie, *wanted), done)

    def _store(self, decide: Callable[[], Board], done: str) -> None:
        self._screen.chosen = None
        self._screen.waiting.fetch(_TIE, partial(self._decided, decide, done))

    async def _decided(self, decide: Callable[[], Board], done: str) -> None:
        try:
            await self._screen.take_over(decide)
        except AnnotatorError as error:
            with suppress(AnnotatorError):
                await self._screen.take_over(self._screen.desk.read_all_again)
            self._screen.say(f"{error.message} {error.hint}")
        else:
            self._screen.say(done)

    def do_pairs_same(self) -> None:
        self._choose(Relation.SAME)

    def do_pairs_contradicts(self) -> None:
        self._choose(Relation.CONTRADICTS)

    def do_pairs_supports(self) -> None:
        self._choose(Relation.SUPPORTS)

    def do_pairs_unrelated(self) -> None:
        self._choose(Relation.UNRELATED)

    def _choose(self, relation: Relation) -> None:
        self._screen.chosen = None if self._screen.chosen is relation else relation

    # Moving

    def do_pairs_next(self) -> None:
        self._screen.turn(1)

    def do_pairs_before(self) -> None:
        self._screen.turn(-1)

    def do_pairs_down(self) -> None:
        self._move(1)

    def do_pairs_up(self) -> None:
        self._move(-1)

    def _move(self, by: int) -> None:
        last = max(0, len(self._screen.page.blocks) - 1)
        self._screen.at = min(max(0, self._screen.at + by), last)

    # Claims that are not proposed

    def do_pairs_more(self) -> None:
        if (first := self._head()) is not None:
            self._screen.waiting.fetch(_MORE, partial(self._more, first))

    async def _more(self, first: Place) -> None:
        candidates = await asyncio.to_thread(self._screen.desk.candidates, first)
        known = self._screen.shown_pairs() | self._screen.board.decided.keys()
        pairs = tuple(tie for tie in candidates if tie.pair not in known)
        if pairs:
            self._screen.show_found(PairBlock(first, pairs))
        else:
            self._screen.say("No further claim has anything in common with it; / searches.")

    def do_pairs_search(self) -> None:
        if (first := self._head()) is not None:
            search = ClaimSearch(self._screen.board, first, self._screen.show_found)
            self._screen.prompts.open(search)

    def _head(self) -> Place | None:
        """The claim above those of the block under the cursor."""
        blocks = self._screen.page.blocks
        if not blocks or blocks[self._screen.at].follows:
            self._screen.say("Go to a block with one claim above the others.")
            return None
        return blocks[self._screen.at].first

    # Other screens

    def do_pairs_help(self) -> None:
        self._screen.keys.show_help()

    def do_pairs_palette(self) -> None:
        self._screen.keys.open_palette()

    def do_pairs_close(self) -> None:
        self._screen.close()
