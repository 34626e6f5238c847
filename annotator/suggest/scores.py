"""Component after all others for entities: the probability that each entity is right.

It is a logistic function of cheap features of an entity. Its weights are trained by
`annotator.training.calibrate` and stored in the pipeline's folder; a pipeline without them gives no
scores. The scores are stored in `doc.user_data` as lists of `[start, end, label, score]`, so that a
Doc can be serialised.
"""

from __future__ import annotations

import json
import math
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from annotator.suggest import gazetteer
from annotator.suggest.encoder.encoder_pipe import chances_of
from annotator.suggest.name_shapes import LABEL_OF_LAST_WORD, PERSON_TITLES
from annotator.suggest.numbers import RECOGNISED, RULE_LABELS

KEY = "annotator_scores"
_FILE = "weights.json"
_OFTEN, _LONG = 3, 4
# Steps of the encoder's own chance; finer where most names lie.
_COARSE = 3
_CHANCES = (0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.94, 0.96, 0.975, 0.985, 0.99, 0.995, 0.998)
# No suggestion is certain, and none is hopeless.
_LOWEST, _HIGHEST = 0.02, 0.99


class Scores:
    """The component. `weights` are by the names of features from `features_of`."""

    def __init__(self, weights: Mapping[str, float] | None = None) -> None:
        self.weights = dict(weights or {})

    def __call__(self, doc: Doc) -> Doc:
        if self.weights:
            doc.user_data[KEY] = [
                [start, end, label, self.chance(features)]
                for (start, end, label), features in features_of(doc)
            ]
        return doc

    def chance(self, features: Iterable[str]) -> float:
        """The probability (0 to 1, two digits) that an entity with these features is right."""
        total = sum(self.weights.get(feature, 0.0) for feature in features)
        chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
        return round(min(_HIGHEST, max(_LOWEST, chance)), 2)

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:  # noqa: ARG002
        return json.dumps(self.weights, indent=1, sort_keys=True).encode("utf-8")

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Scores:  # noqa: ARG002
        self.weights = json.loads(data)
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:  # noqa: ARG002
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _FILE).write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Scores:  # noqa: ARG002
        return self.from_bytes((Path(path) / _FILE).read_bytes())


def scores_of(doc: Doc) -> dict[tuple[int, int, str], float]:
    """The score of each entity of `doc` by start, end (characters) and label; empty without any."""
    return {(start, end, label): score for start, end, label, score in doc.user_data.get(KEY, ())}


def features_of(doc: Doc) -> Iterator[tuple[tuple[int, int, str], list[str]]]:
    """Each entity (start, end, label) with the names of its features."""
    ents = doc.ents
    recognised = {(start, end): label for start, end, label in doc.user_data.get(RECOGNISED, ())}
    chances = chances_of(doc)
    often = Counter(ent.text for ent in ents)
    sure = gazetteer.labels_by_name()
    first_line = _first_line_end(doc)
    for ent in ents:
        label, text = ent.label_, ent.text
        place = ent.start_char, ent.end_char
        features = ["bias", f"label={label}"]
        if label not in RULE_LABELS:
            features += _certainty(chances.get((*place, label)), label)
            features += _agreement(label, text, recognised.get(place), sure)
            features += _shape(doc, ent.start, ent.end, label)
            count = often[text]
            features.append(f"places={count if count < _OFTEN else 'many'}")
            if place[0] < first_line:
                features.append("first line")
        yield (*place, label), features


def _certainty(chance: float | None, label: str) -> list[str]:
    """Features on the encoder's own chance of the entity, if the encoder found it."""
    if chance is None:
        return []
    step = bisect(_CHANCES, chance)
    return [f"chance={step}", f"chance={step // _COARSE * _COARSE}, {label}"]


def _agreement(label: str, text: str, recognised: str | None, sure: Mapping[str, str]) -> list[str]:
    """Features on whether recogniser and lists agree on an entity."""
    if recognised is None:
        made = "not recognised"
    else:
        made = "recognised" if recognised == label else "recognised as another"
    features = [made, f"{made}, {label}"]
    if text in sure:
        features.append("in the lists" if sure[text] == label else "other label in the lists")
    return features


def _shape(doc: Doc, start: int, end: int, label: str) -> list[str]:
    """Features on the form of an entity and the word before it."""
    first, last = doc[start].text, doc[end - 1].text
    length = end - start
    features = [f"words={length if length < _LONG else 'many'}", f"{label} of {min(length, 2)}"]
    if length > 1 and last in LABEL_OF_LAST_WORD:
        agrees = LABEL_OF_LAST_WORD[last] == label
        features.append("last word agrees" if agrees else "last word disagrees")
    if first.isupper() and len(first) > 1:
        features.append("capitals")
    elif not first[:1].isupper():
        features.append("small")
    if any(map(str.isdigit, doc[start:end].text)):
        features.append("digits")
    before = doc[start - 1] if start else None
    if before is None or before.text in '.!?"“:' or before.is_space:
        features.append("begins a sentence")
    elif before.text in PERSON_TITLES:
        features.append("title before")
    elif before.text[:1].isupper():
        features.append("capital before")
    if end < len(doc) and doc[end].text[:1].isupper():
        features.append("capital behind")
    return features


def _first_line_end(doc: Doc) -> int:
    text = doc.text
    begin = len(text) - len(text.lstrip())
    end = text.find("\n", begin)
    return end if end >= 0 else 0


@Language.factory("annotator_scores", requires=["doc.ents"])  # type: ignore[untyped-decorator]  # spaCy's
def make_scores(nlp: Language, name: str) -> Scores:  # noqa: ARG001  (spaCy names both)
    """The component; a trained pipeline loads its weights from disk."""
    return Scores()
