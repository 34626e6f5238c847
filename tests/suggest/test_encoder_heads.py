"""What the heads read off the encoder's vectors, with weights that say what they see."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from annotator.suggest.encoder.heads import Heads, Weights
from annotator.suggest.encoder.runtime import gelu
from annotator.suggest.encoder.windows import Window

WIDTH, BESIDE, INNER = 3, 2, 4
WINDOW = Window(
    ids=(1, 5, 6, 7, 2),
    shapes=(0, 1, 1, 2, 0),
    places=(0, 0, 0, 1, 0),
    parts=(0, 0, 1, 0, 0),
    words=(0, 1),
    firsts=(1, 3),
    blanks=(2, 1),
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


def with_a_layer_for_starts(weights: Weights, **tables: list[float]) -> Weights:
    """Sentence starts told by tables alone: what each shape, place or kind of blanks adds."""
    sizes = {"shapes": 3, "places": 2, "blanks": 4}
    found = {name: np.array(tables.get(name, [0] * size)) for name, size in sizes.items()}
    own = {f"starts.{name}.weight": one[:, None] for name, one in found.items()}
    own["starts.mid.weight"], own["starts.mid.bias"] = np.zeros((WIDTH, 1)), np.zeros(1)
    own["starts.out.weight"] = np.ones((1, 1))
    return {**weights, **{name: one.astype(np.float32) for name, one in own.items()}}


@pytest.mark.parametrize(
    "tables", [{"blanks": [0, -9, 9, 0]}, {"shapes": [0, 9, -9]}, {"places": [9, -9]}]
)
def test_sentence_starts_are_told_by_what_stands_beside_vectors(
    weights: Weights, tables: dict[str, list[float]]
) -> None:
    heads = Heads(with_a_layer_for_starts(weights, **tables))
    begins, goes_on = heads.read(VECTORS, WINDOW).starts
    assert begins > 8
    assert abs(goes_on) < 1e-3


def test_sentence_starts_are_told_by_vectors_too(weights: Weights) -> None:
    mid = np.array([[9], [-9], [0]], dtype=np.float32)
    heads = Heads({**with_a_layer_for_starts(weights), "starts.mid.weight": mid})
    begins, goes_on = heads.read(VECTORS, WINDOW).starts
    assert begins > 8
    assert abs(goes_on) < 1e-3


def test_a_layer_for_starts_without_tables_reads_what_all_heads_read(weights: Weights) -> None:
    """As it was written before it had tables of its own: vector, shape, place, and two numbers for
    blanks before and behind."""
    rng = np.random.default_rng(7)
    sizes: dict[str, tuple[int, ...]] = {
        "shapes.weight": (3, BESIDE),
        "places.weight": (2, BESIDE),
        "starts.mid.weight": (WIDTH + 2 * BESIDE + 2, INNER),
        "starts.mid.bias": (INNER,),
        "starts.out.weight": (INNER, 1),
    }
    own = {name: rng.normal(size=size).astype(np.float32) for name, size in sizes.items()}
    x = np.concatenate(
        [
            VECTORS,
            own["shapes.weight"][[1, 2]],
            own["places.weight"][[0, 1]],
            np.array([[1, 0], [0, 1]], np.float32),
        ],
        axis=1,
    )
    expected = (
        gelu(x @ own["starts.mid.weight"] + own["starts.mid.bias"]) @ own["starts.out.weight"]
    )
    found = Heads({**weights, **own}).read(VECTORS, WINDOW).starts
    np.testing.assert_allclose(found, expected[:, 0], rtol=1e-5)


def test_nothing_else_is_told_by_blanks(weights: Weights) -> None:
    heads = Heads(with_a_layer_for_starts(weights, blanks=[1, 2, 3, 4]))
    one = heads.read(VECTORS, WINDOW)
    other = heads.read(VECTORS, replace(WINDOW, blanks=(1, 2)))
    for name in ("names", "tags", "morphs", "arcs", "dep", "head"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


def test_heads_of_earlier_releases_share_a_layer_for_sentence_starts(weights: Weights) -> None:
    reading = Heads(weights).read(VECTORS, WINDOW)
    # All ones: a vector of 1, and 2 + 2 for shape and place, through a layer of four.
    assert reading.starts == pytest.approx([20, 20], abs=1e-3)
