"""Ties as relations of Label Studio, Prodigy and brat: changed and drawn there, and read back."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotator.core.across.identity_log import Identity
from annotator.core.annotations import Claim, MadeBy, Verdict
from annotator.core.article import Span
from annotator.core.claim_ties import Relation, Tie
from annotator.core.record import Record
from annotator.formats import format_named
from annotator.formats.base import Losses, Refused
from annotator.formats.brat import brat_out
from annotator.formats.label_studio import label_studio_out
from tests.formats.test_ties_and_identities import (
    ADA,
    AGAINST,
    BEYOND,
    BO,
    BURNED,
    DAMAGED,
    HERE,
    NOT,
    PLAIN,
    TEXT,
    WHOLE,
)
from tests.helpers.brat_files import read_pair, refused, the_record
from tests.helpers.formats import read_back, reasons, records_of, written
from tests.helpers.items import record_of

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


# brat


def lines_of(one: Record, folder: Path) -> list[str]:
    brat_out.write([one], folder, Losses())
    return (folder / f"{one.article.id}.ann").read_text().splitlines()


def test_brat_has_names_links_and_ties_as_lines(tmp_path: Path) -> None:
    lines = lines_of(WHOLE, tmp_path)
    assert [line for line in lines if line[0] in "NR"] == [
        "N1\tReference T1 identity:ada:PERSON\tAda Low",
        "N2\tReference T1 wikidata:Q1\tAda Low",
        "N3\tReference T2 identity:bo:ORG\tBo A. Marsh",
        "R1\tContradicts Arg1:E1 Arg2:E2",
    ]
    conf = (tmp_path / "annotation.conf").read_text().split("[relations]\n")[1].split("\n[")[0]
    both = "Arg1:Attribution, Arg2:Attribution"
    assert conf.splitlines()[1:] == [
        f"Same\t{both}, <REL-TYPE>:symmetric",
        f"Supports\t{both}",
        f"Contradicts\t{both}, <REL-TYPE>:symmetric",
        f"Unrelated\t{both}, <REL-TYPE>:symmetric",
    ]


def test_the_documented_normalisations_are_the_actual_output(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    identity = Identity("ada-low", "Ada M. Low", "PERSON", "wikidata:Q1")
    one = record_of(TEXT, replace(ADA, identity="ada-low"), identities=(identity,))
    lines = [line for line in lines_of(one, tmp_path) if line.startswith("N")]
    assert "```\n" + "\n".join(lines) + "\n```" in page


EVENTS = (
    "T1\tContent 13 22\tit burned",
    "T2\tAttribution 8 12\tsaid",
    "E1\tAttribution:T2 Content:T1",
    "T3\tContent 38 48\tit did not",
    "T4\tAttribution 33 37\tsaid",
    "E2\tAttribution:T4 Content:T3",
    "T5\tPERSON 0 7\tAda Low",
)


@pytest.mark.parametrize("name", ["Same", "Supports", "Contradicts", "Unrelated"])
def test_relations_drawn_in_brat_are_ties(tmp_path: Path, name: str) -> None:
    # A relation may come before the events that it joins.
    found = read_pair(tmp_path, TEXT, f"R1\t{name} Arg1:E2 Arg2:E1", *EVENTS)
    assert refused(found) == []
    relation = Relation(name.lower())
    assert the_record(found).ties == (
        Tie("E2", relation, HERE, "E1", MadeBy.IMPORT, Verdict.ACCEPTED),
    )


@pytest.mark.parametrize(
    "relation",
    [
        "Same Arg1:E1 Arg2:E1",
        "Same Arg1:E1 Arg2:T5",
        "Same Arg1:T5 Arg2:E1",
        "Same Arg1:E1 Arg2:E9",
        "Same Arg1:E9 Arg2:E1",
        "Opposes Arg1:E1 Arg2:E2",
    ],
)
def test_other_relations_in_brat_are_refused_by_line(tmp_path: Path, relation: str) -> None:
    found = read_pair(tmp_path, TEXT, *EVENTS, f"R1\t{relation}")
    assert [line for line, _ in refused(found)] == [8]
    one = the_record(found)
    assert (len(one.claims), one.ties, one.unknown) == (2, (), ())


def test_a_tie_of_an_event_that_is_not_imported_is_refused(tmp_path: Path) -> None:
    broken = [line.replace("Content:T3", "Content:T9") for line in EVENTS]
    found = read_pair(tmp_path, TEXT, *broken, "R1\tSame Arg1:E1 Arg2:E2")
    assert 8 in [line for line, _ in refused(found)]
    assert the_record(found).ties == ()


def test_a_tie_drawn_twice_in_brat_is_one(tmp_path: Path) -> None:
    ties = ("R1\tSame Arg1:E1 Arg2:E2", "R2\tSupports Arg1:E1 Arg2:E2")
    found = read_pair(tmp_path, TEXT, *EVENTS, *ties)
    assert [one.relation for one in the_record(found).ties] == [Relation.SAME]
    assert [reason for _, reason in refused(found)] == [
        "tie of 'E1': the two claims are tied twice"
    ]


def named(tmp_path: Path, *lines: str) -> tuple[list[tuple[str | None, ...]], list[Any]]:
    """The identities of a file with an entity and these normalisations; what is refused."""
    found = read_pair(tmp_path, TEXT, EVENTS[-1], *(f"N{n}\t{one}" for n, one in enumerate(lines)))
    one = the_record(found)
    known = [(each.id, each.name, each.type, each.link) for each in one.identities]
    return [(one.entities[0].identity,), *known], refused(found)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # Our files of old: the words of the entity, which are no name.
        (["Reference T5 identity:ada\tAda Low"], [("ada",)]),
        (["Reference T5 identity:ada"], [("ada",)]),
        # Named by somebody in the file.
        (["Reference T5 identity:ada\tA. Low"], [("ada",), ("ada", "A. Low", "PERSON", None)]),
        # Our files: with a type, also where the name is the words of the entity.
        (
            ["Reference T5 identity:a%20b:ORG\tAda Low"],
            [("a b",), ("a b", "Ada Low", "ORG", None)],
        ),
        (
            ["Reference T5 identity:ada:ORG\tA", "Reference T5 wikidata:Q1\tA"],
            [("ada",), ("ada", "A", "ORG", "wikidata:Q1")],
        ),
        # Of others: the id of a knowledge base, with the name there.
        (
            ["Reference T5 Wikipedia:534366\tAda Maria Low"],
            [
                ("Wikipedia:534366",),
                ("Wikipedia:534366", "Ada Maria Low", "PERSON", "Wikipedia:534366"),
            ],
        ),
        (["Reference T5 Wikipedia:534366\tAda Low"], [("Wikipedia:534366",)]),
    ],
)
def test_normalisations_of_brat_are_identities(
    tmp_path: Path, lines: list[str], expected: list[tuple[str | None, ...]]
) -> None:
    assert named(tmp_path, *lines) == (expected, [])


def test_a_second_identity_in_brat_is_refused(tmp_path: Path) -> None:
    lines = ["Reference T5 identity:ada:ORG\tA", "Reference T5 identity:bo:ORG\tB"]
    known, problems = named(tmp_path, *lines)
    assert known == [("ada",), ("ada", "A", "ORG", None)]
    assert problems == [(3, "a second identity, 'bo'")]


def test_an_identity_with_two_names_in_brat_has_the_first(tmp_path: Path) -> None:
    lines = [*lines_of(replace(WHOLE, entities=(ADA, replace(BO, identity="ada"))), tmp_path)]
    changed = [
        line.replace("T2 identity:ada:PERSON\tAda Low", "T2 identity:ada:PERSON\tEve")
        for line in lines
    ]
    (tmp_path / "edited").mkdir()
    found = read_pair(tmp_path / "edited", TEXT, *changed)
    assert [one.name for one in the_record(found).identities] == ["Ada Low"]
    assert [reason for _, reason in refused(found)] == [
        "'ada' has another name, type or link on an earlier line"
    ]


def test_brat_files_without_names_have_the_same_lines_as_ever(tmp_path: Path) -> None:
    lines = lines_of(PLAIN, tmp_path)
    assert [line for line in lines if line[0] in "NR"] == [
        "N1\tReference T1 identity:ada\tAda Low",
        "N2\tReference T2 identity:bo\tBo Marsh",
    ]
    assert the_record(list(brat_out.FORMAT.read(tmp_path))).identities == ()


def test_a_name_over_two_lines_is_on_one_in_brat(tmp_path: Path) -> None:
    losses = Losses()
    one = record_of(TEXT, ADA, identities=(Identity("ada", "Ada\nLow", "PERSON"),))
    brat_out.write([one], tmp_path, losses)
    assert losses.counts["name of an identity"] == 1
    (back,) = records_of(brat_out.FORMAT.read(tmp_path))
    assert back.identities == (Identity("ada", "Ada Low", "PERSON"),)
