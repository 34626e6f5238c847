"""Fine-tunes the names head of a pipeline on finished reviews, and measures what it brought.

Three heads are taught: the one that is kept, from the reviews and all of the shipped gold, is
measured on the articles held out; two others learn from the reviews and one half of the gold each
and are measured on the other half, which says what the reviews cost on general news.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import srsly

from annotator.core.record import Record
from annotator.errors import ModelError
from annotator.suggest.encoder.encoder_pipe import HEADS, EncoderPipe
from annotator.suggest.numbers import RULE_LABELS
from annotator.suggest.pipeline import Pipeline
from annotator.suggest.scores import Scores
from annotator.training.calibrate import Case, cases_in, fit
from annotator.training.evaluation import unannotated
from annotator.training.gold import gold_of
from annotator.training.own_reviews.comparing import (
    Comparison,
    EntityCounts,
    compared,
    refuse_if_worse,
)
from annotator.training.own_reviews.holding_out import ReviewSplit
from annotator.training.own_reviews.lessons import Lesson, joined, lesson_of, not_learnt
from annotator.training.own_reviews.names_head import HeadCourse, Weights, taught

Progress = Callable[[int, int], None]
# Nothing in them changes entities, and they take as long as all others.
_BESIDE = ("lemmatizer", "annotator_claims")
# Fewer suggestions say less of scores than what the shipped ones were learnt from.
_ENOUGH_FOR_SCORES = 500
_FOLDS = 5
# Taught with half of the gold, with the other half, and with all of it.
_HEADS = 3


@dataclass(frozen=True)
class FineTuned:
    """What training brought: the weights of the heads and of the scores, and the measurements.

    `words` is the number of words that the head learnt from; `not_learnt` counts entities by label
    that neither the head nor a rule has.
    """

    heads: Weights
    scores: Mapping[str, float]
    held_out: Comparison
    general: Comparison
    words: int
    not_learnt: Mapping[str, int] = field(default_factory=dict)

    def files(self) -> dict[str, bytes]:
        """The files of the pipeline's folder that differ from the shipped ones."""
        return {
            f"annotator_encoder/{HEADS}": srsly.msgpack_dumps(self.heads),
            "annotator_scores/weights.json": Scores(self.scores).to_bytes(),
        }

    def scores_to_plain(self) -> dict[str, Any]:
        """The measurements as JSON values."""
        return {"held_out": self.held_out.to_plain(), "general": self.general.to_plain()}


def fine_tune(
    pipeline: Pipeline,
    reviews: ReviewSplit,
    gold: Sequence[Record],
    course: HeadCourse,
    progress: Progress,
) -> FineTuned:
    """Teach the names head; `pipeline` has the new heads afterwards.

    Raises ModelError if the pipeline has no encoder, if the articles held out did not get better,
    or if general news got worse by more than a point. `progress` is called with steps done and all.
    """
    encoder = encoder_in(pipeline)
    return _FineTuning(pipeline, reviews, gold, course, progress, encoder).run()


@dataclass(frozen=True, slots=True)
class _Measured:
    """One article as the pipeline found it: its counts, and its suggestions for the scores."""

    counts: EntityCounts
    cases: Sequence[Case]


@dataclass
class _FineTuning:
    pipeline: Pipeline
    reviews: ReviewSplit
    gold: Sequence[Record]
    course: HeadCourse
    progress: Progress
    encoder: EncoderPipe
    done: int = 0

    def run(self) -> FineTuned:
        shipped = dict(self.encoder.head_weights)
        mine = joined(map(self._lesson, self.reviews.taught))
        theirs = [self._lesson(record) for record in self.gold]
        self.course = self.course.within(len(mine))
        before = self._measured(self.reviews.held_out)
        general_before = self._measured(self.gold)
        halves = [
            self._measured(self.gold[half::2], self._taught(shipped, mine, theirs[1 - half :: 2]))
            for half in (0, 1)
        ]
        general = [halves[number % 2][number // 2] for number in range(len(self.gold))]
        heads = self._taught(shipped, mine, theirs)
        after = self._measured(self.reviews.held_out, heads)
        found = FineTuned(
            heads,
            better_scores([one.cases for one in (*after, *general)], self._known_scores()),
            _compared(before, after, self.course.seed),
            _compared(general_before, general, self.course.seed),
            len(mine),
            not_learnt(self.reviews.taught, self.encoder, RULE_LABELS),
        )
        refuse_if_worse(found.held_out, found.general)
        return found

    def _lesson(self, record: Record) -> Lesson:
        lesson = lesson_of(record, self.pipeline.nlp, self.encoder)
        self._step()
        return lesson

    def _taught(self, shipped: Weights, mine: Lesson, theirs: Sequence[Lesson]) -> Weights:
        return taught(shipped, mine, joined(theirs), self.course, self._step)

    def _measured(self, records: Sequence[Record], heads: Weights | None = None) -> list[_Measured]:
        """The articles as the pipeline finds them, with these heads from now on."""
        if heads is not None:
            self.encoder.take_heads(heads)
        nlp = self.pipeline.nlp
        golds = [gold_of(record) for record in records]
        found = []
        with nlp.select_pipes(disable=[name for name in nlp.pipe_names if name in _BESIDE]):
            docs = self.pipeline.docs(unannotated(nlp, gold) for gold in golds)
            for number, (gold, doc) in enumerate(zip(golds, docs, strict=True)):
                found.append(_Measured(EntityCounts.of(gold, doc), cases_in(gold, doc, number)))
                self._step()
        return found

    def _known_scores(self) -> Mapping[str, float]:
        if "annotator_scores" not in self.pipeline.nlp.pipe_names:
            return {}
        weights: Mapping[str, float] = self.pipeline.nlp.get_pipe("annotator_scores").weights
        return weights

    def _step(self) -> None:
        self.done += 1
        read = len(self.reviews.taught) + len(self.gold)
        measured = 2 * (len(self.reviews.held_out) + len(self.gold))
        self.progress(self.done, read + measured + _HEADS * self.course.epochs)


def encoder_in(pipeline: Pipeline) -> EncoderPipe:
    """The encoder of a pipeline; raises ModelError if it has none."""
    if "annotator_encoder" not in pipeline.nlp.pipe_names:
        raise ModelError(
            f"The pipeline {pipeline.id.name} has no encoder to train.",
            hint="Install a version of annotator whose pipeline has one.",
        )
    encoder = pipeline.nlp.get_pipe("annotator_encoder")
    assert isinstance(encoder, EncoderPipe)
    return encoder


def better_scores(
    texts: Sequence[Sequence[Case]], known: Mapping[str, float]
) -> Mapping[str, float]:
    """The weights of `annotator_scores` learnt anew from the suggestions in some texts.

    The `known` ones stay if there are none, if the suggestions are too few, or if the new ones are
    not nearer to the truth on texts that they were not learnt from (Brier 1950).
    """
    cases = [case for text in texts for case in text]
    if not known or len(cases) < _ENOUGH_FOR_SCORES:
        return known
    folds = [[case for text in texts[fold::_FOLDS] for case in text] for fold in range(_FOLDS)]
    new = 0.0
    for fold in folds:
        others = [case for other in folds if other is not fold for case in other]
        if len({case.right for case in others}) < 2:
            return known
        new += _squared(fold, fit(others, known))
    return fit(cases, known) if new < _squared(cases, known) else known


def _squared(cases: Sequence[Case], weights: Mapping[str, float]) -> float:
    scores = Scores(weights)
    return sum((scores.chance(case.features) - case.right) ** 2 for case in cases)


def _compared(before: Sequence[_Measured], after: Sequence[_Measured], seed: int) -> Comparison:
    counts = [[one.counts for one in side] for side in (before, after)]
    return compared(counts[0], counts[1], seed)
