"""Gold, label maps, and scores."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc, DocBin, Span

from annotator.cli.evaluate import _gold_lines, _lines
from annotator.core.record import PipelineId
from annotator.errors import AnnotatorError, RecordError
from annotator.suggest.pipeline import Pipeline, add_missing
from annotator.training.evaluation import MatchTally, bounds, evaluate
from annotator.training.gold import read_label_map
from tests.helpers.english import english

GOLD = Path(__file__).parents[2] / "seeds" / "gold"


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    """A pipeline that knows one place and one person."""
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns(
        [{"label": "GPE", "pattern": "Velmoor"}, {"label": "PERSON", "pattern": "Ann Lee"}]
    )
    add_missing(nlp)
    return Pipeline(nlp, PipelineId("ruler", "1", "0"))


def gold_file(path: Path, label: str = "LOCATION") -> Path:
    doc = Doc(english().vocab, words=["The", "Velmoor", "met", "Ann", "Lee", "in", "Ystad"])
    doc.ents = [Span(doc, 0, 2, label=label), Span(doc, 6, 7, label=label)]
    DocBin(docs=[doc]).to_disk(path)
    return path


def map_file(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_gold_says_what_kind_it_is_and_what_was_made_without_suggestions(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    lines = [json.loads(path.read_text("utf-8")) for path in sorted(GOLD.glob("*.jsonl"))[:2]]
    lines[0]["review"] |= {"assisted": False, "bulk": 0}
    lines[1]["pipeline"] = {"name": "ruler", "version": "1", "hash": pipeline.id.hash}
    file = tmp_path / "gold.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    found = evaluate(pipeline, file)
    assert found["gold"]["help"] == {"assisted": 1, "unassisted": 1, "unknown": 0}
    assert found["gold"]["articles"]["single"] == 2
    assert found["gold"]["same_pipeline"] == 1
    assert "suggestions of this very pipeline" in found["gold"]["warnings"][0]
    alone = found["unassisted"]
    file.write_text(json.dumps(lines[0]) + "\n", encoding="utf-8")
    again = evaluate(pipeline, file)
    assert alone == {name: again[name] for name in ("articles", "entities", "claims", "junk")}
    assert "unassisted" not in again
    text = [*_gold_lines(found["gold"]), *_lines({"unassisted": alone})]
    assert text[0] == (
        "gold: articles 2 single; records 1 assisted, 1 unassisted "
        "(1 with suggestions of this very pipeline)"
    )
    assert any(line.startswith("unassisted") for line in text)


def test_a_spacy_file_says_nothing_of_its_makers(pipeline: Pipeline, tmp_path: Path) -> None:
    assert "gold" not in evaluate(pipeline, gold_file(tmp_path / "g.spacy", "GPE"))
    assert list(_gold_lines({})) == []


def test_a_tally_counts_right_found_and_wanted() -> None:
    tally = MatchTally()
    tally.add({1, 2, 3, 4}, {3, 4, 5})
    figures = tally.figures()
    assert (figures["precision"], figures["recall"]) == (2 / 3, 1 / 2)
    assert figures["f"] == pytest.approx(4 / 7)


def test_empty_gold_and_empty_results_score_zero() -> None:
    assert MatchTally().figures()["f"] == 0.0


@pytest.mark.parametrize("text", ["the United Nations", "United Nations's", "The United Nations’s"])
def test_articles_and_possessives_are_left_out(text: str) -> None:
    start, end = bounds(text, 0, len(text))
    assert text[start:end] == "United Nations"


def test_a_map_translates_our_labels_to_theirs(pipeline: Pipeline, tmp_path: Path) -> None:
    chosen = read_label_map(map_file(tmp_path / "m.map", "# places\nLOCATION=GPE, LOC\n"))
    entities = evaluate(pipeline, gold_file(tmp_path / "g.spacy"), chosen)["entities"]
    # The person has no line in the map and is not counted.
    assert (entities["precision"], entities["recall"]) == (1.0, 0.5)
    assert entities["labels"]["LOCATION"]["gold"] == 2


def test_without_a_map_labels_are_compared_directly(pipeline: Pipeline, tmp_path: Path) -> None:
    entities = evaluate(pipeline, gold_file(tmp_path / "g.spacy", "GPE"))["entities"]
    assert (entities["precision"], entities["recall"]) == (0.5, 0.5)
    assert entities["spans"]["found"] == 2


def test_labels_choose_what_is_counted(pipeline: Pipeline, tmp_path: Path) -> None:
    gold = gold_file(tmp_path / "g.spacy", "GPE")
    assert evaluate(pipeline, gold, labels=["GPE"])["entities"]["precision"] == 1.0
    assert evaluate(pipeline, gold, labels=["ORG"])["entities"]["gold"] == 0


def test_records_give_entities_claims_and_junk(pipeline: Pipeline) -> None:
    result = evaluate(pipeline, GOLD)
    assert result["articles"] == 9
    for part in ("entities", "claims", "junk"):
        assert {"precision", "recall", "f"} <= result[part].keys()
    assert "tags" not in result


def with_velmoor(path: Path, verdict: str) -> Path:
    """A gold record with one more sentence, and in it one entity of the wrong label."""
    record = json.loads(min(GOLD.glob("*.jsonl")).read_text(encoding="utf-8"))
    start = len(record["text"]) + 1
    record["text"] += "\nVelmoor waits."
    record["id"] = hashlib.sha256(record["text"].encode()).hexdigest()
    place = {"start": start, "end": start + 7, "text": "Velmoor", "label": "ORG"}
    record["entities"].append(
        record["entities"][0] | place | {"id": "e999", "verdict": verdict, "made_by": "pipeline"}
    )
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    return path


def test_open_entities_are_not_counted(pipeline: Pipeline, tmp_path: Path) -> None:
    decided = evaluate(pipeline, with_velmoor(tmp_path / "r.jsonl", "accepted"))["entities"]
    left_open = evaluate(pipeline, with_velmoor(tmp_path / "r.jsonl", "pending"))["entities"]
    assert left_open["gold"] == decided["gold"] - 1
    assert left_open["found"] == decided["found"] - 1


def left_open(path: Path, *, offered: bool, wrong: bool) -> Path:
    """A gold record of which one claim is given up: taken out, or left without a decision."""
    record = json.loads(min(GOLD.glob("*.jsonl")).read_text(encoding="utf-8"))
    claim = next(c for c in record["claims"] if c["quotation"] == "direct" and not c["parent"])
    record["claims"].remove(claim)
    undecided = claim | {"verdict": "pending", "tier": "B"}
    if not wrong:
        record["offered" if offered else "claims"].append(undecided)
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("offered", [True, False])
def test_undecided_claims_are_neither_right_nor_wrong(
    pipeline: Pipeline, tmp_path: Path, *, offered: bool
) -> None:
    taken_out = left_open(tmp_path / "out.jsonl", offered=offered, wrong=True)
    undecided = left_open(tmp_path / "open.jsonl", offered=offered, wrong=False)
    wrong = evaluate(pipeline, taken_out)["claims"]
    unknown = evaluate(pipeline, undecided)["claims"]
    assert unknown["gold"] == wrong["gold"]
    assert unknown["found"] == wrong["found"] - 1
    assert unknown["precision"] > wrong["precision"]


def test_claims_have_every_measure_in_all_and_by_subset(pipeline: Pipeline) -> None:
    claims = evaluate(pipeline, GOLD)["claims"]
    for part in (claims, claims["reported"], claims["direct"]):
        assert part["exact"]["f"] <= part["half"]["f"]
        assert part["tuple"]["f"] <= part["half"]["f"]
        assert set(part["tiers"]) == {"A", "B"}
        assert {"quotation", "source_kind", "stance", "certainty"} == set(part["attributes"])
        assert sum(row["found"] for row in part["patterns"].values()) == part["found"]
    assert {"precision", "recall", "f"} <= claims.keys()
    assert claims["direct"]["gold"] < claims["reported"]["gold"] <= claims["gold"]


def test_the_world_map_is_found_by_name() -> None:
    assert read_label_map("world")["LOCATION"] == ("GPE", "LOC")


@pytest.mark.parametrize("text", ["LOCATION", "A=GPE\nB=GPE\n", "=GPE", "A="])
def test_an_invalid_map_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(AnnotatorError):
        read_label_map(map_file(tmp_path / "m.map", text))


def test_missing_gold_is_an_error(pipeline: Pipeline, tmp_path: Path) -> None:
    with pytest.raises(RecordError):
        evaluate(pipeline, tmp_path / "none.jsonl")
