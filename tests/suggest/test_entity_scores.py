"""Scores of entities: learnt, applied, kept."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc, DocBin, Span

from annotator.errors import ModelError
from annotator.suggest.scores import KEY, Scores, features_of, scores_of
from annotator.training.calibrate import Case, bins_of, cases_of, fit, reliability
from tests.helpers.english import english

WEIGHTS = {"bias": 1.0, "label=ORG": -0.5, "in the lists": 2.0}


def doc_with(label: str) -> Doc:
    doc = Doc(english().vocab, words=["They", "left", "Damascus", "."])
    doc.ents = [Span(doc, 2, 3, label=label)]
    return doc


def cases(count: int = 600) -> list[Case]:
    """Cases of two kinds, right nine times and three times in ten."""
    rng = random.Random(1)
    kinds = (("good", 0.9), ("bad", 0.3))
    return [
        Case(("bias", name), rng.random() < chance, text)
        for text in range(count)
        for name, chance in [kinds[text % 2]]
    ]


def test_every_entity_has_a_score() -> None:
    doc = Scores(WEIGHTS)(doc_with("GPE"))
    assert doc.user_data[KEY] == [[10, 18, "GPE", 0.95]]
    assert scores_of(doc) == {(10, 18, "GPE"): 0.95}


def test_without_weights_there_are_no_scores() -> None:
    assert scores_of(Scores()(doc_with("GPE"))) == {}


def test_features_follow_the_lists() -> None:
    ((_, right),) = features_of(doc_with("GPE"))
    ((_, wrong),) = features_of(doc_with("PERSON"))
    assert "in the lists" in right
    assert "other label in the lists" in wrong


def test_weights_survive_bytes() -> None:
    assert Scores().from_bytes(Scores(WEIGHTS).to_bytes()).weights == WEIGHTS


def test_scores_are_the_share_of_right_ones() -> None:
    scores = Scores(fit(cases()))
    assert scores.chance(("bias", "good")) == pytest.approx(0.9, abs=0.05)
    assert scores.chance(("bias", "bad")) == pytest.approx(0.3, abs=0.06)


def test_reliability_is_measured_on_held_out_texts() -> None:
    bins, distance = reliability(cases())
    assert sum(each.count for each in bins) == 600
    assert distance["ece"] < 0.06


def test_a_case_counts_by_its_weight() -> None:
    many = [Case(("bias",), number % 10 > 0, number) for number in range(900)]
    few = [Case(("bias",), number % 10 < 3, number, weight=9.0) for number in range(100)]
    assert Scores(fit([*many, *few])).chance(("bias",)) == pytest.approx(0.6, abs=0.02)
    equal = [Case(one.features, one.right, one.text) for one in (*many, *few)]
    assert Scores(fit(equal)).chance(("bias",)) == pytest.approx(0.84, abs=0.02)


def test_cases_of_a_small_gold_count_more(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "GPE", "pattern": "Damascus"}])
    files = []
    for texts in (8, 2):
        files.append(tmp_path / f"{texts}.spacy")
        docs = [nlp(f"They left Damascus {number} times.") for number in range(texts)]
        DocBin(docs=docs).to_disk(files[-1])
    found = cases_of(nlp, files)
    assert [case.weight for case in found] == [1.0] * 8 + [2.0] * 2
    assert cases_of(nlp, []) == []


def test_bins_have_mean_score_and_share_right() -> None:
    bins, distance = bins_of([(0.95, True), (0.95, False), (0.15, False)])
    assert (bins[9].count, bins[9].mean, bins[9].right) == (2, 0.95, 0.5)
    assert distance["ece"] == pytest.approx((2 * 0.45 + 0.15) / 3)


def test_without_wrong_cases_nothing_is_learnt() -> None:
    with pytest.raises(ModelError):
        fit([Case(("bias",), True, 0)])
