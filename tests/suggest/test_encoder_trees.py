"""The decoding of trees and of names' tags, against trying everything."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from annotator.suggest.encoder.bio import BioTags
from annotator.suggest.encoder.trees import best_tree

Scores = NDArray[np.float32]


def is_tree(heads: tuple[int, ...]) -> bool:
    """One root, and every word leads to it."""
    roots = [word for word, head in enumerate(heads) if word == head]
    if len(roots) != 1:
        return False
    for word in range(len(heads)):
        at = word
        for _ in heads:
            at = heads[at]
        if at != roots[0]:
            return False
    return True


def total(scores: Scores, heads: tuple[int, ...]) -> float:
    return float(sum(scores[word, head] for word, head in enumerate(heads)))


def square(size: int) -> st.SearchStrategy[Scores]:
    steps = st.integers(-40, 40).map(lambda number: number / 8)
    return arrays(np.float32, (size, size), elements=steps)


@given(st.integers(1, 3).flatmap(square))
def test_the_best_tree_is_as_good_as_any(scores: Scores) -> None:
    size = len(scores)
    found = tuple(best_tree(scores))
    assert is_tree(found)
    trees = filter(is_tree, product(range(size), repeat=size))
    assert total(scores, found) >= max(total(scores, tree) for tree in trees) - 1e-4


@given(st.integers(1, 3), st.data())
def test_with_a_certain_root_larger_trees_are_as_good_as_any(
    root: int, data: st.DataObject
) -> None:
    scores = data.draw(square(5))
    np.fill_diagonal(scores, -50)
    scores[root, root] = 50
    found = tuple(best_tree(scores))
    assert is_tree(found)
    trees = filter(is_tree, product(range(5), repeat=5))
    assert total(scores, found) >= max(total(scores, tree) for tree in trees) - 1e-3


@given(st.integers(1, 40).flatmap(square))
def test_sentences_of_any_length_give_a_tree(scores: Scores) -> None:
    assert is_tree(tuple(best_tree(scores)))


def is_legal(tags: tuple[int, ...]) -> bool:
    before = 0
    for tag in tags:
        if tag and tag % 2 == 0 and before not in (tag - 1, tag):
            return False
        before = tag
    return True


@given(arrays(np.float32, (4, 5), elements=st.integers(-40, 0).map(lambda number: number / 8)))
def test_the_best_tags_are_as_likely_as_any_legal_ones(chances: Scores) -> None:
    bio = BioTags(["GPE", "ORG"])
    found = tuple(bio.best(chances))
    assert is_legal(found)
    legal = filter(is_legal, product(range(5), repeat=4))
    assert total(chances, found) >= max(total(chances, tags) for tags in legal) - 1e-4


def test_neighbouring_names_are_kept_apart() -> None:
    bio = BioTags(["GPE", "ORG"])
    assert bio.tags == ("O", "B-GPE", "I-GPE", "B-ORG", "I-ORG")
    assert [*bio.names([1, 2, 1, 0, 3, 4, 4])] == [(0, 2, "GPE"), (2, 3, "GPE"), (4, 7, "ORG")]
