"""Other fields of Prodigy's tasks: kept, or refused by name."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.record import Record
from annotator.formats.base import Refused
from annotator.formats.prodigy.prodigy_beside import LEFT_OUT
from tests.helpers.formats import reasons, records_of
from tests.helpers.prodigy_tasks import (
    ADA,
    ALL,
    BO,
    TEXT,
    TOKENS,
    by_hand,
    new,
    only,
    read_tasks,
    said,
    span,
)


@pytest.mark.parametrize(
    "task",
    [
        {"text": TEXT, "label": "INSULT", "_task_hash": 8, "answer": "accept"},
        {"text": TEXT, "label": "INSULT", "_task_hash": 8, "answer": "reject"},
        {
            "text": TEXT,
            "label": "INSULT",
            "spans": [{"start": 0, "end": 3, "pattern": 1}],
            "answer": "reject",
        },
        {"text": TEXT, "label": "INSULT", "_view_id": "classification", "answer": "accept"},
        {
            "text": TEXT,
            "options": [{"id": "WAR"}],
            "accept": ["WAR"],
            "_view_id": "choice",
            "answer": "accept",
        },
        {"text": TEXT, "options": [{"id": "WAR"}], "accept": ["WAR"], "answer": "accept"},
        {"text": TEXT, "user_input": "shorter", "_view_id": "text_input", "answer": "accept"},
        {"text": TEXT, "label": "X", "spans": [span(ADA, "X", pattern=1)], "answer": "accept"},
        {"text": TEXT, "label": "X", "spans": [span(ADA, "X")], "_view_id": "classification"},
        {
            "text": TEXT,
            "spans": [span(ADA)],
            "accept": [1],
            "_view_id": "choice",
            "answer": "reject",
        },
    ],
)
def test_a_text_label_is_refused_and_makes_no_review(
    task: dict[str, Any],
) -> None:
    refused, record = read_tasks(task, {**by_hand(span(ADA)), "text": TEXT})
    assert isinstance(refused, Refused)
    assert "for the whole text" in refused.reason
    assert "annotator add" in refused.reason
    assert (refused.line, refused.article) == (1, None)
    assert said(record) == ([ADA], [], ())


@pytest.mark.parametrize(
    ("more", "name"),
    [({"label": "INSULT"}, "INSULT"), ({"accept": ["Q42"]}, "Q42"), ({"user_input": "so"}, "so")],
)
def test_a_text_label_beside_spans_is_refused(more: dict[str, Any], name: str) -> None:
    refused, record = read_tasks(by_hand(span(ADA), **more))
    assert isinstance(refused, Refused)
    assert isinstance(record, Record)
    assert name in refused.reason
    assert refused.article == record.article.id
    assert said(record) == ([ADA], [], ())


def test_a_choice_for_a_span_is_reported_as_such() -> None:
    options = [{"id": "Q1", "text": "one"}]
    task = new("accept", span(ADA), view="choice", options=options, accept=["Q1"])
    refused, record = read_tasks(task)
    assert "marks no spans" not in refused.reason
    assert said(record) == ([ADA], [], ALL)
    assert record.article.meta == {"options": options}


@pytest.mark.parametrize("view", ["image", "image_manual", "audio", "pos_manual", "dep", "diff"])
def test_other_views_are_refused_by_name_and_purpose(view: str) -> None:
    (reason,) = reasons(read_tasks(by_hand(span(ADA), _view_id=view)))
    assert f"view {view}, which is about" in reason


EVERYTHING: dict[str, Any] = {
    "text": TEXT,
    "tokens": TOKENS,
    "spans": [span(ADA, pattern=7, source="patterns", priority=0.4, rank=2, input_hash=3, kb="Q1")],
    "options": [{"id": 1}],
    "html": "<b>Ada</b>",
    "url": "example",
    "score": 0.7,
    "priority": 0.3,
    "source": "wire",
    "config": {"labels": ["PERSON"]},
    "versions": [],
    "sessions": ["news-ada"],
    "label": "INSULT",
    "accept": ["WAR"],
    "user_input": "shorter",
    "relations": [{"head": 0, "child": 3, "label": "KNOWS"}],
    "meta": {"score": 0.9, "desk": "foreign"},
    "_input_hash": 1,
    "_task_hash": 2,
    "_view_id": "blocks",
    "_session_id": "news-ada",
    "_annotator_id": "ada",
    "_timestamp": 1_700_000_000,
    "_is_binary": False,
    "answer": "accept",
}


TAKEN = {
    "text",
    "spans",
    "answer",
    "_view_id",
    "_annotator_id",
    "_session_id",
    "_timestamp",
    "_is_binary",
}


def test_every_field_of_a_task_is_used_kept_or_refused() -> None:
    found = read_tasks(EVERYTHING)
    (record,) = records_of(found)
    refused, meta = " ".join(reasons(found)), record.article.meta
    for key, value in EVERYTHING.items():
        if key in TAKEN or key in LEFT_OUT:
            continue
        if key in ("label", "accept", "user_input"):
            assert str(value).strip("[]'") in refused
        elif key == "relations":
            assert "relations: 1" in refused
        elif key == "meta":
            assert EVERYTHING["meta"].items() <= meta.items()
        else:
            assert meta.get(key) == value or {key: value}.items() <= meta["task"][0].items()
    assert meta["spans"] == [
        {"start": 0, "end": 7, "label": "PERSON", "pattern": 7, "source": "patterns"}
        | {"priority": 0.4, "rank": 2, "input_hash": 3, "kb": "Q1"}
    ]


def test_differing_fields_of_tasks_of_one_text_are_all_kept() -> None:
    record = only(
        new("accept", span(ADA), meta={"score": 0.5, "desk": 1}),
        new("accept", span(BO), meta={"score": 0.7, "desk": 1}),
    )
    assert record.article.meta == {
        "desk": 1,
        "tasks": [{"line": 1, "score": 0.5}, {"line": 2, "score": 0.7}],
    }


def test_a_path_is_not_a_text() -> None:
    (reason,) = reasons(read_tasks({**by_hand(span(ADA)), "text": "s3://bucket/stories/1.txt"}))
    assert "is a path or address" in reason


VALUES = st.recursive(
    st.booleans() | st.integers(-9, 9) | st.text("abc", min_size=1, max_size=3),
    lambda inner: st.lists(inner, min_size=1, max_size=2) | st.dictionaries(st.just("k"), inner),
    max_leaves=3,
)


KEYS = st.sampled_from(["url", "id", "html", "priority", "source", "desk", "spans_of", "task"])


@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=4), min_size=1, max_size=3))
def test_other_fields_of_tasks_are_kept(more: list[dict[str, Any]]) -> None:
    (record,) = records_of(read_tasks(*(new("accept", span(ADA), **one) for one in more)))
    meta = record.article.meta
    rows = meta.get("tasks", [])
    for number, one in enumerate(more, start=1):
        own = [row for row in rows if row["line"] == number]
        kept = {**meta, **(own[-1] if own else {})}
        for key, value in one.items():
            assert kept.get(key) == value


@pytest.mark.parametrize("spans", [{"0": span(ADA)}, {}, "[]", 7, True])
def test_spans_other_than_a_list_are_refused(spans: Any) -> None:
    (refused,) = read_tasks({**by_hand(), "spans": spans})
    assert isinstance(refused, Refused)
    assert refused.reason.startswith("spans: expected a list, found ")


@pytest.mark.parametrize("name", ["entities", "ents", "label", "labels", "annotations", "ner"])
@pytest.mark.parametrize("row", [span(ADA), [0, 7, "PERSON"], ["PERSON", 0, 7]])
def test_spans_under_another_name_are_refused_with_advice(name: str, row: Any) -> None:
    (refused,) = read_tasks({**by_hand(), name: [row]})
    assert isinstance(refused, Refused)
    assert f"its spans are under {name!r}" in refused.reason
    assert "--format offsets" in refused.reason


def test_other_lists_are_kept_as_data() -> None:
    more = {"entities": ["Ada Low"], "ents": [{"start": 1}], "ner": [[1, 2, 3]], "annotations": []}
    meta = only({**by_hand(), **more}).article.meta
    assert meta == more
    beside_spans = only(by_hand(span(BO), entities=[span(ADA)]))
    assert beside_spans.article.meta == {"entities": [span(ADA)]}


def test_spans_that_may_count_tokens_are_not_guessed() -> None:
    words = {"tokens": TEXT.split()}
    (refused,) = read_tasks({**by_hand({"start": 0, "end": 2, "label": "PERSON"}), **words})
    assert isinstance(refused, Refused)
    assert "may count tokens or characters" in refused.reason
    proved = only({**by_hand(span(ADA, text=ADA.of(TEXT))), **words})
    assert [one.span for one in proved.entities] == [ADA]


def test_spans_in_pages_are_refused_by_name() -> None:
    task = by_hand(pages=[{"text": TEXT, "spans": [span(ADA)]}])
    (refused,) = read_tasks(task)
    assert refused.kind == "task of several pages"
