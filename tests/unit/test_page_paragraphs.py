"""Paragraphs of saved pages, however their source is wrapped."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.inbox.readers import articles_of

VOCABULARY = (
    "council bridge harbour mayor said voted Varnholm Tuesday engineers report winter repair "
    "closed unsafe public money ferry quay residents letter"
)
WORDS = VOCABULARY.split()
INLINE = ("b", "i", "em", "q", "del", "ins", "mark", "code", "span", "a href='/x'", "x-note", "u")
BODY = (
    "The council of Varnholm said no on Tuesday to the plan of a bridge, after a debate of hours.",
    "“Nobody should expect more of us than that,” the mayor said as she left the chamber at dawn.",
    "Residents of Lower Quay disagreed, and a spokesman called the vote a mistake for the town.",
)
SENTENCE = (
    "Ada Low, the mayor of Harbour Town, said on Monday that the north bridge would stay closed."
)
WRAPPED = SENTENCE.replace(" on ", "\non ").replace(" the north", "\r\n   the north")


def lines_of(body: str) -> list[str]:
    html = f"<!DOCTYPE html><html><head><title>Bridge</title></head><body>{body}</body></html>"
    (article,) = articles_of(html.encode(), "page.html")
    return [line for line in article.text.split("\n") if line]


def article(first: str) -> str:
    return f"<article>{first}{''.join(f'<p>{words}</p>' for words in BODY)}</article>"


@pytest.mark.parametrize(
    "first",
    [
        f"<p>{WRAPPED}</p>",
        f"<p>{WRAPPED}<br>\nBob Hay disagreed.</p>",
        f"<p>{WRAPPED.replace('Monday', '<q>Monday</q>')}</p>",
        f"<p>{WRAPPED.replace('Monday', '<del>Monday</del>')}</p>",
        f"<p>{WRAPPED.replace('Monday', '<code>Monday</code>')}</p>",
        f"<p>{WRAPPED.replace('Monday', '<x-day><b>Monday</b></x-day>')}</p>",
        f"<p>{WRAPPED.replace(' that', ' that<br>')}</p>",
        f"<blockquote>{WRAPPED}</blockquote>",
        f"<blockquote>{WRAPPED.replace('Monday', '<i>Monday</i>')}<br></blockquote>",
        f"<ul><li>{WRAPPED}</li><li>{BODY[0]}</li></ul>",
        f"<div>{WRAPPED}</div>",
        f"<section>{WRAPPED.replace('Monday', '<ins>Monday</ins>')}</section>",
    ],
    ids=[
        "plain", "br", "q", "del", "code", "unknown", "br within", "quote", "quote with br",
        "list", "div", "section",
    ],
)  # fmt: skip
def test_a_line_end_within_a_paragraph_is_a_blank(first: str) -> None:
    assert SENTENCE in lines_of(article(first))


@pytest.mark.parametrize(
    ("first", "lines"),
    [
        (f"{SENTENCE}<br><br>Bob Hay disagreed.", [SENTENCE, "Bob Hay disagreed."]),
        (f"{SENTENCE}<br> <br/>\n<br>Bob Hay disagreed.", [SENTENCE, "Bob Hay disagreed."]),
        (f"{SENTENCE}<br>Bob Hay disagreed.", [SENTENCE, "Bob Hay disagreed."]),
        (f"{SENTENCE[:-1]}<br>by order.", [f"{SENTENCE[:-1]} by order."]),
        (f"{SENTENCE[:-1]} by Mr.<br>Hay’s order.", [f"{SENTENCE[:-1]} by Mr. Hay’s order."]),
    ],
)
def test_two_breaks_end_a_paragraph_and_one_does_after_a_sentence(
    first: str, lines: list[str]
) -> None:
    assert lines_of(article(f"<p>{first}</p>"))[: len(lines)] == lines


def test_preformatted_text_keeps_its_lines() -> None:
    poem = "The bridge is down,\n  the quay is bare,\n\nand nobody\nin town was there."
    (found,) = articles_of(
        f"<html><body>{article(f'<pre>{poem}</pre>')}</body></html>".encode(), "page.html"
    )
    assert found.text.startswith("The bridge is down,\n  the quay is bare,\n\nand nobody\nin town")


def test_paragraphs_that_stand_bare_between_others_are_not_lost() -> None:
    first, second, third = BODY
    assert lines_of(f"<article><p>{SENTENCE}</p>{first}<p>{second}</p>{third}</article>") == [
        SENTENCE, *BODY
    ]  # fmt: skip


def test_list_marks_alone_are_no_paragraph() -> None:
    assert lines_of(article("<p>-</p><p>•</p><ul><li>-</li></ul>")) == list(BODY)


@st.composite
def paragraphs(draw: st.DrawFn) -> list[list[str]]:
    count = draw(st.integers(3, 7))
    return [
        [
            f"Councillor{number}",
            *draw(st.lists(st.sampled_from(WORDS), min_size=14, max_size=40)),
            "today.",
        ]
        for number in range(count)
    ]


@st.composite
def pages(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A page with its words marked up and its source wrapped at random, and its paragraphs."""
    texts = draw(paragraphs())
    source = []
    for words in texts:
        marked = list(words)
        for place in draw(st.lists(st.integers(1, len(words) - 2), max_size=4, unique=True)):
            tag = draw(st.sampled_from(INLINE))
            marked[place] = f"<{tag}>{marked[place]}</{tag.split()[0]}>"
        blanks = draw(
            st.lists(
                st.sampled_from([" ", " ", " ", "\n", "\r\n", "\n    ", "\t", " \n", "<br>\n"]),
                min_size=len(words) - 1,
                max_size=len(words) - 1,
            )
        )
        body = "".join(map("".join, zip(marked, [*blanks, ""], strict=True)))
        source.append(f"<p>{draw(st.sampled_from(['', chr(10)]))}{body}\n</p>")
    return f"<article>{draw(st.sampled_from(['', chr(10)])).join(source)}</article>", [
        " ".join(words) for words in texts
    ]


@given(pages())
def test_paragraphs_come_back_whatever_stands_in_them_and_however_they_are_wrapped(
    page: tuple[str, list[str]],
) -> None:
    body, expected = page
    assert lines_of(body) == expected


def test_the_wrapping_of_the_source_changes_no_article() -> None:
    body = article(f"<p>{SENTENCE}</p><blockquote>{SENTENCE[:60]}</blockquote>")
    assert lines_of(body) == lines_of(re.sub(r" (?![^<]*>)", "\n\t ", body))
