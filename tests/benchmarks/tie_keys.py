"""Keys that it takes to tie the claims of a story as its gold ties them, on the board.

    python -m tests.benchmarks.tie_keys [--json]

The simulated reviewer knows the gold (`seeds/across/ties.jsonl`) and presses keys of the board
alone: of the pair that is offered its relation, or `n` if it is no tie of the gold, until no
further tie of the gold will be offered. Counted are keys, and ties that were offered; the others
take the mark and moving. Stories: both of `seeds/across`, and the five articles of the larger one
that have the most claims. The bar is one key for each tie.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from annotator.core.across.board import Board, story_claims
from annotator.core.across.proposals import Annotated
from annotator.core.across.propositions import DecidedTie, Pair
from annotator.core.claim_ties import Relation
from annotator.core.record import Record, record_from_dict
from annotator.tui.stories.board_offers import BoardOffers

BAR = 1.0
SEEDS = Path(__file__).parents[2] / "seeds"
_ACCOUNTS = 5


def tied(records: Sequence[Record], gold: Mapping[Pair, DecidedTie]) -> dict[str, float]:
    """Keys and ties of one story."""
    story = story_claims(Annotated(one.article, one.entities, one.claims) for one in records)
    wanted = {pair: tie for pair, tie in gold.items() if pair <= story.accounts.keys()}
    decided: list[DecidedTie] = []
    board: Board = story.arranged()
    offers, keys, useful = BoardOffers(board), 0, 0
    while (now := offers.offered) is not None:
        keys += 1
        if now.pair in wanted:
            decided.append(wanted[now.pair])
            offers = offers.after(story.arranged(decided))
            useful = keys
        else:
            offers = offers.next()
    return {
        "ties": len(wanted),
        "tied": len(decided),
        "keys": useful,
        "keys_per_tie": round(useful / max(1, len(decided)), 2),
    }


def measure() -> dict[str, dict[str, float]]:
    """The figures of each story."""
    records = {one.article.id: one for one in _records()}
    gold = {tie.pair: tie for tie in map(_tie, _lines(SEEDS / "across" / "ties.jsonl"))}
    found: dict[str, dict[str, float]] = {}
    for story in _lines(SEEDS / "across" / "stories.jsonl"):
        own = [records[id] for id in story["articles"]]
        found[story["id"]] = tied(own, gold)
        if len(own) > _ACCOUNTS:
            largest = sorted(own, key=lambda one: (-len(one.claims), one.article.id))
            found[f"{story['id']}, {_ACCOUNTS} accounts"] = tied(largest[:_ACCOUNTS], gold)
    return found


def _records() -> Iterable[Record]:
    for file in (*sorted((SEEDS / "gold").glob("*.jsonl")), SEEDS / "across" / "articles.jsonl"):
        yield from map(record_from_dict, _lines(file))


def _tie(line: Mapping[str, Any]) -> DecidedTie:
    one, other = (tuple(line[side]) for side in "ab")
    return DecidedTie(one, other, Relation(line["relation"]))


def _lines(file: Path) -> Iterable[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--json", action="store_true")
    result = measure()
    if parser.parse_args().json:
        print(json.dumps(result))
    else:
        for name, figures in result.items():
            print(f"{name}: {figures}")
    return int(any(one["keys_per_tie"] > BAR for one in result.values()))


if __name__ == "__main__":
    sys.exit(main())
