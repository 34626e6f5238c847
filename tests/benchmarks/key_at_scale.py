"""A key in review with 10,000 articles and 5,000 identities in the store, beside 100 and 50.

    python -m tests.benchmarks.key_at_scale [--articles 10000] [--json]

The review screen is opened without a terminal on an article whose names are known, in either store
in turn; entities are accepted, rejected, tied to identities and undone by keys. Read are the CPU
time of a key, with all threads and until it is saved (the least of several rounds, since other work
on the machine only adds), and the statements and the steps of SQLite's machine that a round takes.
The bar is 1.1 times the small store.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from annotator.store.store import Store
from tests.benchmarks.growth import main_of
from tests.benchmarks.identities import entities_in, fill, text_of
from tests.helpers.many_articles import Work, counted
from tests.helpers.stores import empty_store, without_syncing
from tests.tui.desk import Desk, at_desk, take_in

BAR = 1.1
_SMALL, _ROUNDS = 100, 7
KEYS = ("a", "x", "a", "x", "m", "a", "u", "u", "u", "u", "u")


def filled(folder: str, size: int) -> Store:
    """A store of so many articles, half as many identities, and one article that is open."""
    store = without_syncing(empty_store(Path(folder) / f"{size}.db"))
    fill(store, size)
    text, names = text_of(size // 2, size)
    text = text.replace("Ferry", "Another ferry")
    take_in(store, text, entities_in(text, names))
    return store


async def figures(store: Store) -> tuple[float, Work]:
    """The CPU milliseconds of a key, and what a round asks of the store."""
    spent = []
    async with at_desk(store) as desk:
        await desk.press("enter")
        await desk.settle()
        await _round(desk)
        for _ in range(_ROUNDS):
            began = time.process_time()
            await _round(desk)
            spent.append(1000 * (time.process_time() - began) / len(KEYS))
        with counted(store) as work:
            await _round(desk)
        assert desk.state.review.decisions
    return min(spent), work


async def _round(desk: Desk) -> None:
    await desk.press(*KEYS)
    assert desk.app.writer is not None
    assert desk.app.writer.settle(30)


def measure(size: int) -> dict[str, float]:
    """All figures, and the largest ratio."""
    with tempfile.TemporaryDirectory() as folder:
        stores = [filled(folder, _SMALL), filled(folder, size)]
        found = [[asyncio.run(figures(store)) for store in stores] for _ in range(2)]
        for store in stores:
            store.close()
    small, large = (min(each[n][0] for each in found) for n in range(2))
    few, many = (found[-1][n][1] for n in range(2))
    ratios = {
        "cpu_ratio": round(large / small, 3),
        "statements_ratio": round(many.statements / few.statements, 3),
        "steps_ratio": round(many.steps / few.steps, 3),
    }
    told = {"small_ms": round(small, 2), "large_ms": round(large, 2), **ratios}
    return told | {"ratio": max(ratios.values())}


if __name__ == "__main__":
    sys.exit(main_of(__doc__ or "", measure, bar=BAR))
