"""What a network in training gets right on development texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from annotator.suggest.encoder.heads import log_softmax
from annotator.suggest.encoder.trees import best_tree
from annotator.training.encoder.learning import PIECES, within_sentences
from annotator.training.encoder.network import HeadScores, Network
from annotator.training.encoder.window_rows import UNKNOWN, Classes, WindowRow, batched


@dataclass
class _Counts:
    """What was right, and of how much, by what is measured."""

    right: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, hits: NDArray[np.bool_], known: NDArray[np.bool_]) -> None:
        self.right[name] += int((hits & known).sum())
        self.known[name] += int(known.sum())

    def shares(self) -> dict[str, float]:
        return {name: round(self.right[name] / n, 4) for name, n in self.known.items() if n}


@torch.no_grad()
def measured(network: Network, rows: Sequence[WindowRow], classes: Classes) -> dict[str, float]:
    """F of names and of sentence starts, accuracy of tags and morphs, UAS and LAS (in gold
    sentences), each where `rows` have it; as fractions."""
    network.eval()
    names, starts, counts = _Overlap(), _Overlap(), _Counts()
    for group, batch, targets in batched(rows, 2 * PIECES):
        scores = network(batch)
        arcs = within_sentences(scores.arcs, batch, targets)
        for number, row in enumerate(group):
            size = len(row.tags)
            own = HeadScores(
                *(value[number : number + 1, :size] for value in vars(scores).values())
            )
            _count_names(row, own.names[0].numpy(), classes, names)
            for name in ("tags", "morphs"):
                gold = getattr(row, name)
                best = getattr(own, name)[0].argmax(-1).numpy()
                counts.add(name, best == gold, gold != UNKNOWN)
            if (row.starts != UNKNOWN).any():
                found = np.flatnonzero(own.starts[0].numpy() > 0)
                starts.add(set(found.tolist()), set(np.flatnonzero(row.starts == 1).tolist()))
            if (row.heads != UNKNOWN).any():
                _count_tree(network, own, arcs[number, :size, :size].numpy(), row, counts)
    found_shares = {"names": names.f(), "starts": starts.f()}
    return {**{name: f for name, f in found_shares.items() if f is not None}, **counts.shares()}


@dataclass
class _Overlap:
    """How much of what was found is in the gold."""

    both: int = 0
    found: int = 0
    gold: int = 0

    def add(self, found: set[Any], gold: set[Any]) -> None:
        self.both += len(found & gold)
        self.found += len(found)
        self.gold += len(gold)

    def f(self) -> float | None:
        """F1, or None where the gold has nothing."""
        return round(2 * self.both / (self.found + self.gold), 4) if self.gold else None


def _count_names(
    row: WindowRow, scores: NDArray[np.float32], classes: Classes, overlap: _Overlap
) -> None:
    gold = row.names
    if gold.ndim == 2 or (gold == UNKNOWN).all():
        return
    found = set(classes.names.names(classes.names.best(log_softmax(scores))))
    found = {one for one in found if (gold[one[0] : one[1]] != UNKNOWN).all()}
    overlap.add(found, set(classes.names.names([max(0, int(tag)) for tag in gold])))


def _count_tree(
    network: Network, scores: HeadScores, arcs: NDArray[np.float32], row: WindowRow, counts: _Counts
) -> None:
    heads: NDArray[np.int64] = np.zeros(len(row.heads), dtype=np.int64)
    for sentence in np.unique(row.sentences):
        places = np.flatnonzero(row.sentences == sentence)
        heads[places] = places[best_tree(arcs[np.ix_(places, places)])]
    relations = network.heads.relations(scores, torch.from_numpy(heads)[None])[0].argmax(-1).numpy()
    known, hits = row.heads != UNKNOWN, heads == row.heads
    counts.add("uas", hits, known)
    counts.add("las", hits & (relations == row.relations), known)
