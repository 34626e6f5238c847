"""The last stage: the head for sentence starts, taught anew on the encoder as it ships.

While the encoder learns, this head follows what still moves, and shares a layer with the tags.
Afterwards the vectors stand still, so it learns alone, from the vectors as the 8-bit encoder gives
them, and from tables of its own for shapes, places and blanks.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from annotator.suggest.encoder.heads import Weights, shapes_and_places
from annotator.suggest.encoder.runtime import Encoder
from annotator.suggest.encoder.word_features import Place, Shape
from annotator.training.encoder.window_rows import UNKNOWN, WindowRow

_log = logging.getLogger(__name__)
_INNER = 64
_BLANKS = 4
# How many numbers stand for a word's shape, its place, and the blanks beside it.
_TABLES = {"shapes": (len(Shape), 32), "places": (len(Place), 16), "blanks": (_BLANKS, 8)}
_BATCH, _WARM_UP = 512, 50
_DROP, _DECAY = 0.2, 0.01


@dataclass(frozen=True, slots=True)
class StartsCourse:
    """How often and how fast the head reads all words: the rate falls to nothing with the last
    step."""

    passes: int = 5
    rate: float = 2e-3
    seed: int = 7


@dataclass(frozen=True, slots=True)
class ReadWords:
    """Words as the encoder reads them: vectors (16 bits to save memory), and what stands beside.

    `blanks` are those of `Window`; `starts` is what is to be learnt, UNKNOWN where nothing is
    known.
    """

    vectors: NDArray[np.float16]
    shapes: NDArray[np.uint8]
    places: NDArray[np.uint8]
    blanks: NDArray[np.uint8]
    starts: NDArray[np.float32]


def read_words(encoder: Encoder, rows: Iterable[WindowRow]) -> ReadWords:
    """The words of windows with their sentence starts."""
    columns = [_columns(encoder, row) for row in rows]
    return ReadWords(*map(np.concatenate, zip(*columns, strict=True)))


def _columns(encoder: Encoder, row: WindowRow) -> tuple[NDArray[np.generic], ...]:
    window = row.window
    vectors = encoder(window)[np.array(window.firsts)].astype(np.float16)
    blanks = np.array(window.blanks, dtype=np.uint8)
    return vectors, *shapes_and_places(window), blanks, row.starts


def starts_head(words: ReadWords, course: StartsCourse) -> Weights:
    """The weights of a head for sentence starts with a layer of its own, by the names that
    `annotator.suggest.encoder.heads` knows."""
    torch.manual_seed(course.seed)
    known = torch.from_numpy(np.flatnonzero(words.starts != UNKNOWN))
    starts = torch.from_numpy(words.starts)
    head = _Head(words.vectors.shape[1])
    optimizer = torch.optim.AdamW(head.parameters(), lr=course.rate, weight_decay=_DECAY)
    steps = course.passes * -(-len(known) // _BATCH)
    done = 0
    for number in range(course.passes):
        mean = 0.0
        for some in known[torch.randperm(len(known))].split(_BATCH):
            for group in optimizer.param_groups:
                group["lr"] = course.rate * min(1.0, (done + 1) / _WARM_UP) * (1 - done / steps)
            odds = head(words, some)
            loss = F.binary_cross_entropy_with_logits(odds, starts[some])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            mean += loss.item() * len(some) / len(known)
            done += 1
        _log.info("pass %d of %d over %d words: %.4f", number + 1, course.passes, len(known), mean)
    return head.weights()


class _Head(nn.Module):
    """One hidden layer over a word's vector and what the tables say of it."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.tables = nn.ModuleDict({name: nn.Embedding(*size) for name, size in _TABLES.items()})
        self.sizes = [width, *(size for _, size in _TABLES.values())]
        self.mid, self.out = nn.Linear(sum(self.sizes), _INNER), nn.Linear(_INNER, 1)
        self.drop = nn.Dropout(_DROP)

    def forward(self, words: ReadWords, some: Tensor) -> Tensor:
        chosen = some.numpy()
        read = [torch.from_numpy(words.vectors[chosen].astype(np.float32))]
        for name, table in self.tables.items():
            read.append(table(torch.from_numpy(getattr(words, name)[chosen].astype(np.int64))))
        inner = F.gelu(self.mid(self.drop(torch.cat(read, dim=1))), approximate="tanh")
        odds: Tensor = self.out(self.drop(inner))[:, 0]
        return odds

    def weights(self) -> Weights:
        """The weights; of each table what it adds to the hidden layer."""
        vectors, *beside = self.mid.weight.detach().T.split(self.sizes)
        found = {
            "mid.weight": vectors,
            "mid.bias": self.mid.bias.detach(),
            "out.weight": self.out.weight.detach().T,
            "out.bias": self.out.bias.detach(),
        }
        for (name, table), part in zip(self.tables.items(), beside, strict=True):
            found[f"{name}.weight"] = table.weight.detach() @ part
        return {f"starts.{name}": one.numpy().copy() for name, one in found.items()}
