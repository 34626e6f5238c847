"""What lists call an article, and the first real sentence of a text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.article import Article, Origin
from annotator.core.text.lead import LISTED_LENGTH, is_furniture, lead_sentence, listed_as

FIRST = "The ferry stays in port until spring, the council said."


@pytest.mark.parametrize(
    "before",
    [
        "",
        "https://news.example/2024/ferry?module=live\n\n",
        "www.news.example/ferry\n",
        "By Ada Bell\n",
        "BY ADA BELL, Sund Courier\n\n4 May 2024, 10:15 am\n",
        "By the Sund Courier newsroom | Updated 6:12 pm, Wednesday, December 19, 2018\n",
        "Published: 12 March 2024 | Updated 13 March 2024\n",
        "Wednesday, May 4\n",
        "ANSEL, May 4 (Sund Courier) -- ",
        "Ansel, Holm (SC) – ",
        "ANSEL — ",
        "# ",
        "World\n\n",
    ],
)
def test_the_first_sentence_is_what_stands_after_addresses_dates_and_names(before: str) -> None:
    text = f"{before}{FIRST} Nobody was hurt."
    assert lead_sentence(text) == FIRST


def test_the_title_is_not_the_first_sentence() -> None:
    title = "Ferry vote slips to spring after all"
    assert lead_sentence(f"{title}\n\n{FIRST}", after=title) == FIRST


@pytest.mark.parametrize(
    "title", ["From war to peace", "By the sea", "May we ask?", "On Monday the vote", "Trump"]
)
def test_titles_are_no_furniture(title: str) -> None:
    assert not is_furniture(title)
    assert listed_as(Article(f"{title}\n\n{FIRST}", title=title)) == title


def test_an_article_without_a_title_is_listed_by_its_first_sentence() -> None:
    origin = Origin(name="post_17.txt")
    assert listed_as(Article(f"https://a.example/b\n\n{FIRST}", origin=origin)) == FIRST
    assert listed_as(Article("https://a.example/b", origin=origin)) == "post_17.txt"
    assert listed_as(Article(FIRST, title="By Ada Bell", origin=origin)) == FIRST


@given(st.text(max_size=400), st.none() | st.text(max_size=300))
def test_every_article_has_a_name_of_one_line(text: str, title: str | None) -> None:
    named = listed_as(Article(text, title=title))
    assert named
    assert len(named) <= LISTED_LENGTH
    assert "\n" not in named


@pytest.mark.parametrize("unit", ["1-", "1 - ", "By A, ", "A ", "A, ", "May ", "A.'"])
def test_hostile_lines_take_no_time(unit: str) -> None:
    before = time.process_time()
    lead_sentence(unit * 50_000 + "x")
    is_furniture(unit * 50_000 + "x")
    assert time.process_time() - before < 1
