"""How words become what the encoder reads: pieces, shapes, places, windows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.suggest.encoder.windows import (
    MOST_PIECES,
    TextLayout,
    glued_words,
    lines_of,
    windows_of,
)
from annotator.suggest.encoder.word_features import Place, Shape, places_of, shape_of
from annotator.suggest.encoder.word_pieces import WordPieces

VOCABULARY = (
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "un", "##aff", "##able", "al", "-",
    "assad", "e", "##te", "中", "国", "a", "##a", ".", "cafe",
)  # fmt: skip


@pytest.fixture(scope="module")
def pieces() -> WordPieces:
    return WordPieces(VOCABULARY)


def named(pieces: WordPieces, word: str) -> list[str]:
    return [VOCABULARY[number] for number in pieces.of(word)]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("unaffable", ["un", "##aff", "##able"]),
        ("UNAFFABLE", ["un", "##aff", "##able"]),
        ("al-Assad", ["al", "-", "assad"]),
        ("été", ["e", "##te"]),
        ("café", ["cafe"]),
        ("中国", ["中", "国"]),
        ("xyz", ["[UNK]"]),
        ("\n\n", []),
        (" ", []),
        ("\u200b", ["[UNK]"]),
        ("aaaa", ["a", "##a", "##a", "##a"]),
    ],
)
def test_words_are_divided_as_bert_divides_them(
    pieces: WordPieces, word: str, expected: list[str]
) -> None:
    assert named(pieces, word) == expected


def test_an_endless_word_keeps_its_first_pieces(pieces: WordPieces) -> None:
    assert len(pieces.of("a" * 60)) == 12


@pytest.mark.parametrize(
    ("word", "shape"),
    [
        ("said", Shape.SMALL),
        ("Said", Shape.CAPITALISED),
        ("McGurk", Shape.MIXED),
        ("al-Assad", Shape.SMALL_PARTICLE),
        ("iPhone", Shape.CAPITAL_INSIDE),
        ("SDF", Shape.SHORT_CAPITALS),
        ("UNESCO", Shape.LONG_CAPITALS),
        ("U.S.", Shape.INITIALS),
        ("I", Shape.ONE_CAPITAL),
        ("S-400", Shape.CAPITALS_AND_DIGITS),
        ("2nd", Shape.LETTERS_AND_DIGITS),
        ("2,000", Shape.NUMBER),
        ("—", Shape.MARK),
        ("...", Shape.MARKS),
        ("\n", Shape.BLANK),
    ],
)
def test_a_word_has_a_shape(word: str, shape: Shape) -> None:
    assert shape_of(word) is shape


def places(text: str) -> list[Place]:
    words = text.split(" ")
    ends = [number for number, word in enumerate(words) if word == "\n"]
    return places_of(words, [shape_of(word) for word in words], ends)


def test_capitals_that_a_place_explains_are_told_apart() -> None:
    assert places("The wall stands . It grew \n “ We saw it \n") == [
        Place.LINE_START, Place.INSIDE, Place.INSIDE, Place.INSIDE, Place.SENTENCE_START,
        Place.INSIDE, Place.INSIDE, Place.LINE_START, Place.SENTENCE_START, Place.INSIDE,
        Place.INSIDE, Place.INSIDE,
    ]  # fmt: skip


def test_headlines_are_told_apart() -> None:
    assert set(places("WALL FALLS IN OSLO")) == {Place.CAPITAL_LINE}
    assert set(places("Great Wall Falls In Northern Oslo")) == {Place.TITLE_LINE}


TEXTS = st.lists(
    st.one_of(st.sampled_from(["the", "unaffable", ".", "\n", " ", "xyz"]), st.text(min_size=1)),
    max_size=400,
)


def spaced_out(words: list[str]) -> TextLayout:
    """The layout where a space stands behind every word."""
    return lines_of(words, [True] * len(words))


@given(TEXTS)
def test_every_word_with_pieces_stands_in_one_window(words: list[str]) -> None:
    pieces = WordPieces(VOCABULARY)
    windows = [*windows_of(words, pieces, spaced_out(words))]
    read = [word for window in windows for word in window.words]
    assert read == [number for number, word in enumerate(words) if pieces.of(word)]
    for window in windows:
        assert len(window.ids) <= MOST_PIECES + 2
        for number, first in zip(window.words, window.firsts, strict=True):
            own = pieces.of(words[number])
            assert window.ids[first : first + len(own)] == own


@given(TEXTS, TEXTS, TEXTS)
def test_words_between_cuts_are_read_as_if_they_stood_alone(
    before: list[str], inside: list[str], after: list[str]
) -> None:
    pieces = WordPieces(VOCABULARY)
    parts = [[*before, "\n"], [*inside, "\n"], after]
    words = [word for part in parts for word in part]
    start, end = len(parts[0]), len(parts[0]) + len(parts[1])
    layout = TextLayout(spaced_out(words).line_ends, frozenset((start, end)))
    among = [
        (one.ids, one.shapes, one.places, one.parts)
        for one in windows_of(words, pieces, layout)
        if start <= one.words[0] < end
    ]
    alone = windows_of(parts[1], pieces, spaced_out(parts[1]))
    assert among == [(one.ids, one.shapes, one.places, one.parts) for one in alone]


def test_words_that_no_blank_stands_before_are_glued() -> None:
    words = ["said", ".", '"', "[", "2", "]", "\n", "He", "left"]
    spaces = [False, False, False, False, False, False, False, True, False]
    assert glued_words(words, spaces) == {1, 2, 3, 4, 5}


@pytest.mark.parametrize("behind", [['"'], ['"', ")"], ["[", "unaffable", "]"]])
def test_a_window_takes_along_what_is_glued_to_a_sentence_end(
    pieces: WordPieces, behind: list[str]
) -> None:
    sentence = [*["the"] * 90, ".", *behind]
    words = [*sentence, *["the"] * 100]
    spaces = [number not in range(89, len(sentence) - 1) for number in range(len(words))]
    first, *_ = windows_of(words, pieces, lines_of(words, spaces))
    assert first.words[-1] == len(sentence) - 1


def test_a_window_ends_before_a_quotation_mark_that_opens(pieces: WordPieces) -> None:
    words = [*["the"] * 90, ".", '"', *["the"] * 100]
    spaces = [number not in (89, 91) for number in range(len(words))]
    first, *_ = windows_of(words, pieces, lines_of(words, spaces))
    assert first.words[-1] == words.index(".")


def test_a_window_says_where_blanks_stand(pieces: WordPieces) -> None:
    words = ["the", ".", '"', "\n", '"', "the"]
    spaces = [False, False, False, False, False, False]
    (window,) = windows_of(words, pieces, lines_of(words, spaces))
    assert window.words == (0, 1, 2, 4, 5)
    before, behind = 2, 1
    assert window.blanks == (before, 0, behind, before, behind)


def test_a_word_alone_has_blanks_on_both_sides(pieces: WordPieces) -> None:
    (window,) = windows_of(["the"], pieces, lines_of(["the"], [False]))
    assert window.blanks == (3,)
