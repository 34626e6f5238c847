"""Marks by place and by item, and the runs of looks in a line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.article import Span
from annotator.core.states import ItemState
from annotator.tui.article.render import Focus, Mark, MarkIndex, MarkRole, gutter_of, runs_of
from annotator.tui.theme.looks import Look

OPEN, ACCEPTED, REJECTED = ItemState.OPEN, ItemState.ACCEPTED, ItemState.REJECTED
spans = st.builds(
    lambda start, length: Span(start, start + length),
    st.integers(0, 1500),
    st.integers(1, 1200),
)
marks = st.builds(
    Mark,
    item=st.sampled_from("abcdef"),
    role=st.sampled_from(MarkRole),
    span=spans,
    label=st.sampled_from(["ORG", "GPE"]),
    status=st.sampled_from(ItemState),
    nested=st.booleans(),
)


def entity(start: int, end: int, label: str, *, item: str = "", status: ItemState = OPEN) -> Mark:
    return Mark(item or f"{label}{start}", MarkRole.ENTITY, Span(start, end), label, status)


def looks(found: list[Mark], end: int, **rest: Any) -> dict[tuple[int, int], Look]:
    """The look of each run; `rest` is handed on to `runs_of`."""
    index = MarkIndex()
    index.set(found)
    ordered = index.within(0, end)
    return {(run.start, run.end): run.look for run in runs_of((0, end), ordered, **rest)}


@given(st.lists(marks, max_size=30), spans)
def test_marks_are_found_at_every_place_they_cover(found: list[Mark], place: Span) -> None:
    index = MarkIndex()
    index.set(found)
    assert set(index.within(place.start, place.end)) == {
        mark for mark in found if mark.span.overlaps(place)
    }


@given(st.lists(marks, max_size=12), st.lists(marks, max_size=12))
def test_a_new_set_of_marks_replaces_the_old_one(first: list[Mark], second: list[Mark]) -> None:
    index = MarkIndex()
    index.set(first)
    changed = index.set(second)
    assert set(index.within(0, 3000)) == set(second)
    assert {mark.span for mark in set(first) ^ set(second)} <= set(changed)
    assert index.set(second) == []


def test_duplicate_marks_count_once() -> None:
    one = Mark("a", MarkRole.ENTITY, Span(0, 1), "PERSON", OPEN)
    other = Mark("a", MarkRole.ENTITY, Span(0, 1), "PERSON", ACCEPTED)
    index = MarkIndex()
    for found in ([one, other], [one, one], []):
        index.replace("a", found)
        assert set(index.within(0, 10)) == set(found)


@given(st.lists(marks, max_size=12), marks)
def test_replacing_one_item_leaves_the_others(found: list[Mark], mark: Mark) -> None:
    index = MarkIndex()
    index.set(found)
    index.replace(mark.item, [mark])
    others = {other for other in found if other.item != mark.item}
    assert set(index.within(0, 3000)) == {*others, mark}


@given(st.lists(marks, max_size=20), spans, st.none() | spans, st.lists(spans, max_size=3))
def test_runs_cover_a_line_without_gap_or_overlap(
    found: list[Mark], line: Span, selection: Span | None, hits: list[Span]
) -> None:
    runs = list(
        runs_of((line.start, line.end), found, selection=selection, hits=hits, caret=(3, 4))
    )
    assert [run.start for run in runs] == [line.start, *(run.end for run in runs[:-1])]
    assert runs[-1].end == line.end
    for run in runs:
        for at in (run.start, run.end - 1):
            assert run.look.selected == (
                selection is not None and selection.start <= at < selection.end
            )
            assert run.look.hit == any(span.start <= at < span.end for span in hits)


def test_the_inner_of_nested_entities_is_drawn() -> None:
    found = looks([entity(0, 10, "ORG"), entity(6, 10, "GPE", status=ACCEPTED)], 12)
    assert [look.label for look in found.values()] == ["ORG", "GPE", None]
    assert found[6, 10].entity is ACCEPTED


def test_a_rejected_entity_never_hides_another() -> None:
    found = looks([entity(0, 10, "ORG"), entity(6, 10, "GPE", status=REJECTED)], 10)
    assert {look.label for look in found.values()} == {"ORG"}


def test_the_focused_entity_is_drawn_over_inner_ones() -> None:
    pair = [entity(0, 10, "ORG", item="outer"), entity(6, 10, "GPE", item="inner")]
    found = looks(pair, 10, focus=Focus("outer"))
    assert {(look.label, look.focus) for look in found.values()} == {("ORG", 2)}


def test_overlapping_entities_are_both_visible() -> None:
    found = looks([entity(0, 6, "ORG"), entity(4, 12, "GPE")], 12)
    assert [look.label for look in found.values()] == ["ORG", "ORG", "GPE"]


def test_a_claim_in_a_claim_is_deeper() -> None:
    outer = Mark("one", MarkRole.CONTENT, Span(0, 20), None, OPEN)
    inner = Mark("two", MarkRole.CONTENT, Span(10, 20), None, OPEN)
    found = looks([outer, inner], 30)
    assert [look.content for look in found.values()] == [1, 2, 0]


def test_the_focused_claim_is_highlighted_and_its_part_most() -> None:
    pieces = [
        Mark("one", MarkRole.SOURCE, Span(0, 4), None, OPEN),
        Mark("one", MarkRole.CUE, Span(5, 9), None, OPEN),
        Mark("one", MarkRole.CONTENT, Span(10, 20), None, OPEN),
        Mark("one", MarkRole.CONTENT, Span(25, 30), None, OPEN),
    ]
    found = looks(pieces, 30, focus=Focus("one", Span(5, 9)))
    assert {place: look.focus for place, look in found.items() if look.focus} == {
        (0, 4): 1,
        (5, 9): 2,
        (10, 20): 1,
        (25, 30): 1,
    }


def test_the_margin_shows_open_items_and_claims() -> None:
    content = Mark("one", MarkRole.CONTENT, Span(0, 9), None, ACCEPTED)
    corrected = Mark("two", MarkRole.CONTENT, Span(0, 9), None, ItemState.CORRECTED)
    down = Mark("three", MarkRole.CONTENT, Span(0, 9), None, REJECTED)
    junk = Mark("four", MarkRole.JUNK, Span(0, 9), None, OPEN)
    assert gutter_of([content]).bar is ACCEPTED
    assert gutter_of([content, corrected]).bar is ItemState.CORRECTED
    assert gutter_of([down]).bar is None
    assert not gutter_of([content, down]).open
    assert gutter_of([junk], start=junk.span.start).open
    assert not gutter_of([junk], start=junk.span.start + 1).open
    assert gutter_of([replace(content, noted=True)]).noted
    assert gutter_of([junk]).junk
    assert gutter_of([content, junk]).open
    assert gutter_of([content], Focus("one")).focus
    assert not gutter_of([junk], Focus("one")).focus
