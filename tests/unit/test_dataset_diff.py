"""How two datasets differ: every change is told once, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import (
    Claim,
    Entity,
    Item,
    Junk,
    JunkKind,
    MadeBy,
    Stance,
    Verdict,
    called,
)
from annotator.core.article import Span
from annotator.core.dataset_diff import DiffKind, RecordDiff, record_diffs
from annotator.core.decisions import Answer
from annotator.core.record import Record
from tests.helpers.items import record_of
from tests.helpers.record_strategies import records

TEXT = "Ada Low said it burned. Bo Marsh left.\nRead more"
ADA = Entity("e1", Span(0, 7), "PERSON", verdict=Verdict.ACCEPTED)
BO = Entity("e2", Span(24, 32), "PERSON", verdict=Verdict.ACCEPTED)
SAID = Claim("c1", (Span(13, 22),), (Span(8, 12),), (Span(0, 7),), source_entity="e1")
MORE = Junk("j1", Span(39, 48), JunkKind.RELATED_LINK, verdict=Verdict.ACCEPTED)
ONE = record_of(TEXT, ADA, BO, replace(SAID, verdict=Verdict.ADDED), MORE)


def by(record: Record, reviewer: str) -> Record:
    return replace(record, review=replace(record.review, reviewer=reviewer))


def found(old: Iterable[Record], new: Iterable[Record]) -> list[tuple[Any, ...]]:
    """Each difference: its kind, the ids of the items, and its fields in words."""
    return [
        (
            item.kind.value,
            item.old and item.old.id,
            item.new and item.new.id,
            *((field.name, field.old, field.new) for field in item.fields),
        )
        for one in record_diffs(old, new)
        for item in one.items
    ]


def counts(diffs: Iterable[RecordDiff]) -> dict[str, int]:
    kinds = [item.kind.value for one in diffs for item in one.items]
    return {kind: kinds.count(kind) for kind in DiffKind}


def ordered(some: Iterable[Record]) -> list[Record]:
    return sorted(some, key=lambda one: one.article.id)


@given(st.lists(records(), max_size=4))
def test_a_dataset_does_not_differ_from_itself(some: list[Record]) -> None:
    assert list(record_diffs(ordered(some), ordered(some))) == []


@given(st.lists(records(), max_size=3), st.lists(records(), max_size=3))
def test_the_other_way_round_what_was_added_was_removed(
    old: list[Record], new: list[Record]
) -> None:
    there = counts(record_diffs(ordered(old), ordered(new)))
    back = counts(record_diffs(ordered(new), ordered(old)))
    assert (there["added"], there["removed"], there["changed"]) == (
        back["removed"],
        back["added"],
        back["changed"],
    )


@given(records())
def test_all_items_of_a_new_record_were_added(one: Record) -> None:
    (diff,) = record_diffs([], [one])
    assert (diff.kind, diff.old, diff.new) == (DiffKind.ADDED, None, one)
    assert sorted(item.new.id for item in diff.items if item.new) == sorted(
        item.id for item in one.items
    )


@given(records())
def test_ids_makers_and_scores_are_no_differences(one: Record) -> None:
    def other(item: Item) -> Any:
        made = replace(called(item, f"other-{item.id}"), made_by=MadeBy.IMPORT, score=0.5)
        if isinstance(made, Claim) and made.source_entity:
            return replace(made, source_entity=f"other-{made.source_entity}")
        return replace(made, suggested_by=("x",)) if isinstance(made, Entity) else made

    again = replace(
        one,
        entities=tuple(map(other, one.entities)),
        claims=tuple(map(other, one.claims)),
        junk=tuple(map(other, one.junk)),
    )
    # Of items that are equal but for notes and links, either may be meant.
    if len({(type(item), item.spans) for item in one.items}) == len(one.items):
        assert list(record_diffs([one], [again])) == []


@pytest.mark.parametrize(
    ("item", "changed", "field"),
    [
        (ADA, {"label": "ORG"}, ("label", "PERSON", "ORG")),
        (ADA, {"span": Span(0, 3)}, ("edges", "[0, 7)", "[0, 3)")),
        (ADA, {"identity": "ada"}, ("identity", "", "ada")),
        (ADA, {"note": "sure"}, ("note", "", "sure")),
        (ADA, {"verdict": Verdict.PENDING}, ("state", "decided", "open")),
        (MORE, {"kind": JunkKind.FOOTNOTE}, ("kind", "related-link", "footnote")),
        (SAID, {"stance": Stance.DENIES}, ("stance", "asserts", "denies")),
        (SAID, {"source": ()}, ("source", "[0, 7)", "")),
        (SAID, {"content": (Span(13, 20),)}, ("content", "[13, 22)", "[13, 20)")),
        (SAID, {"check_worthy": True}, ("check_worthy", "", "true")),
        (SAID, {"source_entity": None}, ("source_entity", "e1", "")),
    ],
)
def test_a_changed_item_says_what_changed(
    item: Item, changed: dict[str, Any], field: tuple[str, str, str]
) -> None:
    of_others = [one for one in ONE.items if one.id != item.id]
    before = next(one for one in ONE.items if one.id == item.id)
    after = replace(before, **changed)
    new = record_of(TEXT, *of_others, after)
    assert found([ONE], [new]) == [("changed", item.id, item.id, field)]


def test_items_of_one_side_are_added_and_removed() -> None:
    new = record_of(TEXT, ADA, *ONE.claims, replace(BO, id="e9", span=Span(33, 37)), MORE)
    assert found([ONE], [new]) == [("removed", "e2", None), ("added", None, "e9")]


def test_an_answer_that_changed_is_a_difference() -> None:
    put_aside = replace(ONE, answer=Answer.SKIP, entities=(), claims=(), junk=())
    (diff,) = record_diffs([ONE], [put_aside])
    assert diff.kind is DiffKind.CHANGED
    assert [item.kind for item in diff.items] == [DiffKind.REMOVED] * 4
    (diff,) = record_diffs([put_aside], [replace(put_aside, answer=Answer.UNUSABLE)])
    assert diff.items == ()


def test_records_of_one_reviewer_are_compared() -> None:
    bo = by(record_of(TEXT, ADA), "bo")
    assert found([by(ONE, "ada"), bo], [by(ONE, "ada"), bo]) == []
    (diff,) = record_diffs([by(ONE, "ada")], [by(ONE, "ada"), bo])
    assert (diff.kind, diff.record) == (DiffKind.ADDED, bo)


def test_the_only_records_of_an_article_are_compared_whoever_reviewed_it() -> None:
    assert found([by(ONE, "ada")], [by(ONE, "cy")]) == []
    several = [by(ONE, "ada"), by(ONE, "bo")]
    kinds = [one.kind for one in record_diffs(several, [by(ONE, "cy")])]
    assert kinds == [DiffKind.REMOVED, DiffKind.REMOVED, DiffKind.ADDED]
