"""Suggestions of several pipelines, merged: nothing lost, nothing twice, whatever their order."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import Claim, Entity, Item, Junk, JunkKind, MadeBy, differs
from annotator.core.article import Span, overlap_test
from annotator.core.opinions import PIPELINE, Opinion, merged, once_each, outside_junk
from tests.helpers.items import entity, span

TEXT = "PORT ANSEL – Ilva Marrow said on Tuesday that the ferry stays.\n\nAdvertisement\n"
ANSEL = entity(TEXT, "PORT ANSEL", "GPE", id="e1", score=0.7)
ILVA = entity(TEXT, "Ilva Marrow", "PERSON", id="e2", score=0.9)
LABELS = ("GPE", "LOC", "ORG")
spans = st.builds(
    lambda start, length: Span(start, start + length), st.integers(0, 20), st.integers(1, 6)
)


@st.composite
def entity_lists(draw: st.DrawFn) -> tuple[Entity, ...]:
    """Entities of one pipeline: anywhere, nested and overlapping, the same one only once."""
    places = st.tuples(spans, st.sampled_from(LABELS))
    found = draw(st.lists(places, max_size=6, unique=True))
    scores = st.none() | st.floats(0, 1)
    return tuple(
        Entity(f"e{n}", where, label, made_by=MadeBy.PIPELINE, score=draw(scores))
        for n, (where, label) in enumerate(found, 1)
    )


@st.composite
def opinions(draw: st.DrawFn) -> list[Opinion]:
    names = draw(st.lists(st.sampled_from("abc"), max_size=3, unique=True))
    labels = st.frozensets(st.sampled_from(LABELS))
    return [Opinion(name, draw(entity_lists()), draw(labels)) for name in names]


@given(entity_lists(), opinions(), st.randoms(use_true_random=False))
def test_the_order_of_suggesters_does_not_matter(
    ours: tuple[Entity, ...], given_: list[Opinion], random: Random
) -> None:
    other = list(given_)
    random.shuffle(other)
    assert merged(ours, other) == merged(ours, given_)


@given(entity_lists(), opinions())
def test_everything_that_was_said_is_there_once_with_all_who_said_it(
    ours: tuple[Entity, ...], given_: list[Opinion]
) -> None:
    said: dict[tuple[Span, str], set[str]] = {}
    for name, entities in [(PIPELINE, ours), *((one.suggester, one.entities) for one in given_)]:
        for one in entities:
            said.setdefault((one.span, one.label), set()).add(name)
    found = [item for item in merged(ours, given_) if isinstance(item, Entity)]
    assert Counter((one.span, one.label) for one in found) == Counter(said.keys())
    assert len({one.id for one in found}) == len(found)
    if given_:
        assert {(one.span, one.label): set(one.suggested_by) for one in found} == said


@given(entity_lists(), opinions())
def test_who_did_not_say_so_says_something_else_or_would_have_found_it(
    ours: tuple[Entity, ...], given_: list[Opinion]
) -> None:
    for item in merged(ours, given_):
        assert isinstance(item, Entity)
        assert not set(item.suggested_by) & set(item.not_suggested_by)
        for one in given_:
            elsewhere = any(item.span.overlaps(own.span) for own in one.entities)
            expected = one.suggester not in item.suggested_by and (
                item.label in one.labels or elsewhere
            )
            assert (one.suggester in item.not_suggested_by) == expected


@given(entity_lists(), opinions())
def test_our_items_keep_their_ids_and_scores(
    ours: tuple[Entity, ...], given_: list[Opinion]
) -> None:
    now = {item.id: item for item in merged(ours, given_)}
    for one in ours:
        kept = now[one.id]
        assert isinstance(kept, Entity)
        assert (kept.span, kept.label) == (one.span, one.label)
        assert one.score is None or kept.score == one.score


def test_without_suggesters_nothing_changes() -> None:
    items: tuple[Item, ...] = (ILVA, ANSEL)
    assert merged(items, []) is items


def test_a_pipeline_that_only_lists_names_is_not_blamed_for_its_silence() -> None:
    a_list, a_model = Opinion("list", ()), Opinion("model", (), frozenset(("GPE",)))
    (one,) = merged([ANSEL], [a_list])
    assert not differs(one)
    (one,) = merged([ANSEL], [a_list, a_model])
    assert isinstance(one, Entity)
    assert one.not_suggested_by == ("model",)


def test_suggestions_of_suggesters_alone_count_as_different() -> None:
    (one,) = merged([], [Opinion("list", (ANSEL,))])
    assert isinstance(one, Entity)
    assert (one.id, one.suggested_by, one.not_suggested_by) == ("s1", ("list",), (PIPELINE,))


def test_claims_and_junk_lines_stay_as_they_are() -> None:
    claim = Claim("c1", (span(TEXT, "that the ferry stays"),), source_entity="e2")
    line = Junk("j1", span(TEXT, "Advertisement"), JunkKind.AD_MARKER)
    items = merged([ILVA, claim, line], [Opinion("b", (ILVA,))])
    assert [item for item in items if not isinstance(item, Entity)] == [claim, line]


def test_entities_that_became_equal_are_joined_and_claims_follow() -> None:
    ours = replace(ILVA, suggested_by=(PIPELINE,), not_suggested_by=("b",))
    other = replace(ours, id="s1", suggested_by=("b",), not_suggested_by=(PIPELINE,))
    claim = Claim("c1", (span(TEXT, "that the ferry stays"),), source_entity="s1")
    one, told = once_each([ours, claim, other])
    assert isinstance(one, Entity)
    assert isinstance(told, Claim)
    assert (one.id, one.suggested_by, one.not_suggested_by) == ("e2", (PIPELINE, "b"), ())
    assert told.source_entity == "e2"


def test_entities_in_junk_lines_are_left_out() -> None:
    line = Junk("j1", span(TEXT, "Advertisement"), JunkKind.AD_MARKER)
    within = entity(TEXT, "Advert", "ORG")
    assert outside_junk([within, ILVA], [line]) == (ILVA,)


@given(st.lists(spans, max_size=8), spans)
def test_the_overlap_test_finds_what_comparing_all_finds(every: list[Span], one: Span) -> None:
    assert overlap_test(every)(one) == any(one.overlaps(other) for other in every)
