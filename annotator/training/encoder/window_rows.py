"""Training texts as windows with what is to be learnt of each word."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from spacy.tokens import Doc
from torch import Tensor

from annotator.suggest.encoder.bio import BioTags
from annotator.suggest.encoder.windows import Window, lines_of, windows_of
from annotator.suggest.encoder.word_pieces import WordPieces
from annotator.training.encoder.network import Batch

UNKNOWN = -100
_RARE = 2
_SIDES = {1: "I-", 3: "B-"}


@dataclass(frozen=True)
class Classes:
    """What the heads tell apart, each with its number.

    A morph is a coarse part of speech with features, such as `VERB|Tense=Past`.
    """

    names: BioTags
    tags: tuple[str, ...]
    morphs: tuple[str, ...]
    relations: tuple[str, ...]

    def sizes(self) -> dict[str, int]:
        """How many classes each head has, as `Network` takes them."""
        return {
            "names": len(self.names.tags),
            "tags": len(self.tags),
            "morphs": len(self.morphs),
            "relations": len(self.relations),
        }


def classes_of(docs: Iterable[Doc], labels: Sequence[str]) -> Classes:
    """The classes that treebanks have at least twice, and the labels of names."""
    tags, morphs, relations = Counter[str](), Counter[str](), Counter[str]()
    for doc in docs:
        for token in doc:
            tags[token.tag_] += 1
            morphs[morph_of(token)] += 1
            relations[token.dep_] += 1
    often = (
        tuple(sorted(one for one, n in found.items() if n >= _RARE and one))
        for found in (tags, morphs, relations)
    )
    return Classes(BioTags(labels), *often)


def morph_of(token: object) -> str:
    """A token's coarse part of speech and features as one class."""
    return f"{token.pos_}|{token.morph}"  # type: ignore[attr-defined]  # spaCy's are untyped here


@dataclass
class WindowRow:
    """A window and its targets, one for each word; UNKNOWN where nothing is known.

    `names` are tags, or chances of all tags (words x tags). `heads` are places among the words of
    the window, `sentences` number them by their sentences (all 0 where those are not known).
    """

    window: Window
    names: NDArray[np.generic]
    tags: NDArray[np.int64]
    morphs: NDArray[np.int64]
    starts: NDArray[np.float32]
    heads: NDArray[np.int64]
    relations: NDArray[np.int64]
    sentences: NDArray[np.int64]
    weight: float = field(default=1.0)


def rows_of(doc: Doc, pieces: WordPieces, classes: Classes) -> Iterator[WindowRow]:
    """The windows of an annotated document; of what it does not say nothing is learnt."""
    numbers = {
        name: {one: number for number, one in enumerate(getattr(classes, name))}
        for name in ("tags", "morphs", "relations")
    }
    names = {tag: number for number, tag in enumerate(classes.names.tags)}
    parsed = doc.has_annotation("DEP")
    sentence = np.cumsum([bool(token.is_sent_start) for token in doc]) if parsed else None
    words = [token.text for token in doc]
    spaces = [bool(token.whitespace_) for token in doc]
    for window in windows_of(words, pieces, lines_of(words, spaces)):
        tokens = [doc[word] for word in window.words]
        size = len(tokens)
        if not size:
            continue
        none = np.full(size, UNKNOWN, dtype=np.int64)
        row = WindowRow(
            window,
            np.array([_name(token, names) for token in tokens], dtype=np.int64),
            none, none, none.astype(np.float32), none, none,
            np.zeros(size, dtype=np.int64),
        )  # fmt: skip
        if sentence is not None:
            _add_tree(row, tokens, numbers, sentence)
        yield row


def _name(token: object, names: Mapping[str, int]) -> int:
    iob = token.ent_iob  # type: ignore[attr-defined]
    if iob == 0:
        return UNKNOWN
    side = _SIDES.get(iob)
    return names.get(f"{side}{token.ent_type_}", UNKNOWN) if side else 0  # type: ignore[attr-defined]


def _add_tree(
    row: WindowRow,
    tokens: Sequence[object],
    numbers: Mapping[str, Mapping[str, int]],
    sentence: object,
) -> None:
    """Fill in tags, sentence starts and tree from a treebank."""
    place = {token.i: at for at, token in enumerate(tokens)}  # type: ignore[attr-defined]
    get = numbers["tags"].get, numbers["morphs"].get, numbers["relations"].get
    columns: list[list[float]] = [[], [], [], [], [], []]
    for token in tokens:
        head = place.get(token.head.i, UNKNOWN)  # type: ignore[attr-defined]
        if token.is_space:  # type: ignore[attr-defined]
            head = UNKNOWN
        values = (
            get[0](token.tag_, UNKNOWN),  # type: ignore[attr-defined]
            get[1](morph_of(token), UNKNOWN),
            float(bool(token.is_sent_start)),  # type: ignore[attr-defined]
            head,
            get[2](token.dep_, UNKNOWN) if head != UNKNOWN else UNKNOWN,  # type: ignore[attr-defined]
            sentence[token.i],  # type: ignore[attr-defined,index]
        )
        for column, value in zip(columns, values, strict=True):
            column.append(value)
    row.tags, row.morphs = np.array(columns[0], np.int64), np.array(columns[1], np.int64)
    row.starts = np.array(columns[2], np.float32)
    row.heads, row.relations = np.array(columns[3], np.int64), np.array(columns[4], np.int64)
    row.sentences = np.array(columns[5], np.int64)


@dataclass(frozen=True)
class Targets:
    """The targets of a batch, padded with UNKNOWN: (windows x words), `names` also x tags."""

    names: Tensor
    tags: Tensor
    morphs: Tensor
    starts: Tensor
    heads: Tensor
    relations: Tensor
    sentences: Tensor


def batched(
    rows: Sequence[WindowRow], pieces: int, rng: random.Random | None = None
) -> Iterator[tuple[list[WindowRow], Batch, Targets]]:
    """Rows of like length together, about so many pieces a batch; in random order with `rng`.

    Rows whose names are chances are kept apart from those whose names are tags.
    """
    groups: list[list[WindowRow]] = []
    for soft in (False, True):
        some = [row for row in rows if (row.names.ndim == 2) is soft]
        some.sort(key=lambda row: len(row.window.ids) + (rng.random() * 20 if rng else 0))
        groups += _groups(some, pieces)
    if rng:
        rng.shuffle(groups)
    for group in groups:
        yield group, batch_of([row.window for row in group]), _targets(group)


def _groups(rows: Sequence[WindowRow], pieces: int) -> Iterator[list[WindowRow]]:
    now: list[WindowRow] = []
    for row in rows:
        if now and len(row.window.ids) * (len(now) + 1) > pieces:
            yield now
            now = []
        now.append(row)
    if now:
        yield now


def batch_of(windows: Sequence[Window]) -> Batch:
    """Windows side by side."""
    mask = _padded([[True] * len(window.ids) for window in windows], False)
    words = [[True] * len(window.firsts) for window in windows]
    ids, shapes, places, parts = (
        _padded([getattr(window, name) for window in windows], 0)
        for name in ("ids", "shapes", "places", "parts")
    )
    firsts = _padded([window.firsts for window in windows], 0)
    return Batch(ids, shapes, places, parts, mask, firsts, _padded(words, False))


def _padded(columns: Sequence[Sequence[int]], empty: int) -> Tensor:
    width = max(map(len, columns))
    return torch.tensor([[*column, *[empty] * (width - len(column))] for column in columns])


def _targets(rows: Sequence[WindowRow]) -> Targets:
    def column(name: str) -> Tensor:
        return _stacked([getattr(row, name) for row in rows])

    names = ("names", "tags", "morphs", "starts", "heads", "relations", "sentences")
    return Targets(*map(column, names))


def _stacked(arrays: Sequence[NDArray[np.generic]]) -> Tensor:
    width = max(len(one) for one in arrays)
    shape = (len(arrays), width, *arrays[0].shape[1:])
    out = np.full(shape, UNKNOWN, dtype=np.float32 if arrays[0].dtype.kind == "f" else np.int64)
    for number, one in enumerate(arrays):
        out[number, : len(one)] = one
    return torch.from_numpy(out)
