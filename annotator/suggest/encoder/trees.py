"""The best tree of a sentence, from the scores of who depends on whom.

Each word takes the head that suits it best. Where that is no tree, cycles are broken as Chu and Liu
(1965) and Edmonds (1967) do; that is seldom, so nearly all sentences cost linear time beyond their
scores.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_NEVER = np.float32(-1e9)


def best_tree(scores: NDArray[np.float32]) -> list[int]:
    """The head of each word of one sentence; the root is its own head.

    `scores[word, head]` says how well a head suits a word; `scores[word, word]` how well the word
    is the root. There is exactly one root, and no cycle.
    """
    heads: list[int] = scores.argmax(axis=1).tolist()
    if _is_tree(heads):
        return heads
    roots = np.diagonal(scores)
    best, found = -np.inf, heads
    # With one root at a time: those that are likely enough to win.
    for root in np.argsort(-roots)[:3].tolist():
        heads = _rooted(scores, root)
        total = float(scores[range(len(heads)), heads].sum())
        if total > best:
            best, found = total, heads
    return found


def _is_tree(heads: list[int]) -> bool:
    """Whether there is one root, and every word leads to it."""
    roots = [word for word, head in enumerate(heads) if word == head]
    if len(roots) != 1:
        return False
    leads = [False] * len(heads)
    leads[roots[0]] = True
    for word in range(len(heads)):
        path = []
        at = word
        while not leads[at]:
            path.append(at)
            at = heads[at]
            if len(path) > len(heads):
                return False
        for one in path:
            leads[one] = True
    return True


def _rooted(scores: NDArray[np.float32], root: int) -> list[int]:
    """The best tree with this root."""
    own = scores.copy()
    np.fill_diagonal(own, _NEVER)
    own[root, :] = _NEVER
    own[root, root] = 0
    return _without_cycles(own, root)


def _without_cycles(scores: NDArray[np.float32], root: int) -> list[int]:
    """The maximum spanning arborescence of `root`: cycles are contracted one by one."""
    heads: list[int] = scores.argmax(axis=1).tolist()
    heads[root] = root
    cycle = _cycle(heads, root)
    if not cycle:
        return heads
    size = len(heads)
    inside = np.zeros(size, dtype=bool)
    inside[cycle] = True
    outside = [word for word in range(size) if not inside[word]]
    # The cycle becomes one word, the last of the smaller problem.
    smaller = np.full((len(outside) + 1, len(outside) + 1), _NEVER, dtype=np.float32)
    smaller[:-1, :-1] = scores[np.ix_(outside, outside)]
    leaving = scores[np.ix_(outside, cycle)]
    smaller[:-1, -1] = leaving.max(axis=1)
    kept = scores[cycle, [heads[word] for word in cycle]]
    entering = scores[np.ix_(cycle, outside)] - kept[:, None]
    smaller[-1, :-1] = entering.max(axis=0) + kept.sum()
    found = _without_cycles(smaller, outside.index(root))
    result = list(heads)
    for place, word in enumerate(outside):
        head = found[place]
        result[word] = outside[head] if head < len(outside) else cycle[int(leaving[place].argmax())]
    result[root] = root
    entry = found[-1]
    result[cycle[int(entering[:, entry].argmax())]] = outside[entry]
    return result


def _cycle(heads: list[int], root: int) -> list[int]:
    """The words of one cycle, if there is any."""
    state = [0] * len(heads)
    state[root] = len(heads) + 1
    for word in range(len(heads)):
        at = word
        while not state[at]:
            state[at] = word + 1
            at = heads[at]
        if state[at] == word + 1 and at != root:
            cycle = [at]
            while heads[cycle[-1]] != at:
                cycle.append(heads[cycle[-1]])
            return cycle
    return []
