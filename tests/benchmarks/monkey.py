"""Thousands of random keys on all screens, over the shipped articles: nothing crashes or locks, and
the logs are whole after it.

`python -m tests.benchmarks.monkey [--keys 2500] [--seeds 11 12 13] [--json]`

Each seed works on a store of its own. What is wrong is printed with the keys before it, and the
status is 1 then.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from annotator.core.annotations import Item, MadeBy, Verdict
from annotator.core.record import Record, record_from_dict
from annotator.core.text.counted import many
from annotator.store.store import Store
from tests.helpers.stores import empty_store, without_syncing
from tests.tui.desk import take_in
from tests.tui.random_keys import RandomKeys, problems_of

ROOT = Path(__file__).parents[2]
_SCORES = (0.3, 0.6, 0.9)


def shipped() -> Iterator[Record]:
    """The records of the shipped articles."""
    files = [*sorted((ROOT / "seeds/gold").glob("*.jsonl")), ROOT / "seeds/across/articles.jsonl"]
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            yield record_from_dict(json.loads(line))


def fill(store: Store) -> None:
    """The shipped articles with the items of their gold as suggestions, some of them unsure."""
    for number, record in enumerate(shipped()):
        items: list[Item] = [*record.entities, *record.claims, *record.junk]
        suggested = [_suggested(item, place) for place, item in enumerate(items)]
        name = f"{number}.txt"
        take_in(store, record.article.text, suggested, minutes=number, name=name)


def _suggested(item: Item, place: int) -> Item:
    score = _SCORES[place % len(_SCORES)]
    return replace(item, verdict=Verdict.PENDING, made_by=MadeBy.PIPELINE, score=score)


def faults_of(seed: int, keys: int) -> list[str]:
    """What went wrong with so many keys, each with the keys before it; said on standard error as
    soon as a seed is done."""
    with tempfile.TemporaryDirectory() as folder:
        store = without_syncing(empty_store(Path(folder) / "annotator.db"))
        with closing(store):
            fill(store)
            hand = RandomKeys(random.Random(seed))
            try:
                asyncio.run(hand.work(store, keys))
                crash = []
            except Exception as error:
                crash = [f"{error!r} after {' '.join(hand.pressed[-30:])}"]
            faults = [*crash, *hand.unseen, *problems_of(store)]
    done = f"{keys:,} keys, {hand.looked_for} decisions compared with the screen"
    print(
        f"seed {seed}, {done}: {many(len(faults), 'fault')}", *faults, sep="\n  ", file=sys.stderr
    )
    return faults


def main() -> int:
    """Looks for faults by seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=2500)
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12, 13])
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    found = {seed: faults_of(seed, chosen.keys) for seed in chosen.seeds}
    if chosen.json:
        print(json.dumps({"keys": chosen.keys, "faults": found}))
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
