"""Prodigy's JSONL: tasks in the documented form, written and read back."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import Entity, Verdict
from annotator.core.article import Article, Span
from annotator.core.decisions import Answer
from annotator.core.record import Record
from annotator.formats.jsonl import records_in
from annotator.formats.prodigy import prodigy_out
from tests.helpers.formats import read_back, records_of, written
from tests.helpers.prodigy_tasks import TEXT, read_tasks, tasks_of
from tests.helpers.record_strategies import (
    HARD_RECORDS,
    REVIEWED,
    SCHEME,
    SCRIPTS,
    many_claims,
    records,
)

ROOT = Path(__file__).parents[2]
GOLD = [r for path in sorted((ROOT / "seeds/gold").glob("*.jsonl")) for r in records_in(path)]


def test_two_reviews_of_a_text_by_two_people_keep_their_order() -> None:
    two = [replace(GOLD[0], review=replace(REVIEWED, reviewer=name)) for name in ("ada", "bo")]
    rows = [*two, *GOLD[1:]]
    content, _ = written(prodigy_out.FORMAT, rows)
    assert read_back(prodigy_out.FORMAT, content) == [
        prodigy_out.expected(record) for record in rows
    ]


def test_two_reviews_of_a_text_by_one_person_stay_two() -> None:
    rows = [HARD_RECORDS[6], HARD_RECORDS[7]]
    content, _ = written(prodigy_out.FORMAT, rows)
    assert read_back(prodigy_out.FORMAT, content) == [
        prodigy_out.expected(record) for record in rows
    ]


@cache
def gold_lines() -> tuple[bytes, ...]:
    """The tasks of some records, one a line."""
    return tuple(written(prodigy_out.FORMAT, GOLD[:4])[0].splitlines(keepends=True))


@given(st.randoms(use_true_random=False))
def test_tasks_in_any_order_make_the_same_records(shuffler: Any) -> None:
    lines = list(gold_lines())
    shuffler.shuffle(lines)
    found = {
        record.article.id: record
        for record in records_of(read_back(prodigy_out.FORMAT, b"".join(lines)))
    }
    assert found == {record.article.id: prodigy_out.expected(record) for record in GOLD[:4]}


def test_no_claim_of_two_hundred_and_fourteen_is_lost() -> None:
    content, losses = written(prodigy_out.FORMAT, [many_claims()])
    assert not losses
    assert len(records_of(read_back(prodigy_out.FORMAT, content))[0].claims) == 214


@given(records())
def test_tokens_rebuild_the_text_and_spans_match_tokens(record: Record) -> None:
    for task in tasks_of(record):
        text = "".join(token["text"] + " " * token["ws"] for token in task["tokens"])
        assert text == task["text"]
        assert [token["id"] for token in task["tokens"]] == list(range(len(task["tokens"])))
        for span in task["spans"]:
            first, last = task["tokens"][span["token_start"]], task["tokens"][span["token_end"]]
            assert (first["start"], last["end"]) == (span["start"], span["end"])
            assert task["text"][span["start"] : span["end"]] == span["text"]


@given(records())
def test_a_task_has_prodigys_fields_and_hashes(record: Record) -> None:
    tasks = tasks_of(record)
    assert len({task["_input_hash"] for task in tasks}) == 1
    assert len({task["_task_hash"] for task in tasks}) == len(tasks)
    for task in tasks:
        assert -(2**31) <= task["_task_hash"] < 2**31
        assert -(2**31) <= task["_input_hash"] < 2**31
        assert task["answer"] in ("accept", "reject", "ignore")
        assert {"text", "tokens", "spans", "meta", "_view_id", "_annotator_id"} <= task.keys()


def test_hashes_are_stable() -> None:
    assert tasks_of(HARD_RECORDS[0])[0]["_input_hash"] == -21005558


@pytest.mark.parametrize(("number", "start", "end"), [(0, 12, 22), (1, 19, 29)])
def test_offsets_are_code_points(number: int, start: int, end: int) -> None:
    span = tasks_of(HARD_RECORDS[number])[0]["spans"][0]
    assert (span["start"], span["end"]) == (start, end)
    assert span["text"] == SCRIPTS[number][start:end]


def test_the_last_token_of_a_span_belongs_to_it() -> None:
    article = Article("Ada Low left.")
    entity = Entity("a", Span(0, 7), "PERSON", verdict=Verdict.ADDED)
    (task, _) = tasks_of(Record(article, SCHEME, review=REVIEWED, entities=(entity,)))
    assert (task["spans"][0]["token_start"], task["spans"][0]["token_end"]) == (0, 1)


def test_views_for_overlaps_are_used_only_with_overlaps() -> None:
    views = {task["annotator"]["task"]: task["_view_id"] for task in tasks_of(many_claims())}
    assert views == {"entities": "ner_manual", "claims": "relations"}
    nested = {task["annotator"]["task"]: task["_view_id"] for task in tasks_of(HARD_RECORDS[3])}
    assert nested == {"entities": "spans_manual", "claims": "spans_manual", "junk": "spans_manual"}


def test_relations_name_the_last_tokens_of_their_spans() -> None:
    task = tasks_of(many_claims(1))[1]
    relation = task["relations"][0]
    assert relation["head"] == relation["head_span"]["token_end"]
    assert relation["child"] == relation["child_span"]["token_end"]
    assert (relation["head_span"]["label"], relation["child_span"]["label"]) == ("CONTENT", "CUE")


def test_skipped_articles_are_ignored_and_unusable_ones_rejected() -> None:
    article = Article(TEXT)
    answers = {
        answer: tasks_of(Record(article, SCHEME, None, answer, REVIEWED))[0]["answer"]
        for answer in Answer
    }
    assert answers == {
        Answer.ACCEPT: "accept",
        Answer.SKIP: "ignore",
        Answer.UNUSABLE: "reject",
    }


def test_unreviewed_articles_are_not_training_data() -> None:
    assert {task["answer"] for task in tasks_of(HARD_RECORDS[5])} == {"ignore"}


def test_an_unreviewed_task_answered_in_prodigy_is_reviewed() -> None:
    task = tasks_of(HARD_RECORDS[5])[0]
    task |= {"answer": "accept", "_timestamp": 1545206400, "_annotator_id": "bo"}
    (record,) = records_of(read_tasks(task))
    assert (record.review.kind, record.review.reviewer) == ("import", "bo")
    assert [entity.verdict for entity in record.entities] == [Verdict.ACCEPTED]


def test_open_items_are_left_out_and_counted() -> None:
    _, losses = written(prodigy_out.FORMAT, [HARD_RECORDS[3]])
    assert losses.counts == {"open entity": 1, "open claim": 1}
