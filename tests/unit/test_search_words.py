"""The words of a text, a line that is looked for, and where it stands."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.article import Span
from annotator.core.search.folding import LONGEST, folded, keys_in, spans_of_words, words_in
from annotator.core.search.query import Query
from annotator.core.search.sought import AROUND, SearchHit, Sought, in_context
from tests.helpers.hostile_texts import texts

TEXT = "Zoë O’Brien’s ferry-boat, the “Łódź”, sailed.\n\nThe ferry boat sank; Zoë swam."
LATIN = st.text(st.characters(categories=["Lu", "Ll", "Nd"], max_codepoint=0x24F), min_size=1)


def found(line: str, text: str = TEXT, **more: bool) -> list[str]:
    return [span.of(text) for span in Query.of(line, **more).spans_in(text)]


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("Ferry", "ferry"), ("ZOË", "zoe"), ("Łódź", "lodz"), ("Straße", "strasse"),
        ("Kılıçdaroğlu", "kilicdaroglu"), ("ﬁre", "fire"), ("de\u00admo\u200bcracy", "democracy"),
        ("İstanbul", "istanbul"), ("ΛΌΓΟΣ", "λογοσ"), ("λόγος", "λογοσ"), ("Ёлка", "елка"),
        ("ｆｕｌｌ", "full"), ("x²", "x2"), ("हिन्दी", "हिन्दी"), ("مُحَمَّد", "محمد"),
    ],
)  # fmt: skip
def test_case_accents_and_unseen_characters_are_folded(word: str, key: str) -> None:
    assert folded(word) == key
    assert [*words_in(f"({word})")] == [(1, 1 + len(word), key)]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("2,000 U.S. troops", ["2", "000", "u", "s", "troops"]),
        ("snake_case AND x", ["snake", "case", "and", "x"]),
        ("我们认为", ["我", "们", "认", "为"]),
        ("yes 👍! ❤\ufe0f", ["yes", "👍", "❤"]),
        ("“” ** -- \u0301 \x00", []),
        ("🇩🇪🇫🇷 🇩", ["🇩🇪", "🇫🇷", "🇩"]),
        ("ドラ", ["ト\u3099", "ラ"]),
        ("ト\u3099ラ", ["ト\u3099", "ラ"]),
        ("ﾄﾞﾗ", ["ト\u3099", "ラ"]),
        ("ﾊﾟ ﾊ", ["ハ\u309a", "ハ"]),
    ],
)
def test_words_of_a_text(text: str, keys: list[str]) -> None:
    assert keys_in(text) == keys


@given(texts)
def test_words_are_in_order_and_folded_once(text: str) -> None:
    words = [*words_in(text)]
    assert [word.key for word in words] == keys_in(text)
    assert all(0 <= one.start < one.end <= len(text) for one in words)
    spans = {number: (word.start, word.end) for number, word in enumerate(words)}
    assert spans_of_words(text, spans) == spans
    assert spans_of_words(text, [*spans][1::2]) == dict([*spans.items()][1::2])
    assert all(one.end <= other.start for one, other in pairwise(words))
    # The index of a database splits keys at blanks, and folds ASCII once more.
    assert all(key == key.lower() and not key.isspace() and " " not in key for key in keys_in(text))
    assert all(len(key) <= LONGEST for key in keys_in(text))
    assert all(folded(key) == key for key in keys_in(text))


@given(texts)
def test_every_letter_and_digit_of_a_text_is_in_a_word(text: str) -> None:
    covered = {at for word in words_in(text) for at in range(word.start, word.end)}
    assert all(
        at in covered
        for at, character in enumerate(text)
        if unicodedata.category(character)[0] in "LN" and folded(character)
    )


@given(texts)
def test_every_word_is_found_where_it_stands(text: str) -> None:
    for word in words_in(text):
        span = Span(word.start, word.end)
        assert span in Query.of(span.of(text)).spans_in(text)


@given(st.text(st.characters(min_codepoint=0x30A1, max_codepoint=0x30F6), min_size=1))
def test_katakana_is_found_however_it_is_written(word: str) -> None:
    forms = {unicodedata.normalize(form, word) for form in ("NFC", "NFD")} | {half_width(word)}
    for form in forms:
        assert found(word, f"「{form}」") == [form]
        assert found(form, f"「{word}」") == [word]


HALF = {unicodedata.normalize("NFKC", chr(at)): chr(at) for at in range(0xFF66, 0xFFA0)}


def half_width(word: str) -> str:
    """Katakana in half the width, where that has all of its characters."""
    letters = unicodedata.normalize("NFD", word)
    return "".join(HALF[one] for one in letters) if all(one in HALF for one in letters) else word


@given(st.lists(st.sampled_from("DEFRUS"), min_size=1, max_size=8))
def test_half_a_flag_is_not_found(letters: list[str]) -> None:
    flags = "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in letters)
    pairs = [flags[at : at + 2] for at in range(0, len(flags), 2)]
    for at in range(len(flags) - 1):
        assert len(found(flags[at : at + 2], flags)) == pairs.count(flags[at : at + 2])
    for one in {*flags}:
        assert len(found(one, flags)) == pairs.count(one)


@given(LATIN, LATIN, st.sampled_from([" ", ", ", " – ", "’", "\t"]))
def test_a_phrase_is_found_whatever_its_case_and_accents(one: str, other: str, gap: str) -> None:
    text = f"Before {one}{gap}{other} after."
    for change in (str.lower, str.upper, lambda words: unicodedata.normalize("NFD", words)):
        assert f"{one}{gap}{other}" in found(change(f"{one} {other}"), text)


@pytest.mark.parametrize(
    ("line", "hits"),
    [
        ("zoe", ["Zoë", "Zoë"]),
        ("FERRY BOAT", ["ferry-boat", "ferry boat"]),
        ("boat ferry", []),
        ("ferr*", ["ferry", "ferry"]),
        ("ferr", []),
        ("the ferr* boat", ["The ferry boat"]),
        ("sailed the", []),
        ("zoe + sank", ["sank", "Zoë"]),
        ("zoe + lodz + sailed", ["Zoë", "Łódź", "sailed"]),
        ("lodz + sank", []),
        ("+ zoe +", ["Zoë", "Zoë"]),
        ("o'brien", ["O’Brien"]),
        ('"ferry" AND', []),
        ("", []),
    ],
)
def test_lines_that_are_looked_for(line: str, hits: list[str]) -> None:
    assert found(line) == hits


def test_a_phrase_may_run_over_the_end_of_a_wrapped_line_but_not_of_a_paragraph() -> None:
    line = "these are the words of some old wire copy which was wrapped by hand at the"
    wrapped = "\n".join([line] * 6)
    assert found("at the these", wrapped) == ["at the\nthese"] * 5
    assert found("at the these", wrapped.replace("\n", "\n\n")) == []


def test_hits_of_a_phrase_do_not_overlap() -> None:
    assert found("a a", "a a a a a") == ["a a", "a a"]


def test_the_last_word_goes_on_while_it_is_typed() -> None:
    assert found("ferry bo", last_goes_on=True) == ["ferry-boat", "ferry boat"]
    assert found("ferry bo ", last_goes_on=True) == []


@given(texts, texts)
def test_any_line_is_a_query(line: str, text: str) -> None:
    for span in Query.of(line).spans_in(text):
        assert 0 <= span.start < span.end <= len(text)


def test_a_very_long_line_is_a_query() -> None:
    line = "word " * 2000
    assert found(line, f"Some {line}.") == [line.strip()]
    assert found("x" * 10_000, "x" * 9_999 + "y") == ["x" * 9_999 + "y"]  # only so much counts


@given(texts)
def test_contexts_are_what_stands_beside_the_hit_in_its_paragraph(text: str) -> None:
    hits = [SearchHit(Span(word.start, word.end)) for word in words_in(text)]
    for hit, shown in zip(hits, in_context(text, hits), strict=True):
        start, end = hit.span.start, hit.span.end
        assert shown.text == text[start:end]
        assert shown.left == text[start - len(shown.left) : start]
        assert shown.right == text[end : end + len(shown.right)]
        assert max(len(shown.left), len(shown.right)) <= AROUND


def test_contexts_begin_and_end_with_whole_words() -> None:
    text = f"{'north ' * 30}HERE{' south' * 30}\nnext"
    (shown,) = in_context(text, Sought(Query.of("here")).hits(text))
    assert set(shown.left.split()) == {"north"}
    assert set(shown.right.split()) == {"south"}
    (short,) = in_context("No.\nHERE it is.\nNo.", [SearchHit(Span(4, 8))])
    assert (short.left, short.right) == ("", " it is.")
