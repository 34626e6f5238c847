"""Calibrate entity scores: the probability that an entity is right, from cheap features.

A logistic regression, fitted by Newton's method with a ridge penalty (Hastie, Tibshirani and
Friedman, *The Elements of Statistical Learning*, 4.4). A gold file is ignored for labels that it
does not contain.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy
from spacy.language import Language
from spacy.tokens import Doc

from annotator.errors import ModelError
from annotator.suggest.scores import Scores, features_of
from annotator.training.evaluation import bounds, unannotated
from annotator.training.gold import Gold, read_gold, read_label_map, to_gold_labels

# A label with fewer cases uses the weights of all labels.
_RIDGE = 3.0
_ROUNDS = 25
# The world newswire gold marks absolute dates only, so missing ones prove nothing.
_ONE_SIDED = frozenset({"label=DATE"})
_WORLD = frozenset({"LOCATION", "MISC"})


@dataclass(frozen=True)
class Case:
    """One suggested entity: its features, whether it is right, its text, and what it counts."""

    features: tuple[str, ...]
    right: bool
    text: int
    weight: float = 1.0


@dataclass(frozen=True)
class Bin:
    """One tenth of the score range: number of entities, mean score, share right."""

    count: int
    mean: float
    right: float


def calibrate(nlp: Language, gold: Iterable[Path]) -> dict[str, float]:
    """The weights of `annotator_scores`, learnt from suggestions of `nlp` on gold files."""
    return fit(cases_of(nlp, gold))


def cases_of(nlp: Language, gold: Iterable[Path]) -> list[Case]:
    """Suggestions of `nlp` on gold files, and whether they are right.

    Those of a small file count more: each as the square root of how much larger the largest is. So
    a genre with little gold is heard, and does not drown out the others by chance.
    """
    files: list[list[Case]] = []
    texts = 0
    for path in gold:
        cases: list[Case] = []
        files.append(cases)
        texts_of_path = read_gold(Path(path), nlp.vocab)
        labels = {label for text in texts_of_path for _, label in text.entities}
        label_map = read_label_map("world") if labels & _WORLD else None
        names = to_gold_labels(label_map)
        for text, doc in zip(
            texts_of_path, nlp.pipe(unannotated(nlp, text) for text in texts_of_path), strict=True
        ):
            texts += 1
            cases += (
                case
                for label, case in _cases(text, doc, texts, names)
                if label in labels and (names is None or case.features[1] not in _ONE_SIDED)
            )
    most = max(map(len, files), default=0)
    return [replace(case, weight=math.sqrt(most / len(cases))) for cases in files for case in cases]


def cases_in(text: Gold, doc: Doc, number: int) -> list[Case]:
    """The suggestions in one text with gold in our own labels; `number` tells texts apart."""
    return [case for _, case in _cases(text, doc, number, None)]


def _cases(
    text: Gold, doc: Doc, number: int, names: Mapping[str, str] | None
) -> Iterator[tuple[str | None, Case]]:
    """Each suggestion with its label in the gold's words; none where the gold knows nothing."""
    want = {(*bounds(text.text, s.start, s.end), label) for s, label in text.entities}
    for (start, end, label), features in features_of(doc):
        theirs = label if names is None else names.get(label)
        place = bounds(text.text, start, end)
        if not any(s.start < place[1] and place[0] < s.end for s in text.unknown):
            yield theirs, Case(tuple(features), (*place, theirs) in want, number)


def fit(cases: Sequence[Case], known: Mapping[str, float] | None = None) -> dict[str, float]:
    """The likeliest weights by feature, few cases keeping them near `known` ones (0 by default).

    Raises ModelError if there are too few cases.
    """
    known = known or {}
    if len({case.right for case in cases}) < 2:
        raise ModelError(
            "The gold files contain too few right or wrong suggestions.",
            hint="Give more gold to calibrate on: finished reviews, or a .spacy file.",
        )
    names = sorted({"bias", *known, *(feature for case in cases for feature in case.features)})
    index = {name: i for i, name in enumerate(names)}
    table = numpy.zeros((len(cases), len(names)))
    for row, case in enumerate(cases):
        table[row, [index[feature] for feature in case.features]] = 1.0
    right = numpy.array([float(case.right) for case in cases])
    counts = numpy.array([case.weight for case in cases])
    counts *= len(cases) / counts.sum()
    ridge = numpy.full(len(names), _RIDGE)
    ridge[index["bias"]] = 1e-6
    before = numpy.array([known.get(name, 0.0) for name in names])
    weights = before
    for _ in range(_ROUNDS):
        chance = 1 / (1 + numpy.exp(-(table @ weights)))
        slope = table.T @ (counts * (right - chance)) - ridge * (weights - before)
        curve = (table * (counts * chance * (1 - chance))[:, None]).T @ table + numpy.diag(ridge)
        weights = weights + numpy.linalg.solve(curve, slope)
    return {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)}


def reliability(cases: Sequence[Case], folds: int = 5) -> tuple[list[Bin], dict[str, float]]:
    """Ten bins by score, each case scored by weights learnt from other texts.

    Beside them `ece`, the mean distance of score and share right, and `brier`, the mean squared
    distance of score and truth.
    """
    scored: list[tuple[float, bool]] = []
    for fold in range(folds):
        scores = Scores(fit([case for case in cases if case.text % folds != fold]))
        scored += [(scores.chance(c.features), c.right) for c in cases if c.text % folds == fold]
    return bins_of(scored)


def bins_of(scored: Sequence[tuple[float, bool]]) -> tuple[list[Bin], dict[str, float]]:
    """Ten bins of pairs of score and truth, with `ece` and `brier`."""
    rows: list[list[tuple[float, bool]]] = [[] for _ in range(10)]
    for score, right in scored:
        rows[min(9, int(score * 10))].append((score, right))
    bins = [
        Bin(
            len(row),
            sum(score for score, _ in row) / len(row) if row else 0.0,
            sum(right for _, right in row) / len(row) if row else 0.0,
        )
        for row in rows
    ]
    total = max(1, len(scored))
    return bins, {
        "ece": sum(b.count * abs(b.mean - b.right) for b in bins) / total,
        "brier": sum((score - right) ** 2 for score, right in scored) / total,
    }
