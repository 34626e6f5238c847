"""Argilla's records of versions 2 and 1: responses, suggestions, drafts, answers about texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.core.annotations import Verdict
from annotator.core.article import Span
from annotator.core.decisions import Answer
from annotator.core.record import Record
from annotator.formats import format_named
from annotator.formats.base import ReadOptions, Refused
from annotator.importing.detecting import format_of
from tests.helpers.formats import read_back, reasons, records_of

FORM = format_named("argilla")
TEXT = "Ada Low left Hythe."
ADA = {"label": "PERSON", "start": 0, "end": 7}
HYTHE = {"label": "GPE", "start": 13, "end": 18}


def read(*rows: Any, **how: Any) -> list[Record | Refused]:
    return read_back(FORM, json.dumps(list(rows)), **how)


def names(record: Record) -> list[tuple[str, str]]:
    return [(one.span.of(record.article.text), one.label) for one in record.entities]


def response(who: str, *spans: Any, **more: Any) -> dict[str, Any]:
    return {"value": list(spans), "user_id": who, **more}


def nested(*responses: Any, **more: Any) -> dict[str, Any]:
    """A record as `to_json` of version 2 writes it."""
    told = {"spans": list(responses)} if responses else {}
    beside = {"metadata": {"desk": "news"}, "vectors": {"v": [0.5]}, "_server_id": "x"}
    base = {"id": "r1", "fields": {"text": TEXT}, "responses": told, "suggestions": {}, **beside}
    return {**base, **more}


ADA_S, BO_S = response("ada", ADA, status="submitted"), response("bo", HYTHE, status="submitted")
LISTED = [
    {"user_id": who, "status": "submitted", "values": {"spans": {"value": [span]}}}
    for who, span in (("ada", ADA), ("bo", HYTHE))
]
FLAT = {
    **{"id": "r1", "_server_id": "x", "text": TEXT, "desk": "news", "status": "completed"},
    **{"spans.responses": [[ADA], [HYTHE]], "spans.responses.users": ["ada", "bo"]},
    **{"spans.responses.status": ["submitted", "submitted"], "v": [0.5]},
}
COLUMNS = {
    **{
        "text": TEXT,
        "spans": [ADA_S, BO_S],
        "spans-suggestion": None,
        "metadata": '{"desk": "news"}',
    },
    **{"spans-suggestion-metadata": {"type": None}, "external_id": "r1"},
}
FORMS = [
    nested(ADA_S, BO_S),
    {"fields": {"text": TEXT}, "responses": LISTED, "suggestions": [], "external_id": None},
    {"fields": {"body": TEXT}, "responses": LISTED, "metadata": None},
    FLAT,
    COLUMNS,
    {
        **{"text": TEXT, "tokens": ["Ada"], "annotation": None, "prediction": None},
        "annotations": {
            who: {"agent": who, "entities": [span]} for who, span in (("ada", ADA), ("bo", HYTHE))
        },
    },
]


@pytest.mark.parametrize("row", FORMS, ids=lambda row: " ".join(row)[:30])
def test_each_responder_becomes_a_review(tmp_path: Path, row: Any) -> None:
    (tmp_path / "a.json").write_text(json.dumps([row]))
    assert format_of(tmp_path / "a.json") == "argilla"
    found = list(FORM.read(tmp_path / "a.json"))
    ada, bo = records_of(found)
    assert (len(found), ada.article.text, names(ada)) == (2, TEXT, [("Ada Low", "PERSON")])
    assert names(bo) == [("Hythe", "GPE")]
    assert [one.review.reviewer for one in (ada, bo)] == ["ada", "bo"]
    assert {one.verdict for one in ada.entities} == {Verdict.ACCEPTED}
    assert ada.unknown == ()


def test_metadata_is_kept_and_what_argilla_derives_is_not() -> None:
    fields = {"text": TEXT, "title": "A bridge"}
    (one,) = read(nested(ADA_S, fields=fields))
    assert isinstance(one, Record)
    of_hub = records_of(read(COLUMNS))[0]
    assert of_hub.article.meta == {"external_id": "r1", "desk": "news"}
    assert one.article.meta == {"id": "r1", "desk": "news", "fields": {"title": "A bridge"}}


OLD = {"id": 3, "text": TEXT, "tokens": ["Ada", "Low"], "annotation_agent": "ada", "metadata": {}}
SPANS = [["PERSON", 0, 7], ["GPE", 13, 18]]


@pytest.mark.parametrize(
    "annotation",
    [
        SPANS,
        [{"label": label, "start": start, "end": end} for label, start, end in SPANS],
        {"agent": "ada", "entities": [ADA, HYTHE], "score": None},
    ],
)
def test_token_classification_of_version_1_is_read(annotation: Any) -> None:
    (one,) = read({**OLD, "annotation": annotation, "prediction": [["X", 0, 3, 0.5]]})
    assert isinstance(one, Record)
    assert names(one) == [("Ada Low", "PERSON"), ("Hythe", "GPE")]
    assert (one.review.reviewer, one.review.kind) == ("ada", "import")


def test_predictions_and_suggestions_wait_with_their_scores() -> None:
    old = {**OLD, "annotation": None, "prediction": [["PERSON", 0, 7, 0.25]], "status": "Default"}
    new = nested(suggestions={"spans": {"value": [ADA], "score": [0.25], "agent": "ner"}})
    listed = {"question_name": "spans", "value": [{**ADA}], "score": 0.25}
    for row in (old, new, {"fields": {"text": TEXT}, "responses": [], "suggestions": [listed]}):
        (one,) = read(row)
        assert isinstance(one, Record)
        assert one.review.kind == "none"
        assert [(e.label, e.score, e.verdict) for e in one.entities] == [
            ("PERSON", 0.25, Verdict.PENDING)
        ]


@pytest.mark.parametrize(
    "row",
    [
        nested(response("bo", HYTHE, status="discarded")),
        nested(response("bo", status="discarded")),
        {"fields": {"text": TEXT}, "responses": [{"user_id": "bo", "status": "discarded"}]},
        {**OLD, "annotation": None, "prediction": None, "status": "Discarded"},
    ],
)
def test_a_discarded_response_is_a_skipped_article(row: Any) -> None:
    (one,) = read(row)
    assert isinstance(one, Record)
    assert (one.answer, one.entities, one.review.kind) == (Answer.SKIP, (), "import")


@pytest.mark.parametrize(
    "row",
    [
        nested(response("bo", HYTHE, status="draft")),
        {**OLD, "annotation": [["GPE", 13, 18]], "prediction": None, "status": "Edited"},
    ],
)
def test_a_draft_is_no_finished_review(row: Any) -> None:
    (one,) = read(row)
    assert isinstance(one, Record)
    assert (one.review.kind, names(one)) == ("none", [("Hythe", "GPE")])
    assert one.entities[0].verdict is Verdict.PENDING


def test_unmarked_items_are_findings_only_if_a_review_says_so() -> None:
    done, said = read(nested(response("ada", status="submitted"))), read(nested())
    validated = read({**OLD, "annotation": None, "prediction": None, "status": "Validated"})
    kinds = [one.review.kind for one in records_of([*done, *said, *validated])]
    assert kinds == ["import", "none", "import"]


def told(tmp_path: Path, *rows: Any) -> str:
    options = ReadOptions()
    (tmp_path / "a.json").write_text(json.dumps(list(rows)))
    assert len(records_of(FORM.read(tmp_path / "a.json", options))) == 1
    return " ".join(options.notes.lines())


def test_missing_and_omitted_parts_are_reported(tmp_path: Path) -> None:
    suggested = {"spans": {"value": [ADA]}}
    assert "do not say" in told(tmp_path, nested(response("ada", ADA)))
    assert "not imported" in told(tmp_path, nested(ADA_S, suggestions=suggested))
    assert "drafts" in told(tmp_path, nested(response("ada", ADA, status="draft")))
    assert "discarded" in told(tmp_path, nested(response("ada", ADA, status="discarded")))
    assert told(tmp_path, nested(ADA_S)) == ""


def test_answers_about_the_whole_text_are_refused_by_name() -> None:
    row = nested(ADA_S)
    row["responses"]["tone"] = [{"value": "calm", "user_id": "ada", "status": "submitted"}]
    row["suggestions"] = {"topics": {"value": ["war"]}}
    found = read(row)
    (one,) = records_of(found)
    assert (names(one), one.unknown) == ([("Ada Low", "PERSON")], ())
    assert [reason[:6] for reason in reasons(found)] == ["tone: ", "topics"]
    del row["responses"]["spans"]
    (refused,) = read(row)
    assert isinstance(refused, Refused)
    assert "about the whole text" in refused.reason


@pytest.mark.parametrize(
    "span",
    [
        {**ADA, "end": 99},
        {**ADA, "label": None},
        {**ADA, "start": 1.5},
        {**ADA, "text": "Bo"},
        {"start": 3},
    ],
)
def test_an_invalid_span_is_refused_with_its_place(span: Any) -> None:
    found = read(nested(response("ada", HYTHE, span, status="submitted")))
    (one,) = records_of(found)
    assert (names(one), one.unknown) == ([("Hythe", "GPE")], (Span(0, len(TEXT)),))
    assert reasons(found)[0].startswith("responses.spans[0][1]: ")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (3, "expected a record"),
        ({"fields": {"text": None}, "responses": {}}, "there is no text"),
        ({"fields": {}, "responses": {}}, "there is no text"),
        ({"fields": {"a": "x y", "b": "z"}, "responses": {}}, "which of the fields a, b"),
        ({"fields": {"text": "s3://bucket/a.txt"}, "responses": {}}, "a path or address"),
    ],
)
def test_a_row_without_its_text_is_refused_with_its_number(row: Any, why: str) -> None:
    found = read(nested(ADA_S), row)
    (refused,) = (one for one in found if isinstance(one, Refused))
    assert (refused.line, len(records_of(found))) == (2, 1)
    assert why in refused.reason


def test_pieces_of_claims_are_joined() -> None:
    text = "Ada said: “We go.”"
    spans = [("Source", 0, 3), ("Cue", 4, 8), ("Content", 10, 18)]
    rows = [{"label": label, "start": start, "end": end} for label, start, end in spans]
    (one,) = read(nested(response("ada", *rows, status="submitted"), fields={"text": text}))
    assert isinstance(one, Record)
    assert [(c.content, c.cue, c.source) for c in one.claims] == [
        ((Span(10, 18),), (Span(4, 8),), (Span(0, 3),))
    ]


def test_units_are_asked_for_where_they_matter() -> None:
    text = {"text": "👍 Ada Lo"}
    wide = response("ada", {"label": "P", "start": 3, "end": 6}, status="submitted")
    (refused,) = read(nested(wide, fields=text))
    assert isinstance(refused, Refused)
    assert "--offsets utf16" in refused.reason
    (one,) = read(nested(wide, fields=text), offsets="utf16")
    assert isinstance(one, Record)
    assert names(one) == [("Ada", "P")]
