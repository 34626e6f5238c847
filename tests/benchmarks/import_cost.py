"""The cost of imports: CPU of 1,000 pre-annotated articles, memory over a large file.

    python -m tests.benchmarks.import_cost [--json] [--no-memory]

- `suggestions` and `reviews`: CPU seconds of the whole process that imports 1,000 articles of 533
  words with 54,690 entities in all, every offset checked, as suggestions and as finished reviews
  (median of three, each into a new store); the bar is 2.5 for suggestions.
- `growth`: by how many MB the peak memory of importing 100,000 records exceeds that of importing
  10,000; the bar is 50.

Texts are made of a few words at random, the same ones each time.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.core.annotations import Entity, MadeBy, Verdict
from annotator.core.article import Article, Origin, Span
from annotator.core.record import PipelineId, Record, ReviewFacts, SchemeId
from annotator.formats.jsonl import line_of
from annotator.store.store import Store

ARTICLES, WORDS, ENTITIES = 1_000, 533, 54_690
SMALL, LARGE = 10_000, 100_000
BARS = {"suggestions": 2.5, "growth": 50.0}
_COMMON = ("bridge", "council", "said", "that", "the", "closed", "on", "river", "never")
_NAMES = {"Varnholm": "GPE", "Halvorsen": "PERSON", "Sunday": "DATE", "Halloran": "ORG"}


def made(number: int, *, words: int, entities: int, verdict: Verdict) -> Record:
    """A record with so many words, so many of them entities, at random places."""
    chance = random.Random(number)
    places = set(chance.sample(range(1, words), entities))
    parts, found, start = [], [], 0
    for place in range(words):
        word = chance.choice(list(_NAMES) if place in places else _COMMON)
        if place == 0:
            word = f"Number{number}"
        if place in places:
            found.append((Span(start, start + len(word)), _NAMES[word]))
        parts.append(word)
        start += len(word) + 1
    facts = ReviewFacts() if verdict is Verdict.PENDING else ReviewFacts("carol", "review")
    return Record(
        Article(" ".join(parts), title=f"Number {number}", origin=Origin(name=f"{number}.txt")),
        SchemeId("news", "1"),
        PipelineId("annotator-en", "1.0", "0123abcd"),
        review=facts,
        entities=tuple(
            Entity(f"e{n}", span, label, None, MadeBy.PIPELINE, verdict, 0.9)
            for n, (span, label) in enumerate(found)
        ),
    )


def full(verdict: Verdict) -> Iterator[Record]:
    """The thousand articles of the bar."""
    for number in range(ARTICLES):
        entities = ENTITIES // ARTICLES + (number < ENTITIES % ARTICLES)
        yield made(number, words=WORDS, entities=entities, verdict=verdict)


def small(count: int) -> Iterator[Record]:
    for number in range(count):
        yield made(number, words=60, entities=6, verdict=Verdict.PENDING)


def write(path: Path, records: Iterable[Record]) -> Path:
    with path.open("wb") as stream:
        stream.writelines(map(line_of, records))
    return path


def run(file: Path, *words: str) -> tuple[float, float]:
    """CPU seconds and peak memory (MB) of a process that imports a file into a new store."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "annotator.toml").write_text("")
        Store.open(f"sqlite:///{folder}/annotator.db").close()
        command = [sys.executable, "-m", "tests.benchmarks.import_cost", "--one", folder]
        done = subprocess.run(
            [*command, str(file), *words], stdout=subprocess.PIPE, check=True, text=True
        )
    seconds, megabytes = json.loads(done.stdout.splitlines()[-1])
    return float(seconds), float(megabytes)


def one(folder: str, words: list[str]) -> None:
    """What `run` starts: the verb itself, then what it took."""
    from annotator.cli import main as annotator

    sys.argv = ["annotator", "--workspace", folder, "import", *words]
    try:
        annotator()
    except SystemExit as end:
        if end.code:
            raise
    times = os.times()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([times.user + times.system, peak]))


def measured(*, memory: bool) -> dict[str, float]:
    result: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        pending = write(Path(folder, "pending.jsonl"), full(Verdict.PENDING))
        accepted = write(Path(folder, "accepted.jsonl"), full(Verdict.ACCEPTED))
        for name, file, words in (
            ("suggestions", pending, ()),
            ("reviews", accepted, ("--as", "reviewer", "bo")),
        ):
            seconds = [run(file, *words)[0] for _ in range(3)]
            result[name] = round(statistics.median(seconds), 2)
        if memory:
            peaks = [
                run(write(Path(folder, "many.jsonl"), small(count)))[1] for count in (SMALL, LARGE)
            ]
            result["growth"] = round(peaks[1] - peaks[0], 1)
    return result


def main() -> int:
    """Prints the figures; exit status 1 if one misses its bar."""
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], sys.argv[3:])
        return 0
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--no-memory", action="store_true")
    chosen = parser.parse_args()
    result = measured(memory=not chosen.no_memory)
    if chosen.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            bar = f" (bar {BARS[name]})" if name in BARS else ""
            print(f"{name:<12} {value:8.2f}{bar}")
    return 1 if any(result.get(name, 0) > bar for name, bar in BARS.items()) else 0


if __name__ == "__main__":
    sys.exit(main())
