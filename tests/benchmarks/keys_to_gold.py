"""The number of keys that a reviewer who knows the result needs.

    python -m tests.benchmarks.keys_to_gold FILE.jsonl... [--json]

Each record's text is taken in and pre-annotated as new, opened in the real review screen without a
terminal, and worked by keys of the default map until the review equals the record in entities
(span, label), claims (word tokens of content, cue and source; quotation, kind of source, stance)
and junk lines. A planner that knows the gold finds the keys, so the figure is what the screen
needs, not a person. An item is one of the gold, or a suggestion that the gold does not have. The
manual figure is the same work with suggestions off.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from annotator.core.annotations import Item
from annotator.core.record import Record, record_from_dict
from annotator.core.text.words import Words
from annotator.store.store import Store
from tests.benchmarks.planner import Planner
from tests.benchmarks.simulated_keys import Gold
from tests.tui.desk import reviewing


async def keys_for(record: Record, suggestions: Sequence[Item]) -> tuple[int, int, bool]:
    """Keys pressed for one article, its items, and whether the review came out as the gold."""
    gold = Gold(record, Words(record.article.text))
    wanted = {gold.key(item) for item in record.items}
    spurious = sum(gold.key(item) not in wanted for item in suggestions)
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/annotator.db")
        text = record.article.text
        async with reviewing(store, text, suggestions, size=(120, 40)) as desk:
            planner = Planner(desk.screen, gold)
            equal = await planner.work()
            await desk.settle()
        store.close()
    return planner.keys, len(record.items) + spurious, equal


def records(paths: Iterable[str]) -> Iterator[tuple[str, Record]]:
    for path in paths:
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            record = record_from_dict(json.loads(line))
            yield record.article.origin.name or record.article.name, record


def measure(paths: Sequence[str]) -> dict[str, Any]:
    """The figures of the contract, and which articles did not come out equal."""
    from annotator.suggest.pipeline import load

    golds = list(records(paths))
    pipeline = load()
    suggested = list(pipeline.suggest(record.article.text for _, record in golds))
    articles: list[dict[str, Any]] = []
    unequal: list[str] = []
    for (name, record), suggestions in zip(golds, suggested, strict=True):
        keys, items, equal = asyncio.run(keys_for(record, suggestions))
        manual, bare, manual_equal = asyncio.run(keys_for(record, ()))
        articles.append(
            {"name": name, "keys": keys, "items": items, "manual_keys": manual, "gold_items": bare}
        )
        unequal += [name] * (not equal) + [f"{name} (by hand)"] * (not manual_equal)
    keys, items, manual, bare = (
        sum(int(article[field]) for article in articles)
        for field in ("keys", "items", "manual_keys", "gold_items")
    )
    return {
        "keys": keys,
        "items": items,
        "keys_per_item": round(keys / items, 3),
        "manual_keys": manual,
        "manual_keys_per_item": round(manual / bare, 3),
        "articles": articles,
        "unequal": unequal,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    parser.add_argument("files", nargs="+", metavar="FILE.jsonl")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    result = measure(chosen.files)
    if chosen.json:
        print(json.dumps(result, ensure_ascii=False))
        return
    for article in result["articles"]:
        print("{keys:5} keys {items:4} items {manual_keys:5} by hand  {name}".format(**article))
    print(f"{result['keys_per_item']} keys an item, {result['manual_keys_per_item']} by hand")
    for name in result["unequal"]:
        print(f"did not come out equal: {name}", file=sys.stderr)


class _Plain(argparse.RawDescriptionHelpFormatter):
    """The docstring as it stands."""


if __name__ == "__main__":
    main()
