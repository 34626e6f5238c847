"""A line to type words that other claims of the story have, to tie one of them."""

from __future__ import annotations

from collections.abc import Callable

from annotator.core.across.board import Account, Board
from annotator.core.across.mentions import Place
from annotator.core.across.pair_blocks import PairBlock
from annotator.core.across.ties import TieProposal
from annotator.core.claim_ties import Relation
from annotator.core.text.counted import many
from annotator.core.text.jumping import begins_with
from annotator.tui.widgets.bar import BarLine
from annotator.tui.widgets.prompts import Done, LinePrompt


class ClaimSearch(LinePrompt):
    """Claims of other articles with words that begin with what is typed; enter shows them."""

    keys = "enter shows them   esc closes"

    def __init__(self, board: Board, first: Place, show: Callable[[PairBlock], None]) -> None:
        super().__init__()
        self._board, self._first, self._show = board, first, show
        self.title = "Claims with words that begin with"

    def submit(self) -> Done | None:
        found = self.found()
        return Done(lambda: self._show(found)) if found.pairs else None

    def found(self) -> PairBlock:
        """The claims as pairs with the first one, those that are proposed for it before others."""
        known = {tie.pair: tie for tie in self._board.offered if self._first in tie.pair}
        pairs = [
            known.get(
                frozenset((self._first, place)),
                TieProposal(self._first, place, Relation.SUPPORTS, 0),
            )
            for place, account in self._board.accounts.items()
            if place[0] != self._first[0] and self._holds(account)
        ]
        return PairBlock(self._first, tuple(sorted(pairs, key=lambda tie: -tie.score)))

    def lines(self, width: int) -> list[BarLine]:
        told, typed = super().lines(width)
        count = many(len(self.found().pairs), "claim")
        return [told, BarLine(typed.left, (("muted", f"{count} "),))]

    def _holds(self, account: Account) -> bool:
        told = f"{account.text} {account.source or ''} {account.column.account_of}"
        words = [word.strip("“”‘’\"'(),.:;!?") for word in told.split()]
        return all(
            any(begins_with(word, typed) for word in words) for typed in self.line.text.split()
        )
