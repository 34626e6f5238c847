"""Label Studio's JSON: our tasks fit their config, and other tasks are read."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from annotator.core.annotations import Claim, Entity, MadeBy, Quotation, Verdict
from annotator.core.article import Span
from annotator.core.decisions import Answer
from annotator.core.labels import LabelScheme, scheme_from
from annotator.core.record import Record, ReviewFacts
from annotator.formats.jsonl import records_in
from annotator.formats.label_studio import label_studio_out
from tests.helpers.formats import read_back, reasons, records_of, written
from tests.helpers.record_strategies import (
    HARD_RECORDS,
    REVIEWED,
    SCHEME,
    SCRIPTS,
    many_claims,
)

ROOT = Path(__file__).parents[2]
GOLD = [r for path in sorted((ROOT / "seeds/gold").glob("*.jsonl")) for r in records_in(path)]
TEXT = "Ada Low said Bo Marsh had left."


def tasks_of(*rows: Record) -> list[dict[str, Any]]:
    content, _ = written(label_studio_out.FORMAT, rows)
    tasks: list[dict[str, Any]] = json.loads(content)
    return tasks


def scheme() -> LabelScheme:
    return scheme_from(tomllib.loads((ROOT / "schema/labels.toml").read_text("utf-8")))


def region(start: int, end: int, label: str = "PERSON", **more: Any) -> dict[str, Any]:
    """A region as Label Studio exports it; `words` and `control` may be given."""
    value = {"start": start, "end": end, "labels": [label]}
    if "words" in more:
        value["text"] = more.pop("words")
    control = more.pop("control", "label")
    return {"from_name": control, "to_name": "text", "type": "labels", "value": value} | more


def task(*results: dict[str, Any], text: str = TEXT, **annotation: Any) -> str:
    """A task with one annotation, as Label Studio exports it."""
    whole = {"id": 7, "was_cancelled": False, "ground_truth": False, **annotation}
    return json.dumps([{"id": 1, "data": {"text": text}, "annotations": [
        {**whole, "result": list(results)}
    ]}])  # fmt: skip


def test_without_records_the_list_is_empty() -> None:
    content, _ = written(label_studio_out.FORMAT, [])
    assert json.loads(content) == []
    assert read_back(label_studio_out.FORMAT, content) == []


def test_no_claim_of_two_hundred_and_fourteen_is_lost() -> None:
    content, losses = written(label_studio_out.FORMAT, [many_claims()])
    assert not losses
    assert len(records_of(read_back(label_studio_out.FORMAT, content))[0].claims) == 214


@pytest.mark.parametrize(("number", "start", "end"), [(0, 12, 22), (1, 19, 29)])
def test_offsets_are_code_points(number: int, start: int, end: int) -> None:
    (only,) = tasks_of(HARD_RECORDS[number])
    value = only["annotations"][0]["result"][0]["value"]
    assert (value["start"], value["end"]) == (start, end)
    assert value["text"] == SCRIPTS[number][start:end]


@pytest.mark.parametrize(
    ("number", "start", "end", "words"),
    [(0, 13, 23, "annotation"), (1, 22, 32, "firetrucks")],
)
def test_utf_16_offsets_are_recognised_by_their_text(
    number: int, start: int, end: int, words: str
) -> None:
    found = read_back(
        label_studio_out.FORMAT, task(region(start, end, words=words), text=SCRIPTS[number])
    )
    (record,) = records_of(found)
    assert record.entities[0].span.of(record.article.text) == words


def test_a_region_without_text_uses_the_unit_of_the_others() -> None:
    text = "💩 Ada Low met Bo Marsh."
    with_words, without = region(3, 10, words="Ada Low"), region(15, 23)
    (record,) = records_of(read_back(label_studio_out.FORMAT, task(with_words, without, text=text)))
    assert [e.span.of(text) for e in record.entities] == ["Ada Low", "Bo Marsh"]


def test_without_any_text_offsets_are_code_points() -> None:
    (record,) = records_of(
        read_back(label_studio_out.FORMAT, task(region(2, 9), text="💩 Ada Low met."))
    )
    assert record.entities[0].span.of(record.article.text) == "Ada Low"


def test_mismatched_text_is_refused_and_the_rest_is_read() -> None:
    wrong = region(0, 7, words="Bo Marsh", id="x1")
    found = read_back(label_studio_out.FORMAT, task(wrong, region(13, 21, words="Bo Marsh")))
    assert reasons(found) == ["result x1: [0, 7) reads 'Ada Low' in the text, not 'Bo Marsh'"]
    assert [e.span for e in records_of(found)[0].entities] == [Span(13, 21)]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (region(0, 99), "[0, 99) is not a range of its 31 code points"),
        (region(7, 7), "is not a range"),
        (region(-1, 7), "is not a range"),
        (region(7, 8), "holds only blanks"),
        ({"type": "labels", "value": {**region(0, 7)["value"], "start": "0"}}, "integers"),
        ({"type": "labels", "value": {"start": 0, "end": 3, "labels": []}}, "no label"),
        ({"type": "rectanglelabels", "value": {"x": 1}}, "'rectanglelabels' is not imported"),
        ({"type": "labels"}, "value: expected an object"),
        ("region", "expected an object"),
        (region(0, 3, "Verb", control="claim"), "neither Content, Cue nor Source"),
        (region(0, 3, "Cue", control="claim", id="a"), "a cue without content"),
        (region(0, 3, "poem", control="junk"), "not a kind of junk"),
        ({"type": "relation", "from_id": "a", "to_id": "b"}, "does not join parts of a claim"),
    ],
)
def test_invalid_regions_are_refused_with_a_reason(broken: Any, reason: str) -> None:
    found = read_back(label_studio_out.FORMAT, task(broken, region(0, 7)))
    assert len(reasons(found)) == 1
    assert reason in reasons(found)[0]
    assert len(records_of(found)[0].entities) == 1


def test_of_several_texts_the_one_with_all_regions_is_read() -> None:
    regions = [region(0, 7, words="Ada Low"), region(13, 21, words="Bo Marsh")]
    data = {"source": "Ada Low", "body": TEXT, "number": 3}
    content = json.dumps([{"data": data, "annotations": [{"result": regions}]}])
    (found,) = records_of(read_back(label_studio_out.FORMAT, content))
    assert found.article.text == TEXT
    assert len(found.entities) == 2
    assert found.article.meta == {"source": "Ada Low", "number": 3}


@pytest.mark.parametrize(
    ("other", "regions"),
    [
        ("Ada", []),
        ("Ada", [region(0, 7)]),
        ("Ada Low again", [region(0, 7, words="Ada Low")]),
        ("Ada", [region(0, 7, words="Ada Low"), region(0, 3, words="Ada") | {"to_name": "other"}]),
    ],
    ids=["no regions", "without words", "in both", "of both"],
)
def test_an_ambiguous_text_is_asked_for(other: str, regions: Any) -> None:
    task = {"data": {"body": TEXT, "other": other}, "annotations": [{"result": regions}]}
    (reason,) = reasons(read_back(label_studio_out.FORMAT, json.dumps([task])))
    assert "the text is unclear" in reason


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("[1]", "expected a task"),
        ('[{"data": 3}]', "data: expected an object"),
        ('[{"data": {"a": "x", "b": "y"}}]', "the text is unclear"),
        ('[{"data": {"text": 4}}]', "expected a text, found 4"),
        ('[{"data": {"text": "a"}, "annotations": {}}, {"data": {"text": "b"}}]', ""),
        ('[{"data": {"text": "a"}, "annotations": [3]}]', "expected a list of objects"),
        ('[{"data": {"text": "a"}, "annotations": [{"result": 3}]}]', "result: expected a list"),
        ('[{"data": {"text": "a"}, "meta": {"annotator": 3}}]', "annotator: expected an object"),
        ('[{"data": {"text": "a"}, "meta": {"annotator": {}}}]', "language: is missing"),
        ('[{"data": {"text": "a"}}, {"data": ', "not JSON"),
        (
            '[{"text": "a", "entities": [[0, 1, "X"]]}]',
            "another tool, not of Label Studio: it has 'entities'",
        ),
        ('[{"text": "a", "spans": [{"start": 0, "end": 1, "label": "X"}]}]', "it has 'spans'"),
        ("{", "not JSON"),
    ],
)
def test_an_invalid_task_is_refused(broken: str, reason: str) -> None:
    assert reason in " ".join(reasons(read_back(label_studio_out.FORMAT, broken))) or not reason


def test_claims_are_joined_by_relations_in_either_direction() -> None:
    results = [
        region(13, 30, "Content", control="claim", id="a"),
        region(8, 12, "Cue", control="claim", id="b"),
        region(0, 7, "Source", control="claim", id="c"),
        region(0, 7, id="d"),
        {"id": "a", "from_name": "quotation", "type": "choices", "value": {"choices": ["mixed"]}},
        {"type": "relation", "from_id": "a", "to_id": "b", "direction": "right"},
        {"type": "relation", "from_id": "c", "to_id": "b", "direction": "right"},
        {"type": "relation", "from_id": "c", "to_id": "d", "direction": "right"},
    ]
    found = read_back(label_studio_out.FORMAT, task(*results))
    assert reasons(found) == []
    assert records_of(found)[0].claims == (
        Claim(
            "a",
            (Span(13, 30),),
            (Span(8, 12),),
            (Span(0, 7),),
            quotation=Quotation.MIXED,
            source_entity="d",
            made_by=MadeBy.IMPORT,
            verdict=Verdict.ACCEPTED,
        ),
    )


def test_an_unknown_choice_is_refused_and_the_claim_is_read() -> None:
    row = {"id": "a", "from_name": "stance", "type": "choices", "value": {"choices": ["sings"]}}
    found = read_back(
        label_studio_out.FORMAT, task(region(0, 7, "Content", control="claim", id="a"), row)
    )
    assert reasons(found) == ["result a: 'sings' is not a value of stance"]
    assert len(records_of(found)[0].claims) == 1


def test_the_reviewer_is_who_completed_the_annotation() -> None:
    facts: dict[str, Any] = {
        "completed_by": {"id": 3, "email": "bo@desk.example"},
        "created_at": "2021-03-09T22:16:08.728353Z",
        "lead_time": 4.25,
    }
    (record,) = records_of(read_back(label_studio_out.FORMAT, task(region(0, 7), **facts)))
    assert (record.review.reviewer, record.review.kind) == ("bo@desk.example", "import")
    assert record.review.seconds == 4.25
    assert record.review.started is not None


def test_two_annotations_of_a_task_are_two_reviews() -> None:
    two = [{"completed_by": n, "result": [region(0, 7)]} for n in (1, 2)]
    content = json.dumps([{"data": {"text": TEXT}, "annotations": two, "predictions": [
        {"result": [region(13, 21)]}
    ]}])  # fmt: skip
    found = records_of(read_back(label_studio_out.FORMAT, content))
    assert [record.review.reviewer for record in found] == ["1", "2"]
    assert [len(record.entities) for record in found] == [1, 1]


def test_a_task_with_only_predictions_is_unreviewed() -> None:
    content = json.dumps([{"data": {"text": TEXT}, "predictions": [{"result": [region(0, 7)]}]}])
    (record,) = records_of(read_back(label_studio_out.FORMAT, content))
    assert record.review == ReviewFacts()
    assert [entity.verdict for entity in record.entities] == [Verdict.PENDING]


def test_a_cancelled_annotation_is_a_skipped_article() -> None:
    (record,) = records_of(
        read_back(label_studio_out.FORMAT, task(region(0, 7), was_cancelled=True))
    )
    assert (record.answer, record.entities) == (Answer.SKIP, ())


def as_exported(whole: dict[str, Any]) -> dict[str, Any]:
    """A task as Label Studio gives it back: with what it adds, predictions by their numbers."""
    added = {
        "completed_by": 1,
        "draft_created_at": None,
        "import_id": None,
        "parent_annotation": None,
    }
    facts = {"id": 3, "drafts": [], "allow_skip": True, "inner_id": 3, "comment_authors": []}
    annotations = [row | added for row in whole["annotations"]]
    numbers = list(range(1, len(whole["predictions"]) + 1))
    return whole | facts | {"annotations": annotations, "predictions": numbers}


@pytest.mark.parametrize("record", GOLD, ids=lambda record: record.article.name[:24])
def test_our_task_survives_label_studio_with_all_decisions(record: Record) -> None:
    found = read_back(
        label_studio_out.FORMAT, json.dumps([as_exported(one) for one in tasks_of(record)])
    )
    (back,) = records_of(found)
    assert (back.entities, back.claims, back.junk) == (record.entities, record.claims, record.junk)
    assert (back.article, back.scheme) == (record.article, record.scheme)


def test_numbers_in_place_of_predictions_are_reported() -> None:
    found = read_back(
        label_studio_out.FORMAT, json.dumps([as_exported(tasks_of(HARD_RECORDS[5])[0])])
    )
    assert "1 are given only by id" in reasons(found)[0]
    assert [record.entities for record in records_of(found)] == [()]


def test_an_unusable_article_survives_a_round_trip() -> None:
    found = read_back(
        label_studio_out.FORMAT, json.dumps([as_exported(tasks_of(HARD_RECORDS[7])[0])])
    )
    assert [record.answer for record in records_of(found)] == [Answer.UNUSABLE]


def test_our_task_annotated_again_becomes_the_annotators_review() -> None:
    (ours,) = tasks_of(replace(HARD_RECORDS[1], review=REVIEWED))
    ours["annotations"][0] |= {"completed_by": 4, "result": [region(10, 17)]}
    (record,) = records_of(read_back(label_studio_out.FORMAT, json.dumps([ours])))
    assert record.review.reviewer == "4"
    assert [entity.span for entity in record.entities] == [Span(10, 17)]
    assert record.scheme == SCHEME


def test_other_fields_of_a_task_are_kept() -> None:
    content = json.dumps([{"data": {"body": TEXT, "n": 3}}, {"data": {"text": "B", "title": "T"}}])
    first, second = records_of(read_back(label_studio_out.FORMAT, content))
    assert (first.article.text, first.article.meta) == (TEXT, {"n": 3})
    assert (second.article.title, second.article.meta) == ("T", {})


def test_the_short_form_is_read() -> None:
    flat = {"id": 1, "text": TEXT, "annotator": 2, "annotation_id": 5, "lead_time": 1.5}
    flat["label"] = [{"start": 0, "end": 7, "text": "Ada Low", "labels": ["PERSON", "ORG"]}]
    (record,) = records_of(read_back(label_studio_out.FORMAT, json.dumps([flat])))
    assert [entity.label for entity in record.entities] == ["ORG", "PERSON"]
    assert (record.review.reviewer, record.article.meta) == ("2", {"task": [{"id": 1}]})


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_any_layout_of_the_list_is_read(indent: int | None, mark: str) -> None:
    content = mark + json.dumps(json.loads(task(region(0, 7))) * 3, indent=indent)
    assert len(records_of(read_back(label_studio_out.FORMAT, content))) == 3


def test_tasks_one_per_line_are_read() -> None:
    line = json.dumps(json.loads(task(region(0, 7)))[0])
    found = read_back(label_studio_out.FORMAT, f"{line}\n{{broken}}\n{line}\n")
    assert len(records_of(found)) == 2
    assert len(reasons(found)) == 1


def test_line_ends_become_ours_and_offsets_follow() -> None:
    text = "\r\nAda Low\r\nleft.\r"
    (record,) = records_of(
        read_back(label_studio_out.FORMAT, task(region(2, 9, words="Ada Low"), text=text))
    )
    assert record.article.text == "\nAda Low\nleft.\n"
    assert record.entities[0].span == Span(1, 8)


def test_escaped_line_ends_in_a_text_match() -> None:
    row = region(0, 12, words="Ada Low\\nleft")
    (record,) = records_of(read_back(label_studio_out.FORMAT, task(row, text="Ada Low\nleft. X")))
    assert record.entities[0].span == Span(0, 12)


def test_the_config_has_every_name_in_the_tasks() -> None:
    config = ElementTree.fromstring(label_studio_out.companions(scheme())[".config.xml"])
    named = {
        (control.get("name"), value.get("value"))
        for control in config
        for value in control
        if control.tag in ("Labels", "Choices")
    }
    relations = {relation.get("value") for relation in config.iter("Relation")}
    for whole in tasks_of(*GOLD, *HARD_RECORDS):
        for row in (r for a in whole["annotations"] + whole["predictions"] for r in a["result"]):
            if row["type"] == "relation":
                assert set(row["labels"]) <= relations
            elif row["type"] != "textarea":
                for value in row["value"][row["type"]]:
                    assert (row["from_name"], value) in named


def test_open_items_are_predictions_and_decided_ones_annotations() -> None:
    left = Entity("b", Span(13, 21), "PERSON", verdict=Verdict.PENDING)
    taken = Entity("a", Span(0, 7), "PERSON", verdict=Verdict.ACCEPTED)
    article = replace(HARD_RECORDS[0].article, text=TEXT)
    (whole,) = tasks_of(replace(HARD_RECORDS[0], article=article, entities=(taken, left)))
    assert [row["id"] for row in whole["annotations"][0]["result"]] == ["entity/a"]
    assert [row["id"] for row in whole["predictions"][0]["result"]] == ["entity/b"]


def test_tasks_are_numbered_for_converters() -> None:
    assert [task["id"] for task in tasks_of(*HARD_RECORDS[:3])] == [1, 2, 3]


def test_label_studios_own_validator_accepts_every_task() -> None:
    """Runs where its SDK is installed, which is too large to be asked of everybody."""
    sdk = pytest.importorskip("label_studio_sdk.label_interface", reason="no label-studio-sdk")
    interface = sdk.LabelInterface(label_studio_out.companions(scheme())[".config.xml"].decode())
    interface.validate()
    for whole in tasks_of(*GOLD, *HARD_RECORDS):
        assert interface.validate_task({"data": whole["data"]})
        for made in (*whole["annotations"], *whole["predictions"]):
            assert interface.validate_prediction(made, return_errors=True) == []
