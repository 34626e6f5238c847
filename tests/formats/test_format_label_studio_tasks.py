"""Label Studio's tasks by other programs: other results, paths, quotations, annotators."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.core.article import Span
from annotator.core.record import Record
from annotator.formats.base import Means, Notes, ReadOptions, Refused, nothing
from annotator.formats.label_studio import label_studio_out
from annotator.formats.label_studio.label_studio_in import LEFT_OUT
from tests.helpers.formats import read_back, reasons, records_of

TEXT = "Ada met Bob."
ALL = (Span(0, len(TEXT)),)
CHOICE = {
    "id": "c",
    "from_name": "topic",
    "to_name": "text",
    "type": "choices",
    "value": {"choices": ["War"]},
}
SUMMARY = {"id": "e", "from_name": "summary", "type": "textarea", "value": {"text": ["They met."]}}
RATING = {"id": "r", "from_name": "stars", "type": "rating", "value": {"rating": 4}}


def region(start: int, end: int, label: str = "PERSON", **more: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": [label]}
    return {
        "id": f"{start}",
        "from_name": "label",
        "to_name": "text",
        "type": "labels",
        "value": value,
        **more,
    }


def read(
    *results: dict[str, Any], text: str = TEXT, means: Means = nothing, **task: Any
) -> list[Any]:
    annotation = {"completed_by": 1, "result": list(results)}
    whole = {"data": {"text": text}, "annotations": [annotation], **task}
    return read_back(label_studio_out.FORMAT, json.dumps([whole]), means=means)


def on(row: dict[str, Any], start: int, end: int, **more: Any) -> dict[str, Any]:
    """A choice or a text for a region, whose offsets stand in its value."""
    return {**row, "value": {**row["value"], "start": start, "end": end}, **more}


@pytest.mark.parametrize(
    "row", [CHOICE, SUMMARY, RATING, {"type": "taxonomy", "value": {"taxonomy": [["a"]]}}]
)
def test_answers_for_the_text_are_refused_and_make_no_review(row: Any) -> None:
    refused, record = read(row)
    assert isinstance(refused, Refused)
    assert isinstance(record, Record)
    assert row["type"] in refused.reason
    assert refused.kind == f"{row['type']} of Label Studio"
    assert refused.article == record.article.id
    assert (record.entities, record.unknown) == ((), ALL)


@pytest.mark.parametrize("row", [CHOICE, SUMMARY, RATING])
def test_beside_regions_such_answers_are_only_refused(row: Any) -> None:
    refused, record = read(region(0, 3), row)
    assert "not imported" in refused.reason
    assert ([one.span for one in record.entities], record.unknown) == ([Span(0, 3)], ())


@pytest.mark.parametrize(
    "row", [CHOICE, SUMMARY, {**RATING, "type": "number", "value": {"number": 3}}]
)
def test_answers_for_a_region_are_refused_and_the_region_is_read(row: Any) -> None:
    refused, record = read(region(0, 3), on(row, 0, 3, id="0"))
    assert "result 0: " in refused.reason
    assert ([one.span for one in record.entities], record.unknown) == ([Span(0, 3)], ())


@pytest.mark.parametrize("row", [CHOICE, RATING, {**RATING, "type": "hypertextlabels"}])
def test_answers_with_their_own_offsets_make_words_unknown(row: Any) -> None:
    _, record = read(region(0, 3), on(row, 8, 11))
    assert record.unknown == (Span(8, 11),)


@pytest.mark.parametrize("kind", ["ranker", "pairwise", "rectanglelabels", "datetime", "video"])
def test_every_other_kind_is_refused_by_name(kind: str) -> None:
    refused, _ = read(region(0, 3), {"id": "x", "type": kind, "value": {kind: [1]}})
    assert f"result x: '{kind}' is not imported" in refused.reason


def test_a_second_value_is_refused_by_name() -> None:
    row = {"id": "0", "from_name": "identity", "type": "textarea", "value": {"text": ["Q1", "Q2"]}}
    refused, record = read(region(0, 3), row)
    assert "textarea identity is not imported: Q2" in refused.reason
    assert record.entities[0].identity == "Q1"


def test_an_empty_annotation_is_a_text_without_entities() -> None:
    (record,) = read()
    assert (record.entities, record.unknown) == ((), ())


@pytest.mark.parametrize(
    "text",
    [
        "/data/upload/3/1a2b-book.txt",
        "/data/local-files/?d=stories/1.txt",
        "https://example.com/pages/page-1.png",
        "https://example.com/pages/page",
        "s3://bucket/key",
        "gs://bucket/a.txt",
        "C:\\stories\\a.txt",
        "story.pdf",
    ],
)
def test_a_path_or_an_address_is_not_a_text(text: str) -> None:
    (reason,) = reasons(read(region(0, 3), text=text))
    assert "is a path or address" in reason


@pytest.mark.parametrize(
    ("who", "name"),
    [(3, "3"), ("bo", "bo"), ({"id": 3, "email": "bo@x"}, "bo@x"), ({"id": 3}, "3"), (None, None)],
)
def test_the_reviewer_of_an_annotation_is_who_completed_it(who: Any, name: str | None) -> None:
    rows = [{"completed_by": one, "result": [region(0, 3)]} for one in (who, "eve")]
    found = records_of(read(annotations=rows))
    assert [record.review.reviewer for record in found] == [name, "eve"]


QUOTED = 'Ada Low said: "The bridge is shut." Bob Hay denied it.'
PIECES = [region(0, 7, "Source"), region(8, 12, "Cue"), region(14, 35, "Content")]
LINKS = [{"type": "relation", "from_id": "14", "to_id": one, "direction": "right"} for one in "08"]


@pytest.mark.parametrize("links", [[], LINKS, LINKS[:1]], ids=["none", "all", "one"])
@pytest.mark.parametrize("control", ["label", "claim", "quotes"])
def test_pieces_of_a_quotation_are_a_claim(links: Any, control: str) -> None:
    pieces = [{**one, "from_name": control} for one in PIECES]
    (record, *rest) = records_of(read(*pieces, *links, text=QUOTED))
    (claim,) = record.claims
    assert (claim.content, claim.source) == ((Span(14, 35),), (Span(0, 7),))
    assert (claim.quotation, claim.source_kind) == ("direct", "named")
    assert (record.entities, rest) == ((), [])
    # Of a control of ours, what nobody linked is in no claim.
    if len(links) != 1 or control != "claim":
        assert claim.cue == (Span(8, 12),)
    else:
        assert claim.cue == ()
        assert record.unknown == (Span(8, 12),)


def test_a_claim_gets_the_entity_linked_to_its_source() -> None:
    linked = {"type": "relation", "from_id": "0", "to_id": "ada"}
    found = read(*PIECES, region(0, 7, id="ada"), *LINKS, linked, text=QUOTED)
    (record,) = found
    assert record.claims[0].source_entity == record.entities[0].id == "ada"


def test_a_region_can_be_a_source_and_a_person() -> None:
    both = region(0, 7)
    both["value"]["labels"] = ["Source", "PERSON"]
    (record,) = read(both, *PIECES[1:], text=QUOTED)
    assert record.claims[0].source == (Span(0, 7),)
    assert [one.label for one in record.entities] == ["PERSON"]


def test_labels_of_the_scheme_are_entities() -> None:
    (record,) = read(*PIECES, text=QUOTED, means=lambda label: label == "Cue" or label == "Source")
    assert [one.label for one in record.entities] == ["Source", "Cue"]
    assert [claim.content for claim in record.claims] == [(Span(14, 35),)]


def test_a_source_without_content_is_refused_and_unknown() -> None:
    refused, record = read(PIECES[0], text=QUOTED)
    assert "a source without content" in refused.reason
    assert record.unknown == (Span(0, 7),)


def test_the_short_form_joins_claims_by_proximity() -> None:
    flat = {"id": 4, "text": QUOTED, "annotation_id": 5, "tone": "calm", "stars": [{"rating": 4}]}
    flat["label"] = [one["value"] for one in PIECES]
    (record,) = read_back(label_studio_out.FORMAT, json.dumps([flat]))
    assert isinstance(record, Record)
    assert len(record.claims) == 1
    assert record.article.meta == {"tone": "calm", "stars": [{"rating": 4}], "task": [{"id": 4}]}


def test_a_short_form_without_regions_is_unreviewed() -> None:
    flat = {"id": 4, "text": TEXT, "annotation_id": 5, "sentiment": "positive"}
    (record,) = read_back(label_studio_out.FORMAT, json.dumps([flat]))
    assert isinstance(record, Record)
    assert (record.entities, record.unknown) == ((), ALL)


EVERYTHING: dict[str, Any] = {
    "id": 7,
    "project": 3,
    "file_upload": "a.json",
    "meta": {"desk": "foreign"},
    "drafts": [{"result": []}],
    "predictions": [],
    **dict.fromkeys(LEFT_OUT, 1),
}


def test_every_field_of_a_task_is_used_kept_or_refused() -> None:
    meta = {"text": ["sure"], "colour": "red"}
    one = region(0, 3, score=0.5, parentID="x", meta=meta)
    found = read(one, data={"text": TEXT, "title": 4, "url": "u"}, **EVERYTHING)
    (record,) = records_of(found)
    assert record.article.meta == {
        "title": 4,
        "url": "u",
        "task": [{key: EVERYTHING[key] for key in ("id", "project", "file_upload", "meta")}],
        "regions": [{"id": "0", "parentID": "x", "meta": {"colour": "red"}}],
    }
    assert reasons(found) == ["drafts: 1 not submitted, so not imported"]
    assert (record.entities[0].score, record.entities[0].note) == (0.5, "sure")


def short(**more: Any) -> list[Any]:
    """What a task of the short form gives that somebody completed."""
    task = {"text": TEXT, "id": 1, "annotator": 1, "annotation_id": 5, **more}
    return read_back(label_studio_out.FORMAT, json.dumps([task]))


ADA = {"start": 0, "end": 3, "text": "Ada", "labels": ["PERSON"]}
BOB = {"start": 8, "end": 11, "text": "Bob"}


def test_a_region_without_label_does_not_affect_others() -> None:
    found = short(label=[ADA, BOB])
    (record,) = records_of(found)
    assert [one.span for one in record.entities] == [Span(0, 3)]
    assert reasons(found) == ["result label/1: no label"]
    assert record.unknown == (Span(8, 11),)


@pytest.mark.parametrize("kind", ["hypertextlabels", "choices", "taxonomy", "paragraphlabels"])
def test_regions_of_other_kinds_in_the_short_form_are_refused_and_unknown(kind: str) -> None:
    found = short(label=[ADA], other=[{**BOB, kind: ["PERSON"]}])
    (record,) = records_of(found)
    assert [one.span for one in record.entities] == [Span(0, 3)]
    assert len(reasons(found)) == 1
    assert record.unknown == (Span(8, 11),)
    assert "other" not in record.article.meta


def test_a_region_of_another_text_is_not_read() -> None:
    other = region(0, 3, id="t", to_name="title")
    data = {"text": TEXT, "title": "Ada came"}
    found = read(region(8, 11), other, data=data)
    (record,) = records_of(found)
    assert [one.span for one in record.entities] == [Span(8, 11)]
    assert reasons(found) == ["result t: is on another text, 'title'"]
    assert record.unknown == ()


def test_the_name_of_a_single_text_does_not_matter() -> None:
    (record,) = records_of(read(region(0, 3, to_name="txt"), region(8, 11, to_name="txt")))
    assert len(record.entities) == 2


def test_other_fields_of_annotations_are_kept() -> None:
    said = {"ground_truth": True, "reviews": [{"accepted": False}], "comments": [{"text": "?"}]}
    own = {"id": 3, "completed_by": 1, "lead_time": 2.5, "unique_id": "u", "task": 1, "project": 2}
    annotation = {**own, **said, "result": [region(0, 3)], "prediction": {}, "updated_by": 1}
    (record,) = records_of(read(annotations=[annotation]))
    assert record.article.meta == {"annotations": [{"id": 3, **said}]}


@pytest.mark.parametrize(
    ("annotations", "predictions", "told"),
    [
        (1, 1, "predictions for annotated texts are not imported"),
        (0, 2, "the last of several predictions for a text is imported"),
        (0, 1, None),
        (2, 0, None),
    ],
)
def test_predictions_that_are_not_read_are_reported(
    tmp_path: Path, annotations: int, predictions: int, told: str | None
) -> None:
    path, notes = tmp_path / "a.json", Notes()
    rows = {"completed_by": 1, "result": [region(0, 3)]}
    task = {"data": {"text": TEXT}, "annotations": [rows] * annotations}
    path.write_text(json.dumps([{**task, "predictions": [rows] * predictions}]))
    assert list(label_studio_out.FORMAT.read(path, ReadOptions(notes=notes)))
    assert notes.lines() == ([f"a.json: {told}"] if told else [])
