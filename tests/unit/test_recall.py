"""Suggestions that the memory makes better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given

from annotator.core.annotations import Claim, Entity, Item, Junk, JunkKind, MadeBy, Tier
from annotator.core.decisions import add, correct, reject, relabel
from annotator.core.memory.entries import Subject, entries_of
from annotator.core.memory.known import (
    remembered,
)
from annotator.core.memory.recall import Recalling, forms_asked, head_of, heads_in, recall
from annotator.core.review import Review
from annotator.core.text.words import Words
from tests.helpers.items import entity, span
from tests.helpers.strategies import reviewed_articles
from tests.helpers.taught import (
    NEXT,
    TEXT,
    Reviewed,
    entries,
    learnt,
    pells,
    rejections,
    reviewed,
    suggested,
)


def again(*items: Item, memory: Sequence[Review], after: int = 3) -> tuple[Item, ...]:
    return recall(items, Words(NEXT), learnt(*memory), Recalling(after))


def test_a_label_that_was_corrected_is_suggested_the_next_time() -> None:
    memory = reviewed([relabel(pells()[0], "PERSON")], items=pells())
    pell = entity(NEXT, "Pell", "ORG", id="e1")
    other = entity(NEXT, "Pell", "ORG", nth=1, id="e2")
    found = {item.id: item for item in again(pell, other, memory=[memory])}
    assert {item.label for item in suggested(*found.values())} == {"PERSON"}
    assert {found["e1"].made_by, found["e2"].made_by} == {MadeBy.MEMORY}


def test_edges_that_were_corrected_are_suggested_the_next_time() -> None:
    text = "It was the Harbour Fund that paid.\n"
    wide = entity(text, "the Harbour Fund", "ORG", id="w")
    narrow = replace(wide, span=span(text, "Harbour Fund"))
    memory = remembered(entries(reviewed([correct(wide, narrow)], items=[wide], text=text), text))
    now = entity(NEXT, "the Harbour Fund", "ORG", id="e1")
    (found,) = suggested(*recall([now], Words(NEXT), memory))
    assert found.span.of(NEXT) == "Harbour Fund"
    assert (found.id, found.made_by) == ("e1", MadeBy.MEMORY)


def test_a_name_that_was_added_is_suggested_where_it_is_missed() -> None:
    memory = reviewed([add(entity(TEXT, "Vard", "ORG", id="v"))])
    (found,) = suggested(*again(memory=[memory]))
    assert (found.span, found.label) == (span(NEXT, "Vard"), "ORG")
    assert found.made_by is MadeBy.MEMORY


def test_a_word_in_small_letters_is_not_suggested_everywhere_for_one_decision() -> None:
    plan = entity(TEXT, "plan", "PRODUCT", id="v")
    text = "No plan was made.\n"
    memory = learnt(reviewed([add(plan)]))
    assert recall((), Words(text), memory) == ()


def test_a_name_is_not_suggested_in_a_junk_line_nor_within_another() -> None:
    memory = reviewed([add(entity(TEXT, "Vard", "ORG", id="v"))])
    line = Junk("j1", span(NEXT, NEXT.splitlines()[2]), JunkKind.AD_MARKER)
    assert again(line, memory=[memory]) == (line,)
    wide = entity(NEXT, "Pell and Vard", "ORG", id="e1")
    assert again(wide, memory=[memory]) == (wide,)


def test_a_longer_name_takes_the_place_of_those_it_holds() -> None:
    text = "The Harbour Fund paid.\n"
    fund = entity(text, "Harbour Fund", "ORG", id="v")
    memory = remembered(entries(reviewed([add(fund)], text=text), text))
    part = entity(NEXT, "Harbour", "FAC", id="e1")
    claim = Claim("c1", (span(NEXT, "Pell and Vard"),), source_entity="e1")
    found = recall([part, claim], Words(NEXT), memory)
    (name,) = suggested(*found)
    assert name.span.of(NEXT) == "Harbour Fund"
    assert [item.source_entity for item in found if isinstance(item, Claim)] == [name.id]


def test_a_form_that_was_rejected_again_and_again_is_folded() -> None:
    pell = entity(NEXT, "Pell", "ORG", id="e1")
    (found,) = suggested(*again(pell, memory=[rejections(3)]))
    assert found.tier is Tier.B
    (kept,) = suggested(*again(pell, memory=[rejections(3)], after=4))
    assert kept.tier is Tier.A
    assert kept.score is not None
    assert pell.score is not None
    assert kept.score < pell.score


def test_a_cue_that_was_rejected_loses_score_and_one_that_was_added_gains() -> None:
    claim = Claim("c", (span(TEXT, "the Vard plan was late"),), (span(TEXT, "said"),), score=0.6)
    turned_down = learnt(reviewed([reject(claim)], items=[claim]))
    put_in = learnt(reviewed([add(claim)]))
    scores = [
        item.score
        for memory in (turned_down, {}, put_in)
        for item in recall([claim], Words(TEXT), memory)
    ]
    assert scores == sorted(scores, key=lambda score: score or 0)
    assert len(set(scores)) == 3


@given(reviewed_articles(at_most=6), reviewed_articles(at_most=6))
def test_recalled_items_fit_the_text(pair: Reviewed, other: Reviewed) -> None:
    (article, review), (next_one, following) = pair, other
    memory = remembered(entries_of(review, review.held, article.text))
    for text, items in (
        (article.text, review.suggestions),
        (next_one.text, following.suggestions),
    ):
        found = recall(items, Words(text), memory)
        assert len({item.id for item in found}) == len(found)
        Review.of("x", "ada", found)
        named = {item.id for item in found if isinstance(item, Entity)}
        known_before = {item.id for item in items if isinstance(item, Entity)}
        for item in found:
            assert all(one.end <= len(text) for one in item.spans)
            if isinstance(item, Claim) and item.source_entity in known_before:
                assert item.source_entity in named


def test_heads_and_forms_meet() -> None:
    assert head_of("U.S. Central Command") in heads_in("The U.S. Central Command said.\n")
    assert head_of("O'Neill Trust") in heads_in("O’Neill Trust fell.\n")
    pell = entity(NEXT, "Pell", "ORG")
    assert forms_asked([pell], NEXT) == {(Subject.ENTITY, "Pell")}
