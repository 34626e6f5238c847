"""What is read off the encoder's vectors: tags of names, parts of speech, sentence starts, trees.

Each head is one hidden layer over the vector of a word's first piece; the tree's is biaffine (Dozat
and Manning 2017). They are small, so they run in numpy and can be taught anew without the encoder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotator.suggest.encoder.runtime import Vectors, gelu

Weights = Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class HeadReading:
    """What the heads say of the words of one window.

    `names`, `tags`, `morphs`: log chances (words x classes). `starts`: log odds that a word begins
    a sentence. `arcs`: how well each word (columns) suits each word (rows) as its head. `dep` and
    `head`: what the relation's label is told by, see `Heads.relations`.
    """

    names: Vectors
    tags: Vectors
    morphs: Vectors
    starts: Vectors
    arcs: Vectors
    dep: Vectors
    head: Vectors


class Heads:
    """The heads of one encoder; `weights` by the names that training gives them."""

    def __init__(self, weights: Weights) -> None:
        self.weights = dict(weights)

    def read(
        self, vectors: Vectors, shapes: NDArray[np.int64], places: NDArray[np.int64]
    ) -> HeadReading:
        """What is read off the vectors of words (words x width), their shapes and places."""
        w = self.weights
        x = np.concatenate(
            [vectors, w["shapes.weight"][shapes], w["places.weight"][places]], axis=1
        )
        names = self._linear(gelu(self._linear(x, "names.mid")), "names.out")
        inner = gelu(self._linear(x, "words.mid"))
        arc_dep, arc_head = self._linear(x, "arcs.dep"), self._linear(x, "arcs.head")
        arcs = gelu(arc_dep) @ w["arcs.weight"] @ gelu(arc_head).T + gelu(arc_head) @ w["arcs.bias"]
        return HeadReading(
            log_softmax(names),
            log_softmax(self._linear(inner, "tags.out")),
            log_softmax(self._linear(inner, "morphs.out")),
            self._linear(inner, "starts.out")[:, 0],
            arcs,
            self._linear(x, "relations.dep"),
            self._linear(x, "relations.head"),
        )

    def relations(self, reading: HeadReading, heads: list[int]) -> Vectors:
        """Log chances of the label of each word's relation to its head (words x labels)."""
        return log_softmax(self._linear(gelu(reading.dep + reading.head[heads]), "relations.out"))

    def _linear(self, x: Vectors, name: str) -> Vectors:
        product: Vectors = x @ self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]
        return product


def log_softmax(x: Vectors) -> Vectors:
    """Log chances from scores, along the last axis."""
    x = x - x.max(axis=-1, keepdims=True)
    logs: Vectors = x - np.log(np.exp(x).sum(axis=-1, keepdims=True))
    return logs
