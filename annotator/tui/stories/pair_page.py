"""A page of pairs as lines: blocks of claims, with a letter for each pair and its sign; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from annotator.core.across.board import Board
from annotator.core.across.mentions import Place
from annotator.core.across.pair_blocks import PairBlock
from annotator.core.across.ties import TieProposal
from annotator.core.annotations import Stance
from annotator.core.claim_ties import Relation
from annotator.core.text.jumping import LETTERS
from annotator.tui.terminal.cells import shown
from annotator.tui.widgets.bar import BarLine, Piece, flowed
from annotator.tui.widgets.wrapping import wrapped

SIGNS = {
    Relation.SAME: "=",
    Relation.CONTRADICTS: "!",
    Relation.SUPPORTS: "+",
    Relation.UNRELATED: "0",
}
_TONES = {Relation.CONTRADICTS: "bad", Relation.UNRELATED: "muted"}
_OUTLET, _SOURCE = 16, 28
_CUT = 3
"""Lines that a claim takes at most."""
_CURSOR, _DECIDED = "▌", "✓"
_FOLLOWS = "These pairs follow from ties by way of others"
_GONE = "(this claim is not there any more)"
_NONE = "No pair of it is proposed; / searches other claims"


def contrary(relation: Relation) -> Relation:
    """What a capital letter says where a small one says `relation`."""
    return Relation.SUPPORTS if relation is Relation.CONTRADICTS else Relation.CONTRADICTS


@dataclass(frozen=True)
class PairPage:
    """Blocks of pairs, as many as fit on the screen, each pair with a letter."""

    blocks: tuple[PairBlock, ...]

    @cached_property
    def by_letter(self) -> Mapping[str, tuple[int, TieProposal]]:
        """The pair of each letter, and the number of its block."""
        pairs = ((n, tie) for n, block in enumerate(self.blocks) for tie in block.pairs)
        return dict(zip(LETTERS, pairs, strict=False))

    @cached_property
    def letters(self) -> Mapping[frozenset[Place], str]:
        """The letter of each pair."""
        return {tie.pair: letter for letter, (_, tie) in self.by_letter.items()}


@dataclass(frozen=True)
class PairLines:
    """Draws blocks of a board in so many cells."""

    board: Board
    width: int

    def height(self, block: PairBlock) -> int:
        """The lines that a block takes."""
        return sum(1 for _ in self.block(block, {}))

    def page(self, page: PairPage, at: int) -> Iterator[BarLine]:
        """The lines of a page; the cursor is on block `at`."""
        for number, block in enumerate(page.blocks):
            mark: Piece = ("accent", _CURSOR if number == at else " ")
            for line in self.block(block, page.letters):
                yield BarLine((mark, *line.left), line.right)

    def block(self, block: PairBlock, letters: Mapping[frozenset[Place], str]) -> Iterable[BarLine]:
        """The lines of a block, without the mark of the cursor."""
        return self._following(block, letters) if block.follows else self._of_one(block, letters)

    def _of_one(
        self, block: PairBlock, letters: Mapping[frozenset[Place], str]
    ) -> Iterator[BarLine]:
        """A claim, and below it those that it may be tied to."""
        yield from self._claim(block.first, (("normal", " "),), "strong")
        if not block.pairs:
            yield BarLine((("muted", f"    {_NONE}"),))
        for tie in block.pairs:
            gone = self.board.decided.get(tie.pair) is Relation.UNRELATED
            lead = ("normal", " "), *self._letter(tie, letters), ("normal", " ")
            yield from self._claim(block.other(tie), lead, "muted" if gone else "normal")

    def _following(
        self, block: PairBlock, letters: Mapping[frozenset[Place], str]
    ) -> Iterator[BarLine]:
        """Numbered claims, and below them the pairs by their numbers."""
        numbers = {place: str(n) for n, place in enumerate(sorted_by_text(block, self.board), 1)}
        yield BarLine((("accent", f" {_FOLLOWS}"),))
        for place, number in numbers.items():
            yield from self._claim(place, (("strong", f" {number:>2} "),), "normal")
        pairs = [self._by_number(tie, numbers, letters) for tie in block.pairs]
        yield from flowed([[("normal", "   ")], *pairs], self.width - 1, further="   ")

    def _by_number(
        self,
        tie: TieProposal,
        numbers: Mapping[Place, str],
        letters: Mapping[frozenset[Place], str],
    ) -> list[Piece]:
        letter, sign = self._letter(tie, letters)
        one, other = sorted((tie.one, tie.other), key=lambda place: int(numbers[place]))
        return [
            letter,
            ("strong", f" {numbers[one]}"),
            sign,
            ("strong", f"{numbers[other]}   "),
        ]

    def _letter(
        self, tie: TieProposal, letters: Mapping[frozenset[Place], str]
    ) -> tuple[Piece, Piece]:
        """The letter of a pair and the sign of what it is, or is proposed to be."""
        letter = letters.get(tie.pair, " ")
        decided = self.board.decided.get(tie.pair)
        relation = tie.relation if decided is None else decided
        if decided is None:
            return ("key", f"  {letter}", letter), ("normal", f" {SIGNS[relation]} ")
        tone = _TONES.get(relation, "good")
        return (tone, f" {_DECIDED}{letter}", letter), (tone, f" {SIGNS[relation]} ")

    def _claim(self, place: Place, lead: Iterable[Piece], tone: str) -> Iterator[BarLine]:
        """A claim with who holds it and how, in a few lines."""
        before = tuple(lead)
        account = self.board.accounts.get(place)
        if account is None:
            yield BarLine((*before, ("muted", _GONE)))
            return
        indent = " " * sum(len(piece[1]) for piece in before)
        name = (account.source or "").partition(",")[0]
        source = f" · {shown(name, _SOURCE)}" if name else ""
        held = "" if account.stance is Stance.ASSERTS else f" · {account.held}"
        pieces: list[Piece] = [
            ("info", f"{shown(account.column.account_of, _OUTLET)}{source}{held}:"),
            (tone, f" {shown(account.text)}"),
        ]
        lines = wrapped(pieces, self.width - 1, first=before, further=indent)
        yield from lines[: _CUT - 1]
        if len(lines) > _CUT:
            yield BarLine((*lines[_CUT - 1].left, ("muted", " …")))
        else:
            yield from lines[_CUT - 1 :]


def sorted_by_text(block: PairBlock, board: Board) -> list[Place]:
    """The claims of a block in the order of the columns of the board; those of articles that are
    gone come last."""
    columns = {column.article: n for n, column in enumerate(board.columns)}
    return sorted(block.claims, key=lambda place: columns.get(place[0], len(columns)))
