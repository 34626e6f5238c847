"""Tokens, sentences and lines as the arrow keys use them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.article import Span
from annotator.core.text.words import Words, sentences_in
from tests.helpers.hostile_texts import texts


def _tokens(text: str) -> list[str]:
    return [span.of(text) for span in Words(text).tokens_in(Span(0, max(1, len(text))))]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("US-led “troops”", ["US", "-", "led", "“", "troops", "”"]),
        ("Turkey's border, Trump’s tweet", ["Turkey", "'s", "border", ",", "Trump", "’s", "tweet"]),
        ("O'Brien doesn't know", ["O'Brien", "doesn't", "know"]),
        (
            "some 2,000 of $2.5bn on the 20th",
            ["some", "2,000", "of", "$", "2.5bn", "on", "the", "20th"],
        ),
        ("the U.S. Army...", ["the", "U.S.", "Army", "..."]),
        ("Daesh* -- gone", ["Daesh", "*", "--", "gone"]),
        (
            "e\u0301te\u0301 \u0928\u092e\u0938\u094d\u0924\u0947",
            ["e\u0301te\u0301", "\u0928\u092e\u0938\u094d\u0924\u0947"],
        ),
        (
            "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea",
            ["\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1e9\U0001f1ea"],
        ),
        ("1\ufe0f\u20e3 2\u20e3 #\ufe0f\u20e3", ["1\ufe0f\u20e3", "2\u20e3", "#\ufe0f\u20e3"]),
        ("cafe\u200b\u0301 “\u200b\u0301", ["cafe\u200b\u0301", "“\u200b\u0301"]),
    ],
)
def test_tokens_of_a_text(text: str, tokens: list[str]) -> None:
    assert _tokens(text) == tokens


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Gen. Ali Haddad left. He went to the U.S. Army base! “Yes.” Then?", 4),
        ("At 9.14 a.m. it rained. 2,000 left.", 2),
        ("no end", 1),
        ("“We stay,” he said. “We do.”", 2),
        ("One.\nTwo\n\nThree.", 3),
    ],
)
def test_sentences_of_a_text(text: str, sentences: int) -> None:
    words = Words(text)
    found, at = [], -1
    while (following := words.next_sentence(at)) is not None:
        found.append(following)
        at = following.start
    assert len(found) == sentences


@pytest.mark.parametrize(
    "text",
    [
        "Ada said no. " * 30_000,  # "no." may be an abbreviation: the sentence goes on and on
        "J. " * 50_000,
        "." * 300_000 + "x",
        "." * 100_000 + " " * 100_000 + "x",
        '." ' * 100_000,
    ],
    ids=lambda text: text[:12],
)
def test_a_sentence_without_end_is_read_once(text: str) -> None:
    assert len(sentences_in(text, Span(0, len(text)))) == 1  # minutes, if stops are read again


def test_a_row_of_stops_is_cut_where_the_line_is() -> None:
    assert sentences_in("He left... Ada", Span(8, 14)) == (Span(8, 10), Span(11, 14))


def test_the_bounds_of_a_sentence() -> None:
    text = "It rained. “We stay,” he said.  Then it\nstopped."
    words = Words(text)
    found = [words.sentence_at(at) for at in (0, 12, 33, 41)]
    assert [one and one.of(text) for one in found] == [
        "It rained.",
        "“We stay,” he said.",
        "Then it",
        "stopped.",
    ]


def test_a_blank_belongs_to_the_token_before_it() -> None:
    words = Words("Ada met  Bo")
    assert words.token_at(8) == Span(4, 7)


def test_a_selection_snaps_to_whole_tokens() -> None:
    text = "Ada met Bo Marsh"
    assert Words(text).snap(Span(5, 12)).of(text) == "met Bo Marsh"


def test_a_text_without_words_has_no_steps() -> None:
    words = Words(" \n\n ")
    assert (
        words.token_at(0) is words.next_token(0) is words.sentence_at(1) is words.line_at(0) is None
    )


@given(texts)
def test_steps_forwards_and_backwards_visit_the_same_tokens(text: str) -> None:
    words = Words(text)
    there, at = [], -1
    while (token := words.next_token(at)) is not None:
        there.append(token)
        at = token.start
    back, at = [], len(text) + 1
    while (token := words.previous_token(at)) is not None:
        back.append(token)
        at = token.start
    assert there == back[::-1]
    assert all(one.end <= other.start for one, other in pairwise(there))
    assert all(not token.of(text).isspace() and "\n" not in token.of(text) for token in there)


@given(texts)
def test_every_visible_character_is_in_a_token(text: str) -> None:
    tokens = Words(text).tokens_in(Span(0, max(1, len(text))))
    covered = {at for token in tokens for at in range(token.start, token.end)}
    assert all(at in covered for at, sign in enumerate(text) if sign.isalnum())


@given(texts, st.data())
def test_steps_by_character_are_reversible(text: str, data: st.DataObject) -> None:
    words = Words(text)
    at = words.previous_character(data.draw(st.integers(0, len(text))))
    following = words.next_character(at)
    assert following == at if at == len(text) else following > at
    assert words.previous_character(following) == at or following == at


@given(texts, st.data())
def test_every_offset_has_a_sentence_within_its_line(text: str, data: st.DataObject) -> None:
    words = Words(text)
    at = data.draw(st.integers(0, len(text)))
    sentence, line = words.sentence_at(at), words.line_at(at)
    assert (sentence is None) == (line is None)
    if sentence is not None and line is not None:
        assert line.contains(sentence)
