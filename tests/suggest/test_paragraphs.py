"""Paragraphs are found, and sentences end with them."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.article import Span
from annotator.core.text.paragraph_bounds import (
    crosses_paragraphs,
    is_hard_wrapped,
    paragraph_spans,
)
from annotator.suggest.paragraphs import Paragraphs
from tests.helpers.english import english

WRAPPED = """The committee met on the second floor of the old customs house and spoke
for three hours about the state of the harbour wall, which has leaned
towards the water since the storm of last winter and may not last long.

Nobody voted. The chair said that a second survey would be paid for out
of the reserve and that its result would be read aloud before summer."""
LINES = """Harbour wall leans
The committee met and spoke for three hours about the wall.
Nobody voted.
A second survey will follow."""


def test_every_line_is_a_paragraph() -> None:
    assert [span.of(LINES) for span in paragraph_spans(LINES)] == LINES.split("\n")


def test_hard_wrapped_text_has_its_paragraphs_between_blank_lines() -> None:
    assert is_hard_wrapped(WRAPPED)
    assert [span.of(WRAPPED) for span in paragraph_spans(WRAPPED)] == WRAPPED.split("\n\n")


def test_short_lines_are_not_hard_wrapped() -> None:
    assert not is_hard_wrapped(LINES)


def test_one_long_line_means_that_text_is_not_hard_wrapped() -> None:
    assert not is_hard_wrapped(WRAPPED + "\n\n" + "word " * 60)


def test_a_few_long_lines_of_page_furniture_change_nothing() -> None:
    footer = "All of this belongs to the harbour office and may be read by whoever likes to. " * 2
    page = "\n\n".join([WRAPPED] * 4) + "\n\n" + footer + "\n"
    assert is_hard_wrapped(page)
    assert not is_hard_wrapped(page.replace("\n\n" + footer, "\n" + footer))


def test_a_span_may_cross_a_line_end_only_in_hard_wrapped_text() -> None:
    first = WRAPPED.index("\n")
    blank = WRAPPED.index("\n\n")
    assert not crosses_paragraphs(Span(first - 4, first + 4), WRAPPED)
    assert crosses_paragraphs(Span(blank - 4, blank + 6), WRAPPED)
    line = LINES.index("\n")
    assert crosses_paragraphs(Span(line - 4, line + 4), LINES)


def starts(text: str) -> list[str]:
    """The words that a sentence is known to begin with."""
    doc = Paragraphs()(english().make_doc(text))
    return [token.text for token in doc if token.is_sent_start and token.i]


def test_a_sentence_starts_after_each_line_end() -> None:
    assert starts(LINES) == ["The", "Nobody", "A"]


def test_in_hard_wrapped_text_only_blank_lines_start_a_sentence() -> None:
    assert starts(WRAPPED) == ["Nobody"]


@given(st.text(alphabet=st.sampled_from("ab \n\t."), max_size=120))
def test_paragraphs_are_ordered_separate_and_trimmed(text: str) -> None:
    spans = paragraph_spans(text)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all(span.of(text) == span.of(text).strip() for span in spans)
    assert "".join(text.split()) == "".join("".join(s.of(text).split()) for s in spans)
