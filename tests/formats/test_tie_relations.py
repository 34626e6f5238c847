"""Ties as relations of Label Studio, Prodigy and brat: changed and drawn there, and read back."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from annotator.core.annotations import Claim, MadeBy, Verdict
from annotator.core.article import Span
from annotator.core.claim_ties import Relation, Tie
from annotator.core.record import Record
from annotator.formats import format_named
from annotator.formats.base import Refused
from annotator.formats.label_studio import label_studio_out
from tests.formats.test_ties_and_identities import (
    AGAINST,
    BEYOND,
    BO,
    BURNED,
    DAMAGED,
    HERE,
    NOT,
    TEXT,
    WHOLE,
)
from tests.helpers.formats import read_back, reasons, records_of, written

Plain = dict[str, Any]

SUPPORTS = Tie("c2", Relation.SUPPORTS, HERE, "c1")
NEW = Tie("c2", Relation.SUPPORTS, HERE, "c1", MadeBy.IMPORT, Verdict.ACCEPTED)


def rows_of(name: str, one: Record) -> list[Plain]:
    """The tasks of a record."""
    content = written(format_named(name), [one])[0].decode()
    whole = json.loads(content) if name == "label-studio" else map(json.loads, content.splitlines())
    return list(whole)


def read(name: str, rows: Iterable[Plain]) -> list[Record | Refused]:
    return read_back(format_named(name), "\n".join(map(json.dumps, rows)))


def edited(name: str, change: Callable[[Plain], Any], one: Record = WHOLE) -> list[Any]:
    """What is read of a record after a change of the task with its claims."""
    rows = copy.deepcopy(rows_of(name, one))
    change(rows[0] if name == "label-studio" else rows[1])
    return read(name, rows)


def relations_in(task: Plain) -> list[Plain]:
    """The list that has the relations of a task, which may be changed."""
    rows: list[Plain] = task["relations"] if "relations" in task else _result(task)
    return rows


def _result(task: Plain) -> list[Plain]:
    result: list[Plain] = task["annotations"][0]["result"]
    return result


def label_of(row: Plain) -> str | None:
    named = row.get("labels") or [row.get("label")]
    return str(named[0]).casefold() if "from_id" in row or "head" in row else None


def tie_rows(rows: Sequence[Plain]) -> list[Plain]:
    return [row for row in rows if label_of(row) in set(Relation)]


def relabelled(label: str) -> Callable[[Plain], None]:
    def change(task: Plain) -> None:
        (row,) = tie_rows(relations_in(task))
        row["labels" if "labels" in row else "label"] = [label] if "labels" in row else label

    return change


def removed(task: Plain) -> None:
    rows = relations_in(task)
    rows[:] = [row for row in rows if label_of(row) not in set(Relation)]


def turned(task: Plain) -> None:
    """Add a relation from the second claim to the first that says `supports`."""
    rows = relations_in(task)
    row = copy.deepcopy(tie_rows(rows)[0])
    if "labels" in row:
        # Label Studio keeps the ends and turns the arrow.
        rows.append(row | {"labels": ["Supports"], "direction": "left"})
        return
    head, child = row["child"], row["head"]
    ends = {"head_span": row["child_span"], "child_span": row["head_span"]}
    rows.append({"head": head, "child": child, "label": "supports", **ends})


BOTH = pytest.mark.parametrize("name", ["label-studio", "prodigy"])


def test_label_studio_joins_the_first_pieces_of_two_claims() -> None:
    (task,) = rows_of("label-studio", replace(WHOLE, ties=(AGAINST, SUPPORTS, BEYOND)))
    ends = [
        (row["from_id"], row["to_id"], row["labels"], row["direction"])
        for row in tie_rows(_result(task))
    ]
    one, other = "claim/c1/content/0", "claim/c2/content/0"
    assert ends == [
        (one, other, ["Contradicts"], "bi"),
        (other, one, ["Supports"], "right"),
    ]


def test_prodigy_joins_the_first_pieces_of_two_claims() -> None:
    task = rows_of("prodigy", WHOLE)[1]
    (row,) = tie_rows(task["relations"])
    assert row["label"] == "CONTRADICTS"
    assert (row["head_span"]["text"], row["child_span"]["text"]) == ("it burned", "it did not")


@BOTH
def test_a_removed_relation_removes_its_tie_alone(name: str) -> None:
    assert edited(name, removed) == [replace(WHOLE, ties=(BEYOND,))]


@BOTH
def test_a_changed_label_corrects_the_tie(name: str) -> None:
    now = replace(AGAINST, relation=Relation.SAME, verdict=Verdict.CORRECTED)
    assert edited(name, relabelled("SAME")) == [replace(WHOLE, ties=(now, BEYOND))]


@BOTH
def test_a_drawn_relation_is_a_further_tie(name: str) -> None:
    assert edited(name, turned) == [replace(WHOLE, ties=(AGAINST, BEYOND, NEW))]


@BOTH
def test_a_relation_drawn_twice_is_one_tie(name: str) -> None:
    def twice(task: Plain) -> None:
        turned(task)
        turned(task)

    found = edited(name, twice)
    assert records_of(found) == [replace(WHOLE, ties=(AGAINST, BEYOND, NEW))]
    assert reasons(found) == ["tie of 'c2': the two claims are tied twice"]


@BOTH
def test_a_relation_with_a_label_of_ties_joins_two_claims_or_is_refused(name: str) -> None:
    def to_itself(task: Plain) -> None:
        (row,) = tie_rows(relations_in(task))
        row |= (
            {"to_id": row["from_id"]}
            if "to_id" in row
            else {"child": row["head"], "child_span": row["head_span"]}
        )

    found = edited(name, to_itself)
    (back,) = records_of(found)
    assert back.ties == (BEYOND,)
    (reason,) = reasons(found)
    assert "contradicts" in reason
    assert "two claims" in reason


@BOTH
def test_damaged_rows_beside_a_text_are_refused_one_by_one(name: str) -> None:
    def damage(rows: list[Plain]) -> list[Plain]:
        for task in rows:
            ours = task["annotator"] if name == "prodigy" else task["meta"]["annotator"]
            ours["identities"] = [*ours["identities"], *DAMAGED["identities"]]
            ours["story"], ours["suggesters"] = DAMAGED["story"], DAMAGED["suggesters"]
            if "ties" in ours:
                ours["ties"] = [*DAMAGED["ties"], *ours["ties"]]
        return rows

    found = read(name, damage(copy.deepcopy(rows_of(name, WHOLE))))
    assert records_of(found) == [replace(WHOLE, story=None, suggesters=())]
    assert len(reasons(found)) == 6


@pytest.mark.parametrize("ties", [None, 3, {}, [3], [{}], [{"claim": "c1"}]])
@BOTH
def test_ties_of_another_form_are_refused_and_the_rest_is_read(name: str, ties: Any) -> None:
    def change(task: Plain) -> None:
        removed(task)
        (task["annotator"] if name == "prodigy" else task["meta"]["annotator"])["ties"] = ties

    found = edited(name, change)
    assert records_of(found) == [replace(WHOLE, ties=())]
    assert len(reasons(found)) == (ties is not None)


def test_a_claim_deleted_in_label_studio_takes_its_ties_along() -> None:
    def change(task: Plain) -> None:
        result = _result(task)
        gone = [row for row in result if "claim/c1/" in json.dumps(row)]
        result[:] = [row for row in result if row not in gone]

    found = edited("label-studio", change)
    (back,) = records_of(found)
    assert (back.claims, back.ties, back.unknown) == ((NOT,), (), ())
    # The other one went with its relation.
    assert reasons(found) == ["tie of 'c1': the claim 'c1' is not there"]


def test_a_claim_deleted_in_prodigy_takes_its_ties_along() -> None:
    def change(task: Plain) -> None:
        task["spans"] = [row for row in task["spans"] if row["start"] >= BO.span.start]
        task["relations"] = [
            row for row in task["relations"] if row["head_span"]["start"] >= BO.span.start
        ]

    found = edited("prodigy", change)
    (back,) = records_of(found)
    assert (back.claims, back.ties) == ((NOT,), ())
    assert reasons(found) == ["tie of 'c1': the claim 'c1' is not there"]


def test_ties_of_an_open_and_a_decided_claim_are_beside_the_text_in_label_studio() -> None:
    one = replace(WHOLE, claims=(BURNED, replace(NOT, verdict=Verdict.PENDING)))
    (task,) = rows_of("label-studio", one)
    assert tie_rows([*_result(task), *task["predictions"][0]["result"]]) == []
    assert read("label-studio", [task]) == [one]
    # Accepting the prediction in Label Studio makes no relation, and removes none.
    task["annotations"][0]["result"] += task.pop("predictions")[0]["result"]
    (back,) = records_of(read("label-studio", [task]))
    assert back.ties == (AGAINST, BEYOND)


def test_a_second_annotator_of_label_studio_has_ties_of_their_own() -> None:
    (task,) = rows_of("label-studio", WHOLE)
    second = copy.deepcopy(task["annotations"][0]) | {"completed_by": 7}
    second["result"] = [row for row in second["result"] if label_of(row) not in set(Relation)]
    task["annotations"].append(second)
    first, other = records_of(read("label-studio", [task]))
    assert (first.ties, other.ties) == ((AGAINST, BEYOND), ())
    assert (other.story, other.identities) == (WHOLE.story, WHOLE.identities)


def test_relations_of_others_in_label_studio_are_ties() -> None:
    def region(name: str, span: Span, label: str) -> Plain:
        value = {"start": span.start, "end": span.end, "text": span.of(TEXT), "labels": [label]}
        return {"id": name, "from_name": "roles", "type": "labels", "value": value}

    def relation(one: str, other: str, *labels: str, direction: str = "right") -> Plain:
        ends = {"from_id": one, "to_id": other, "direction": direction}
        return {"type": "relation", **ends, "labels": list(labels)}

    result = [
        region("a", BURNED.content[0], "Content"),
        region("b", BURNED.cue[0], "Cue"),
        region("c", NOT.content[0], "Content"),
        region("d", NOT.cue[0], "Cue"),
        relation("b", "a"),
        relation("d", "c", "org:has"),
        relation("a", "d", "Contradicts", direction="left"),
    ]
    (back,) = read("label-studio", [{"data": {"text": TEXT}, "annotations": [{"result": result}]}])
    assert isinstance(back, Record)
    assert [(one.id, one.content, one.cue) for one in back.claims] == [
        ("a", BURNED.content, BURNED.cue),
        ("c", NOT.content, NOT.cue),
    ]
    assert back.ties == (
        Tie("c", Relation.CONTRADICTS, HERE, "a", MadeBy.IMPORT, Verdict.ACCEPTED),
    )


def test_relations_of_others_in_prodigy_are_ties() -> None:
    def span(where: Span, label: str) -> Plain:
        return {"start": where.start, "end": where.end, "label": label}

    content = [span(one.content[0], "Content") for one in (BURNED, NOT)]
    relation = {"head_span": content[0], "child_span": content[1], "label": "Supports"}
    task = {"text": TEXT, "spans": content, "relations": [relation], "answer": "accept"}
    (back,) = read("prodigy", [task])
    assert isinstance(back, Record)
    assert [one.content for one in back.claims] == [BURNED.content, NOT.content]
    one, other = (claim.id for claim in back.claims)
    assert back.ties == (Tie(one, Relation.SUPPORTS, HERE, other, MadeBy.IMPORT, Verdict.ACCEPTED),)


def test_claims_that_begin_together_are_tied_beside_the_text_in_prodigy() -> None:
    alike = Claim("c3", BURNED.content, verdict=Verdict.ACCEPTED)
    tie = Tie("c3", Relation.SAME, HERE, "c2")
    one = replace(WHOLE, claims=(BURNED, alike, NOT), ties=(AGAINST, tie))
    assert tie_rows(rows_of("prodigy", one)[1]["relations"]) == []
    (back,) = read("prodigy", rows_of("prodigy", one))
    assert isinstance(back, Record)
    assert set(back.ties) == {AGAINST, tie}


def test_the_interface_of_label_studio_has_the_relations() -> None:
    from tests.formats.test_format_label_studio import scheme

    config = label_studio_out.companions(scheme())[".config.xml"].decode()
    for label in ("Same", "Supports", "Contradicts", "Unrelated"):
        assert f'<Relation value="{label}"/>' in config
