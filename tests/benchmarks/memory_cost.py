"""What a decision costs with 100,000 pending articles that hold its form, beside 100 of them.

    python -m tests.benchmarks.memory_cost [--articles 100000] [--json]

Every pending article holds the form that is decided on, as one of five suggestions. Read are, as
medians: the decision written, the next one, an article opened with what was learnt, and the count
of the pending articles concerned. The bar is 1.3 times the small store for a decision, and a second
for what the decision does.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from annotator.core.annotations import Entity
from annotator.core.article import identity_of
from annotator.core.decisions import relabel
from annotator.core.memory.entries import form_of
from annotator.store.reviewing.form_index import key_of
from annotator.store.store import Store
from annotator.store.values import OpenedReview
from tests.helpers.building import at, open_, press

BAR = 1.3
SECOND = 1.0
_SMALL, _ROUNDS = 100, 15
_NAMES = ("Ada Low", "Bo Marsh", "Port Ellis", "Sund", "Harbour Board")


def fill(store: Store, size: int) -> list[str]:
    """Puts so many pending articles with suggestions into the tables; their ids."""
    assert store.database.file is not None
    texts = [f"{', '.join(_NAMES)} and {number} others.\n" for number in range(size)]
    ids = [identity_of(text) for text in texts]
    connection = sqlite3.connect(store.database.file)
    with connection:
        connection.executemany(
            "INSERT INTO article (id, number, place, stage, reviews, finished, tries, received,"
            " entities, claims, total, origin, also_from, meta, text)"
            " VALUES (?, ?, ?, 'ready', 0, 0, 0, '2019-01-01 00:00:00.000000', 5, 0, 5,"
            " '{}', '[]', '{}', ?)",
            ((id, n, n, text) for n, (id, text) in enumerate(zip(ids, texts, strict=True), 1)),
        )
        connection.executemany(
            "INSERT INTO suggestion_set (id, article_id, pipeline_name, pipeline_version,"
            " pipeline_hash, at, dropped, items)"
            " VALUES (?, ?, 'annotator-en', '1', '01', '2019-01-01 00:00:00.000000', 0, ?)",
            ((n, id, json.dumps(_items(text))) for n, (id, text) in
             enumerate(zip(ids, texts, strict=True), 1)),
        )  # fmt: skip
        connection.executemany(
            "INSERT INTO suggested_form VALUES (?, 'ORG', ?)",
            ((key_of(form_of(name)), n) for name in _NAMES for n in range(1, size + 1)),
        )
    connection.close()
    return ids


def _items(text: str) -> list[dict[str, Any]]:
    common = {"label": "ORG", "identity": None, "made_by": "pipeline", "verdict": "pending"}
    return [
        {"id": f"e{n}", "start": (start := text.index(name)), "end": start + len(name),
         "text": name, **common, "score": 0.9, "note": None}
        for n, name in enumerate(_NAMES)
    ]  # fmt: skip


def measure(size: int) -> dict[str, float]:
    """Medians in milliseconds, and how many articles are concerned."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{Path(folder) / 'annotator.db'}")
        ids = fill(store, size)
        times: dict[str, list[float]] = {"decision": [], "next": [], "open": [], "count": []}
        concerned = 0
        for n in range(_ROUNDS):
            opened = open_(store, ids[2 * n])
            for second, name in enumerate(("decision", "next")):
                work = partial(_decide, store, opened, second, 10 * n)
                opened = _timed(times[name], work)
            later = _timed(times["open"], partial(open_, store, ids[2 * n + 1]))
            assert {one.label for one in later.review.entities if one.id == "e0"} == {"PERSON"}
            store.reviews.release(ids[2 * n + 1], "ada")
            count = partial(store.forms.corrected_by, ids[2 * n], "ada")
            concerned = _timed(times["count"], count).articles
        store.close()
    return {name: round(statistics.median(some), 2) for name, some in times.items()} | {
        "concerned": concerned
    }


def _decide(store: Store, opened: OpenedReview, which: int, seconds: int) -> OpenedReview:
    item = opened.review.held[f"e{which}"].item
    assert isinstance(item, Entity)
    return press(store, opened, relabel(item, "PERSON"), now=at(seconds + which))


def _timed(times: list[float], work: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    result = work()
    times.append((time.perf_counter() - began) * 1000)
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    small, large = measure(_SMALL), measure(chosen.articles)
    ratio = round(large["next"] / small["next"], 2)
    result = {"small": small, "large": large, "ratio": ratio}
    if chosen.json:
        print(json.dumps(result))
    else:
        for name, row in (("small", small), ("large", large)):
            print(name, *(f"{key} {value}" for key, value in row.items()))
        print(f"next decision, large by small: {ratio} (bar {BAR})")
    slowest = max(large["open"], large["count"]) / 1000
    return int(ratio > BAR or slowest > SECOND)


if __name__ == "__main__":
    sys.exit(main())
