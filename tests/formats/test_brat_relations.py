"""Ties as relations, and identities as normalisations, of brat."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotator.core.across.identity_log import Identity
from annotator.core.annotations import MadeBy, Verdict
from annotator.core.claim_ties import Relation, Tie
from annotator.core.record import Record
from annotator.formats.base import Losses
from annotator.formats.brat import brat_out
from tests.formats.test_ties_and_identities import (
    ADA,
    BO,
    HERE,
    PLAIN,
    TEXT,
    WHOLE,
)
from tests.helpers.brat_files import read_pair, refused, the_record
from tests.helpers.formats import records_of
from tests.helpers.items import record_of


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
