"""How many keys reviewing takes when the memory learns from article to article, and without it.

    python -m tests.benchmarks.memory FILE.jsonl... [--json]

The records are reviewed one after the other, in their order and in one store, by the reviewer of
`keys_to_gold`, who knows the gold and works the real screen; once with the memory on and once with
it off. The pipeline suggests the same both times. `last_third_ratio` is keys per item over the last
third of the articles with the memory on, by the same with it off; items are counted as the reviewer
finds them without memory (gold, and suggestions that the gold does not have), so that the ratio is
that of the keys.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from annotator.core.annotations import Item
from annotator.core.memory.recall import BY_DEFAULT
from annotator.core.record import Record
from annotator.core.text.words import Words
from annotator.store.store import Store
from annotator.tui.queue.queue_actions import Opened
from annotator.tui.review.review_screen import ReviewScreen
from tests.benchmarks.keys_to_gold import records
from tests.benchmarks.planner import Planner
from tests.benchmarks.simulated_keys import Gold
from tests.tui.desk import at_desk, take_in
from tests.tui.held_clock import HeldClock

_BAR = 0.75
_TICK = timedelta(seconds=1)


class TickingClock(HeldClock):
    """Time that goes on by a second whenever somebody looks."""

    def now(self) -> datetime:
        self.time += _TICK
        return self.time


async def keys_in_turn(
    golds: Sequence[Record], suggested: Sequence[Sequence[Item]], *, memory: bool
) -> list[tuple[int, bool]]:
    """Keys for each article, reviewed one after the other, and whether it came out as the gold."""
    results = []
    clock = TickingClock()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/annotator.db"
        store = Store.open(url, recalling=BY_DEFAULT if memory else None)
        for record, items in zip(golds, suggested, strict=True):
            article = take_in(store, record.article.text, items, name=record.article.name)
            async with at_desk(store, size=(120, 40), clock=clock) as desk:
                desk.app.post_message(Opened(article))
                await desk.until(lambda desk=desk: isinstance(desk.app.screen, ReviewScreen))
                await desk.settle()
                gold = Gold(record, Words(record.article.text))
                planner = Planner(desk.screen, gold)
                equal = await planner.work()
                await desk.settle()
            results.append((planner.keys, equal))
        store.close()
    return results


def items_of(record: Record, suggested: Sequence[Item]) -> int:
    """Items of the gold, and suggestions that the gold does not have."""
    gold = Gold(record, Words(record.article.text))
    wanted = {gold.key(item) for item in record.items}
    return len(record.items) + sum(gold.key(item) not in wanted for item in suggested)


def measure(paths: Sequence[str]) -> dict[str, Any]:
    """The figures of the contract, and more."""
    from annotator.suggest.pipeline import load

    golds = [record for _, record in records(paths)]
    suggested = list(load().suggest(record.article.text for record in golds))
    on = asyncio.run(keys_in_turn(golds, suggested, memory=True))
    off = asyncio.run(keys_in_turn(golds, suggested, memory=False))
    articles = [
        {
            "name": record.article.origin.name or record.article.name,
            "items": items_of(record, items),
            "keys_on": on_keys,
            "keys_off": off_keys,
        }
        for record, items, (on_keys, _), (off_keys, _) in zip(
            golds, suggested, on, off, strict=True
        )
    ]
    last = articles[-max(1, len(articles) // 3) :]
    rates = {side: _rate(articles, side) for side in ("keys_on", "keys_off")}
    last_rates = {side: _rate(last, side) for side in ("keys_on", "keys_off")}
    return {
        "keys_on": sum(keys for keys, _ in on),
        "keys_off": sum(keys for keys, _ in off),
        "keys_per_item_on": round(rates["keys_on"], 3),
        "keys_per_item_off": round(rates["keys_off"], 3),
        "last_third_on": round(last_rates["keys_on"], 3),
        "last_third_off": round(last_rates["keys_off"], 3),
        "last_third_ratio": round(last_rates["keys_on"] / last_rates["keys_off"], 3),
        "articles": articles,
        "unequal": [
            record.article.name
            for record, (_, one), (_, other) in zip(golds, on, off, strict=True)
            if not (one and other)
        ],
    }


def _rate(articles: Sequence[dict[str, Any]], side: str) -> float:
    items = sum(article["items"] for article in articles)
    return float(sum(article[side] for article in articles) / items)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("files", nargs="+", metavar="FILE.jsonl")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    result = measure(chosen.files)
    if chosen.json:
        print(json.dumps(result, ensure_ascii=False))
        return
    for article in result["articles"]:
        print(
            "{items:4} items {keys_on:5} keys {keys_off:5} without memory  {name}".format(**article)
        )
    print(
        "keys an item: {keys_per_item_on} with memory, {keys_per_item_off} without; last third"
        " {last_third_on} and {last_third_off}, ratio {last_third_ratio}".format(**result),
        f"(bar {_BAR})",
    )
    for name in result["unequal"]:
        print(f"did not come out equal: {name}", file=sys.stderr)


if __name__ == "__main__":
    main()
