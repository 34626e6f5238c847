"""What is read off the encoder's vectors: tags of names, parts of speech, sentence starts, trees.

Each head is one hidden layer over the vector of a word's first piece; the tree's is biaffine (Dozat
and Manning 2017). That for sentence starts has a layer of its own, and is also told where blanks
stand: in `said. "He` the quotation mark ends nothing, but begins a sentence. They are small, so
they run in numpy and can be taught anew without the encoder.
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
# Whether a blank stands before and behind a word, by the numbers in `Window.blanks`.
_BLANKS = np.array([(0, 0), (0, 1), (1, 0), (1, 1)], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class HeadReading:
    """What the heads say of the words of one window.

    `names`: log chances (words x classes). `tags`, `morphs`: scores of classes, of which only the
    highest counts. `starts`: log odds that a word begins a sentence. `arcs`: how well each word
    (columns) suits each word (rows) as its head. `dep` and `head`: what the relation's label is
    told by, see `Heads.relations`.
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
        self._starts_layer = _StartsLayer.of(self.weights)

    def read(self, vectors: Vectors, window: Window) -> HeadReading:
        """What is read off the vectors (words x width) of a window's words."""
        w = self.weights
        shapes, places = shapes_and_places(window)
        x = inputs(w, vectors, shapes, places)
        names = self._linear(gelu(self._linear(x, "names.mid")), "names.out")
        inner = gelu(self._linear(x, "words.mid"))
        own = self._starts_layer
        for_starts = own.read(vectors, shapes, places, window) if own else inner
        arc_dep, arc_head = self._linear(x, "arcs.dep"), self._linear(x, "arcs.head")
        arcs = gelu(arc_dep) @ w["arcs.weight"] @ gelu(arc_head).T + gelu(arc_head) @ w["arcs.bias"]
        return HeadReading(
            log_softmax(names),
            self._linear(inner, "tags.out"),
            self._linear(inner, "morphs.out"),
            self._linear(for_starts, "starts.out")[:, 0],
            arcs,
            self._linear(x, "relations.dep"),
            self._linear(x, "relations.head"),
        )

    def relations(self, reading: HeadReading, heads: list[int]) -> Vectors:
        """Scores of the label of each word's relation to its head (words x labels)."""
        return self._linear(gelu(reading.dep + reading.head[heads]), "relations.out")

    def _linear(self, x: Vectors, name: str) -> Vectors:
        product: Vectors = x @ self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]
        return product


@dataclass(frozen=True, slots=True)
class _StartsLayer:
    """The hidden layer for sentence starts: a matrix for the vectors, and what a word's shape,
    place and blanks each add, which is looked up."""

    weight: NDArray[np.float32]
    bias: NDArray[np.float32]
    shapes: NDArray[np.float32]
    places: NDArray[np.float32]
    blanks: NDArray[np.float32]

    @classmethod
    def of(cls, weights: Weights) -> _StartsLayer | None:
        """That of a pipeline; None if its head for sentence starts shares the layer of the tags, as
        in one that was made from reviews by an earlier release.

        Before this layer had tables of its own, it read the vectors that all heads read of a
        word's shape and place, and then two numbers for its blanks.
        """
        if "starts.mid.weight" not in weights:
            return None
        weight, bias = weights["starts.mid.weight"], weights["starts.mid.bias"]
        names = "shapes", "places", "blanks"
        if "starts.blanks.weight" in weights:
            return cls(weight, bias, *(weights[f"starts.{name}.weight"] for name in names))
        tables = weights["shapes.weight"], weights["places.weight"], _BLANKS
        sizes = [table.shape[1] for table in tables]
        parts = np.split(weight, np.cumsum([len(weight) - sum(sizes), *sizes[:-1]]))
        return cls(
            parts[0], bias, *(one @ part for one, part in zip(tables, parts[1:], strict=True))
        )

    def read(
        self,
        vectors: Vectors,
        shapes: NDArray[np.integer[Any]],
        places: NDArray[np.integer[Any]],
        window: Window,
    ) -> Vectors:
        """What the layer gives of the words of a window."""
        beside = self.shapes[shapes] + self.places[places] + self.blanks[list(window.blanks)]
        return gelu(vectors @ self.weight + self.bias + beside)


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
