"""Pairs in blocks that are read together: each once, as many as there is room for."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.across.board import Board, StoryClaims, story_claims
from annotator.core.across.pair_blocks import AT_MOST, PairBlock, fitting, pair_blocks
from annotator.core.across.propositions import DecidedTie
from annotator.core.claim_ties import Relation
from annotator.tui.stories.pair_page import PairLines, PairPage, contrary
from tests.helpers.across import invented_store
from tests.unit.test_board import FIRE, board, place, told

STORY: StoryClaims = story_claims(invented_store(1, each=6))
PLACES = sorted(STORY.accounts)
ties = st.builds(
    lambda pair, relation: DecidedTie(pair[0], pair[1], relation),
    st.sampled_from([pair for pair in combinations(PLACES, 2) if pair[0][0] != pair[1][0]]),
    st.sampled_from(Relation),
)
boards = st.lists(ties, max_size=12).map(STORY.arranged)
HERALD = told("Herald", FIRE)
MONITOR = told("Monitor", FIRE, "bread is dear", day=2)
LEDGER = told("Ledger", f"{FIRE} again", day=3)


def length(block: PairBlock) -> int:
    """As if each claim and each pair took a line."""
    return len(block.claims) + len(block.pairs)


def test_the_claim_that_was_asked_for_comes_first_with_its_pairs() -> None:
    first = next(iter(pair_blocks(board(HERALD, MONITOR, LEDGER), first=place(LEDGER))))
    assert first.first == place(LEDGER)
    assert {first.other(tie) for tie in first.pairs} == {place(HERALD), place(MONITOR)}


def test_a_claim_without_pairs_is_shown_if_it_was_asked_for() -> None:
    shown = board(HERALD, told("Monitor", "bread is dear", day=2))
    assert list(pair_blocks(shown, first=place(HERALD))) == [PairBlock(place(HERALD), ())]
    assert list(pair_blocks(shown)) == []


def test_pairs_that_ties_lead_to_stand_in_one_block() -> None:
    one, two, three = place(HERALD), place(MONITOR), place(LEDGER)
    shown = board(
        *(HERALD, MONITOR, LEDGER),
        ties=(DecidedTie(one, two, Relation.SAME), DecidedTie(one, three, Relation.CONTRADICTS)),
    )
    block = next(iter(pair_blocks(shown)))
    assert block.follows
    assert [(tie.one, tie.other, tie.relation) for tie in block.pairs] == [
        (two, three, Relation.CONTRADICTS)
    ]


@given(boards)
def test_each_offered_pair_is_in_one_block(shown: Board) -> None:
    found = [tie.pair for block in pair_blocks(shown) for tie in block.pairs]
    assert sorted(map(sorted, found)) == sorted(sorted(tie.pair) for tie in shown.offered)
    for block in pair_blocks(shown):
        assert block.follows or all(block.first in tie.pair for tie in block.pairs)
        assert block.follows or len(block.pairs) <= AT_MOST


@given(boards, st.sets(st.integers(0, 30)))
def test_skipped_articles_are_in_no_block(shown: Board, numbers: set[int]) -> None:
    passed = {tie.pair for n, tie in enumerate(shown.offered) if n in numbers}
    found = {tie.pair for block in pair_blocks(shown, passed) for tie in block.pairs}
    assert found == {tie.pair for tie in shown.offered} - passed


@given(boards, st.integers(3, 40), st.integers(1, 26))
def test_a_page_has_no_more_lines_and_pairs_than_there_is_room_for(
    shown: Board, lines: int, pairs: int
) -> None:
    page = fitting(pair_blocks(shown), length, lines=lines, pairs=pairs)
    assert sum(map(length, page)) <= lines
    assert sum(len(block.pairs) for block in page) <= pairs
    assert bool(page) is bool(shown.offered)


@given(boards, st.integers(3, 40), st.integers(1, 26))
def test_page_after_page_has_all_pairs(shown: Board, lines: int, pairs: int) -> None:
    passed: set[frozenset[tuple[str, str]]] = set()
    while page := fitting(pair_blocks(shown, passed), length, lines=lines, pairs=pairs):
        now = [tie.pair for block in page for tie in block.pairs]
        assert now
        assert passed.isdisjoint(now)
        passed |= set(now)
    assert passed == {tie.pair for tie in shown.offered}


@given(boards, st.sampled_from([50, 80, 120]), st.integers(8, 40))
def test_every_pair_of_a_page_is_drawn_with_its_letter(
    shown: Board, width: int, lines: int
) -> None:
    drawn = PairLines(shown, width)
    page = PairPage(fitting(pair_blocks(shown), drawn.height, lines=lines, pairs=26))
    told = list(drawn.page(page, 0))
    keys = [piece[2] for line in told for piece in line.left if len(piece) > 2]
    assert keys == list(page.by_letter)
    assert len(told) == sum(map(drawn.height, page.blocks)) <= lines


@pytest.mark.parametrize("relation", [Relation.SAME, Relation.SUPPORTS, Relation.CONTRADICTS])
def test_a_capital_turns_agreement_into_a_contradiction_and_back(relation: Relation) -> None:
    agrees = {Relation.SAME, Relation.SUPPORTS}
    assert (contrary(relation) in agrees) is (relation not in agrees)
