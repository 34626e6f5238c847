"""doccano's files, old and new, and other texts with offsets: complete, and by annotator."""

from __future__ import annotations

import json
from typing import Any

import pytest

from annotator.core.article import Span
from annotator.core.record import Record
from annotator.formats import offsets
from annotator.formats.base import Means, Refused, nothing
from tests.helpers.formats import read_back, reasons, records_of

TEXT = "Ada Low met Bo Marsh."
ADA, BO = Span(0, 7), Span(12, 20)


def read_rows(*rows: Any, means: Means = nothing) -> list[Record | Refused]:
    return read_back(offsets.FORMAT, "".join(json.dumps(row) + "\n" for row in rows), means=means)


def marked(where: Span, label: Any = "PERSON", **more: Any) -> dict[str, Any]:
    return {"label": label, "start_offset": where.start, "end_offset": where.end, **more}


def old(*annotations: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A line as doccano exported it at first."""
    return {"id": 15, "text": TEXT, "annotations": list(annotations), "meta": {}, **more}


def said(record: Record) -> list[tuple[Span, str]]:
    return [(entity.span, entity.label) for entity in record.entities]


def test_old_exports_are_read() -> None:
    (record,) = read_rows(old(marked(ADA, user=1)))
    assert isinstance(record, Record)
    assert said(record) == [(ADA, "PERSON")]
    assert (record.review.reviewer, record.review.kind) == ("1", "import")
    assert record.article.meta == {"id": 15}


@pytest.mark.parametrize(
    "row", [marked(ADA, 7), [0, 7, 7], [0, 7, "7"], {"start": 0, "end": 7, "label": 7}]
)
def test_numeric_labels_are_names(row: Any) -> None:
    (record,) = read_rows({"text": TEXT, "annotations": [row]})
    assert isinstance(record, Record)
    assert said(record) == [(ADA, "7")]


def test_each_user_has_a_record() -> None:
    found = read_rows(old(marked(ADA, user=1), marked(BO, user=2), marked(BO, user=1)))
    assert [(one.review.reviewer, len(one.entities)) for one in records_of(found)] == [
        ("1", 2),
        ("2", 1),
    ]


@pytest.mark.parametrize("user", [3, "bo", {"id": 3, "username": "bo"}])
def test_users_have_numbers_or_names(user: Any) -> None:
    (record,) = records_of(read_rows(old(marked(ADA, user=user))))
    assert record.review.reviewer == ("3" if user == 3 else "bo")


def test_the_approver_counts_as_the_reviewer() -> None:
    (record,) = records_of(read_rows(old(marked(ADA, user=1), annotation_approver="eve")))
    assert record.review.reviewer == "eve"


@pytest.mark.parametrize(
    "row",
    [
        {"text": TEXT, "label": ["war", "talks"]},
        {"text": TEXT, "labels": ["war"], "meta": {"a": 1}},
        {"text": TEXT, "label": "war"},
        {"text": TEXT, "label": 3},
        {"text": TEXT, "annotations": [{"label": 3, "user": 1}]},
        {"text": TEXT, "annotations": [{"text": "Shorter.", "user": 1}]},
    ],
)
def test_text_labels_are_refused_and_make_no_review(row: Any) -> None:
    refused, record = read_rows(row, {"text": TEXT, "label": [[0, 7, "PERSON"]]})
    assert isinstance(refused, Refused)
    assert "are of the whole text" in refused.reason
    assert "annotator add" in refused.reason
    assert (refused.line, refused.article, refused.kind) == (1, None, "label for a whole text")
    assert isinstance(record, Record)


def test_a_text_label_beside_spans_is_refused() -> None:
    refused, record = read_rows({"text": TEXT, "label": ["war"], "entities": [[0, 7, "PERSON"]]})
    assert isinstance(refused, Refused)
    assert isinstance(record, Record)
    assert refused.reason == "label: ['war'] is a label of the whole text"
    assert (refused.article, record.unknown) == (record.article.id, ())
    assert said(record) == [(ADA, "PERSON")]


@pytest.mark.parametrize(
    "text", ["/data/upload/3/a.txt", "https://example.com/page-1.png", "gs://b/1"]
)
def test_a_path_or_an_address_is_not_a_text(text: str) -> None:
    (reason,) = reasons(read_rows({"text": text, "label": [[0, 4, "PERSON"]]}))
    assert "is a path or address" in reason


@pytest.mark.parametrize("text", ["See https://example.com for it.", "Ada/Bo met.", "3.14", "etc."])
def test_a_text_that_contains_a_path_is_a_text(text: str) -> None:
    assert len(records_of(read_rows({"text": text, "label": [[0, 3, "PERSON"]]}))) == 1


def test_a_file_of_classes_and_texts_is_read_text_by_text() -> None:
    texts = [[TEXT, {"entities": [[0, 7, "PERSON"]]}], None, ["Bo.", {"entities": []}], ["x", 4]]
    content = json.dumps({"classes": ["PERSON"], "annotations": texts})
    for whole in (content, json.dumps(json.loads(content), indent=1)):
        found = list(read_back(offsets.FORMAT, whole))
        assert [len(one.entities) for one in records_of(found)] == [1, 0]
        assert reasons(found) == ["expected an object, found ['x', 4]"]


def test_refused_parts_of_a_text_are_reported_and_unknown() -> None:
    refused, record = read_rows({"text": TEXT, "label": [[0, 7, "PERSON"], [12, 99, "PERSON"]]})
    assert isinstance(refused, Refused)
    assert isinstance(record, Record)
    assert refused.article == record.article.id
    assert refused.kind == "invalid span"
    assert record.unknown == (Span(0, len(TEXT)),)


QUOTED = 'Ada Low said: "The bridge is shut." Bob Hay denied it.'
PIECES = [("Source", Span(0, 7)), ("CUE", Span(8, 12)), ("content", Span(14, 35))]
ROWS: dict[str, dict[str, Any]] = {
    "triples": {"label": [[one.start, one.end, label] for label, one in PIECES]},
    "objects": {
        "entities": [{"start": one.start, "end": one.end, "label": name} for name, one in PIECES]
    },
    "doccano": {
        "entities": [marked(one, name, id=number) for number, (name, one) in enumerate(PIECES)],
        "relations": [{"from_id": 2, "to_id": 0, "type": "X"}, {"from_id": 1, "to_id": 2}],
    },
    "doccano, old": {"annotations": [marked(one, name, user=1) for name, one in PIECES]},
}


@pytest.mark.parametrize("shape", ROWS)
def test_pieces_of_quotations_are_claims(shape: str) -> None:
    (record,) = read_rows({"text": QUOTED, **ROWS[shape]})
    assert isinstance(record, Record)
    (claim,) = record.claims
    assert (claim.source, claim.cue, claim.content) == tuple((one,) for _, one in PIECES)
    assert (claim.quotation, record.entities) == ("direct", ())


@pytest.mark.parametrize("shape", ROWS)
def test_they_are_entities_if_the_scheme_has_the_labels(shape: str) -> None:
    found = read_rows({"text": QUOTED, **ROWS[shape]}, means=lambda label: label.isalpha())
    (record,) = records_of(found)
    assert (len(record.entities), record.claims) == (3, ())


@pytest.mark.parametrize("label", ["Source", "Cue", "Speaker"])
def test_a_piece_without_content_is_refused_and_unknown(label: str) -> None:
    refused, record = read_rows({"text": TEXT, "label": [[0, 7, label]]})
    assert isinstance(refused, Refused)
    assert isinstance(record, Record)
    assert "without content" in refused.reason
    assert refused.kind.endswith("without content")
    assert record.unknown == (ADA,)


EVERYTHING = {
    "id": 1,
    "text": TEXT,
    "title": "T",
    "label": [[0, 7, "PERSON", "sure"]],
    "entities": [marked(BO, id=4, confidence="low", user=None, score=0.5)],
    "ents": [{"start": 12, "end": 15, "label": "ORG", "kb_id": "Q1"}],
    "relations": [{"from_id": 4, "to_id": 4, "type": "KNOWS"}],
    "cats": ["war"],
    "Comments": ["x"],
    "custom": {"a": 1},
    "meta": {"desk": 1},
    "annotation_approver": "eve",
}


def test_every_field_of_a_line_is_used_kept_or_refused() -> None:
    found = read_rows(EVERYTHING)
    (record,) = records_of(found)
    meta = record.article.meta
    for key in ("id", "title", "cats", "Comments", "custom"):
        assert meta[key] == EVERYTHING[key]
    assert meta["desk"] == 1
    assert meta["spans"] == [
        {"of": "entities[0]", "confidence": "low"},
        {"of": "label[0]", "more": ["sure"]},
    ]
    assert [entity.identity for entity in record.entities] == [None, "Q1", None]
    assert [entity.score for entity in record.entities if entity.span == BO] == [0.5]
    assert reasons(found) == ["relations: 1 between spans that are not parts of claims"]
    assert record.review.reviewer == "eve"
