"""Lines of pages: their order, what recurs on every page, paragraphs, divided words."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.inbox.documents.line_joining import paragraphs_of
from annotator.inbox.documents.page_columns import blocks_of
from annotator.inbox.documents.page_lines import PageLine
from annotator.inbox.documents.running_heads import without_running_heads
from annotator.inbox.documents.word_division import WordDivision

LONG = "The mayor of Varnholm said that"
SAID = ("It cracked.", "She shrugged.", "They laughed.")
WIDTH = 5.0
"""Of a letter, in points."""


def line(
    text: str, x: float = 50, y: float = 700, *, size: float = 11, width: float = WIDTH
) -> PageLine:
    return PageLine(text, x, x + width * len(text), y, y + size)


def block(*texts: str, x: float = 50, y: float = 700, step: float = 12) -> list[PageLine]:
    return [line(text, x, y - step * n) for n, text in enumerate(texts)]


def joined(*blocks: Sequence[PageLine]) -> list[str]:
    return [one.text for one in paragraphs_of(blocks)]


def texts(blocks: Sequence[Sequence[PageLine]]) -> list[list[str]]:
    return [[one.text for one in lines] for lines in blocks]


def test_columns_are_read_one_after_the_other_below_what_spans_them() -> None:
    headline = line("Bridge to stay closed until spring", 150, 760, size=20, width=9)
    left = block(*(f"{LONG} {n}" for n in range(5)))
    right = block(*(f"{LONG} {n}" for n in range(5, 9)), x=300)
    assert texts(blocks_of([*right, *left, headline])) == [
        [headline.text],
        [one.text for one in left],
        [one.text for one in right],
    ]


def test_three_columns_and_a_second_story_below_are_read_in_order() -> None:
    def story(y: float, first: int) -> list[list[PageLine]]:
        return [
            block(*(f"{LONG} {first + 10 * n + k}" for k in range(4)), x=50 + 190 * n, y=y)
            for n in range(3)
        ]

    upper, lower = story(700, 100), story(500, 200)
    spanning = line("A second story with a headline of its own across all columns", 60, 560)
    lines = [one for column in upper + lower for one in column] + [spanning]
    assert texts(blocks_of(lines)) == texts([*upper, [spanning], *lower])


def test_a_last_column_of_few_lines_is_still_a_column() -> None:
    left = block(*(f"{LONG} {n}" for n in range(6)))
    right = block(*(f"{LONG} {n}" for n in range(6, 9)), x=300)
    assert texts(blocks_of(left + right)) == texts([left, right])


def test_rows_of_a_table_are_read_across() -> None:
    cells = [line(f"{n},100", x, 700 - 12 * n) for n in range(5) for x in (50, 200, 350)]
    assert texts(blocks_of(cells)) == [[f"{n},100 {n},100 {n},100" for n in range(5)]]


@given(st.permutations(range(12)))
def test_the_order_in_which_a_program_drew_the_lines_does_not_matter(order: list[int]) -> None:
    lines = [*block(*(f"{LONG} {n}" for n in range(6))),
             *block(*(f"{LONG} {n}" for n in range(6, 12)), x=300)]  # fmt: skip
    assert blocks_of([lines[n] for n in order]) == blocks_of(lines)


def page(number: int, *body: str, head: str = "The Courier") -> list[PageLine]:
    foot = [line(head, 50, 800), line(str(number), 290, 20)]
    return [*foot, *block(*body)]


def test_heads_and_numbers_of_pages_are_removed() -> None:
    pages = [page(n, said, said[::-1]) for n, said in enumerate(SAID, start=3)]
    assert texts(without_running_heads(pages)) == [[said, said[::-1]] for said in SAID]


def test_heads_of_left_and_right_pages_may_differ() -> None:
    heads = ("The Courier", "2 December 2026", "The Courier")
    pages = [
        [line(head, 50, 800), line(f"Page {n}", 500, 800), *block(said)]
        for n, (head, said) in enumerate(zip(heads, SAID, strict=True), start=1)
    ]
    assert texts(without_running_heads(pages)) == [[said] for said in SAID]


def test_a_page_alone_keeps_what_may_be_text() -> None:
    (kept,) = without_running_heads([page(1, f"{LONG} no.", "1953")])
    assert [one.text for one in kept] == ["The Courier", f"{LONG} no.", "1953"]


def test_figures_of_a_table_at_the_edges_of_pages_are_kept() -> None:
    pages = [block(LONG, "2019", y=700), block("2024", LONG, y=690)]
    assert without_running_heads(pages) == pages


@pytest.mark.parametrize(
    ("lines", "paragraphs"),
    [
        (block(f"{LONG} the bridge is", "closed until spring.", "Nobody had looked at the thing."),
         [f"{LONG} the bridge is closed until spring.", "Nobody had looked at the thing."]),
        ([*block(f"{LONG} he was at", "home. Then he"), *block("left.", y=668)],
         [f"{LONG} he was at home. Then he", "left."]),
        ([line(f"{LONG} it is so."), line("And then he went away to see", 60, 688),
          line("the bridge, which stood there."), line("And then he came home to see", 60, 664),
          line("the mayor, who stood there too.", 50, 652)],
         None),
        ([line("Bridge closed", size=22, width=9),
          *block(f"{LONG} the", "bridge is closed.", y=670)],
         ["Bridge closed", f"{LONG} the bridge is closed."]),
        (block("• the ferry starts", "• the council meets"),
         ["• the ferry starts", "• the council meets"]),
        ([line(f"• {LONG} the ferry"), line("Lune will start", 60, 688),
          line("• and so on", 50, 676), line("The council met.", 50, 664)],
         [f"• {LONG} the ferry Lune will start", "• and so on", "The council met."]),
    ],
    ids=["room for the next word", "gap", "indents", "heading", "bullets", "hanging"],
)  # fmt: skip
def test_paragraphs_end_where_a_reader_sees_an_end(
    lines: list[PageLine], paragraphs: list[str] | None
) -> None:
    found = joined(sorted(lines, key=lambda one: -one.bottom))
    assert found == paragraphs if paragraphs is not None else len(found) == 3


def test_a_sentence_goes_on_in_the_next_column_and_on_the_next_page() -> None:
    first = block(f"{LONG} the bridge would", "stay closed until the spring of the")
    second = block("next year. He told Ada Low, the", "director of the harbour, that the", x=300)
    third = block("ferry would cross.", "")[:1]
    assert joined(first, second, third) == [
        f"{LONG} the bridge would stay closed until the spring of the next year. He told Ada Low, "
        "the director of the harbour, that the ferry would cross."
    ]


def test_a_column_that_ends_with_a_sentence_ends_a_paragraph() -> None:
    assert joined(block(f"{LONG} no."), block(f"{LONG} yes.")) == [f"{LONG} no.", f"{LONG} yes."]


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        ("an invest-", "ment of", "an investment of"),
        ("the harb-", "our of", "the harbour of"),
        ("a self-", "made man", "a self-made man"),
        ("a twenty-", "year plan", "a twenty-year plan"),
        ("the Franco-", "German pact", "the Franco-German pact"),
        ("the COVID-", "19 years", "the COVID-19 years"),
        ("a long-term-", "ish plan", "a long-term-ish plan"),
        ("an econ\u00ad", "omy", "an economy"),
        ("a cross-country", "race", "a cross-country race"),
        ("he said -", "no", "he said - no"),
        ("a tax-", "payer", "a tax-payer"),
        ("市长周二表示，", "大桥将关闭。", "市长周二表示，大桥将关闭。"),
        ("시장은 다리가", "폐쇄된다고", "시장은 다리가 폐쇄된다고"),
    ],
)
def test_a_hyphen_at_the_end_of_a_line_goes_only_where_it_divides_a_word(
    before: str, after: str, whole: str
) -> None:
    known = block("The harbour was closed. It is a tax-payer as well.")
    assert WordDivision(known).joined(before, after) == whole


def test_where_lines_are_divided_often_unknown_words_are_joined() -> None:
    lines = block("the gov-", "ernors spoke of a rec-", "ommendation for a com-", "mittee")
    assert joined(lines) == ["the governors spoke of a recommendation for a committee"]


@given(st.lists(st.text("ab-\u00ad. A", min_size=1).map(str.strip).filter(bool), min_size=1))
def test_no_letter_is_lost_by_joining(lines: list[str]) -> None:
    def letters(words: str) -> str:
        return "".join(filter(str.isalpha, words))

    assert letters(" ".join(joined(block(*lines)))) == letters(" ".join(lines))
