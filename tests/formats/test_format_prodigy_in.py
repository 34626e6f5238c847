"""Prodigy's JSONL by other programs: answers, reviews of answers, and invalid content."""

from __future__ import annotations

import json
from typing import Any

import pytest

from annotator.core.annotations import Claim, JunkKind, MadeBy, SourceKind, Verdict
from annotator.core.article import Span
from annotator.core.decisions import Answer
from annotator.core.record import ReviewFacts
from annotator.formats.prodigy import prodigy_out
from tests.helpers.formats import read_back, reasons, records_of
from tests.helpers.prodigy_tasks import TEXT, TOKENS, read_tasks, tasks_of
from tests.helpers.record_strategies import many_claims

# As rel.manual saves it; tokens 0 and 1 are the source, 2 the cue, 3 to 6 the content.
RELATIONS: dict[str, Any] = {
    "text": TEXT,
    "tokens": TOKENS,
    "spans": [
        {"start": 0, "end": 7, "token_start": 0, "token_end": 1, "label": "SOURCE"},
        {"start": 8, "end": 12, "token_start": 2, "token_end": 2, "label": "CUE"},
        {"start": 13, "end": 30, "token_start": 3, "token_end": 6, "label": "CONTENT"},
    ],
    "relations": [
        {
            "head": 6,
            "child": 2,
            "label": "CUE",
            "head_span": {"start": 13, "end": 30, "token_start": 3, "token_end": 6},
            "child_span": {"start": 8, "end": 12, "token_start": 2, "token_end": 2},
        },
        {
            "head": 1,
            "child": 2,
            "label": "SAYS",
            "head_span": {"start": 0, "end": 7, "token_start": 0, "token_end": 1},
            "child_span": {"start": 8, "end": 12, "token_start": 2, "token_end": 2},
        },
    ],
    "_view_id": "relations",
    "answer": "accept",
}


def marked(*spans: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A task as ner.manual saves it."""
    return {
        "text": TEXT,
        "tokens": TOKENS,
        "spans": list(spans),
        "_view_id": "ner_manual",
        "answer": "accept",
        **more,
    }


ADA = {"start": 0, "end": 7, "token_start": 0, "token_end": 1, "label": "PERSON"}


BO = {"start": 13, "end": 21, "token_start": 3, "token_end": 4, "label": "PERSON"}


def test_a_manual_task_is_read() -> None:
    (record,) = read_tasks(marked(ADA, BO, _session_id="news-bo", meta={"desk": 3}))
    assert [entity.span for entity in record.entities] == [Span(0, 7), Span(13, 21)]
    assert {entity.made_by for entity in record.entities} == {MadeBy.IMPORT}
    assert {entity.verdict for entity in record.entities} == {Verdict.ACCEPTED}
    assert (record.review.reviewer, record.review.kind) == ("news-bo", "import")
    assert record.article.meta == {"desk": 3}


def test_spans_may_be_absent() -> None:
    (record,) = read_tasks({"text": TEXT, "answer": "accept"})
    assert (record.entities, record.answer) == ((), Answer.ACCEPT)


def test_old_files_lack_tokens_blanks_and_times() -> None:
    (record,) = read_tasks(
        {"text": TEXT, "spans": [{"start": 0, "end": 7, "label": "PERSON"}], "answer": "accept"}
    )
    assert [entity.span for entity in record.entities] == [Span(0, 7)]


def test_a_span_of_only_tokens_includes_its_last_token() -> None:
    (record,) = read_tasks(marked({"token_start": 3, "token_end": 4, "label": "PERSON"}))
    assert [entity.span.of(TEXT) for entity in record.entities] == ["Bo Marsh"]


def test_offsets_win_over_tokens() -> None:
    (record,) = read_tasks(marked({**BO, "token_end": 5}))
    assert [entity.span.of(TEXT) for entity in record.entities] == ["Bo Marsh"]


def test_a_task_without_answer_is_open() -> None:
    task = marked(ADA)
    del task["answer"]
    (record,) = read_tasks(task)
    assert record.review == ReviewFacts()
    assert [entity.verdict for entity in record.entities] == [Verdict.PENDING]


@pytest.mark.parametrize(
    ("answer", "expected"), [("reject", Answer.UNUSABLE), ("ignore", Answer.SKIP)]
)
def test_a_task_rejected_or_ignored_as_a_whole_has_no_items(answer: str, expected: Answer) -> None:
    (record,) = read_tasks(marked(ADA, answer=answer))
    assert (record.answer, record.entities, record.rejected) == (expected, (), ())


def test_binary_answers_on_one_text_are_combined() -> None:
    binary = {"text": TEXT, "_view_id": "ner", "_is_binary": True}
    (record,) = read_tasks(
        {**binary, "spans": [ADA], "answer": "accept"},
        {"text": "Other.", "answer": "accept"},
        {**binary, "spans": [BO], "answer": "reject"},
        {**binary, "spans": [{**BO, "label": "ORG"}], "answer": "ignore"},
    )[:1]
    assert [entity.span for entity in record.entities] == [Span(0, 7)]
    assert [entity.span for entity in record.rejected] == [Span(13, 21)]


def test_a_span_may_have_its_own_answer() -> None:
    (record,) = read_tasks(marked(ADA, {**BO, "answer": "reject"}))
    assert [entity.span for entity in record.entities] == [Span(0, 7)]
    assert [entity.span for entity in record.rejected] == [Span(13, 21)]


def test_the_last_task_of_a_kind_counts() -> None:
    refused, record = read_tasks(marked(ADA), marked(BO))
    assert [entity.span for entity in record.entities] == [Span(13, 21)]
    assert (refused.line, refused.article) == (1, None)
    assert "replaced by the answer to the same text on line 2" in refused.reason


def test_two_annotators_make_two_records() -> None:
    found = read_tasks(marked(ADA, _annotator_id="bo"), marked(BO, _annotator_id="cy"))
    assert [record.review.reviewer for record in found] == ["bo", "cy"]


def test_relations_between_parts_are_claims() -> None:
    (record,) = read_tasks(RELATIONS)
    assert record.claims == (
        Claim(
            "c1",
            (Span(13, 30),),
            (Span(8, 12),),
            (Span(0, 7),),
            source_kind=SourceKind.NAMED,
            made_by=MadeBy.IMPORT,
            verdict=Verdict.ACCEPTED,
        ),
    )


def test_relations_of_only_tokens_are_read() -> None:
    bare = [{key: row[key] for key in ("head", "child", "label")} for row in RELATIONS["relations"]]
    (record,) = read_tasks({**RELATIONS, "relations": bare})
    assert (record.claims[0].cue, record.claims[0].source) == ((Span(8, 12),), (Span(0, 7),))


def test_entities_and_claims_of_one_text_are_one_record() -> None:
    (record,) = read_tasks(marked(ADA), RELATIONS)
    assert (len(record.entities), len(record.claims)) == (1, 1)


def test_a_claim_changed_in_prodigy_is_corrected_and_keeps_its_id() -> None:
    entities, claims = tasks_of(many_claims(1))
    claims["spans"] = [span for span in claims["spans"] if span["label"] != "SOURCE"]
    claims["relations"] = [row for row in claims["relations"] if row["label"] != "SOURCE"]
    (record,) = records_of(read_tasks(entities, claims))
    assert [(claim.id, claim.source, claim.verdict) for claim in record.claims] == [
        ("c0", (), Verdict.CORRECTED)
    ]


def test_a_claim_removed_in_prodigy_is_removed() -> None:
    entities, claims = tasks_of(many_claims(2))
    second = min(span["start"] for span in claims["spans"] if "Official 1" in span["text"])
    claims["spans"] = [span for span in claims["spans"] if span["start"] < second]
    claims["relations"] = claims["relations"][:2]
    (record,) = records_of(read_tasks(entities, claims))
    assert [claim.id for claim in record.claims] == ["c0"]


def test_junk_is_recognised_by_its_label() -> None:
    (record,) = read_tasks(marked({**ADA, "label": "junk/footnote"}))
    assert [line.kind for line in record.junk] == [JunkKind.FOOTNOTE]


def test_line_ends_become_ours_and_offsets_follow() -> None:
    text = "\r\nAda Low\r\nleft."
    span = {"start": 2, "end": 9, "label": "PERSON", "text": "Ada Low"}
    (record,) = read_tasks({"text": text, "spans": [span], "answer": "accept"})
    assert record.entities[0].span.of(record.article.text) == "Ada Low"


@pytest.mark.parametrize(
    ("span", "reason"),
    [
        ({"start": 0, "end": 32, "label": "X"}, "is not a range"),
        ({"start": 7, "end": 0, "label": "X"}, "is not a range"),
        ({"start": 7, "end": 8, "label": "X"}, "only blanks"),
        ({"start": 0.0, "end": 7, "label": "X"}, "integers"),
        ({"start": 0, "end": 7}, "a label must be a name"),
        ({"start": 0, "end": 7, "label": None}, "a label must be a name"),
        ({"label": "X"}, "neither offsets nor tokens"),
        ({"token_start": 3, "token_end": 8, "label": "X"}, "outside the 8 tokens"),
        ({"start": 0, "end": 7, "label": "X", "text": "Bo"}, "not 'Bo'"),
        ("PERSON", "expected an object"),
    ],
)
def test_an_invalid_span_is_refused_and_the_rest_is_read(span: Any, reason: str) -> None:
    found = read_tasks(marked(span, BO))
    assert reason in " ".join(reasons(found))
    assert [entity.span for entity in records_of(found)[0].entities] == [Span(13, 21)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ("[1]", "expected a task"),
        ('{"spans": []}', "there is no text"),
        ('{"text": 4}', "expected a text, found 4"),
        ('{"text": "a", "_view_id": "classification"}', "view classification"),
        ('{"text": "a", "annotator": 5}', "annotator: expected an object"),
    ],
)
def test_an_invalid_line_is_refused_by_number(line: str, reason: str) -> None:
    found = read_back(
        prodigy_out.FORMAT, f"{json.dumps(marked(ADA))}\n{line}\n{json.dumps(marked(ADA))}\n"
    )
    assert [reason in one for one in reasons(found)] == [True]
    assert len(records_of(found)) == 1


@pytest.mark.parametrize("relations", [[4], [{"head": 0}], [{"head": 99, "child": 2}]])
def test_an_invalid_relation_is_refused(relations: list[Any]) -> None:
    found = read_tasks({**RELATIONS, "relations": relations})
    assert any("relation: " in reason for reason in reasons(found))
    assert len(records_of(found)[0].claims) == 1


def test_other_relations_are_counted_and_their_spans_are_read() -> None:
    relations = [{"head": 0, "child": 1, "label": "KNOWS"}] * 2
    found = read_tasks(marked(ADA, BO, relations=relations))
    assert reasons(found) == ["relations: 2 between spans that are not parts of claims"]
    assert len(records_of(found)[0].entities) == 2


def reviewed(view: str, *spans: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A task as the recipe `review` saves it: the answer decided on, with those it was made of."""
    versions = [
        {**marked(ADA), "_view_id": view, "sessions": ["news-ada"], "default": True},
        {**marked(BO), "_view_id": view, "sessions": ["news-bo", "news-cy"], "default": False},
    ]
    about = {"_view_id": "review", "view_id": view, "versions": versions}
    return marked(*spans, **about, sessions=["news-ada", "news-bo", "news-cy"], **more)


def test_the_decision_of_a_review_of_answers_counts() -> None:
    (record,) = read_tasks(reviewed("ner_manual", ADA, BO, _session_id="final-di"))
    assert [entity.span for entity in record.entities] == [Span(0, 7), Span(13, 21)]
    assert record.review.reviewer == "final-di"


def test_a_binary_answer_rejected_in_a_review_concerns_one_entity() -> None:
    (record,) = read_tasks(reviewed("ner", BO, answer="reject"))
    assert (record.answer, record.entities) == (Answer.ACCEPT, ())
    assert [item.spans for item in record.rejected] == [(Span(13, 21),)]


def test_a_review_of_a_task_without_spans_is_refused() -> None:
    (reason,) = reasons(read_tasks(reviewed("choice")))
    assert "view choice" in reason


def test_one_task_on_several_lines_is_read_too() -> None:
    found = read_back(prodigy_out.FORMAT, json.dumps(marked(ADA), indent=1))
    assert [len(record.entities) for record in records_of(found)] == [1]


def test_a_list_of_tasks_is_read_too() -> None:
    found = read_back(prodigy_out.FORMAT, json.dumps([marked(ADA), RELATIONS], indent=1))
    assert [len(record.claims) for record in records_of(found)] == [1]
