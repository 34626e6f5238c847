"""The scores of the shipped pipeline on the sample articles and on newswire."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from annotator.suggest.pipeline import Pipeline
from annotator.suggest.scores import Scores
from annotator.training.calibrate import Case, bins_of, cases_of
from annotator.training.evaluation import evaluate
from annotator.training.gold import read_label_map

SAMPLES = Path(__file__).parents[2] / "seeds" / "gold"
SHARED = os.environ.get("ANNOTATOR_TEST_DATA")


@contextmanager
def each_text_once(nlp: Language) -> Iterator[None]:
    """What is read twice, for figures and for cases, is analysed once."""
    analyse, done = nlp.pipe, dict[str, Doc]()

    def pipe(given: Iterable[Doc], **how: Any) -> Iterator[Doc]:
        docs = list(given)
        new = [doc for doc in docs if doc.text not in done]
        done.update((doc.text, doc) for doc in analyse(new, **how))
        return (done[doc.text] for doc in docs)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(nlp, "pipe", pipe)
        yield


@pytest.fixture(scope="module")
def measured(pipeline: Pipeline) -> tuple[dict[str, Any], list[Case]]:
    with each_text_once(pipeline.nlp):
        return evaluate(pipeline, SAMPLES), cases_of(pipeline.nlp, [SAMPLES])


@pytest.fixture
def figures(measured: tuple[dict[str, Any], list[Case]]) -> dict[str, Any]:
    return measured[0]


@pytest.fixture
def cases(measured: tuple[dict[str, Any], list[Case]]) -> list[Case]:
    return measured[1]


def share_right(pipeline: Pipeline, cases: list[Case], low: float, high: float) -> float:
    scores = pipeline.nlp.get_pipe("annotator_scores")
    assert isinstance(scores, Scores)
    inside = [case.right for case in cases if low <= scores.chance(case.features) < high]
    return sum(inside) / len(inside)


def test_most_entities_of_the_samples_are_found(figures: dict[str, Any]) -> None:
    assert figures["entities"]["f"] >= 0.84
    assert figures["entities"]["labels"]["PERSON"]["f"] >= 0.92
    assert figures["entities"]["labels"]["GPE"]["f"] >= 0.88


def test_junk_lines_of_the_samples_are_found(figures: dict[str, Any]) -> None:
    assert figures["junk"]["precision"] >= 0.95
    assert figures["junk"]["recall"] >= 0.85


def test_high_scores_are_right_and_low_ones_often_wrong(
    pipeline: Pipeline, cases: list[Case]
) -> None:
    assert share_right(pipeline, cases, 0.9, 1.0) >= 0.9
    assert share_right(pipeline, cases, 0.0, 0.6) <= 0.75


def _without_names(nlp: Language) -> list[str]:
    """The components that names and their scores do not depend on."""
    parse = ("tagger", "morphologizer", "lemmatizer", "parser", "annotator_claims")
    return [name for name in nlp.pipe_names if name in parse]


@pytest.mark.skipif(not SHARED, reason="ANNOTATOR_TEST_DATA is not set")
def test_names_in_newswire_and_their_scores(pipeline: Pipeline, tmp_path: Path) -> None:
    # Every third article, for the sake of time; the benchmark measures all.
    source = DocBin().from_disk(Path(str(SHARED)) / "dev" / "world_dev.spacy")
    gold = tmp_path / "newswire.spacy"
    DocBin(docs=list(source.get_docs(pipeline.nlp.vocab))[::3]).to_disk(gold)
    names = ("PERSON", "ORG", "LOCATION", "NORP", "FAC")
    nlp = pipeline.nlp
    with nlp.select_pipes(disable=_without_names(nlp)), each_text_once(nlp):
        found = evaluate(pipeline, gold, label_map=read_label_map("world"), labels=names)
        cases = cases_of(pipeline.nlp, [gold])
    scores = pipeline.nlp.get_pipe("annotator_scores")
    assert isinstance(scores, Scores)
    assert found["entities"]["f"] >= 0.74
    assert bins_of([(scores.chance(c.features), c.right) for c in cases])[1]["ece"] <= 0.05
