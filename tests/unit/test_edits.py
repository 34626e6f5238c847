"""Items with other edges, pieces and parts, and impossible edits."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import Claim, Entity, Junk, JunkKind, SourceKind, problems
from annotator.core.article import Span
from annotator.core.edits import (
    Edge,
    EdgeStep,
    Part,
    PartName,
    at_lines,
    at_paragraphs,
    joined_pieces,
    junk_kind_of,
    moved_edge,
    occurrences,
    parts_of,
    same_surface,
    span_of,
    with_part,
    with_piece,
    without,
)
from annotator.core.text.words import Words

TEXT = "Turkey left, Ada said.\nTurkey came. In Turkey\nTurkey\n"
WORDS = Words(TEXT)
CLAIM = Claim("c", (Span(0, 11),), (Span(17, 21),), (Span(13, 16),))
WHOLE = Part(PartName.SPAN)
WRAPPED = """The harbour board of Port Ansel met on Tuesday and heard that two ferries
for the lake crossing would cost more than the council had set aside in
its budget, which nobody on the quay had expected after so long a winter.

Ilva Marrow, the harbour master, told the members that the older vessel
could be repaired for half of that sum if the yard began before the ice
had gone, and that the crew would stay ashore until the summer.
"""


def _entity(start: int, end: int) -> Entity:
    return Entity("e", Span(start, end), "GPE")


def test_an_edge_moves_by_a_token_within_its_line() -> None:
    out = moved_edge(_entity(0, 6), WHOLE, EdgeStep(Edge.RIGHT, 1), WORDS)
    assert out is not None
    assert out.span.of(TEXT) == "Turkey left"
    assert moved_edge(_entity(0, 6), WHOLE, EdgeStep(Edge.RIGHT, -1), WORDS) is None
    assert moved_edge(_entity(23, 29), WHOLE, EdgeStep(Edge.LEFT, -1), WORDS) is None


@pytest.mark.parametrize(
    ("text", "held", "by", "now"),
    [
        ("Then Col. Sean Ryan spoke.", "Sean Ryan", -1, "Col. Sean Ryan"),
        ("Then Col. Sean Ryan spoke.", "Col. Sean Ryan", 1, "Sean Ryan"),
        ("They left. Ada spoke.", "Ada", -1, "left. Ada"),
        ("In Port-au-Prince, today", "Port-au-Prince", 1, "au-Prince"),
        ("Turkey's army (NATO) left", "Turkey's army", 1, "army"),
        ("the army (NATO) left", "NATO", -1, "(NATO"),
        ("He said “No.” Ada left", "Ada", -1, "No.” Ada"),
        ("a fall of .5 today", "5", -1, ".5"),
        (". Ada", "Ada", -1, ". Ada"),
        ("Gone.\n\n!? Ada", "Ada", -1, "!? Ada"),
        ("Ada.)", "Ada.)", 1, ".)"),
    ],
)
def test_a_left_edge_stops_at_no_sign_that_ends_a_word(
    text: str, held: str, by: int, now: str
) -> None:
    start = text.index(held)
    entity = _entity(start, start + len(held))
    moved = moved_edge(entity, WHOLE, EdgeStep(Edge.LEFT, by), Words(text))
    assert moved is not None
    assert moved.span.of(text) == now


def test_line_ends_of_hard_wrapped_text_only_limit_junk_lines() -> None:
    words = Words(WRAPPED)
    first, second = WRAPPED.split("\n\n")
    whole = Span(0, len(WRAPPED))
    assert [piece.of(WRAPPED) for piece in at_paragraphs(whole, WRAPPED)] == [first, second.strip()]
    assert len(at_lines(whole, WRAPPED)) == 6
    line = Span(0, WRAPPED.index("\n"))
    out = moved_edge(Entity("e", line, "GPE"), WHOLE, EdgeStep(Edge.RIGHT, 1), words)
    assert out is not None
    assert out.span.of(WRAPPED).endswith("\nfor")
    junk = Junk("j", line, JunkKind.FOOTNOTE)
    assert moved_edge(junk, WHOLE, EdgeStep(Edge.RIGHT, 1), words) is None
    paragraph = Entity("e", Span(0, len(first)), "GPE")
    assert moved_edge(paragraph, WHOLE, EdgeStep(Edge.RIGHT, 1), words) is None


def test_an_edge_moves_by_a_character() -> None:
    moved = moved_edge(_entity(0, 6), WHOLE, EdgeStep(Edge.LEFT, 1, characters=True), WORDS)
    assert moved is not None
    assert moved.span.of(TEXT) == "urkey"


def test_parts_of_a_claim_in_tab_order() -> None:
    assert [span_of(CLAIM, part).of(TEXT) for part in parts_of(CLAIM)] == [
        "Turkey left",
        "said",
        "Ada",
    ]


def test_adjacent_pieces_are_merged() -> None:
    assert joined_pieces([Span(5, 9), Span(0, 5), Span(12, 14)]) == (Span(0, 9), Span(12, 14))


def test_an_added_piece_across_a_line_end_becomes_two() -> None:
    more = with_piece(CLAIM, PartName.CONTENT, Span(23, 45), TEXT)
    assert more is not None
    assert [piece.of(TEXT) for piece in more.content] == ["Turkey left", "Turkey came. In Turkey"]
    assert at_lines(Span(20, 30), TEXT) == (Span(20, 22), Span(23, 29))


def test_a_claim_keeps_its_last_piece_of_content() -> None:
    assert without(CLAIM, Part(PartName.CONTENT), TEXT) is None
    bare = without(CLAIM, Part(PartName.CUE), TEXT)
    assert bare is not None
    assert bare.cue == ()


def test_attributes_follow_the_words_unless_chosen_by_the_reviewer() -> None:
    bare = with_part(CLAIM, PartName.SOURCE, (), TEXT)
    assert bare is not None
    guessed = with_part(bare, PartName.SOURCE, (Span(13, 16),), TEXT)
    assert guessed is not None
    assert guessed.source_kind is SourceKind.NAMED
    chosen = replace(guessed, source_kind=SourceKind.DOCUMENT)
    kept = with_part(chosen, PartName.CUE, (), TEXT)
    assert kept is not None
    assert kept.source_kind is SourceKind.DOCUMENT


def test_equal_strings_are_found_marked_and_unmarked() -> None:
    here, there = _entity(0, 6), replace(_entity(23, 29), id="e2", label="ORG")
    assert same_surface(here, (here, there), TEXT) == (there,)
    assert occurrences(here, (here, there), WORDS) == (Span(39, 45), Span(46, 52))


def test_an_equal_junk_line_must_be_a_whole_line() -> None:
    line = Junk("j", Span(46, 52), JunkKind.AD_MARKER)
    assert occurrences(line, (line,), WORDS) == ()


def test_the_likely_kind_of_a_junk_line() -> None:
    lines = ("Advertisement", "Leave a comment", "Sign up for our newsletter", "Also: fires")
    assert [junk_kind_of(line) for line in lines] == [
        "ad-marker",
        "comment-form",
        "newsletter",
        "related-link",
    ]


@given(
    st.lists(
        st.tuples(st.sampled_from(Edge), st.sampled_from([1, -1]), st.booleans()), max_size=12
    ),
    st.integers(0, 2),
)
def test_moving_edges_keeps_a_claim_valid(moves: list[tuple[Edge, int, bool]], place: int) -> None:
    claim: Claim = CLAIM
    for edge, by, characters in moves:
        part = parts_of(claim)[min(place, len(parts_of(claim)) - 1)]
        moved = moved_edge(claim, part, EdgeStep(edge, by, characters=characters), WORDS)
        if isinstance(moved, Claim):
            claim = moved
        assert list(problems(claim, TEXT)) == []
