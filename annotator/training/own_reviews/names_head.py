"""Teaches the names head anew in numpy: Adam, with a pull towards the weights it began with.

The pull is L2-SP (Li, Grandvalet and Davoine 2018): weights stay near those that were learnt from
far more text unless the lessons say otherwise. The encoder and all other heads stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from annotator.suggest.encoder.heads import log_softmax
from annotator.suggest.encoder.runtime import Vectors, gelu
from annotator.training.own_reviews.lessons import Lesson

Weights = dict[str, NDArray[np.float32]]
TAUGHT = ("names.mid.weight", "names.mid.bias", "names.out.weight", "names.out.bias")
_MEAN, _SQUARE, _TINY = 0.9, 0.999, 1e-8
_MOST_REPEATS = 4
# Words seen in a course, at about 40,000 a second.
_MOST_SEEN = 1_000_000


@dataclass(frozen=True, slots=True)
class HeadCourse:
    """How long and how fast the head learns; the rate falls to nothing with the last step.

    `pull` is the weight of the distance to the original weights, `drop` the share of inputs and of
    inner values that are left out at random (Srivastava et al. 2014).
    """

    epochs: int = 10
    rate: float = 1e-3
    pull: float = 1e-2
    drop: float = 0.2
    batch: int = 256
    seed: int = 7

    def within(self, words: int) -> HeadCourse:
        """The course for so many words: with fewer epochs where these are many, so that it ends."""
        return replace(self, epochs=max(2, min(self.epochs, _MOST_SEEN // max(1, words))))


def taught(
    weights: Mapping[str, NDArray[np.float32]],
    reviews: Lesson,
    gold: Lesson,
    course: HeadCourse,
    epoch_done: Callable[[], None],
) -> Weights:
    """The heads' weights after learning `reviews`, and `gold` against forgetting.

    `weights` are left as they are. The same lessons and course give the same weights.
    """
    now = {name: weights[name].astype(np.float32) for name in TAUGHT}
    rng = np.random.default_rng(course.seed)
    adam = _Adam(now)
    batches = _steps(reviews, gold, course.batch) * course.epochs
    done = 0
    for _ in range(course.epochs):
        for batch in _batches(reviews, gold, course.batch, rng):
            by_weight = slopes(now, batch.inputs(weights), batch.tags, course.drop, rng)
            for name in TAUGHT:
                by_weight[name] += np.float32(course.pull) * (now[name] - weights[name])
            adam.step(now, by_weight, course.rate * (1 - done / batches))
            done += 1
        epoch_done()
    return {**weights, **now}


def _repeats(reviews: Lesson, gold: Lesson) -> int:
    """How often the gold is seen in an epoch: at least half as many words as of the reviews, but no
    text too often."""
    return min(_MOST_REPEATS, max(1, round(len(reviews) / (2 * max(1, len(gold))))))


def _steps(reviews: Lesson, gold: Lesson, size: int) -> int:
    return -(-(len(reviews) + _repeats(reviews, gold) * len(gold)) // size)


def _batches(
    reviews: Lesson, gold: Lesson, size: int, rng: np.random.Generator
) -> Iterator[Lesson]:
    """All words of an epoch in random order, so many at once."""
    border = len(reviews)
    again = np.arange(border, border + len(gold))
    order = np.concatenate([np.arange(border), *[again] * _repeats(reviews, gold)])
    rng.shuffle(order)
    for start in range(0, len(order), size):
        some = order[start : start + size]
        mine, theirs = reviews.some(some[some < border]), gold.some(some[some >= border] - border)
        yield Lesson(
            *(
                np.concatenate([getattr(mine, name), getattr(theirs, name)])
                for name in ("vectors", "shapes", "places", "tags")
            )
        )


def slopes(
    now: Weights, x: Vectors, tags: NDArray[np.int16], drop: float, rng: np.random.Generator
) -> Weights:
    """The slope of the mean cross-entropy by each weight."""
    x = x * _kept(x.shape, drop, rng)
    before = x @ now["names.mid.weight"] + now["names.mid.bias"]
    kept = _kept(before.shape, drop, rng)
    inner: Vectors = gelu(before) * kept
    slope = np.exp(log_softmax(inner @ now["names.out.weight"] + now["names.out.bias"]))
    slope[np.arange(len(tags)), tags] -= 1
    slope /= len(tags)
    below = (slope @ now["names.out.weight"].T) * kept * _gelu_slope(before)
    return {
        "names.mid.weight": x.T @ below,
        "names.mid.bias": below.sum(axis=0),
        "names.out.weight": inner.T @ slope,
        "names.out.bias": slope.sum(axis=0),
    }


def _kept(shape: tuple[int, ...], drop: float, rng: np.random.Generator) -> Vectors:
    """0 for what is left out, and what makes up for it for the rest."""
    kept = rng.random(shape, dtype=np.float32) >= drop
    return kept.astype(np.float32) / np.float32(1 - drop)


def _gelu_slope(x: Vectors) -> Vectors:
    inner = np.float32(0.7978845608) * (x + np.float32(0.044715) * x * x * x)
    bent = np.tanh(inner)
    steep = np.float32(0.7978845608) * (1 + np.float32(0.134145) * x * x)
    slope: Vectors = np.float32(0.5) * (1 + bent + x * (1 - bent * bent) * steep)
    return slope


class _Adam:
    """Adam (Kingma and Ba 2015)."""

    def __init__(self, weights: Weights) -> None:
        self._mean = {name: np.zeros_like(one) for name, one in weights.items()}
        self._square = {name: np.zeros_like(one) for name, one in weights.items()}
        self._steps = 0

    def step(self, weights: Weights, slopes: Weights, rate: float) -> None:
        """Change the weights in place by one step."""
        self._steps += 1
        rate *= np.sqrt(1 - _SQUARE**self._steps) / (1 - _MEAN**self._steps)
        for name, slope in slopes.items():
            mean, square = self._mean[name], self._square[name]
            mean += np.float32(1 - _MEAN) * (slope - mean)
            square += np.float32(1 - _SQUARE) * (slope * slope - square)
            weights[name] -= np.float32(rate) * mean / (np.sqrt(square) + np.float32(_TINY))
