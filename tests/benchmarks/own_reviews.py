"""What training on 20 reviews of one subject brings on other articles, and what it costs elsewhere.

    python -m tests.benchmarks.own_reviews [FILE.jsonl...] [--poison] [--json]

FILE holds finished reviews of one subject, those of `subject` by default; the last third are the
*others*, which training never sees. `general` is measured on the shipped gold, crosswise (see
`own_reviews.fine_tuning`), and on world newswire where `ANNOTATOR_TEST_DATA` is set. With
`--poison` the labels are shuffled first: such reviews must be refused.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from annotator.core.record import Record
from annotator.errors import ModelError
from annotator.formats.jsonl import records_in
from annotator.settings import shipped_gold
from annotator.suggest.pipeline import Pipeline, load
from annotator.training.evaluation import entity_figures, evaluate, unannotated
from annotator.training.gold import gold_of, read_label_map
from annotator.training.own_reviews.fine_tuning import fine_tune
from annotator.training.own_reviews.holding_out import divided, usable
from annotator.training.own_reviews.names_head import HeadCourse
from tests.benchmarks import subject

_REVIEWED, _OTHERS = 20, 10
_MOST_LOST = 0.01


def poisoned(records: Sequence[Record], seed: int = 1) -> list[Record]:
    """The records with the labels of all their entities shuffled among them."""
    labels = [entity.label for record in records for entity in record.entities]
    random.Random(seed).shuffle(labels)
    left = iter(labels)
    return [
        replace(record, entities=tuple(replace(one, label=next(left)) for one in record.entities))
        for record in records
    ]


def measure(reviewed: Sequence[Record], others: Sequence[Record], seed: int = 7) -> dict[str, Any]:
    """F of entities before and after on `others` and in general; `refused` says why not."""
    pipeline = load()
    gold = [record for file in shipped_gold() for record in records_in(file)]
    result: dict[str, Any] = {"others_before": _f(pipeline, others), "refused": None}
    world = _world()
    if world is not None:
        result["world_before"] = _world_f(pipeline, world)
    began = time.process_time()
    try:
        reviews = divided(usable(reviewed), {})
        found = fine_tune(pipeline, reviews, gold, HeadCourse(seed=seed), lambda *_: None)
        result |= found.scores_to_plain()
    except ModelError as error:
        result["refused"] = error.message
    result["cpu_seconds"] = round(time.process_time() - began, 1)
    result["others_after"] = _f(pipeline, others)
    if world is not None:
        result["world_after"] = _world_f(pipeline, world)
    return result


def _f(pipeline: Pipeline, records: Sequence[Record]) -> float:
    golds = [gold_of(record) for record in records]
    docs = pipeline.docs(unannotated(pipeline.nlp, gold) for gold in golds)
    return float(round(entity_figures(zip(golds, docs, strict=True))["f"], 4))


def _world() -> Path | None:
    folder = os.environ.get("ANNOTATOR_TEST_DATA")
    return None if folder is None else Path(folder) / "dev" / "world_dev.spacy"


def _world_f(pipeline: Pipeline, gold: Path) -> float:
    figures = evaluate(pipeline, gold, label_map=read_label_map("world"))
    return float(round(figures["entities"]["f"], 4))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE.jsonl")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--poison", action="store_true")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    records = [record for file in chosen.files for record in records_in(file)]
    records = records or list(subject.records(_REVIEWED + _OTHERS, seed=1))
    border = len(records) * _REVIEWED // (_REVIEWED + _OTHERS)
    reviewed, others = records[:border], records[border:]
    result = measure(poisoned(reviewed) if chosen.poison else reviewed, others, chosen.seed)
    print(json.dumps(result) if chosen.json else "\n".join(map(str, result.items())))
    if chosen.poison:
        return int(result["refused"] is None)
    is_better = result["others_after"] > result["others_before"]
    lost = -result.get("general", {"difference": {"value": -1}})["difference"]["value"]
    return int(bool(result["refused"]) or not is_better or lost > _MOST_LOST)


if __name__ == "__main__":
    sys.exit(main())
