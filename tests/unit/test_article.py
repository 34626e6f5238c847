"""Articles and spans."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.article import (
    Article,
    Origin,
    Span,
    identity_of,
    normalise,
    title_line,
)

texts = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 3), (4, 2)])
def test_a_span_cannot_be_empty_or_negative(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="invalid span"):
        Span(start, end)


def test_adjacent_spans_do_not_overlap() -> None:
    assert not Span(0, 3).overlaps(Span(3, 5))
    assert Span(0, 4).overlaps(Span(3, 5))


@given(texts)
def test_the_identity_is_the_hash_of_the_text(text: str) -> None:
    assert Article(text).id == hashlib.sha256(text.encode()).hexdigest() == identity_of(text)


@given(texts)
def test_normalising_is_idempotent_and_leaves_no_carriage_return(text: str) -> None:
    once = normalise(text.lstrip("\ufeff"))
    assert "\r" not in once
    assert normalise(once) == once


def test_normalising_changes_nothing_else() -> None:
    assert normalise("\ufeffa\r\n\u2028b\x0c\u0301\r\u00a0 \n") == "a\n\u2028b\x0c\u0301\n\u00a0 \n"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("\n \nHeadline\nText", "Headline"),
        ("# Headline\n", "Headline"),
        ("https://example.org/a-b\n\nHeadline\n", "Headline"),
        ("x" * 201, None),
        (" \n", None),
        ("", None),
    ],
)
def test_the_title_is_the_first_short_line(text: str, title: str | None) -> None:
    assert title_line(text) == title


def test_an_article_is_named_by_title_or_first_sentence_or_file_or_id() -> None:
    text, address = "The ferry sank at dawn. Nobody died.\n", "https://example.org/ferry\n"
    assert Article(text, title="Title", origin=Origin(name="a.txt")).name == "Title"
    assert Article(text, origin=Origin(name="a.txt")).name == "The ferry sank at dawn."
    assert Article(address, origin=Origin(name="a.txt")).name == "a.txt"
    assert Article(address).name == identity_of(address)[:12]
