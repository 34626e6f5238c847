"""The pairs of claims that are offered on a board, one after the other; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from annotator.core.across.board import Board
from annotator.core.across.mentions import Place
from annotator.core.across.propositions import Pair
from annotator.core.across.ties import TieProposal
from annotator.core.claim_ties import Relation
from annotator.tui.terminal.cells import shown
from annotator.tui.widgets.bar import BarLine

_ASKED = {
    Relation.SAME: "Do 1 and 2 say the same?",
    Relation.CONTRADICTS: "Do 1 and 2 contradict each other?",
    Relation.SUPPORTS: "Does 1 support 2?",
    Relation.UNRELATED: "Do 1 and 2 have nothing to do with each other?",
}

# The cells that the name of an account takes at most, so that what it says is seen.
_NAME = 32


@dataclass(frozen=True)
class BoardOffers:
    """The proposals of a board that were not passed over, the likeliest first."""

    board: Board
    passed: tuple[Pair, ...] = ()

    @property
    def offered(self) -> TieProposal | None:
        """The pair that is offered now."""
        passed = set(self.passed)
        return next((one for one in self.board.offered if one.pair not in passed), None)

    @property
    def left(self) -> int:
        """How many pairs are left, the one offered now among them."""
        passed = set(self.passed)
        return sum(one.pair not in passed for one in self.board.offered)

    def after(self, board: Board) -> BoardOffers:
        """The offers of the board after a decision."""
        return replace(self, board=board)

    def next(self) -> BoardOffers:
        """Pass over the pair that is offered now."""
        now = self.offered
        return self if now is None else replace(self, passed=(*self.passed, now.pair))

    def before(self) -> BoardOffers:
        """Offer the pair again that was passed over last, of those still undecided."""
        open_now = {one.pair for one in self.board.offered}
        passed = [pair for pair in self.passed if pair in open_now]
        return replace(self, passed=tuple(passed[:-1]))

    def of(self, one: Place, other: Place) -> TieProposal | None:
        """The proposal for a pair, if there is one."""
        pair = frozenset((one, other))
        return next((tie for tie in self.board.offered if tie.pair == pair), None)

    def lines(self, marked: Place | None, cursor: Place | None) -> list[BarLine]:
        """The pair that a key ties now, in words: the marked claim and that under the cursor, else
        the one offered."""
        if marked is not None:
            return [
                BarLine((("accent", " ● Marked; = ! + 0 tie it to the claim under the cursor"),)),
                self._line("1", marked),
                self._line("2", cursor),
            ]
        now = self.offered
        if now is None:
            return [BarLine((("muted", " No further pair is proposed; space marks a claim."),))]
        told = f" {_ASKED[now.relation]}"
        left = f"{self.left:,} proposed "
        return [
            BarLine((("accent", told),), (("muted", left),)),
            self._line("1", now.one),
            self._line("2", now.other),
        ]

    def _line(self, number: str, place: Place | None) -> BarLine:
        account = None if place is None else self.board.accounts.get(place)
        if account is None:
            return BarLine((("muted", f" {number} "),))
        who = f"{account.source} · " if account.source else ""
        return BarLine(
            (
                ("key", f" {number} "),
                ("strong", f"{shown(account.column.account_of, _NAME)}: "),
                ("info", f"{who}{account.held}: "),
                ("normal", account.text),
            )
        )
