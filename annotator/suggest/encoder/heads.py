"""What is read off the encoder's vectors: tags of names, parts of speech, sentence starts, trees.

Each head is one hidden layer over the vector of a word's first piece; the tree's is biaffine (Dozat
and Manning 2017). That for sentence starts is also told where blanks stand: in `said. "He` the
quotation mark ends nothing, but begins a sentence. They are small, so they run in numpy and can be
taught anew without the encoder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.suggest.encoder.runtime import Vectors, gelu
from annotator.suggest.encoder.windows import Window

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

    def read(self, vectors: Vectors, window: Window) -> HeadReading:
        """What is read off the vectors (words x width) of a window's words."""
        w = self.weights
        x = inputs(w, vectors, *shapes_and_places(window))
        names = self._linear(gelu(self._linear(x, "names.mid")), "names.out")
        inner = gelu(self._linear(x, "words.mid"))
        arc_dep, arc_head = self._linear(x, "arcs.dep"), self._linear(x, "arcs.head")
        arcs = gelu(arc_dep) @ w["arcs.weight"] @ gelu(arc_head).T + gelu(arc_head) @ w["arcs.bias"]
        return HeadReading(
            log_softmax(names),
            log_softmax(self._linear(inner, "tags.out")),
            log_softmax(self._linear(inner, "morphs.out")),
            self._starts(x, inner, window),
            arcs,
            self._linear(x, "relations.dep"),
            self._linear(x, "relations.head"),
        )

    def relations(self, reading: HeadReading, heads: list[int]) -> Vectors:
        """Log chances of the label of each word's relation to its head (words x labels)."""
        return log_softmax(self._linear(gelu(reading.dep + reading.head[heads]), "relations.out"))

    def _starts(self, x: Vectors, inner: Vectors, window: Window) -> Vectors:
        """The log odds of sentence starts; by `inner` alone in a pipeline whose head for them has
        no layer of its own, as one has that was made from reviews by an earlier release."""
        if "starts.mid.weight" in self.weights:
            blanks = np.array(window.blanks, dtype=np.float32)
            inner = gelu(self._linear(np.concatenate([x, blanks], axis=1), "starts.mid"))
        return self._linear(inner, "starts.out")[:, 0]

    def _linear(self, x: Vectors, name: str) -> Vectors:
        product: Vectors = x @ self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]
        return product


def shapes_and_places(window: Window) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The shape and the place of each word of a window."""
    firsts = np.array(window.firsts)
    shapes, places = (np.array(one, np.uint8)[firsts] for one in (window.shapes, window.places))
    return shapes, places


def inputs(
    weights: Weights,
    vectors: Vectors,
    shapes: NDArray[np.integer[Any]],
    places: NDArray[np.integer[Any]],
) -> Vectors:
    """What the heads read of words: their vectors, and what stands for their shapes and places."""
    beside = weights["shapes.weight"][shapes], weights["places.weight"][places]
    return np.concatenate([vectors, *beside], axis=1)


def log_softmax(x: Vectors) -> Vectors:
    """Log chances from scores, along the last axis."""
    x = x - x.max(axis=-1, keepdims=True)
    logs: Vectors = x - np.log(np.exp(x).sum(axis=-1, keepdims=True))
    return logs
