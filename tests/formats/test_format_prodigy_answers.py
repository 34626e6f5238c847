"""What Prodigy's answers say and what they leave open: binary ones, old and new, and several."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.article import Span
from annotator.core.decisions import Answer
from annotator.core.record import Record
from annotator.formats.base import Refused
from annotator.formats.prodigy_beside import LEFT_OUT
from tests.helpers.formats import reasons, records_of
from tests.helpers.prodigy_tasks import TEXT, TOKENS, read_tasks

ALL = (Span(0, len(TEXT)),)
ADA, BO = Span(0, 7), Span(13, 21)


def span(where: Span, label: str = "PERSON", **more: Any) -> dict[str, Any]:
    return {"start": where.start, "end": where.end, "label": label, **more}


def old(answer: str, *spans: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A task as ner.teach saved it before tasks had views: each span with the answer too."""
    model = {"score": 0.9, "rank": 0, "source": "core_web", "input_hash": 1}
    rows = [{**model, "answer": answer, **one} for one in spans]
    return {
        "text": TEXT,
        "_input_hash": 1,
        "_task_hash": 2,
        "spans": rows,
        "answer": answer,
        **more,
    }


def new(answer: str, *spans: dict[str, Any], view: str = "ner", **more: Any) -> dict[str, Any]:
    """A binary task as it is saved today."""
    about = {"_view_id": view, "_is_binary": True, "_input_hash": 1}
    return {"text": TEXT, "tokens": TOKENS, "spans": list(spans), "answer": answer, **about, **more}


def by_hand(*spans: dict[str, Any], answer: str = "accept", **more: Any) -> dict[str, Any]:
    about = {"_view_id": "ner_manual", "tokens": TOKENS}
    return {"text": TEXT, "spans": list(spans), "answer": answer, **about, **more}


def only(*tasks: dict[str, Any]) -> Record:
    """The one record that tasks make, nothing refused."""
    (record,) = read_tasks(*tasks)
    assert isinstance(record, Record)
    return record


def said(record: Record) -> tuple[list[Span], list[Span], tuple[Span, ...]]:
    """What stands, what does not, and of what nothing is known."""
    rejected = [piece for item in record.rejected for piece in item.spans]
    return [entity.span for entity in record.entities], rejected, record.unknown


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
def test_one_rejected_span_says_nothing_of_the_rest(task: dict[str, Any]) -> None:
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
def test_one_accepted_span_says_nothing_of_the_rest(task: dict[str, Any]) -> None:
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
def test_what_was_marked_by_hand_is_all_there_is(task: dict[str, Any]) -> None:
    assert said(only(task)) == ([ADA], [], ())


def test_answers_in_the_spans_count_each_by_itself() -> None:
    spans = [
        span(ADA, answer="accept"),
        span(BO, answer="reject"),
        span(Span(8, 12), answer="ignore"),
    ]
    task = {"text": TEXT, "_task_hash": 1, "spans": spans, "answer": "accept"}
    assert said(only(task)) == ([ADA], [BO], ALL)


def test_an_ignored_span_of_what_was_marked_by_hand_is_unknown() -> None:
    assert said(only(by_hand(span(ADA), span(BO, answer="ignore")))) == ([ADA], [], (BO,))


def test_by_hand_and_binary_answers_together_leave_nothing_unknown() -> None:
    record = only(by_hand(span(ADA)), new("reject", span(BO, "ORG")), old("accept", span(BO)))
    assert said(record) == ([ADA, BO], [BO], ())


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize(
    "ignored", [old("ignore", span(BO)), new("ignore", span(BO)), by_hand(answer="ignore")]
)
def test_what_was_ignored_says_nothing_and_wipes_nothing(
    ignored: dict[str, Any], place: int
) -> None:
    tasks = [by_hand(span(ADA))]
    tasks.insert(place, ignored)
    assert said(only(*tasks)) == ([ADA], [], ())


def test_an_ignored_question_alone_is_no_review_and_an_ignored_text_is_put_aside() -> None:
    assert only(new("ignore", span(ADA))).review.kind == "none"
    assert only(by_hand(span(ADA), answer="ignore")).answer is Answer.SKIP


@pytest.mark.parametrize("first", [old("accept", span(ADA)), by_hand(span(ADA), span(BO))])
def test_what_is_accepted_and_rejected_is_neither_and_refused_by_line(
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


def test_an_answer_that_contradicts_that_of_its_only_span_is_refused() -> None:
    task = {**old("accept", span(ADA)), "answer": "reject"}
    (reason,) = reasons(read_tasks(task))
    assert "its own answer is accept, that of its task reject" in reason


def test_several_spans_rejected_at_once_are_refused_by_name() -> None:
    found = read_tasks(new("reject", span(ADA), span(BO)))
    assert ["not known which is wrong" in reason for reason in reasons(found)] == [True, True]
    assert said(records_of(found)[0]) == ([], [], ALL)


def test_a_text_gone_through_label_by_label_keeps_all_of_them() -> None:
    record = only(by_hand(span(ADA)), by_hand(span(BO, "ORG")))
    assert said(record) == ([ADA, BO], [], ())


def test_each_annotator_has_a_record_with_what_is_unknown_of_it() -> None:
    found = read_tasks(
        new("accept", span(ADA), _annotator_id="d-ada"), by_hand(span(BO), _session_id="d-bo")
    )
    assert [record.review.reviewer for record in records_of(found)] == ["d-ada", "d-bo"]
    assert [record.unknown for record in records_of(found)] == [ALL, ()]


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
def test_a_label_for_a_whole_text_is_refused_by_name_and_does_not_become_a_review(
    task: dict[str, Any],
) -> None:
    refused, record = read_tasks(task, {**by_hand(span(ADA)), "text": TEXT})
    assert isinstance(refused, Refused)
    assert "for the whole text" in refused.reason
    assert "annotator add" in refused.reason
    assert (refused.line, refused.article) == (1, None)
    assert said(record) == ([ADA], [], ())  # type: ignore[arg-type]  # the other line's


@pytest.mark.parametrize(
    ("more", "name"),
    [({"label": "INSULT"}, "INSULT"), ({"accept": ["Q42"]}, "Q42"), ({"user_input": "so"}, "so")],
)
def test_beside_spans_it_is_a_piece_that_is_refused(more: dict[str, Any], name: str) -> None:
    refused, record = read_tasks(by_hand(span(ADA), **more))
    assert isinstance(refused, Refused)
    assert isinstance(record, Record)
    assert name in refused.reason
    assert refused.article == record.article.id
    assert said(record) == ([ADA], [], ())


def test_a_choice_for_a_marked_name_is_not_called_one_that_marks_nothing() -> None:
    options = [{"id": "Q1", "text": "one"}]
    task = new("accept", span(ADA), view="choice", options=options, accept=["Q1"])
    refused, record = read_tasks(task)
    assert "marks no spans" not in refused.reason
    assert said(record) == ([ADA], [], ALL)  # type: ignore[arg-type]  # a record
    assert record.article.meta == {"options": options}


@pytest.mark.parametrize("view", ["image", "image_manual", "audio", "pos_manual", "dep", "diff"])
def test_other_views_are_named_with_what_they_are_for(view: str) -> None:
    (reason,) = reasons(read_tasks(by_hand(span(ADA), _view_id=view)))
    assert f"view {view}, which is about" in reason


EVERYTHING = {
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


def test_all_that_a_task_says_is_taken_kept_or_refused() -> None:
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


def test_what_tasks_of_one_text_say_differently_is_kept_of_each() -> None:
    record = only(
        new("accept", span(ADA), meta={"score": 0.5, "desk": 1}),
        new("accept", span(BO), meta={"score": 0.7, "desk": 1}),
    )
    assert record.article.meta == {
        "desk": 1,
        "tasks": [{"line": 1, "score": 0.5}, {"line": 2, "score": 0.7}],
    }


def test_a_path_is_no_text() -> None:
    (reason,) = reasons(read_tasks({**by_hand(span(ADA)), "text": "s3://bucket/stories/1.txt"}))
    assert "says where its text lies" in reason


QUOTED = 'Ada Low said: "The bridge is shut." Bob Hay denied it.'
PIECES = [span(Span(0, 7), "Source"), span(Span(8, 12), "Cue"), span(Span(14, 35), "Content")]


@pytest.mark.parametrize("view", ["blocks", "ner_manual", "spans_manual", "relations", None])
@pytest.mark.parametrize("more", [{}, {"relations": []}])
def test_pieces_of_a_quotation_are_a_claim_without_relations(view: str | None, more: Any) -> None:
    task = {"text": QUOTED, "spans": PIECES, "answer": "accept", **more}
    (record,) = read_tasks(task | ({"_view_id": view} if view else {}))
    assert isinstance(record, Record)
    (claim,) = record.claims
    assert (claim.content, claim.cue, claim.source) == (
        (Span(14, 35),),
        (Span(8, 12),),
        (Span(0, 7),),
    )
    assert (claim.quotation, claim.source_kind) == ("direct", "named")
    assert record.entities == ()


def test_entities_beside_pieces_of_a_quotation_stay_entities() -> None:
    task = {"text": QUOTED, "spans": [*PIECES, span(Span(36, 43))], "answer": "accept"}
    (record,) = read_tasks(task)
    assert isinstance(record, Record)
    assert (len(record.claims), [one.span for one in record.entities]) == (1, [Span(36, 43)])


def test_a_rejected_piece_of_a_quotation_is_refused_by_name() -> None:
    task = {"text": QUOTED, "spans": [PIECES[0]], "answer": "reject", "_is_binary": True}
    (reason,) = reasons(read_tasks(task))
    assert "is a source that was rejected" in reason


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
        stands = (where, label) in {(*item.spans, item.label) for item in items}  # type: ignore[union-attr]  # all are entities
        both = {("accept", where, label), ("reject", where, label)} <= said
        assert stands != both
        assert both == (f"[{where.start}, {where.end}) {label} is accepted on line" in refused)
    answered = any(one[0] != "ignore" for one in said)
    assert record.unknown == (ALL if answered else ())


VALUES = st.recursive(
    st.booleans() | st.integers(-9, 9) | st.text("abc", min_size=1, max_size=3),
    lambda inner: st.lists(inner, min_size=1, max_size=2) | st.dictionaries(st.just("k"), inner),
    max_leaves=3,
)
KEYS = st.sampled_from(["url", "id", "html", "priority", "source", "desk", "spans_of", "task"])


@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=4), min_size=1, max_size=3))
def test_whatever_else_tasks_say_is_kept(more: list[dict[str, Any]]) -> None:
    (record,) = records_of(read_tasks(*(new("accept", span(ADA), **one) for one in more)))
    meta = record.article.meta
    rows = meta.get("tasks", [])
    for number, one in enumerate(more, start=1):
        own = [row for row in rows if row["line"] == number]
        kept = {**meta, **(own[-1] if own else {})}
        for key, value in one.items():
            assert kept.get(key) == value


@pytest.mark.parametrize(
    "task",
    [
        lambda one: old("accept", one, text=QUOTED),
        lambda one: new("accept", one, text=QUOTED, tokens=[]),
        lambda one: by_hand(one, text=QUOTED, tokens=[]),
    ],
    ids=["binary, old", "binary", "label by label"],
)
def test_pieces_of_a_quotation_in_tasks_of_their_own_are_one_claim(task: Any) -> None:
    record = only(*(task(piece) for piece in PIECES))
    (claim,) = record.claims
    assert (claim.content, claim.cue, claim.source) == (
        (Span(14, 35),),
        (Span(8, 12),),
        (Span(0, 7),),
    )


def test_a_piece_without_content_is_refused_with_its_line() -> None:
    refused, record = read_tasks(by_hand(span(ADA)), new("accept", span(BO, "Cue")))
    assert isinstance(refused, Refused)
    assert isinstance(record, Record)
    assert (refused.line, refused.kind) == (2, "cue without content")
    assert record.unknown == (BO,)


@pytest.mark.parametrize("answer", ["Accept", "accepted", "yes", True, 1, ["accept"], {}, ""])
def test_an_answer_that_is_none_of_prodigys_is_refused_and_puts_nothing_aside(answer: Any) -> None:
    (refused,) = read_tasks(by_hand(span(ADA), answer=answer))
    assert isinstance(refused, Refused)
    assert "is none of Prodigy's answers: accept, reject, ignore" in refused.reason
    assert refused.article is None


@pytest.mark.parametrize("spans", [{"0": span(ADA)}, {}, "[]", 7, True])
def test_spans_that_are_no_list_are_refused_and_never_no_spans(spans: Any) -> None:
    (refused,) = read_tasks({**by_hand(), "spans": spans})
    assert isinstance(refused, Refused)
    assert refused.reason.startswith("spans: expected a list, found ")


@pytest.mark.parametrize("name", ["entities", "ents", "label", "labels", "annotations", "ner"])
@pytest.mark.parametrize("row", [span(ADA), [0, 7, "PERSON"], ["PERSON", 0, 7]])
def test_spans_under_another_name_are_refused_with_the_way_out(name: str, row: Any) -> None:
    task = by_hand(**{name: [row]})
    (refused,) = read_tasks(task)
    assert isinstance(refused, Refused)
    assert f"its spans are called {name}" in refused.reason
    assert "--format offsets" in refused.reason


def test_what_else_is_a_list_is_data_as_before() -> None:
    more = {"entities": ["Ada Low"], "ents": [{"start": 1}], "ner": [[1, 2, 3]], "annotations": []}
    meta = only(by_hand(**more)).article.meta
    assert meta == more
    beside_spans = only(by_hand(span(BO), entities=[span(ADA)]))
    assert beside_spans.article.meta == {"entities": [span(ADA)]}


def test_spans_that_may_count_tokens_are_no_characters_by_guess() -> None:
    words = {"tokens": TEXT.split()}
    (refused,) = read_tasks({**by_hand({"start": 0, "end": 2, "label": "PERSON"}), **words})
    assert isinstance(refused, Refused)
    assert "may count tokens as well as characters" in refused.reason
    proved = only({**by_hand(span(ADA, text=ADA.of(TEXT))), **words})
    assert [one.span for one in proved.entities] == [ADA]
