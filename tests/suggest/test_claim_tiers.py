"""Scores and tiers of patterns."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest

from annotator.suggest.claims.tiers import plainer, rated
from annotator.training.claim_metrics import Precision
from annotator.training.claim_tiers import table, write

TABLE = json.loads(files("annotator.suggest.claims").joinpath("tiers.json").read_text("utf-8"))


def test_a_pattern_is_a_case_of_more_general_ones() -> None:
    assert plainer("quote speech finite") == ("quote speech finite", "quote speech", "quote")


def test_a_rare_pattern_gets_the_score_of_the_general_one() -> None:
    assert rated("quote speech finite never-seen") == rated("quote speech finite")


def test_an_unmeasured_pattern_is_tier_b_without_score() -> None:
    assert rated("telepathy") == ("B", None)


def test_tier_a_is_right_nine_times_in_ten() -> None:
    best = [row for row in TABLE["patterns"].values() if row["tier"] == "A"]
    assert best
    assert all(row["half"] >= 0.9 and row["tuple"] >= 0.8 for row in best)


def test_scores_are_probabilities() -> None:
    assert all(0.0 <= row["score"] <= 1.0 for row in TABLE["patterns"].values())


def test_few_cases_are_shrunk_to_the_general_pattern() -> None:
    rows = table({"a b": Precision(90, 1.0, 1.0), "a c": Precision(10, 0.0, 0.0)})
    assert rows["a"]["tuple"] == pytest.approx(0.9)
    assert 0.0 < rows["a c"]["score"] < 0.5 < rows["a b"]["score"]


def test_patterns_with_few_cases_get_no_row() -> None:
    assert "a b" not in table({"a b": Precision(2, 1.0, 1.0)})


def test_the_table_survives_a_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "tiers.json"
    write({"quote speech": Precision(40, 0.95, 0.9)}, texts=3, path=path)
    written = json.loads(path.read_text("utf-8"))
    assert written["measured"] == {"texts": 3, "claims": 40}
    assert written["patterns"]["quote speech"]["tier"] == "A"


def test_a_claim_within_a_claim_is_never_surer_than_one_outside() -> None:
    _, outside = rated("clause speech finite")
    tier, score = rated("nested clause speech finite")
    assert outside is not None
    assert score is not None
    assert (tier, 0.0 < score < outside) == ("B", True)


def test_claims_within_claims_are_not_measured_on_gold_without_them() -> None:
    assert table({"nested quote": Precision(50, 0.0, 0.0)}) == {}
