"""Claim commands: proposing, setting parts and attributes, choosing the entity that speaks."""

from __future__ import annotations

from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import Certainty, Claim, Entity, Item, SourceKind, Stance, problems
from annotator.core.article import Article, Span
from annotator.core.edits import Edge, EdgeStep, PartName, parts_of, span_of
from annotator.core.labels import Role
from annotator.core.records.fields import CLAIM_ATTRIBUTES, AttributeValue
from annotator.core.review import Review
from annotator.core.reviewing.claim_commands import (
    likely_parts,
    proposed_claim,
    selection_with_edge_moved,
    with_attribute,
    with_edge_moved,
    with_edges,
    with_parts_at,
)
from annotator.core.speakers import Speakers
from annotator.core.text.words import Words
from tests.helpers.strategies import reviewed_articles, spans

TEXT = "The council denied any delay, Ilva Marrow of Greyline said on Tuesday.\n"
WORDS = Words(TEXT)


def span(words: str) -> Span:
    at = TEXT.index(words)
    return Span(at, at + len(words))


PERSON = Entity("p", span("Ilva Marrow"), "PERSON")
FIRM = Entity("f", span("Greyline"), "ORG")
DAY = Entity("d", span("Tuesday"), "DATE")
OF = {attribute.name: attribute for attribute in CLAIM_ATTRIBUTES}
SAYS = Claim("c", (span("The council denied any delay"),), (span("said"),), ())


def review_of(*items: Item) -> Review:
    return Review.of("a" * 64, "cy", items)


USUAL = {"PERSON": Role.PERSON, "ORG": Role.GROUP}
ALL = Speakers(review_of(PERSON, FIRM, DAY, SAYS), USUAL)


def test_a_person_in_the_source_is_preferred_as_its_entity() -> None:
    source = (span("Ilva Marrow of Greyline"),)
    tied = with_parts_at(ALL, SAYS, PartName.SOURCE, source, TEXT)
    assert isinstance(tied, Claim)
    assert tied.source_entity == "p"
    firm = with_parts_at(ALL, SAYS, PartName.SOURCE, (FIRM.span,), TEXT)
    assert isinstance(firm, Claim)
    assert firm.source_entity == "f"


def test_a_date_cannot_be_a_source() -> None:
    day = with_parts_at(ALL, SAYS, PartName.SOURCE, (DAY.span,), TEXT)
    assert isinstance(day, Claim)
    assert day.source_entity is None


def test_the_scheme_decides_which_labels_can_speak() -> None:
    source = (span("Ilva Marrow of Greyline said on Tuesday"),)
    for roles, speaker in (
        ({"DATE": Role.GROUP}, "d"),
        ({"ORG": Role.PERSON, "PERSON": Role.GROUP}, "f"),
        ({"ORG": Role.GROUP, "PERSON": Role.GROUP}, "p"),
        ({}, None),
    ):
        tied = with_parts_at(Speakers(ALL.review, roles), SAYS, PartName.SOURCE, source, TEXT)
        assert isinstance(tied, Claim)
        assert tied.source_entity == speaker


def test_an_existing_claim_is_proposed_unchanged() -> None:
    where = SAYS.content[0]
    there = proposed_claim(ALL, WORDS, id="new", caret=0, selection=where)
    assert there == SAYS
    new = proposed_claim(
        Speakers(review_of(PERSON), USUAL), WORDS, id="new", caret=0, selection=where
    )
    assert new is not None
    assert (new.id, new.source_entity) == ("new", "p")


def test_attributes_have_the_names_of_the_record() -> None:
    assert with_attribute(SAYS, AttributeValue(OF["stance"], Stance.DENIES)).stance is Stance.DENIES
    assert (
        with_attribute(SAYS, AttributeValue(OF["source_kind"], SourceKind.NAMED)).source_kind
        is SourceKind.NAMED
    )
    assert (
        with_attribute(SAYS, AttributeValue(OF["certainty"], Certainty.PROBABLE)).certainty
        is Certainty.PROBABLE
    )
    assert with_attribute(SAYS, AttributeValue(OF["certainty"], None)).certainty is None
    assert with_attribute(SAYS, AttributeValue(OF["check_worthy"], value=True)).check_worthy is True


def test_an_item_takes_the_edges_of_the_selection() -> None:
    part = parts_of(PERSON)[0]
    edged = with_edges(ALL, PERSON, part, span("Marrow"), TEXT)
    assert edged == replace(PERSON, span=span("Marrow"))


def test_likely_sources_are_near_and_limited_in_number() -> None:
    found = likely_parts(ALL, WORDS, SAYS, PartName.SOURCE, most=5)
    assert span("Ilva Marrow") in found
    assert len(likely_parts(ALL, WORDS, SAYS, PartName.SOURCE, most=1)) == 1
    assert span("said") in likely_parts(ALL, WORDS, SAYS, PartName.CUE, most=5)


@given(reviewed_articles(at_most=5), st.data())
def test_moving_an_edge_keeps_the_item_valid_and_moves_only_that_edge(
    reviewed: tuple[Article, Review], data: st.DataObject
) -> None:
    article, review = reviewed
    if not review.items:
        return
    item = data.draw(st.sampled_from(review.items))
    part = data.draw(st.sampled_from(parts_of(item)))
    edge = data.draw(st.sampled_from(Edge))
    moved = with_edge_moved(
        Speakers(review, USUAL),
        item,
        part,
        EdgeStep(edge, data.draw(st.sampled_from((1, -1))), data.draw(st.booleans())),
        Words(article.text),
    )
    if moved is None:
        return
    assert not list(problems(moved, article.text))
    assert moved.id == item.id
    if not isinstance(item, Claim):
        before, now = span_of(item, part), moved.span
        kept = "end" if edge is Edge.LEFT else "start"
        assert getattr(now, kept) == getattr(before, kept)


@given(reviewed_articles(at_most=5), st.data())
def test_moving_an_edge_keeps_the_selection_inside_the_text(
    reviewed: tuple[Article, Review], data: st.DataObject
) -> None:
    article, _ = reviewed
    if not article.text:
        return
    chosen = data.draw(spans(article.text))
    edge = data.draw(st.sampled_from(Edge))
    words = Words(article.text)
    moved = selection_with_edge_moved(chosen, EdgeStep(edge, 1, characters=True), words)
    assert moved is None or moved.end <= len(article.text)


def test_an_attribute_changes_nothing_else() -> None:
    changed = with_attribute(SAYS, AttributeValue(OF["stance"], Stance.PREDICTS))
    same = [f.name for f in fields(Claim) if getattr(changed, f.name) == getattr(SAYS, f.name)]
    assert set(same) == {f.name for f in fields(Claim)} - {"stance"}
