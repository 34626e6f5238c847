"""What the names head reads of a finished review, and what it should say of each word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from annotator.core.annotations import Verdict
from annotator.core.record import Record
from annotator.suggest.encoder.encoder_pipe import EncoderPipe
from annotator.suggest.encoder.heads import inputs, shapes_and_places
from annotator.suggest.encoder.runtime import Vectors
from annotator.training.corpora import marked_doc

_UNKNOWN, _OUTSIDE = -1, 0
_SIDES = {1: "I", 3: "B"}


@dataclass(frozen=True, slots=True)
class Lesson:
    """Words of which a reviewer said what they are.

    `vectors` (words x width, 16 bits to save memory) are the encoder's, `shapes` and `places` what
    the heads read beside them, `tags` the numbers of the right tags of names.
    """

    vectors: NDArray[np.float16]
    shapes: NDArray[np.uint8]
    places: NDArray[np.uint8]
    tags: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.tags)

    def inputs(self, weights: Mapping[str, NDArray[np.float32]]) -> Vectors:
        """What the head reads of each word, as `heads.Heads.read` puts it together."""
        return inputs(weights, self.vectors.astype(np.float32), self.shapes, self.places)

    def some(self, words: NDArray[np.int64]) -> Lesson:
        """The lesson of some of its words."""
        return Lesson(self.vectors[words], self.shapes[words], self.places[words], self.tags[words])


def lesson_of(record: Record, nlp: Language, encoder: EncoderPipe) -> Lesson:
    """The lesson of one finished review, its article read in the windows of the component.

    Words that nobody decided on are left out, and so are junk lines, in which nobody marks names.
    Entities that the head has no label for are outside for it: it should not name them.
    """
    plain = record.to_dict()
    doc = marked_doc(
        nlp, plain["text"], plain["entities"], [*plain.get("unknown", ()), *plain["junk"]]
    )
    tags = np.array(_tags(doc, encoder.name_tags.tags), dtype=np.int16)
    for _, earlier in takewhile(lambda named: named[1] is not encoder, nlp.pipeline):
        doc = earlier(doc)
    windows = list(encoder.windows(doc))
    if not windows:
        return _NOTHING
    words = np.concatenate([window.words for window in windows])
    found = tags[words]
    beside = [shapes_and_places(window) for window in windows]
    whole = Lesson(
        np.concatenate([encoder.vectors(window).astype(np.float16) for window in windows]),
        np.concatenate([shapes for shapes, _ in beside]),
        np.concatenate([places for _, places in beside]),
        found,
    )
    return whole.some(np.flatnonzero(found != _UNKNOWN))


def joined(lessons: Iterable[Lesson]) -> Lesson:
    """All the words of some lessons."""
    rows = [(one.vectors, one.shapes, one.places, one.tags) for one in lessons if len(one)]
    return Lesson(*map(np.concatenate, zip(*rows, strict=True))) if rows else _NOTHING


def not_learnt(
    records: Iterable[Record], encoder: EncoderPipe, by_rule: Sequence[str]
) -> Counter[str]:
    """Decided entities by label where neither the head nor a rule knows the label."""
    known = {*encoder.name_tags.labels, *by_rule}
    return Counter(
        entity.label
        for record in records
        for entity in record.entities
        if entity.verdict is not Verdict.PENDING and entity.label not in known
    )


def _tags(doc: Doc, tags: Sequence[str]) -> list[int]:
    """The number of each word's tag; a tag that the head does not have is outside."""
    numbers = {tag: number for number, tag in enumerate(tags)}
    return [
        _UNKNOWN
        if token.ent_iob == 0
        else numbers.get(f"{_SIDES.get(token.ent_iob, 'O')}-{token.ent_type_}", _OUTSIDE)
        for token in doc
    ]


_NOTHING = Lesson(
    np.zeros((0, 0), np.float16),
    np.zeros(0, np.uint8),
    np.zeros(0, np.uint8),
    np.zeros(0, np.int16),
)
