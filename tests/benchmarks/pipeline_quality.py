"""The quality, size and speed of the shipped pipeline.

    ANNOTATOR_TEST_DATA=DIR python -m tests.benchmarks.pipeline_quality [--json]

DIR holds `dev/world_dev.spacy`, newswire from all over the world. Entities (people, organisations,
places, groups) are compared exactly; `calibration` is the mean distance between the scores of
entities and the share of them that is right. Speed is whitespace words per second of one core's
time, without claims. Exit status 1 if a figure misses its bar.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

from annotator.suggest.pipeline import Pipeline, load, shipped_folder
from annotator.suggest.scores import Scores
from annotator.training.calibrate import bins_of, cases_of
from annotator.training.evaluation import evaluate
from annotator.training.gold import read_label_map

CORE = ("PERSON", "ORG", "LOCATION", "NORP", "FAC")
AT_LEAST = {"entities": 0.71, "recogniser": 0.69, "words_per_second": 5_500.0}
AT_MOST = {"bytes": 12_000_000.0, "calibration": 0.05}
_TEXTS = 60


def measure(data: Path) -> dict[str, float]:
    """Every figure by name."""
    pipeline = load()
    gold = data / "dev" / "world_dev.spacy"
    result = {"entities": core(pipeline, gold)}
    with pipeline.nlp.select_pipes(disable=["annotator_consistency", "annotator_numbers"]):
        result["recogniser"] = core(pipeline, gold)
    result["calibration"] = calibration(pipeline, gold)
    result["words_per_second"] = speed(pipeline, data)
    result["bytes"] = float(
        sum(file.stat().st_size for file in shipped_folder().rglob("*") if file.is_file())
    )
    return result


def core(pipeline: Pipeline, gold: Path) -> float:
    """F of the names, as a fraction."""
    with pipeline.nlp.select_pipes(disable=["annotator_claims"]):
        found = evaluate(pipeline, gold, label_map=read_label_map("world"), labels=CORE)
    return float(found["entities"]["f"])


def calibration(pipeline: Pipeline, gold: Path) -> float:
    """The mean distance between score and share right, over ten bins."""
    scores = pipeline.nlp.get_pipe("annotator_scores")
    assert isinstance(scores, Scores)
    with pipeline.nlp.select_pipes(disable=["annotator_claims"]):
        cases = cases_of(pipeline.nlp, [gold])
    return bins_of([(scores.chance(case.features), case.right) for case in cases])[1]["ece"]


def speed(pipeline: Pipeline, data: Path) -> float:
    """Words per second of processor time, all but the claims."""
    paths = sorted((data / "articles" / "world").glob("*.txt"))[:_TEXTS]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in paths]
    with pipeline.nlp.select_pipes(disable=["annotator_claims"]):
        list(pipeline.nlp.pipe(texts[:3]))
        start = time.process_time()
        list(pipeline.nlp.pipe(texts, batch_size=32))
        return sum(len(text.split()) for text in texts) / (time.process_time() - start)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", action="store_true")
    chosen = arguments.parse_args()
    data = os.environ.get("ANNOTATOR_TEST_DATA")
    if not data:
        print("ANNOTATOR_TEST_DATA is not set.", file=sys.stderr)
        return 2
    result = measure(Path(data))
    missed = [name for name, bar in AT_LEAST.items() if result[name] < bar]
    missed += [name for name, bar in AT_MOST.items() if result[name] > bar]
    if chosen.json:
        print(json.dumps(result | {"missed": missed}))
    else:
        for name, figure in result.items():
            print(f"{name:18} {figure:14,.3f}{'  missed' if name in missed else ''}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
