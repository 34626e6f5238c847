"""Jumps by first letters: what they find, and hints that no further letter can be taken for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.article import Span
from annotator.core.text.jumping import begins_with, hints_for, jump_targets, rest_of
from annotator.core.text.words import Words

TEXT = "Élan Marrow paid $300 to the U.S. state’s Łódź office; Едва ли. 北京市 said 2019."
WORDS = st.text("abcdeÉéłабвΩ北1$", min_size=1, max_size=4)
TEXTS = st.lists(WORDS, min_size=1, max_size=120).map(" ".join)


def found(typed: str, text: str = TEXT) -> list[str]:
    """What a jump in the whole text finds."""
    targets = jump_targets(Words(text), Span(0, len(text)))
    return [one.of(text) for one in targets if begins_with(one.of(text), typed)]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("e", ["Élan"]),
        ("É", ["Élan"]),
        ("el", ["Élan"]),
        ("E", ["Élan"]),
        ("$", ["$"]),
        ("3", ["300"]),
        ("s", ["state", "said"]),
        ("S", []),
        ("u", ["U.S."]),
        ("lo", ["Łódź"]),
        ("е", ["Едва"]),
        ("ЕД", []),
        ("北", ["北京市"]),
        ("京市", ["京市"]),
        ("20", ["2019"]),
        ("zz", []),
    ],
)
def test_words_are_found_by_their_first_letters(typed: str, words: list[str]) -> None:
    assert found(typed) == words


def test_marks_and_possessives_are_no_targets() -> None:
    targets = jump_targets(Words(TEXT), Span(0, len(TEXT)))
    assert not {"’s", ";", "."} & {one.of(TEXT) for one in targets}


def test_the_nearest_word_gets_the_letter_nearest_to_the_home_row() -> None:
    text = "so so so so"
    hits = tuple(Span(at, at + 2) for at in (0, 3, 6, 9))
    assert hints_for(hits, "so", text, caret=6) == {
        "f": hits[2],
        "j": hits[1],
        "d": hits[3],
        "k": hits[0],
    }


def test_words_of_another_script_get_hints_of_their_own_keyboard() -> None:
    text = "Едва един его еще"
    targets = jump_targets(Words(text), Span(0, len(text)))
    hints = hints_for(targets, "е", text, caret=0)
    assert len(hints) == 4
    assert all(hint.isdigit() or not hint.isascii() for hint in hints)


def test_the_rest_of_a_word_is_folded() -> None:
    assert rest_of("Élan", "é") == "lan"
    assert rest_of("$300", "$") == "300"


@given(TEXTS, st.data())
def test_hints_are_unequivocal(text: str, data: st.DataObject) -> None:
    targets = jump_targets(Words(text), Span(0, len(text)))
    if not targets:
        return
    typed = data.draw(st.sampled_from(targets)).of(text)[:1].lower()
    hits = tuple(one for one in targets if begins_with(one.of(text), typed))
    hints = hints_for(hits, typed, text, caret=data.draw(st.integers(0, len(text))))
    assert len(set(hints.values())) == len(hints)
    for hint in hints:
        assert not [other for other in hints if other != hint and other.startswith(hint)]
        assert not [hit for hit in hits if begins_with(hit.of(text), typed + hint[0])]
