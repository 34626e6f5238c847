"""The pairs to decide on, in blocks that are read together, as many at a time as there is room for:
a claim with those that it may be tied to, or claims that ties lead through with the pairs that
follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, replace

from annotator.core.across.board import Board
from annotator.core.across.mentions import Place
from annotator.core.across.propositions import ClaimGroup, Pair, pairs_in
from annotator.core.across.ties import TieProposal

AT_MOST = 5
"""Pairs of one claim in a block."""
_LEAST_CUT = 2
"""A block is cut for room only if so many of its pairs remain."""


@dataclass(frozen=True, slots=True)
class PairBlock:
    """Pairs of claims that are read together.

    If `follows`, other ties lead from one claim of each pair to the other. If not, all pairs have
    the first claim, which has others of its story beside it.
    """

    first: Place
    pairs: tuple[TieProposal, ...]
    follows: bool = False

    @property
    def claims(self) -> tuple[Place, ...]:
        """The claims of the pairs, each once, the first one first."""
        others = (place for tie in self.pairs for place in (tie.one, tie.other))
        return tuple(dict.fromkeys((self.first, *others)))

    def other(self, tie: TieProposal) -> Place:
        """The claim that a pair ties to the first one."""
        return tie.other if tie.one == self.first else tie.one


def pair_blocks(
    board: Board, passed: Set[Pair] = frozenset(), *, first: Place | None = None
) -> Iterator[PairBlock]:
    """The offered pairs of a board that were not passed over, each in one block: those of the claim
    `first`, then those that follow, then those of other claims, the likeliest first."""
    offered = [tie for tie in board.offered if tie.pair not in passed]
    if first is not None and first in board.accounts:
        own = tuple(tie for tie in offered if first in tie.pair)[:AT_MOST]
        yield PairBlock(first, own)
        offered = _without(offered, own)
    for group in board.tied:
        block = _following(group, offered)
        if block is not None:
            offered = _without(offered, block.pairs)
            yield block
    yield from _by_claim(offered)


def fitting(
    blocks: Iterable[PairBlock], height: Callable[[PairBlock], int], *, lines: int, pairs: int
) -> tuple[PairBlock, ...]:
    """The first blocks, as many as have so many lines and pairs at most; the last one is cut. At
    least one pair is in it."""
    page: list[PairBlock] = []
    for block in blocks:
        fits = _cut(block, height, lines, pairs)
        if fits is None and not page:
            fits = replace(block, pairs=block.pairs[:1])
        if fits is None:
            break
        page.append(fits)
        lines, pairs = lines - height(fits), pairs - len(fits.pairs)
        if len(fits.pairs) < len(block.pairs):
            break
    return tuple(page)


def _cut(
    block: PairBlock, height: Callable[[PairBlock], int], lines: int, pairs: int
) -> PairBlock | None:
    """A block with the first of its pairs, as many as there is room for; None if too few are."""
    for count in range(min(len(block.pairs), pairs), -1, -1):
        shorter = replace(block, pairs=block.pairs[:count])
        if height(shorter) <= lines:
            return shorter if count >= min(_LEAST_CUT, len(block.pairs)) else None
    return None


def _without(offered: Iterable[TieProposal], gone: Iterable[TieProposal]) -> list[TieProposal]:
    pairs = {tie.pair for tie in gone}
    return [tie for tie in offered if tie.pair not in pairs]


def _following(group: ClaimGroup, offered: Iterable[TieProposal]) -> PairBlock | None:
    inside = {frozenset(pair) for pair in pairs_in(group)}
    own = [tie for tie in offered if tie.pair in inside]
    if not own:
        return None
    order = {place: n for n, place in enumerate(group.claims)}
    ordered = sorted(
        (tie if order[tie.one] < order[tie.other] else _turned(tie) for tie in own),
        key=lambda tie: (order[tie.one], order[tie.other]),
    )
    return PairBlock(ordered[0].one, tuple(ordered), follows=True)


def _turned(tie: TieProposal) -> TieProposal:
    return replace(tie, one=tie.other, other=tie.one)


def _by_claim(offered: Iterable[TieProposal]) -> Iterator[PairBlock]:
    """Each pair once, with the claim that has the likeliest pairs left."""
    left: dict[Place, dict[Pair, TieProposal]] = defaultdict(dict)
    for tie in offered:
        for place in (tie.one, tie.other):
            left[place][tie.pair] = tie
    chances = {place: _chance(own.values()) for place, own in left.items()}
    while chances:
        first = max(chances, key=lambda place: (chances[place], place))
        own = tuple(left[first].values())[:AT_MOST]
        yield PairBlock(first, own)
        for place in {place for tie in own for place in tie.pair}:
            for tie in own:
                left[place].pop(tie.pair, None)
            chances[place] = _chance(left[place].values())
            if not left[place]:
                del chances[place]


def _chance(ties: Iterable[TieProposal]) -> float:
    """How likely it is that some of the likeliest pairs are ties."""
    best = sorted((tie.score for tie in ties), reverse=True)[:AT_MOST]
    return sum(score * score for score in best)
