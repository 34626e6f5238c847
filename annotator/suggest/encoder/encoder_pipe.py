"""Component `annotator_encoder`: names, tags, trees and sentence ends from one encoder.

It stands where other pipelines have tok2vec, tagger, morphologizer, parser and ner. Sentence starts
that are set before it (by `annotator_paragraphs`) are kept. The chance of each name's tags lies in
`doc.user_data`, for `annotator_scores`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import srsly
from numpy.typing import NDArray
from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.vocab import Vocab

from annotator.errors import ModelError
from annotator.suggest.encoder.bio import BioTags
from annotator.suggest.encoder.heads import HeadReading, Heads, Weights
from annotator.suggest.encoder.runtime import Encoder, Runtime, Vectors, encoder_of
from annotator.suggest.encoder.trees import best_tree
from annotator.suggest.encoder.windows import TextLayout, Window, glued_words, windows_of
from annotator.suggest.encoder.word_pieces import WordPieces
from annotator.suggest.paragraphs import paragraph_ends

KEY = "annotator_encoder"
ENCODER, HEADS, CLASSES = "encoder.onnx", "heads.msgpack", "classes.json"
_ATTRIBUTES = ("TAG", "POS", "MORPH", "HEAD", "DEP")
_MONEY = frozenset("$€£¥₹₽₩")
_NEVER = -1e3


class EncoderPipe:
    """The component; empty until it is loaded from a folder or from bytes."""

    def __init__(self, vocab: Vocab, runtime: Runtime = Runtime.AUTO) -> None:
        self.vocab, self.runtime = vocab, runtime
        self._files: Mapping[str, bytes] = {}
        self._encoder: Encoder | None = None

    def use(self, runtime: str) -> None:
        """Run the encoder by `auto`, `onnxruntime` or `numpy` from now on."""
        self.runtime, self._encoder = Runtime(runtime), None

    def __call__(self, doc: Doc) -> Doc:
        if not self._files:
            raise ModelError("The encoder has no weights.", hint="Load a trained pipeline.")
        if len(doc):
            self._annotate(doc)
        return doc

    @property
    def name_tags(self) -> BioTags:
        """The tags that the names head tells apart."""
        return self._bio

    @property
    def head_weights(self) -> Weights:
        """The weights of the heads."""
        return self._heads.weights

    def take_heads(self, weights: Weights) -> None:
        """Use these weights of the heads from now on."""
        self._files = {**self._files, HEADS: srsly.msgpack_dumps(dict(weights))}
        self._heads = Heads(weights)

    def windows(self, doc: Doc) -> Iterator[Window]:
        """The windows of a text: lines are its paragraphs, and junk lines are read apart, so that
        what stands around an article does not change how it is read."""
        junk = doc.spans.get("junk", ())
        cuts = frozenset(place for span in junk for place in (span.start, span.end))
        words = [token.text for token in doc]
        glued = glued_words(words, doc.to_array("SPACY").tolist())
        layout = TextLayout(frozenset(paragraph_ends(doc)), cuts, glued)
        return windows_of(words, self._pieces, layout)

    def vectors(self, window: Window) -> Vectors:
        """The encoder's vectors of the words of a window (words x width)."""
        if self._encoder is None:  # Made at the first text, so that loading is quick.
            self._encoder = encoder_of(self._files[ENCODER], self.runtime)
        vectors: Vectors = self._encoder(window)[np.array(window.firsts)]
        return vectors

    def _annotate(self, doc: Doc) -> None:
        starts = doc.to_array("SENT_START").astype(np.int64)
        columns = _Columns.of(doc)
        found: list[Vectors] = []
        words: list[int] = []
        for window in self.windows(doc):
            reading = self._heads.read(self.vectors(window), window)
            found.append(reading.names)
            words += window.words
            self._add_trees(reading, np.array(window.words), starts, columns)
        columns.write(doc)
        if words:
            names = np.concatenate(found)
            # No name goes on into another paragraph.
            names[starts[words] == 1, 2::2] = _NEVER
            self._add_names(doc, words, names)

    def _add_trees(
        self, reading: HeadReading, places: NDArray[np.int64], starts: Any, columns: _Columns
    ) -> None:
        """Tags, and a tree for each sentence of a window."""
        columns.tags[places] = self._tags[reading.tags.argmax(axis=1)]
        morphs = reading.morphs.argmax(axis=1)
        columns.pos[places], columns.morphs[places] = self._pos[morphs], self._morphs[morphs]
        heads = np.arange(len(places))
        for sentence in _sentences(reading.starts, starts[places]):
            heads[sentence] = sentence.start + np.array(
                best_tree(reading.arcs[sentence, sentence]), dtype=np.int64
            )
        columns.heads[places] = places[heads] - places
        relations = self._heads.relations(reading, heads.tolist())
        # Only the root has no head but itself, and only the root is called so.
        root = self._relations_root
        relations[:, root] = _NEVER
        labels = self._relations[relations.argmax(axis=1)]
        labels[heads == np.arange(len(places))] = self._relations[root]
        columns.relations[places] = labels

    def _add_names(self, doc: Doc, words: Sequence[int], chances: Vectors) -> None:
        """Names among the `words` (numbers of tokens), from the log chances of their tags."""
        for at, word in enumerate(words):
            if not _MONEY.isdisjoint(doc[word].text):
                chances[at, 1:] = _NEVER  # US$ is an amount's, not a place
        found, scores = [], []
        for start, end, label in self._bio.names(self._bio.best(chances)):
            name = Span(doc, words[start], words[end - 1] + 1, label=label)
            tag = self._bio.tags.index(f"B-{label}")
            inside = chances[start + 1 : end, tag + 1]
            score = float(np.exp(np.append(inside, chances[start, tag]).min()))
            found.append(name)
            scores.append([name.start_char, name.end_char, label, round(score, 4)])
        doc.set_ents(found)
        doc.user_data[KEY] = scores

    def score(self, examples: Iterable[Example], **_: Any) -> dict[str, Any]:
        """What spaCy's own components for the same are scored by."""
        every = list(examples)
        scores: dict[str, Any] = {}
        scores.update(Scorer.score_token_attr(every, "tag"))
        scores.update(Scorer.score_token_attr(every, "pos"))
        scores.update(Scorer.score_spans(every, "ents", allow_overlap=False))
        scores.update(Scorer.score_spans(every, "sents", has_annotation=_has_sentences))
        scores.update(Scorer.score_deps(every, "dep"))
        return scores

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:  # noqa: ARG002
        data: bytes = srsly.msgpack_dumps(dict(self._files))
        return data

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> EncoderPipe:  # noqa: ARG002
        return self._load(srsly.msgpack_loads(data))

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:  # noqa: ARG002
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in self._files.items():
            (folder / name).write_bytes(data)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> EncoderPipe:  # noqa: ARG002
        return self._load(_Folder(Path(path)))

    def _load(self, files: Mapping[str, bytes]) -> EncoderPipe:
        self._files, self._encoder = files, None
        told = json.loads(files[CLASSES])
        self._heads = Heads(srsly.msgpack_loads(files[HEADS]))
        self._pieces = WordPieces(told["pieces"])
        self._bio = BioTags(told["labels"])
        strings, morphology = self.vocab.strings, self.vocab.morphology
        parts = [morph.partition("|") for morph in told["morphs"]]
        self._tags = _hashes(map(strings.add, told["tags"]))
        self._pos = np.array([_pos_number(pos) for pos, _, _ in parts], dtype=np.uint64)
        self._morphs = _hashes(morphology.add(features) for _, _, features in parts)
        self._relations = _hashes(map(strings.add, told["relations"]))
        self._relations_root = told["relations"].index("ROOT")
        return self


class _Folder(Mapping[str, bytes]):
    """The files of a folder, read when they are wanted: 20 MB less to keep in every worker."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __getitem__(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def __iter__(self) -> Iterator[str]:
        return iter((ENCODER, HEADS, CLASSES))

    def __len__(self) -> int:
        return 3


class _Columns:
    """Attributes of all tokens, written into the Doc in one go."""

    def __init__(self, size: int) -> None:
        self.tags, self.pos, self.morphs, self.relations = (
            np.zeros(size, dtype=np.uint64) for _ in range(4)
        )
        self.heads = np.zeros(size, dtype=np.int64)

    @classmethod
    def of(cls, doc: Doc) -> _Columns:
        """As they are for blanks, which hang on the word before them, or on the first word."""
        columns = cls(len(doc))
        columns.heads[1:] = -1
        first = next((token.i for token in doc if not token.is_space), 0)
        columns.heads[:first] = first - np.arange(first)
        strings, morphology = doc.vocab.strings, doc.vocab.morphology
        columns.tags[:] = strings.add("_SP")
        columns.pos[:] = _pos_number("SPACE")
        columns.morphs[:] = morphology.add("")
        columns.relations[:] = strings.add("dep")
        return columns

    def write(self, doc: Doc) -> None:
        heads = self.heads.astype(np.uint64)
        table = np.stack([self.tags, self.pos, self.morphs, heads, self.relations], axis=1)
        doc.from_array(list(_ATTRIBUTES), table)


def _sentences(starts: NDArray[np.float32], set_before: NDArray[np.int64]) -> Iterator[slice]:
    """The sentences of a window's words, from the odds of starts and from those set before."""
    begins = ((starts > 0) | (set_before == 1)) & (set_before != -1)
    begins[0] = True
    edges = [*np.flatnonzero(begins).tolist(), len(begins)]
    for start, end in pairwise(edges):
        yield slice(start, end)


def _hashes(values: Iterable[int]) -> NDArray[np.uint64]:
    return np.array(list(values), dtype=np.uint64)


def _pos_number(name: str) -> int:
    from spacy.parts_of_speech import IDS

    return int(IDS.get(name, 0))


def _has_sentences(doc: Doc) -> bool:
    return bool(doc.has_annotation("SENT_START"))


def chances_of(doc: Doc) -> dict[tuple[int, int, str], float]:
    """The encoder's chance (0 to 1) of each name it found, by start, end (characters) and label."""
    return {(start, end, label): chance for start, end, label, chance in doc.user_data.get(KEY, ())}


@Language.factory(  # type: ignore[untyped-decorator]
    "annotator_encoder",
    assigns=["doc.ents", "token.tag", "token.pos", "token.morph", "token.dep", "token.head"],
    default_config={"runtime": "auto"},
)
def make_encoder(nlp: Language, name: str, runtime: str) -> EncoderPipe:  # noqa: ARG001
    """The component; `runtime` is `auto`, `onnxruntime` or `numpy`."""
    return EncoderPipe(nlp.vocab, Runtime(runtime))
