"""The encoder and its heads in torch, for training alone; `annotator.suggest.encoder` runs them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from annotator.suggest.encoder.word_features import Place, Shape

WIDTH, ATTENTION_HEADS, INNER, WORDS, POSITIONS = 384, 12, 1536, 30522, 512
_SHAPE_WIDTH, _PLACE_WIDTH = 32, 16
_NAMES, _MID, _ARC, _RELATION = 256, 256, 128, 96
_NEVER = -1e4


@dataclass(frozen=True)
class Batch:
    """Windows side by side, padded: `ids` and so on are (windows x pieces)."""

    ids: Tensor
    shapes: Tensor
    places: Tensor
    parts: Tensor
    mask: Tensor
    firsts: Tensor  # (windows x words): the first piece of each word, 0 where there is none
    is_word: Tensor  # (windows x words)


@dataclass(frozen=True)
class HeadScores:
    """What the heads say of the words of a batch, before any softmax; see `heads.HeadReading`."""

    names: Tensor
    tags: Tensor
    morphs: Tensor
    starts: Tensor
    arcs: Tensor
    dep: Tensor
    head: Tensor


class Layer(nn.Module):
    """One layer of BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        rows, size, _ = x.shape
        each = WIDTH // ATTENTION_HEADS
        qkv = self.qkv(x).view(rows, size, 3, ATTENTION_HEADS, each)
        query, key, value = qkv.permute(2, 0, 3, 1, 4)
        # By hand: faster on a CPU at this width than torch's own attention.
        scores = (query * each**-0.5) @ key.transpose(-1, -2) + mask
        mixed = (scores.softmax(-1) @ value).transpose(1, 2).reshape(rows, size, WIDTH)
        x = self.norm1(x + self.out(mixed))
        return self.norm2(x + self.down(F.gelu(self.up(x), approximate="tanh")))


class Network(nn.Module):
    """The encoder with its heads, for so many names' tags, parts of speech and so on."""

    def __init__(self, layers: int, *, names: int, tags: int, morphs: int, relations: int) -> None:
        super().__init__()
        self.words = nn.Embedding(WORDS, WIDTH)
        self.positions = nn.Parameter(torch.zeros(POSITIONS, WIDTH))
        self.shapes = nn.Embedding(len(Shape), WIDTH)
        self.places = nn.Embedding(len(Place), WIDTH)
        self.parts = nn.Embedding(2, WIDTH)
        for table in (self.shapes, self.places, self.parts):
            nn.init.normal_(table.weight, std=0.005)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(0.1)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.heads = _NetworkHeads(names, tags, morphs, relations)

    def forward(self, batch: Batch) -> HeadScores:
        scores: HeadScores = self.heads(self._words_of(batch), *self._features(batch))
        return scores

    def take_lower_layers(self, other: Network) -> None:
        """Become a copy of `other` with as many of its layers, from below, as this one has."""
        layers = {f"layers.{number}." for number in range(len(self.layers))}
        kept = {
            name: value
            for name, value in other.state_dict().items()
            if not name.startswith("layers.") or name[: name.index(".", 7) + 1] in layers
        }
        self.load_state_dict(kept)

    def encode(self, batch: Batch) -> Tensor:
        """The vectors of all pieces (windows x pieces x width)."""
        x = self.words(batch.ids) + self.positions[: batch.ids.shape[1]]
        x = x + self.shapes(batch.shapes) + self.places(batch.places) + self.parts(batch.parts)
        x = self.drop(self.norm(x))
        mask = ((~batch.mask).to(x.dtype) * _NEVER)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def _words_of(self, batch: Batch) -> Tensor:
        vectors = self.encode(batch)
        places = batch.firsts[..., None].expand(-1, -1, WIDTH)
        return vectors.gather(1, places)

    def _features(self, batch: Batch) -> tuple[Tensor, Tensor]:
        return batch.shapes.gather(1, batch.firsts), batch.places.gather(1, batch.firsts)


class _NetworkHeads(nn.Module):
    def __init__(self, names: int, tags: int, morphs: int, relations: int) -> None:
        super().__init__()
        self.shapes = nn.Embedding(len(Shape), _SHAPE_WIDTH)
        self.places = nn.Embedding(len(Place), _PLACE_WIDTH)
        width = WIDTH + _SHAPE_WIDTH + _PLACE_WIDTH
        self.names_mid, self.names_out = nn.Linear(width, _NAMES), nn.Linear(_NAMES, names)
        self.words_mid = nn.Linear(width, _MID)
        self.tags_out, self.morphs_out = nn.Linear(_MID, tags), nn.Linear(_MID, morphs)
        self.starts_out = nn.Linear(_MID, 1)
        self.arcs_dep, self.arcs_head = nn.Linear(width, _ARC), nn.Linear(width, _ARC)
        self.arcs_weight = nn.Parameter(torch.eye(_ARC) * 0.1)
        self.arcs_bias = nn.Parameter(torch.zeros(_ARC))
        self.relations_dep = nn.Linear(width, _RELATION)
        self.relations_head = nn.Linear(width, _RELATION)
        self.relations_out = nn.Linear(_RELATION, relations)
        self.drop = nn.Dropout(0.2)

    def forward(self, vectors: Tensor, shapes: Tensor, places: Tensor) -> HeadScores:
        x = self.drop(torch.cat([vectors, self.shapes(shapes), self.places(places)], -1))
        inner = self.drop(_gelu(self.words_mid(x)))
        dep, head = self.drop(_gelu(self.arcs_dep(x))), self.drop(_gelu(self.arcs_head(x)))
        arcs = dep @ self.arcs_weight @ head.transpose(-1, -2) + (head @ self.arcs_bias)[:, None]
        return HeadScores(
            self.names_out(self.drop(_gelu(self.names_mid(x)))),
            self.tags_out(inner),
            self.morphs_out(inner),
            self.starts_out(inner)[..., 0],
            arcs,
            self.relations_dep(x),
            self.relations_head(x),
        )

    def relations(self, scores: HeadScores, heads: Tensor) -> Tensor:
        """Scores of the label of each word's relation to its head (windows x words x labels)."""
        width = scores.head.shape[-1]
        chosen = scores.head.gather(1, heads[..., None].expand(-1, -1, width))
        return self.relations_out(self.drop(_gelu(scores.dep + chosen)))


def _gelu(x: Tensor) -> Tensor:
    return F.gelu(x, approximate="tanh")


def load_base(network: Network, file: Path) -> None:
    """Fill the encoder with the lower layers of MiniLM (`model.safetensors`)."""
    from safetensors.torch import load_file

    base = {name.removeprefix("bert."): value for name, value in load_file(file).items()}
    table = "embeddings."
    with torch.no_grad():
        network.words.weight.copy_(base[f"{table}word_embeddings.weight"])
        kind = base[f"{table}token_type_embeddings.weight"][0]
        network.positions.copy_(base[f"{table}position_embeddings.weight"] + kind)
        _copy(network.norm, base, f"{table}LayerNorm")
        for number, layer in enumerate(network.layers):
            _load_layer(layer, base, f"encoder.layer.{number}.")


def _load_layer(layer: Any, base: dict[str, Tensor], name: str) -> None:
    own = f"{name}attention.self."
    for kind in ("weight", "bias"):
        parts = [base[f"{own}{part}.{kind}"] for part in ("query", "key", "value")]
        getattr(layer.qkv, kind).copy_(torch.cat(parts))
    _copy(layer.out, base, f"{name}attention.output.dense")
    _copy(layer.norm1, base, f"{name}attention.output.LayerNorm")
    _copy(layer.up, base, f"{name}intermediate.dense")
    _copy(layer.down, base, f"{name}output.dense")
    _copy(layer.norm2, base, f"{name}output.LayerNorm")


def _copy(module: Any, base: dict[str, Tensor], name: str) -> None:
    module.weight.copy_(base[f"{name}.weight"])
    module.bias.copy_(base[f"{name}.bias"])
