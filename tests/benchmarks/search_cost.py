"""What the index of words costs, and the first page of a search in 10,000 articles beside 100.

    python -m tests.benchmarks.search_cost [--articles 10000] [--json]

Articles of 600 invented words, as frequent as words are, in five paragraphs. Read are the CPU time
of taking an article in, with the index and without; the size of the index beside that of the texts;
and, as medians, the first 20 hits: of words, of phrases, of words that begin with one letter or
more. The bar is three times the small store.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from unittest import mock

from annotator.core.search.query import Query
from annotator.core.search.sought import Sought
from annotator.store import arrivals
from annotator.store.store import Store
from tests.benchmarks.growth import main_of
from tests.helpers.building import arrival
from tests.helpers.stores import without_syncing

BAR = 3.0
HITS = 20
_SMALL, _ROUNDS, _BATCH = 100, 15, 20
_WORDS, _PARAGRAPHS = 600, 5
_SOUND = ("ba", "do", "fer", "gil", "ka", "lor", "mi", "nes", "pu", "ros", "sten", "ty")
_VOCABULARY = [f"{one}{two}{three}" for one in _SOUND for two in _SOUND for three in (*_SOUND, "")]
_FREQUENCY = [*accumulate(1 / rank for rank in range(1, len(_VOCABULARY) + 1))]
SOUGHT = {
    "frequent": _VOCABULARY[3],
    "seldom": _VOCABULARY[200],
    "phrase": f"{_VOCABULARY[0]} {_VOCABULARY[1]}",
    "together": f"{_VOCABULARY[5]} + {_VOCABULARY[40]}",
} | {f"begins with {n}": f"{_VOCABULARY[20][:n]}*" for n in (1, 2, 3, 4, 5)}


def texts(count: int) -> Iterator[str]:
    """So many invented articles, the same ones each time."""
    draw = random.Random(20181219)
    for number in range(count):
        lines = [
            " ".join(draw.choices(_VOCABULARY, cum_weights=_FREQUENCY, k=_WORDS // _PARAGRAPHS))
            for _ in range(_PARAGRAPHS)
        ]
        yield f"Article {number}\n\n" + ".\n\n".join(lines)


def filled(folder: str, count: int) -> tuple[Store, float]:
    """A store of so many articles, and the CPU time of taking one in, in milliseconds."""
    file = Path(folder) / f"{count}-{time.monotonic_ns()}.db"
    store = without_syncing(Store.open(f"sqlite:///{file}"))
    spent = 0.0
    some = []
    for number, text in enumerate(texts(count), 1):
        some.append(arrival(f"/in/{number}.txt", text, inode=number))
        if len(some) == _BATCH or number == count:
            began = time.process_time()
            store.files.take_in(some)
            spent += time.process_time() - began
            some = []
    return store, spent * 1000 / count


def sizes(store: Store) -> tuple[float, float]:
    """Bytes of the index and of the texts, in kilobytes for each article."""
    with store.database.reading() as connection:
        size = connection.exec_driver_sql(
            "SELECT (SELECT sum(length(block)) FROM article_words_data), "
            "sum(length(CAST(text AS BLOB))), count(*) FROM article"
        ).one()
    return size[0] / size[2] / 1000, size[1] / size[2] / 1000


def pages(store: Store) -> dict[str, float]:
    """Medians of the first page of hits, in milliseconds of CPU time."""
    found = {}
    for name, line in SOUGHT.items():
        times = []
        for _ in range(_ROUNDS):
            began = time.process_time()
            page = store.search.page(Sought(Query.of(line)), hits=HITS)
            times.append((time.process_time() - began) * 1000)
            assert page.articles
        found[name] = round(statistics.median(times), 2)
    return found


def measure(count: int) -> dict[str, object]:
    """All figures; `ratio` is that of the slowest kind of search."""
    with tempfile.TemporaryDirectory() as folder:
        with mock.patch.object(arrivals, "index_texts"):
            bare, without = filled(folder, min(count, 2000))
        bare.close()
        small, _ = filled(folder, _SMALL)
        large, with_index = filled(folder, count)
        index, text = sizes(large)
        few, many = pages(small), pages(large)
        small.close()
        large.close()
    ratios = {name: round(many[name] / few[name], 2) for name in few}
    return {
        "take_in_ms": round(with_index, 2),
        "take_in_without_ms": round(without, 2),
        "index_kb": round(index, 2),
        "text_kb": round(text, 2),
        "small_ms": few,
        "large_ms": many,
        "ratios": ratios,
        "ratio": max(ratios.values()),
    }


if __name__ == "__main__":
    sys.exit(main_of(__doc__ or "", measure, bar=BAR))
