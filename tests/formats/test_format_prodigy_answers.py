"""The meaning of Prodigy's answers: binary ones, old and new, and several on one text."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.article import Span
from annotator.core.decisions import Answer
from annotator.core.record import Record
from annotator.formats.base import Refused
from tests.helpers.formats import reasons, records_of
from tests.helpers.items import as_entity
from tests.helpers.prodigy_tasks import (
    ADA,
    ALL,
    BO,
    TEXT,
    TOKENS,
    by_hand,
    new,
    old,
    only,
    read_tasks,
    said,
    span,
)


@pytest.mark.parametrize("task", [old, new])
def test_all_binary_answers_of_a_text_are_kept_and_the_rest_is_unknown(task: Any) -> None:
    record = only(
        task("accept", span(ADA)), task("accept", span(BO)), task("reject", span(ADA, "ORG"))
    )
    assert said(record) == ([ADA, BO], [ADA], ALL)
    assert (record.answer, record.review.kind) == (Answer.ACCEPT, "import")


@pytest.mark.parametrize("task", [old, new])
def test_a_rejected_span_is_kept_as_rejected(task: Any) -> None:
    assert said(only(task("reject", span(BO)))) == ([], [BO], ALL)


@pytest.mark.parametrize(
    "task",
    [
        {"text": TEXT, "_task_hash": 1, "spans": [span(BO, pattern=3)], "answer": "reject"},
        {"text": TEXT, "spans": [span(BO)], "answer": "reject"},
        new("reject", span(BO), view="spans"),
        {"text": TEXT, "_view_id": "ner", "spans": [span(BO)], "answer": "reject"},
        {"text": TEXT, "spans": [span(BO, answer="reject")], "answer": "reject"},
    ],
    ids=["ner.match, old", "by others", "spancat", "no mark", "own answer alone"],
)
def test_one_rejected_span_leaves_the_rest_unknown(task: dict[str, Any]) -> None:
    assert said(only(task)) == ([], [BO], ALL)


@pytest.mark.parametrize(
    "task",
    [
        {"text": TEXT, "_task_hash": 1, "spans": [span(ADA, pattern=3)], "answer": "accept"},
        old("accept", span(ADA)),
        new("accept", span(ADA)),
        {"text": TEXT, "_view_id": "choice", "spans": [span(ADA)], "answer": "accept"},
    ],
)
def test_one_accepted_span_leaves_the_rest_unknown(task: dict[str, Any]) -> None:
    assert said(only(task)) == ([ADA], [], ALL)


@pytest.mark.parametrize(
    "task",
    [
        by_hand(span(ADA)),
        {"text": TEXT, "tokens": TOKENS, "_task_hash": 1, "spans": [span(ADA)], "answer": "accept"},
        {"text": TEXT, "spans": [span(ADA)], "answer": "accept"},
        {"text": TEXT, "_view_id": "blocks", "spans": [span(ADA)], "answer": "accept"},
    ],
    ids=["ner.manual", "ner.manual, old", "by others", "blocks"],
)
def test_manual_annotations_are_complete(task: dict[str, Any]) -> None:
    assert said(only(task)) == ([ADA], [], ())


def test_answers_of_spans_count_separately() -> None:
    spans = [
        span(ADA, answer="accept"),
        span(BO, answer="reject"),
        span(Span(8, 12), answer="ignore"),
    ]
    task = {"text": TEXT, "_task_hash": 1, "spans": spans, "answer": "accept"}
    assert said(only(task)) == ([ADA], [BO], ALL)


def test_an_ignored_span_of_a_manual_annotation_is_unknown() -> None:
    assert said(only(by_hand(span(ADA), span(BO, answer="ignore")))) == ([ADA], [], (BO,))


def test_manual_and_binary_answers_leave_nothing_unknown() -> None:
    record = only(by_hand(span(ADA)), new("reject", span(BO, "ORG")), old("accept", span(BO)))
    assert said(record) == ([ADA, BO], [BO], ())


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize(
    "ignored", [old("ignore", span(BO)), new("ignore", span(BO)), by_hand(answer="ignore")]
)
def test_ignored_answers_change_nothing(ignored: dict[str, Any], place: int) -> None:
    tasks = [by_hand(span(ADA))]
    tasks.insert(place, ignored)
    assert said(only(*tasks)) == ([ADA], [], ())


def test_an_ignored_question_is_no_review_and_an_ignored_text_is_skipped() -> None:
    assert only(new("ignore", span(ADA))).review.kind == "none"
    assert only(by_hand(span(ADA), answer="ignore")).answer is Answer.SKIP


@pytest.mark.parametrize("first", [old("accept", span(ADA)), by_hand(span(ADA), span(BO))])
def test_a_span_both_accepted_and_rejected_is_refused_by_line(
    first: dict[str, Any],
) -> None:
    refused, record = read_tasks(first, new("reject", span(ADA)), new("reject", span(ADA)))
    assert isinstance(refused, Refused)
    assert isinstance(record, Record)
    assert refused.reason == "[0, 7) PERSON is accepted on line 1, rejected on line 2"
    assert (refused.line, refused.article) == (2, record.article.id)
    assert ADA not in [entity.span for entity in record.entities]
    assert record.rejected == ()
    assert any(one.contains(ADA) for one in record.unknown)


def test_an_answer_that_contradicts_its_only_span_is_refused() -> None:
    task = {**old("accept", span(ADA)), "answer": "reject"}
    (reason,) = reasons(read_tasks(task))
    assert "its own answer is accept, but its task's is reject" in reason


def test_several_spans_rejected_at_once_are_refused_by_name() -> None:
    found = read_tasks(new("reject", span(ADA), span(BO)))
    assert ["unknown which is wrong" in reason for reason in reasons(found)] == [True, True]
    assert said(records_of(found)[0]) == ([], [], ALL)


def test_a_text_annotated_label_by_label_keeps_all_labels() -> None:
    record = only(by_hand(span(ADA)), by_hand(span(BO, "ORG")))
    assert said(record) == ([ADA, BO], [], ())


def test_each_annotator_has_a_record_with_its_unknown_spans() -> None:
    found = read_tasks(
        new("accept", span(ADA), _annotator_id="d-ada"), by_hand(span(BO), _session_id="d-bo")
    )
    assert [record.review.reviewer for record in records_of(found)] == ["d-ada", "d-bo"]
    assert [record.unknown for record in records_of(found)] == [ALL, ()]


PLACES = [Span(0, 3), Span(0, 7), Span(4, 7), Span(13, 15), Span(13, 21)]
BINARY = st.lists(
    st.tuples(
        st.sampled_from([old, new]),
        st.sampled_from(["accept", "reject", "ignore"]),
        st.sampled_from(PLACES),
        st.sampled_from(["PERSON", "ORG"]),
    ),
    min_size=1,
    max_size=8,
)


@given(BINARY)
def test_no_answer_is_lost(tasks: list[Any]) -> None:
    found = read_tasks(*(make(answer, span(where, label)) for make, answer, where, label in tasks))
    (record,) = records_of(found)
    said = {(answer, where, label) for _, answer, where, label in tasks}
    refused = " ".join(reasons(found))
    for answer, where, label in said - {one for one in said if one[0] == "ignore"}:
        items = record.entities if answer == "accept" else record.rejected
        entities = map(as_entity, items)
        stands = (where, label) in {(one.span, one.label) for one in entities}
        both = {("accept", where, label), ("reject", where, label)} <= said
        assert stands != both
        assert both == (f"[{where.start}, {where.end}) {label} is accepted on line" in refused)
    answered = any(one[0] != "ignore" for one in said)
    assert record.unknown == (ALL if answered else ())


@pytest.mark.parametrize("answer", ["Accept", "accepted", "yes", True, 1, ["accept"], {}, ""])
def test_an_unknown_answer_is_refused_and_skips_nothing(answer: Any) -> None:
    (refused,) = read_tasks(by_hand(span(ADA), answer=answer))
    assert isinstance(refused, Refused)
    assert "is not one of Prodigy's answers: accept, reject, ignore" in refused.reason
    assert refused.article is None


def test_an_empty_answer_does_not_delete_spans_of_one_label() -> None:
    refused, record = read_tasks(by_hand(span(ADA)), by_hand())
    assert isinstance(refused, Refused)
    assert isinstance(record, Record)
    assert (refused.line, refused.article) == (1, record.article.id)
    assert "line 2 marks nothing" in refused.reason
    assert said(record) == ([], [], (ADA,))


def test_an_empty_answer_deletes_nothing_in_label_by_label_work() -> None:
    record = only(by_hand(span(ADA)), by_hand(span(BO, "ORG")), by_hand())
    assert said(record) == ([ADA, BO], [], ())


def test_an_empty_first_answer_changes_nothing() -> None:
    assert said(only(by_hand(), by_hand(span(ADA)))) == ([ADA], [], ())


@given(st.lists(st.integers(0, 2), min_size=1, max_size=9))
def test_tasks_of_a_text_are_found_anywhere_in_the_file(order: list[int]) -> None:
    texts = [f"{TEXT} {number}" for number in order]
    rows = [{**new("accept", span(ADA, f"L{n}")), "text": text} for n, text in enumerate(texts)]
    records = records_of(read_tasks(*rows))
    assert {record.article.text: len(record.entities) for record in records} == Counter(texts)
