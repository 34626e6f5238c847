"""What the heads read off the encoder's vectors, with weights that say what they see."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from annotator.suggest.encoder.heads import Heads, Weights
from annotator.suggest.encoder.windows import Window

WIDTH, BESIDE, INNER = 3, 2, 4
WINDOW = Window(
    ids=(1, 5, 6, 7, 2),
    shapes=(0, 1, 1, 2, 0),
    places=(0, 0, 0, 1, 0),
    parts=(0, 0, 1, 0, 0),
    words=(0, 1),
    firsts=(1, 3),
    blanks=((True, False), (False, True)),
)
VECTORS = np.array([[1, 0, 0], [0, 1, 0]], dtype=np.float32)


@pytest.fixture
def weights() -> Weights:
    """Heads whose layers are all ones, but for those of sentence starts."""
    wide = WIDTH + 2 * BESIDE
    found = {
        "shapes.weight": np.ones((3, BESIDE)),
        "places.weight": np.ones((2, BESIDE)),
        "arcs.weight": np.ones((INNER, INNER)),
        "arcs.bias": np.ones(INNER),
    }
    for name, shape in {
        "names.mid": (wide, INNER),
        "names.out": (INNER, 3),
        "words.mid": (wide, INNER),
        "tags.out": (INNER, 2),
        "morphs.out": (INNER, 2),
        "starts.out": (INNER, 1),
        "arcs.dep": (wide, INNER),
        "arcs.head": (wide, INNER),
        "relations.dep": (wide, INNER),
        "relations.head": (wide, INNER),
        "relations.out": (INNER, 2),
    }.items():
        found[f"{name}.weight"] = np.ones(shape)
        found[f"{name}.bias"] = np.zeros(shape[1])
    return {name: value.astype(np.float32) for name, value in found.items()}


def with_a_layer_for_starts(weights: Weights, *, before: float, behind: float) -> Weights:
    """Sentence starts told by the blanks before and behind a word alone."""
    mid = np.zeros((WIDTH + 2 * BESIDE + 2, 1), dtype=np.float32)
    mid[-2:, 0] = before, behind
    return {
        **weights,
        "starts.mid.weight": mid,
        "starts.mid.bias": np.zeros(1, np.float32),
        "starts.out.weight": np.ones((1, 1), np.float32),
    }


def test_sentence_starts_are_told_by_blanks_too(weights: Weights) -> None:
    heads = Heads(with_a_layer_for_starts(weights, before=9, behind=-9))
    begins, goes_on = heads.read(VECTORS, WINDOW).starts
    assert begins > 8
    assert abs(goes_on) < 1e-3
    other = replace(WINDOW, blanks=((False, True), (True, False)))
    assert heads.read(VECTORS, other).starts.tolist() == [goes_on, begins]


def test_nothing_else_is_told_by_blanks(weights: Weights) -> None:
    heads = Heads(with_a_layer_for_starts(weights, before=1, behind=2))
    one = heads.read(VECTORS, WINDOW)
    other = heads.read(VECTORS, replace(WINDOW, blanks=((False, True), (True, False))))
    for name in ("names", "tags", "morphs", "arcs", "dep", "head"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


def test_heads_of_earlier_releases_share_a_layer_for_sentence_starts(weights: Weights) -> None:
    reading = Heads(weights).read(VECTORS, WINDOW)
    # All ones: a vector of 1, and 2 + 2 for shape and place, through a layer of four.
    assert reading.starts == pytest.approx([20, 20], abs=1e-3)
