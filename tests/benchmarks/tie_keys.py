"""Keys that it takes to tie the claims of a story as its gold ties them.

    python -m tests.benchmarks.tie_keys [--size 120x40] [--fives] [--json]

The records of `seeds/gold` and `seeds/across` are taken in with their entities and claims, and the
story is opened in the real screens without a terminal. From its board on, keys of the default map
alone are pressed and all are counted, up to the last tie of the gold (`seeds/across/ties.jsonl`)
that is offered; no other tie stands then. `supports` is compared without its direction, which the
gold does not have. A greedy planner that knows the gold finds the keys, page after page. Ties that
are not offered are counted apart (`all_tied`, `all_keys`): there the planner also asks for further
claims where the one at the head of a block has ties that are not on the pages.

Stories: both of `seeds/across`, and the five articles of the larger one that have the most claims;
with `--fives` also all choices of five of its nine articles, together. The bar is one key for each
tie.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

from annotator.core.across.pair_blocks import PairBlock
from annotator.core.across.propositions import DecidedTie, Pair
from annotator.core.across.story_changes import StoryPress, create_story, to_story_decisions
from annotator.core.across.story_log import Story
from annotator.core.across.ties import TieProposal
from annotator.core.arrival import Arrival, FileState
from annotator.core.claim_ties import Relation
from annotator.core.record import Record, record_from_dict
from annotator.store.store import Store
from annotator.tui.stories.board_screen import BoardScreen
from annotator.tui.stories.pair_page import SIGNS, contrary
from annotator.tui.stories.pairs_screen import PairsScreen
from annotator.tui.stories.stories_screen import StoriesScreen
from tests.helpers.building import suggest
from tests.helpers.stores import empty_store, without_syncing
from tests.tui.desk import Desk, at_desk

BAR = 1.0
SEEDS = Path(__file__).parents[2] / "seeds"
_ACCOUNTS = 5
_SUMMED = ("ties", "tied", "keys", "all_tied", "all_keys")
_NOW = datetime(2019, 1, 14, 9, tzinfo=UTC)


@dataclass
class Tying:
    """The planner at the pairs of one story."""

    desk: Desk
    screen: PairsScreen
    wanted: Mapping[Pair, Relation]
    further: bool = False
    """Whether to ask for further claims too."""
    keys: int = 1
    """The keys pressed, with the one that opened the pairs."""
    useful: int = 0
    """The keys until the last tie of the gold."""

    async def work(self) -> None:
        """Read page after page to the end."""
        while True:
            await self._tie_page()
            if self.further:
                await self._ask_further()
            last = self.screen.page
            await self._press("space")
            if self.screen.page is last:
                return

    async def _tie_page(self) -> None:
        for number, block in enumerate(self.screen.page.blocks):
            await self._press(*self._keys_of(number, block))
            if any(tie.pair in self.wanted for tie in block.pairs):
                self.useful = self.keys

    async def _ask_further(self) -> None:
        """Ask for further claims at the blocks of a page that have ties which are not offered."""
        page = self.screen.page
        for number, block in enumerate(page.blocks):
            if block.follows or not self._not_offered(block):
                continue
            if self.screen.page is not page:
                await self._press("left")
            await self._press(*self._moves(number), "right")
            if self.screen.page is not page:
                await self._tie_page()

    def _not_offered(self, block: PairBlock) -> bool:
        offered = {tie.pair for tie in self.screen.board.offered}
        known = offered | self.screen.shown_pairs() | self.screen.board.decided.keys()
        return any(block.first in pair for pair in self.wanted.keys() - known)

    def _moves(self, number: int) -> list[str]:
        return ["down"] * (number - self.screen.at) + ["up"] * (self.screen.at - number)

    def tied(self) -> int:
        """The ties of the gold that stand; AssertionError if any other stands."""
        decided = self.screen.board.decided.items()
        stand = {pair: relation for pair, relation in decided if relation is not Relation.UNRELATED}
        assert stand.items() <= self.wanted.items()
        return len(stand)

    def _keys_of(self, number: int, block: PairBlock) -> list[str]:
        """The fewest keys that make a block as the gold has it: pair by pair, or all of it by one
        key and then what is otherwise."""
        one_by_one = [
            key for tie in block.pairs if tie.pair in self.wanted for key in self._keys_for(tie)
        ]
        mended = [
            key
            for tie in block.pairs
            if self.wanted.get(tie.pair) is not tie.relation
            for key in self._keys_for(tie)
        ]
        at_once = [*self._moves(number), "enter", *mended]
        return min(one_by_one, at_once, key=len)

    def _keys_for(self, tie: TieProposal) -> Sequence[str]:
        """The keys that tie a pair as the gold does, or call it unrelated once it is tied."""
        letter = self.screen.page.letters[tie.pair]
        relation = self.wanted.get(tie.pair, tie.relation)
        if relation is tie.relation:
            return (letter,)
        return (
            (letter.upper(),) if relation is contrary(tie.relation) else (SIGNS[relation], letter)
        )

    async def _press(self, *keys: str) -> None:
        for key in keys:
            self.keys += 1
            await self.desk.press(key)
            await self.desk.until(lambda: self.screen.takes_keys)


async def tied(
    records: Sequence[Record], gold: Mapping[Pair, DecidedTie], size: tuple[int, int]
) -> dict[str, float]:
    """Keys and ties of one story."""
    claims = {(one.article.id, claim.id) for one in records for claim in one.claims}
    wanted = {pair: tie.relation for pair, tie in gold.items() if pair <= claims}
    found, keys = await _work(records, wanted, size, further=False)
    every, all_keys = await _work(records, wanted, size, further=True)
    return {
        "ties": len(wanted),
        "tied": found,
        "keys": keys,
        "keys_per_tie": round(keys / max(1, found), 2),
        "all_tied": every,
        "all_keys": all_keys,
    }


async def _work(
    records: Sequence[Record],
    wanted: Mapping[Pair, Relation],
    size: tuple[int, int],
    *,
    further: bool,
) -> tuple[int, int]:
    """How many ties are made, by how many keys."""
    with tempfile.TemporaryDirectory() as folder:
        store = without_syncing(empty_store(Path(folder) / "ties.db"))
        _take_in(store, records)
        async with at_desk(store, size=size) as desk:
            tying = Tying(desk, await _pairs(desk), wanted, further)
            await tying.work()
        store.close()
    return tying.tied(), tying.useful


def _take_in(store: Store, records: Sequence[Record]) -> None:
    """The articles with their entities and claims, as one story."""
    for n, one in enumerate(records, start=1):
        file = FileState(n, len(one.article.text), 1, 1)
        store.files.take_in([Arrival(f"/in/{n}.txt", file, _NOW, (one.article,))])
    suggest(store, {one.article.id: [*one.entities, *one.claims] for one in records})
    story = Story("s", "The story", tuple(one.article.id for one in records))
    press = StoryPress("g", "ada", _NOW)
    store.stories.append(to_story_decisions((create_story(story),), press, ids=("d",)))


async def _pairs(desk: Desk) -> PairsScreen:
    """The pairs of the only story; the last key that leads there is counted."""
    for key, shown in (("S", StoriesScreen), ("enter", BoardScreen), ("t", PairsScreen)):
        await desk.press(key)
        await desk.until(lambda shown=shown: isinstance(desk.app.screen, shown))
        await desk.until(lambda: getattr(desk.app.screen, "takes_keys", False))
        await desk.settle()
    screen = desk.app.screen
    assert isinstance(screen, PairsScreen)
    return screen


async def measure(size: tuple[int, int], *, fives: bool) -> dict[str, dict[str, float]]:
    """The figures of each story."""
    records = {one.article.id: one for one in _records()}
    gold = {tie.pair: tie for tie in map(_tie, _lines(SEEDS / "across" / "ties.jsonl"))}
    found: dict[str, dict[str, float]] = {}
    for story in _lines(SEEDS / "across" / "stories.jsonl"):
        own = [records[id] for id in story["articles"]]
        found[story["id"]] = await tied(own, gold, size)
        if len(own) > _ACCOUNTS:
            largest = sorted(own, key=lambda one: (-len(one.claims), one.article.id))
            found[f"{story['id']}, {_ACCOUNTS} accounts"] = await tied(
                largest[:_ACCOUNTS], gold, size
            )
            if fives:
                every = [await tied(chosen, gold, size) for chosen in combinations(own, _ACCOUNTS)]
                found[f"{story['id']}, any {_ACCOUNTS} accounts"] = _together(every)
    return found


def _together(figures: Sequence[Mapping[str, float]]) -> dict[str, float]:
    sums = {name: sum(one[name] for one in figures) for name in _SUMMED}
    return {**sums, "keys_per_tie": round(sums["keys"] / max(1, sums["tied"]), 2)}


def _records() -> Iterator[Record]:
    for file in (*sorted((SEEDS / "gold").glob("*.jsonl")), SEEDS / "across" / "articles.jsonl"):
        yield from map(record_from_dict, _lines(file))


def _tie(line: Mapping[str, Any]) -> DecidedTie:
    one, other = (tuple(line[side]) for side in "ab")
    return DecidedTie(one, other, Relation(line["relation"]))


def _lines(file: Path) -> Iterable[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--size", default="120x40", help="columns x lines of the screen")
    parser.add_argument("--fives", action="store_true", help="all choices of five articles too")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    columns, lines = map(int, chosen.size.split("x"))
    result = asyncio.run(measure((columns, lines), fives=chosen.fives))
    if chosen.json:
        print(json.dumps(result))
    else:
        for name, figures in result.items():
            print(f"{name}: {figures}")
    return int(any(one["keys_per_tie"] > BAR for one in result.values()))


if __name__ == "__main__":
    sys.exit(main())
