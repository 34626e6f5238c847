"""The cost of agreement: comparing articles, computing all measures, memory.

    python -m tests.benchmarks.agreement_cost [--json] [--articles N]

Articles are those of `seeds/gold`, each with a line more that makes its text its own (some 50
entities and 16 claims); each is reviewed by two of three reviewers, who differ in a tenth of their
items. Records are given as they are: reading reviews from a store costs as much as exporting them
(`export_cost`).

- `compare`: CPU time of comparing the two records of an article, relative to reading them from
  their lines; the bar is 4.
- `kilobytes`: what an article takes in memory, by the growth of the process; the bar is 20.
- `milliseconds`, `seconds`: CPU time of comparing an article, and of all measures with their
  intervals; they depend on the machine and have no bar.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle, islice

from annotator.core.annotations import Claim, Entity, Stance, Verdict
from annotator.core.article import Span
from annotator.core.record import Record, ReviewFacts
from annotator.formats.jsonl import line_of, record_of
from annotator.measures.agreement_measures import measures
from annotator.measures.comparisons import Comparisons
from tests.benchmarks.export_cost import gold

BARS = {"compare": 4.0, "kilobytes": 20.0}
_LABELS = ("PERSON", "ORG", "GPE", "DATE", "NORP")
_SHARE = 0.1


def reviewed(count: int) -> Iterator[tuple[Record, Record]]:
    """So many articles, each as two of three reviewers finished it."""
    chance = random.Random(1)
    for number, record in enumerate(islice(cycle(gold()), count)):
        text = f"{record.article.text}\nNumber {number}."
        one = replace(record, article=replace(record.article, text=text), ties=())
        first, second = chance.sample(("ada", "bo", "cy"), 2)
        yield _as(one, first, chance), _as(one, second, chance)


def _as(record: Record, reviewer: str, chance: random.Random) -> Record:
    finished = datetime(2019, chance.randint(1, 6), 7, tzinfo=UTC)
    return replace(
        record,
        review=ReviewFacts(reviewer, "review", finished=finished),
        entities=tuple(_entity(one, chance) for one in record.entities if _keeps(chance)),
        claims=tuple(_claim(one, chance) for one in record.claims if _keeps(chance)),
    )


def _keeps(chance: random.Random) -> bool:
    return chance.random() > _SHARE / 3


def _entity(one: Entity, chance: random.Random) -> Entity:
    drawn = chance.random()
    decided = replace(one, verdict=Verdict.ACCEPTED)
    if drawn < _SHARE / 3:
        return replace(decided, label=chance.choice(_LABELS))
    if drawn < 2 * _SHARE / 3 and len(one.span) > 4:
        return replace(decided, span=Span(one.span.start, one.span.end - 2))
    return decided


def _claim(one: Claim, chance: random.Random) -> Claim:
    stance = chance.choice(tuple(Stance)) if chance.random() < _SHARE else one.stance
    return replace(one, verdict=Verdict.ACCEPTED, stance=stance)


def measured(count: int) -> dict[str, float]:
    found, spent, reading = Comparisons(), 0.0, 0.0
    for number, records in enumerate(reviewed(count)):
        if number == 20:
            before = _megabytes()
        lines = [line_of(record) for record in records]
        begun = time.process_time()
        again = [record_of(line) for line in lines]
        reading += time.process_time() - begun
        begun = time.process_time()
        found.take_records(again)
        spent += time.process_time() - begun
    grown = _megabytes() - before
    begun = time.process_time()
    told = sum(1 for _ in measures(found.sums))
    return {
        "articles": count,
        "figures": told,
        "compare": round(spent / reading, 2),
        "kilobytes": round(1000 * grown / count, 1),
        "milliseconds": round(1000 * spent / count, 2),
        "seconds": round(time.process_time() - begun, 1),
        "peak_megabytes": round(_megabytes()),
    }


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--articles", type=int, default=1000)
    chosen = parser.parse_args()
    found = measured(chosen.articles)
    if chosen.json:
        print(json.dumps(found))
    else:
        print("\n".join(f"{name:<16}{value:>10}" for name, value in found.items()))
    return int(any(found[name] > bar for name, bar in BARS.items()))


if __name__ == "__main__":
    raise SystemExit(main())
