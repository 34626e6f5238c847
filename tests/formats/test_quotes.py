"""Pieces of quotations are joined by relations and by proximity."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import problems
from annotator.core.article import Span
from annotator.core.claims.quotes import near_parts, role_of, within_paragraphs
from annotator.formats.base import nothing
from annotator.formats.quotation_spans import claims_in, role_in
from annotator.formats.refusals import RefusedPiece

_MARKED = re.compile(r"(\[[cks]:[^\]]*\])")
_ROLES = {"c": "content", "k": "cue", "s": "source"}
_Made = list[tuple[list[str], list[str], list[str]]]


def read(marked: str) -> tuple[str, dict[int, tuple[str, Span]]]:
    """A text and its pieces, from one in which `[s:Ada]` marks a source, `k` a cue, `c` content."""
    text = ""
    pieces: dict[int, tuple[str, Span]] = {}
    for bit in _MARKED.split(marked):
        words = bit[3:-1] if _MARKED.fullmatch(bit) else bit
        if words != bit:
            pieces[len(pieces)] = (_ROLES[bit[1]], Span(len(text), len(text) + len(words)))
        text += words
    return text, pieces


def put_together(marked: str, *links: tuple[int, int]) -> tuple[_Made, list[str]]:
    """The claims of a marked text in words, and the pieces that are in none."""
    text, pieces = read(marked)
    found = near_parts(pieces, links, text)

    def words(keys: Any) -> list[str]:
        return [pieces[key][1].of(text) for key in keys]

    used = {key for parts in found for key in parts.every}
    made = [(words(one.content), words(one.cue), words(one.source)) for one in found]
    return made, words(key for key in pieces if key not in used)


@pytest.mark.parametrize(
    ("marked", "claims"),
    [
        (
            '[s:Ada Low] [k:said]: [c:"It is shut."] Bob Hay denied it.',
            [(['"It is shut."'], ["said"], ["Ada Low"])],
        ),
        (
            '[c:"We stayed,"] [s:Ada] [k:said] on Friday, [c:"and we will."]',
            [(['"We stayed,"', '"and we will."'], ["said"], ["Ada"])],
        ),
        (
            '[c:"We stayed,"] [s:Ada] [k:said]. [c:"We will."]',
            [(['"We stayed,"', '"We will."'], ["said"], ["Ada"])],
        ),
        (
            "[s:Ada] [k:said] [c:that it is shut] and [k:denied] [c:any delay].",
            [(["that it is shut"], ["said"], ["Ada"]), (["any delay"], ["denied"], ["Ada"])],
        ),
        (
            '[c:"A one,"] [k:said] [s:Bob]. [c:"C two,"] [k:said] [s:Eve].',
            [(['"A one,"'], ["said"], ["Bob"]), (['"C two,"'], ["said"], ["Eve"])],
        ),
        (
            '[k:According to] [s:Bob], [c:it is shut]. [s:Eve] [k:said]: [c:"No."]',
            [(["it is shut"], ["According to"], ["Bob"]), (['"No."'], ["said"], ["Eve"])],
        ),
        (
            '[s:Bob] [k:said]: [c:"One."]\n[c:"Two."]\n[c:"Three."]',
            [(['"One."', '"Two."', '"Three."'], ["said"], ["Bob"])],
        ),
        ('[s:Ada] shrugged. [c:"We shall see."]', [(['"We shall see."'], [], ["Ada"])]),
        ("[k:Reportedly], [c:it is shut].", [(["it is shut"], ["Reportedly"], [])]),
        ("[s:Ada] and [s:Bob] [k:said] [c:no].", [(["no"], ["said"], ["Ada", "Bob"])]),
        (
            '[c:"We stayed,"] [s:Ada] [k:said]. He left. [c:"We will."]',
            [(['"We stayed,"'], ["said"], ["Ada"]), (['"We will."'], [], ["Ada"])],
        ),
        (
            '[c:"We stayed,"] [s:Ada] [k:said].\nHe left. It rained.\n[c:"We will."]',
            [(['"We stayed,"'], ["said"], ["Ada"]), (['"We will."'], [], [])],
        ),
        (
            "[s:Ada] [k:said] [c:it is shut]. The mayor thinks [c:it is open].",
            [(["it is shut"], ["said"], ["Ada"]), (["it is open"], [], [])],
        ),
    ],
)
def test_joining_by_proximity_follows_the_guidelines(marked: str, claims: _Made) -> None:
    assert put_together(marked) == (claims, [])


@pytest.mark.parametrize(
    ("marked", "left"),
    [
        ("[s:Ada] left. [k:said]", ["Ada", "said"]),
        ('[s:Ada] [k:said] so.\nOne.\nTwo.\nThree.\n[c:"Far."]', ["Ada", "said"]),
        ("The [s:mayor] left. [s:He] [k:said] [c:no].", ["mayor"]),
    ],
)
def test_a_cue_or_a_source_without_content_is_left_over(marked: str, left: list[str]) -> None:
    assert put_together(marked)[1] == left


def test_linked_pieces_stay_together() -> None:
    marked = '[s:Ada] and [s:Bob] spoke. [c:"No,"] [k:said] somebody.'
    (claims, left) = put_together(marked, (2, 0), (3, 2))
    assert claims == [(['"No,"'], ["said"], ["Ada"])]
    assert left == ["Bob"]


def test_a_source_linked_to_a_cue_follows_it() -> None:
    marked = '[s:Ada] spoke. [s:Bob] was there. [c:"No,"] she [k:said].'
    assert put_together(marked, (3, 0))[0] == [(['"No,"'], ["said"], ["Ada"])]


def test_linked_contents_take_nearby_pieces() -> None:
    marked = '[c:"We stayed,"] [s:Ada] [k:said], [c:"and slept."] It rained. [c:"Yes."]'
    assert put_together(marked, (0, 3))[0] == [
        (['"We stayed,"', '"and slept."'], ["said"], ["Ada"]),
        (['"Yes."'], [], ["Ada"]),
    ]


def test_many_quotations_are_joined_in_linear_time(monkeypatch: pytest.MonkeyPatch) -> None:
    from annotator.core.claims import quotes

    asked = 0
    apart = quotes.Places.apart

    def counted(places: quotes.Places, one: Span, other: Span) -> int:
        nonlocal asked
        asked += 1
        return apart(places, one, other)

    monkeypatch.setattr(quotes.Places, "apart", counted)
    claims, left = put_together('[s:Ada] [k:said]: [c:"It is shut."] ' * 400)
    assert (len(claims), left) == (400, [])
    assert asked < 400 * 60


TEXT = '"We stay," said Ada. "We go."\nBob denied it, and Eve: "No."\n\nThe end of it.\nOne. Two.'
PIECES = st.dictionaries(
    st.integers(0, 30),
    st.tuples(
        st.sampled_from(["content", "cue", "source"]),
        st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 40)).map(
            lambda place: Span(place[0], min(len(TEXT), place[0] + place[1]))
        ),
    ),
    max_size=10,
)


@given(PIECES, st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=8))
def test_no_piece_is_lost(
    pieces: dict[int, tuple[str, Span]], links: list[tuple[int, int]]
) -> None:
    lost: list[RefusedPiece] = []
    claims = list(claims_in(pieces, links, TEXT, lost))
    assert not [problem for claim in claims for problem in problems(claim, TEXT)]
    refused = {span for one in lost for span in one.spans or ()}
    for role, span in pieces.values():
        parts = {part for claim in claims for part in getattr(claim, role)}
        there = within_paragraphs(span, TEXT)
        assert span in refused or (there and set(there) <= parts)


def test_a_piece_over_several_paragraphs_is_split() -> None:
    text = 'Ada said: "One.\n\nTwo." And so on.'
    lost: list[RefusedPiece] = []
    span = Span(text.index('"'), text.index(" And"))
    (claim,) = claims_in({0: ("content", span)}, (), text, lost)
    assert [piece.of(text) for piece in claim.content] == ['"One.', 'Two."']
    assert lost == []


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Source", "source"),
        ("CUE", "cue"),
        ("content", "content"),
        ("Speaker", "source"),
        ("QUOTE", "content"),
        ("Verb", None),
        ("PERSON", None),
        ("Contents", None),
        ("Sources", None),
    ],
)
def test_labels_of_newsrooms(label: str, role: str | None) -> None:
    assert role_of(label) == role_in(label, nothing) == role
    assert role_in(label, lambda known: known == label) is None


def test_a_quotation_split_by_its_speaker_is_one() -> None:
    marked = "[c:The group], [s:she] [k:said], [c:has kept all of it]."
    assert put_together(marked)[0] == [(["The group", "has kept all of it"], ["said"], ["she"])]


@pytest.mark.parametrize("links", [[(0, 2)], [(1, 2)], [(2, 0)]])
def test_an_unlinked_piece_goes_to_the_claim_that_lacks_it(links: Any) -> None:
    claims, left = put_together("[s:Ada] [k:said] [c:it is shut]. Bo left.", *links)
    assert (claims, left) == ([(["it is shut"], ["said"], ["Ada"])], [])


def test_a_linked_claim_gets_no_second_cue() -> None:
    marked = "[s:Ada] [k:said] and [k:wrote] [c:it is shut]. [k:Asked], Bo left."
    claims, left = put_together(marked, (0, 3), (1, 3))
    assert (claims, left) == ([(["it is shut"], ["said"], ["Ada"])], ["wrote", "Asked"])


def test_a_piece_nearer_to_an_unlinked_content_goes_to_it() -> None:
    marked = "[s:Ada] says [c:it is shut], while [s:Bo] [k:thinks] [c:it is open]."
    claims, left = put_together(marked, (0, 1))
    assert sorted(claims) == [
        (["it is open"], ["thinks"], ["Bo"]),
        (["it is shut"], [], ["Ada"]),
    ]
    assert left == []
