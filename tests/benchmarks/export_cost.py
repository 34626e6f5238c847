"""The cost of exports: JSONL relative to bare orjson, a store of 1,000 articles, memory.

    python -m tests.benchmarks.export_cost [--json]

- `ratio`: records made into lines, beside orjson over the same dictionaries (median of pairs taken
  in turn); the bar is 0.4.
- `pending` and `reviewed`: CPU seconds of the whole process that exports 1,000 articles of 533
  words with 54,690 entities in all, as suggested, and as finished reviews of which every item was
  accepted; the bar is 1.8.
- `growth`: by how many MB the peak memory of exporting a file of 100,000 records exceeds that of
  one of 10,000; the bar is 50.

Records are those of `seeds/gold`, each with a line more that makes its text its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count, cycle, islice
from pathlib import Path

import orjson

from annotator.core.annotations import Entity, Item, MadeBy, Verdict
from annotator.core.arrival import Arrival, FileState
from annotator.core.article import Article, Span
from annotator.core.decisions import DecisionGroup, accept, finish, to_decisions
from annotator.core.record import PipelineId, Record
from annotator.formats.jsonl import line_of, records_in
from annotator.store.store import Store
from annotator.store.values import Suggested

GOLD = sorted((Path(__file__).parents[2] / "seeds" / "gold").glob("*.jsonl"))
NOW = datetime(2019, 1, 7, 9, 0, tzinfo=UTC)
ARTICLES, WORDS, ENTITIES = 1_000, 533, 54_690
BARS = {"ratio": 0.4, "pending": 1.8, "reviewed": 1.8, "growth": 50.0}


def gold() -> list[Record]:
    return [record for file in GOLD for record in records_in(file)]


def many() -> Iterator[Record]:
    """The gold over and over, every record with a text of its own."""
    for number, record in zip(count(1), cycle(gold()), strict=False):
        text = f"{record.article.text}\nNumber {number}."
        yield replace(record, article=replace(record.article, text=text))


def ratio(rounds: int = 60) -> float:
    """How fast lines are made, as a part of how fast orjson is with the dictionaries alone."""
    records = gold() * 5
    plain = [record.to_dict() for record in records]

    def seconds(work: Callable[[], object]) -> float:
        started = time.process_time()
        work()
        return time.process_time() - started

    pairs = [
        (
            seconds(lambda: [orjson.dumps(one) for one in plain] and None),
            seconds(lambda: [line_of(record) for record in records] and None),
        )
        for _ in range(rounds)
    ]
    return statistics.median(bare / ours for bare, ours in pairs)


def suggested(number: int) -> tuple[Article, tuple[Item, ...]]:
    """An article of 533 words with 54 or 55 entities and the claims and junk lines of a seed."""
    record = next(islice(many(), number % 9, None))
    wanted = ENTITIES * (number + 1) // ARTICLES - ENTITIES * number // ARTICLES
    text = f"{record.article.text}\nNumber {number}."
    entities = list(record.entities)[:wanted]
    while len(entities) < wanted:
        start = len(text) + 1
        text = f"{text} Port Ellis was quiet."
        entities.append(Entity(f"more{start}", Span(start, start + 10), "GPE"))
    text += " word" * (WORDS - len(text.split()))
    items: tuple[Item, ...] = (*entities, *record.claims, *record.junk)
    pending = tuple(
        replace(item, made_by=MadeBy.PIPELINE, verdict=Verdict.PENDING, score=0.91)
        for item in items
    )
    return Article(text, language="en", origin=record.article.origin), pending


def fill(folder: Path, *, reviewed: bool) -> tuple[int, int]:
    """A workspace with a store of 1,000 articles; how many words and entities there are."""
    (folder / "annotator.toml").write_text('reviewer = "ada"\n')
    store = Store.open(f"sqlite:///{folder / 'annotator.db'}")
    made = [suggested(number) for number in range(ARTICLES)]
    items = {article.id: found for article, found in made}
    store.files.take_in(
        [
            Arrival(f"/in/{n}.txt", FileState(n, 1, 1, 1), NOW, (article,))
            for n, (article, _) in enumerate(made)
        ]
    )
    while leased := store.work.lease("w", limit=100, seconds=600, now=NOW):
        results = [Suggested(one.id, items[one.id], "en") for one in leased]
        store.work.attach("w", results, PipelineId("made", "1", "f00d"), now=NOW)
    if reviewed:
        for article, _ in made:
            accept_all(store, article)
    store.close()
    entities = sum(isinstance(item, Entity) for found in items.values() for item in found)
    return sum(len(article.text.split()) for article, _ in made), entities


def accept_all(store: Store, article: Article) -> None:
    opened = store.reviews.open(article.id, "ada", now=NOW, lease_seconds=600)
    changes = (*map(accept, opened.review.items), finish())
    made = to_decisions(
        changes,
        DecisionGroup(
            id="all",
            article=article.id,
            reviewer="ada",
            at=NOW,
            first_seq=1,
        ),
        ids=(f"{article.id[:16]}-{n}" for n in count()),
    )
    store.reviews.append(made, text=article.text)


def exporting(*words: str) -> tuple[float, float]:
    """CPU seconds and peak memory (MB) of a process that exports."""
    code = (
        "import resource, sys, annotator.cli as cli\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        "used = resource.getrusage(resource.RUSAGE_SELF)\n"
        "print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=True
    )
    cpu, peak = done.stderr.split()[-2:]
    return float(cpu), float(peak)


def cost(*, reviewed: bool) -> float:
    """CPU seconds of an export of 1,000 articles; the least of three."""
    with tempfile.TemporaryDirectory() as name:
        words, entities = fill(Path(name), reviewed=reviewed)
        assert (words, entities) == (ARTICLES * WORDS, ENTITIES), (words, entities)
        command = ["--workspace", name, "export", "--output", f"{name}/out.jsonl"]
        runs = [exporting(*command, *([] if reviewed else ["--pending"])) for _ in range(3)]
        assert len(Path(name, "out.jsonl").read_bytes().splitlines()) == ARTICLES
    return min(cpu for cpu, _ in runs)


def growth() -> float:
    """How much more memory (MB) 100,000 records take than 10,000."""
    peaks = []
    for size in (10_000, 100_000):
        with tempfile.TemporaryDirectory() as name:
            source = Path(name, "in.jsonl")
            with source.open("wb") as stream:
                stream.writelines(map(line_of, islice(many(), size)))
            _, peak = exporting("export", "--from", str(source), "--output", f"{name}/out.jsonl")
            peaks.append(peak)
    return peaks[1] - peaks[0]


def measure() -> dict[str, float]:
    return {
        "ratio": ratio(),
        "pending": cost(reviewed=False),
        "reviewed": cost(reviewed=True),
        "growth": growth(),
    }


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", action="store_true")
    chosen = arguments.parse_args()
    result = measure()
    met = {
        name: value >= BARS[name] if name == "ratio" else value <= BARS[name]
        for name, value in result.items()
    }
    if chosen.json:
        print(json.dumps({**result, "met": met}))
    else:
        for name, value in result.items():
            print(
                f"{name:<9} {value:8.3f}   bar {BARS[name]:<5} {'met' if met[name] else 'MISSED'}"
            )
    return 0 if all(met.values()) else 1


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main())
