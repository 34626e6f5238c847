"""What offsets count is proved by the words beside them: exactly that span comes back, or a
question; never another span without a word."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.article import Span
from annotator.formats.counting import Counting
from annotator.formats.external_text import ExternalText, InvalidAnnotation
from annotator.formats.proving import CountedText, all_stand
from annotator.formats.readings import PLAIN, Counted, Reading, readings_of
from tests.helpers.examples import examples

_PARTS = ("a", "b", "ab", " ", "  ", "\t", "é", "e\u0301", "д", "🔥", "👩\u200d🚒", "🇫🇷", "”")
LETTERS = st.sampled_from([*_PARTS, "\\n", "\n", "\r\n", "\r", "\u2028", "가"])
TEXTS = st.builds(
    lambda mark, parts: mark + "".join(parts),
    st.sampled_from(["", "\ufeff"]),
    st.lists(LETTERS, min_size=1, max_size=30),
).filter(lambda text: text.strip("\ufeff").strip())


def as_counted(raw: str, reading: Reading) -> str:
    """The text that a program had which counts in this way, made by rewriting it."""
    text = raw
    if reading.nobom:
        text = text.removeprefix("\ufeff")
    if reading.blanks:
        text = regex.sub(r"[ \t]{2,}", " ", text)
    if reading.lf:
        text = text.replace("\r\n", "\n")
    if reading.crlf:
        text = regex.sub(r"\r\n|\r|\n", "\r\n", text)
    return "\ufeff" + text if reading.bom else text


def length(text: str, unit: str) -> int:
    match unit:
        case "utf16":
            return len(text.encode("utf-16-le")) // 2
        case "bytes":
            return len(text.encode())
        case "grapheme":
            return len(regex.findall(r"\X", text))
    return len(text)


def offsets_of(raw: str, start: int, end: int, reading: Reading) -> tuple[int, int]:
    """The offsets that a program writes for a range of this text which counts so."""
    first = length(as_counted(raw[:start], reading), reading.unit)
    last = length(as_counted(raw[:end], reading), reading.unit)
    return first, last - reading.inclusive


def is_whole(raw: str, place: int, reading: Reading) -> bool:
    """Whether a program that counts so can name this place."""
    before, after = raw[:place], raw[place:]
    if place == 0 or not after:
        return place > 0 or not (reading.nobom and raw.startswith("\ufeff"))
    if before.endswith("\r") and after.startswith("\n"):
        return not (reading.lf or reading.crlf or reading.unit == "grapheme")
    if reading.blanks and before[-1] in " \t" and after[0] in " \t":
        return False
    cuts = length(before, "grapheme") + length(after, "grapheme") != length(raw, "grapheme")
    return not (reading.unit == "grapheme" and cuts)


WordsAt = tuple[str, Reading, list[tuple[int, int]]]


@st.composite
def told_texts(draw: st.DrawFn) -> WordsAt:
    """A text, how a program counts in it, and the ranges of it which that program marked."""
    raw = draw(TEXTS)
    reading = draw(st.sampled_from(readings_of(raw)))
    places = [n for n in range(len(raw) + 1) if is_whole(raw, n, reading)]
    pairs = [(one, two) for one in places for two in places if raw[one:two].strip("\ufeff").strip()]
    if not pairs:
        return raw, PLAIN, []
    return raw, reading, draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=4))


def rows_of(told: WordsAt) -> list[tuple[int, int, str]]:
    """What a program that counts so writes of its ranges: offsets and words."""
    raw, reading, ranges = told
    return [(*offsets_of(raw, *one, reading), raw[slice(*one)]) for one in ranges]


def spans_of(text: ExternalText, rows: list[tuple[int, int, str]], how: Counting) -> list[Span]:
    spans = how.spans(text, rows)
    return [spans.at(*row) for row in rows]


@examples(150)
@given(told_texts())
def test_offsets_are_restored_exactly_or_the_unit_is_asked_for(told: WordsAt) -> None:
    text = ExternalText(told[0])
    expected = [text.span(*one) for one in told[2]]
    try:
        found = spans_of(text, rows_of(told), Counting("a.json"))
    except InvalidAnnotation as invalid:
        found, asked = expected, str(invalid)
        assert "--offsets" in asked
    assert found == expected


@examples(60)
@given(told_texts())
def test_with_the_given_unit_offsets_are_restored_exactly(told: WordsAt) -> None:
    text = ExternalText(told[0])
    found = spans_of(text, rows_of(told), Counting("a.json", told[1]))
    assert found == [text.span(*one) for one in told[2]]


@examples(60)
@given(told_texts(), st.booleans())
def test_text_with_collapsed_blanks_proves_the_unit_too(told: WordsAt, trimmed: bool) -> None:
    raw, _, ranges = told
    text = ExternalText(raw)
    rows = [(a, b, regex.sub(r"\s+", " ", words)) for a, b, words in rows_of(told)]
    if trimmed:
        rows = [(a, b, words.rstrip()) for a, b, words in rows]
    try:
        found = spans_of(text, rows, Counting("a.json"))
    except InvalidAnnotation:
        return
    for span, (start, end) in zip(found, ranges, strict=True):
        whole = text.span(start, end)
        assert span.start == whole.start
        assert span.of(text.text).rstrip() == whole.of(text.text).rstrip()


@examples(60)
@given(told_texts())
def test_an_offset_is_converted_by_its_unit(told: WordsAt) -> None:
    raw, reading, ranges = told
    counted = Counted(raw, reading)
    assert counted.size == length(as_counted(raw, reading), reading.unit)
    for start, end in ranges:
        assert counted.range(*offsets_of(raw, start, end, reading)) == (start, end)


@pytest.mark.parametrize("words", ["\\n", "\\n\\n", " \\n"])
def test_an_escaped_line_end_may_be_literal(words: str) -> None:
    raw = f"a{words} b\n"
    rows = [(1, 1 + len(words), words)]
    assert all_stand(CountedText(raw), rows)
