"""Names from the chances of their words' tags: B begins one, I goes on with it, O is outside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

_NEVER = -1e4


class BioTags:
    """The tags of some labels: `O`, then `B-` and `I-` of each label in turn."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)
        self.tags = ("O", *(f"{side}-{label}" for label in self.labels for side in "BI"))
        size = len(self.tags)
        self._step = np.zeros((size, size), dtype=np.float32)
        for tag in range(2, size, 2):
            self._step[:, tag] = _NEVER
            self._step[tag - 1, tag] = self._step[tag, tag] = 0
        self._first = np.zeros(size, dtype=np.float32)
        self._first[2::2] = _NEVER

    def best(self, chances: NDArray[np.float32]) -> list[int]:
        """The likeliest legal tags for log chances (words x tags); Viterbi (1967)."""
        greedy: list[int] = chances.argmax(axis=1).tolist()
        if self._is_legal(greedy):
            return greedy
        score = chances[0] + self._first
        back = np.zeros(chances.shape, dtype=np.int32)
        for at in range(1, len(chances)):
            steps = score[:, None] + self._step
            back[at] = steps.argmax(axis=0)
            score = steps.max(axis=0) + chances[at]
        best = [int(score.argmax())]
        for at in range(len(chances) - 1, 0, -1):
            best.append(int(back[at][best[-1]]))
        return best[::-1]

    def _is_legal(self, tags: Sequence[int]) -> bool:
        before = 0
        for tag in tags:
            if tag and tag % 2 == 0 and before not in (tag - 1, tag):
                return False
            before = tag
        return True

    def names(self, tags: Sequence[int]) -> Iterator[tuple[int, int, str]]:
        """First word, end and label of each name in legal tags."""
        start = -1
        for at, tag in enumerate([*tags, 0]):
            goes_on = tag and tag % 2 == 0
            if start >= 0 and not goes_on:
                yield start, at, self.labels[(tags[start] - 1) // 2]
                start = -1
            if tag % 2 == 1:
                start = at
