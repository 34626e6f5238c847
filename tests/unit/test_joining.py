"""Merging several annotations of one text: nothing lost, nothing doubled, annotators named."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import Claim, Entity, Item, Junk
from annotator.core.article import Span
from annotator.core.joining import joined, told_by
from annotator.core.records.fields import CLAIM_ATTRIBUTES
from tests.helpers.strategies import entities, items

TEXT = "Ada Low said that Bo Marsh left.\nMore on this"
ADA = Entity("e1", Span(0, 7), "PERSON")
BO = Entity("e1", Span(18, 26), "PERSON")
some = st.lists(items(TEXT) | entities(TEXT), max_size=6).map(
    lambda found: [replace(item, id=f"i{n}") for n, item in enumerate(found)]
)


def said(found: list[Item] | tuple[Item, ...]) -> Counter[object]:
    entities = {item.id: item for item in found if isinstance(item, Entity)}

    def of(item: Item) -> object:
        match item:
            case Entity():
                return (item.span, item.label, item.identity)
            case Junk():
                return (item.span, item.kind)
            case Claim():
                source = entities.get(item.source_entity or "")
                linked = (source.span, source.label) if source else None
                attributes = (getattr(item, one.name) for one in CLAIM_ATTRIBUTES)
                return (item.content, item.cue, item.source, *attributes, linked)

    return Counter(map(of, found))


@given(one=some, other=some)
def test_a_merge_has_all_items_of_both_and_no_others(one: list[Item], other: list[Item]) -> None:
    both = joined(one, other)
    assert said(both) == said(one) | said(other)
    assert len({item.id for item in both}) == len(both)
    assert {item.id for item in one} <= {item.id for item in both}


@given(one=some, other=some)
def test_merging_the_same_again_changes_nothing(one: list[Item], other: list[Item]) -> None:
    there = joined(told_by(one, "ada"), told_by(other, "bo"))
    assert joined(there, told_by(other, "bo")) == there
    assert joined(there, told_by(one, "ada")) == there
    assert joined(there, other, "bo") == there


def test_items_with_one_id_get_unique_ids() -> None:
    assert [(item.id, item.span) for item in joined([ADA], [BO])] == [
        ("e1", ADA.span),
        ("e1.2", BO.span),
    ]


def test_a_claim_keeps_its_source_entity() -> None:
    claim = Claim("c1", (Span(18, 31),), source=(ADA.span,), source_entity="x7")
    both = joined([ADA], [replace(ADA, id="x7"), claim])
    assert [item.id for item in both] == ["e1", "c1"]
    assert [one.source_entity for one in both if isinstance(one, Claim)] == ["e1"]


def test_the_note_names_the_annotators() -> None:
    both = joined(told_by([ADA], "ada"), told_by([ADA, BO], "bo"))
    assert [item.note for item in both] == ["by ada; by bo", "by bo"]


def test_a_note_is_kept_beside_the_names_of_annotators() -> None:
    both = joined(told_by([replace(ADA, note="sure")], "ada"), told_by([ADA], "bo"))
    assert [item.note for item in both] == ["sure; by ada; by bo"]


def test_two_labels_for_the_same_words_are_two_suggestions() -> None:
    assert len(joined([ADA], [replace(ADA, label="ORG")])) == 2
