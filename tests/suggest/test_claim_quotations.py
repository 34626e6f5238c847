"""Quotations, found by typography."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.text.paragraph_bounds import paragraph_spans
from annotator.suggest.claims.quotations import Region, regions

MARKED = st.lists(
    st.sampled_from(
        [
            *"“”„«»\"'’‘",
            "''",
            "``",
            " ",
            "\n",
            "\n\n",
            "word",
            "Word,",
            ".",
            "?",
            "—",
            "(",
            "5'",
            "é",
        ]
    ),
    max_size=60,
).map("".join)


def quoted(text: str) -> list[str]:
    return [text[region.start : region.end] for region in found(text)]


def found(text: str) -> tuple[Region, ...]:
    return regions(text, [(span.start, span.end) for span in paragraph_spans(text)])


@pytest.mark.parametrize(
    ("text", "quotations"),
    [
        ("He said “it rains” today.", ["“it rains”"]),
        ('He said "it rains" today.', ['"it rains"']),
        ("He said „it rains“ today.", ["„it rains“"]),
        ("He said «it rains» today.", ["«it rains»"]),
        ("He said ''it rains'' today.", ["''it rains''"]),
        ("He said ``it rains'' today.", ["``it rains''"]),
        ("He said ‘‘it rains’’ today.", ["‘‘it rains’’"]),
        ("“One,” he said, “two.”", ["“One,”", "“two.”"]),
        ("“He called it a ‘farce’ today,” she said.", ["“He called it a ‘farce’ today,”"]),
        ('A board 6" wide and 8" long.', []),
        ("He said “it rains and left.", []),
        ("It rains” he said.", []),
        ("“He said “no” to me,” she wrote.", ["“He said “no” to me,”"]),
        ("No marks at all.", []),
        ("", []),
    ],
)
def test_marks_of_every_kind_enclose_a_quotation(text: str, quotations: list[str]) -> None:
    assert quoted(text) == quotations


def test_a_quotation_over_paragraphs_is_one_chain() -> None:
    text = "“It was dark.\n\n“Then it was light,” she said."
    assert quoted(text) == ["“It was dark.", "“Then it was light,”"]
    assert [region.continues for region in found(text)] == [False, True]


def test_a_quotation_closed_at_the_end_of_its_paragraph_is_not_continued() -> None:
    assert [region.continues for region in found("“It was dark.”\n\n“It was light.”")] == [
        False
    ] * 2


def test_an_unclosed_mark_ends_with_its_paragraph() -> None:
    text = "He called “the bridge a ruin.\n\nThe bridge stands. “It will stay,” she said."
    assert quoted(text) == ["“It will stay,”"]


@given(MARKED)
def test_each_quotation_lies_within_one_paragraph(text: str) -> None:
    paragraphs = paragraph_spans(text)
    last = 0
    for region in found(text):
        assert last <= region.start < region.end
        assert any(span.start <= region.start and region.end <= span.end for span in paragraphs)
        last = region.end
