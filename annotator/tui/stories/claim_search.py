"""A line to type words that other claims of the story have, to tie one of them."""

from __future__ import annotations

from collections.abc import Callable

from annotator.core.across.board import Account, Board
from annotator.core.across.mentions import Place
from annotator.core.across.pair_blocks import PairBlock
from annotator.core.across.ties import TieProposal
from annotator.core.claim_ties import Relation
from annotator.core.search.folding import keys_in
from annotator.core.text.counted import many
from annotator.tui.widgets.bar import BarLine
from annotator.tui.widgets.prompts import Done, LinePrompt


class ClaimSearch(LinePrompt):
    """Claims of other articles with words that begin with what is typed; enter shows them."""

    keys = "enter shows them   esc closes"

    def __init__(self, board: Board, first: Place, show: Callable[[PairBlock], None]) -> None:
        super().__init__()
        self._first, self._show = first, show
        self._offered = {tie.pair: tie for tie in board.offered if first in tie.pair}
        self._words = {
            place: _words_of(account)
            for place, account in board.accounts.items()
            if place[0] != first[0]
        }
        self.title = "Claims with words that begin with"

    def submit(self) -> Done | None:
        found = self.found()
        return Done(lambda: self._show(found)) if found.pairs else None

    def found(self) -> PairBlock:
        """The claims as pairs with the first one, those that are offered with it before others."""
        typed = keys_in(self.line.text)
        pairs = [
            self._offered.get(
                frozenset((self._first, place)),
                TieProposal(self._first, place, Relation.SUPPORTS, 0),
            )
            for place, words in self._words.items()
            if all(any(word.startswith(start) for word in words) for start in typed)
        ]
        return PairBlock(self._first, tuple(sorted(pairs, key=lambda tie: -tie.score)))

    def lines(self, width: int) -> list[BarLine]:
        told, typed = super().lines(width)
        count = many(len(self.found().pairs), "claim")
        return [told, BarLine(typed.left, (("muted", f"{count} "),))]


def _words_of(account: Account) -> list[str]:
    """The words of a claim, of its source and of its outlet, as a search sees them."""
    return keys_in(f"{account.text} {account.source or ''} {account.column.account_of}")
