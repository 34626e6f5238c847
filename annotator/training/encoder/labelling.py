"""What a teacher says of texts that nobody annotated, as rows for its student."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from annotator.suggest.encoder.trees import best_tree
from annotator.suggest.encoder.windows import Window
from annotator.training.encoder.learning import PIECES
from annotator.training.encoder.network import HeadScores, Network
from annotator.training.encoder.window_rows import UNKNOWN, WindowRow, batch_of

# What the teacher is less sure of is not taught.
_SURE = 0.6


@torch.no_grad()
def labelled(network: Network, windows: Sequence[Window]) -> Iterator[WindowRow]:
    """Rows with the teacher's chances of names' tags, and whatever else it is sure of."""
    network.eval()
    order = sorted(range(len(windows)), key=lambda number: len(windows[number].ids))
    for group in _grouped([windows[number] for number in order if windows[number].words]):
        batch = batch_of(group)
        scores = network(batch)
        for number, window in enumerate(group):
            yield _row(network, scores, number, window)


def with_names(rows: Iterable[WindowRow], taught: Iterable[WindowRow]) -> Iterator[WindowRow]:
    """The rows of a treebank with the teacher's chances of names; `taught` in any order."""
    names = {row.window: row.names for row in taught}
    for row in rows:
        yield replace(row, names=names[row.window])


def _grouped(windows: Iterable[Window]) -> Iterator[list[Window]]:
    now: list[Window] = []
    for window in windows:
        if now and len(window.ids) * (len(now) + 1) > 2 * PIECES:
            yield now
            now = []
        now.append(window)
    if now:
        yield now


def _row(network: Network, scores: HeadScores, number: int, window: Window) -> WindowRow:
    size = len(window.words)
    own = HeadScores(*(value[number : number + 1, :size] for value in vars(scores).values()))
    starts = own.starts[0].sigmoid().numpy()
    sentences = np.cumsum(starts > 0.5)
    matrix = own.arcs[0, :, :size].numpy()
    heads = np.zeros(size, dtype=np.int64)
    sure = np.zeros(size)
    for sentence in np.unique(sentences):
        places = np.flatnonzero(sentences == sentence)
        some = matrix[np.ix_(places, places)]
        tree = best_tree(some)
        heads[places] = places[tree]
        chances = torch.from_numpy(some).softmax(-1).numpy()
        sure[places] = chances[range(len(places)), tree]
    relations = network.heads.relations(own, torch.from_numpy(heads)[None])[0]
    return WindowRow(
        window,
        own.names[0].softmax(-1).numpy().astype(np.float16),
        _likely(own.tags[0]),
        _likely(own.morphs[0]),
        starts.astype(np.float32),
        np.where(sure >= _SURE, heads, UNKNOWN),
        np.where(sure >= _SURE, _likely(relations), UNKNOWN),
        sentences.astype(np.int64),
    )


def _likely(scores: Tensor) -> np.ndarray:
    """The likeliest class of each word; UNKNOWN where the teacher doubts it."""
    best = scores.softmax(-1).max(-1)
    return np.where(best.values.numpy() >= _SURE, best.indices.numpy(), UNKNOWN)
