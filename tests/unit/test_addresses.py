"""The page that a URL names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.addresses import page_of

PAGE = "ansel.example/news/ferry-vote"


@pytest.mark.parametrize(
    "url",
    [
        "https://ansel.example/news/ferry-vote",
        "http://www.Ansel.example:80/news/ferry-vote/",
        "https://user@ansel.example:443/news/ferry-vote#comments",
        " https://ansel.example/news/ferry-vote?utm_source=mail&fbclid=1 ",
    ],
)
def test_equivalent_urls_name_one_page(url: str) -> None:
    assert page_of(url) == PAGE


def test_different_queries_are_different_pages() -> None:
    one, other = (page_of(f"https://ansel.example/story?id={n}&x=1") for n in (1, 2))
    assert one != other
    assert one == page_of("https://ansel.example/story?x=1&id=1")


def test_a_path_keeps_its_case() -> None:
    assert page_of("https://ansel.example/a/Xy") != page_of("https://ansel.example/a/xy")


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "ferry vote",
        "ftp://ansel.example/news/ferry-vote",
        "https:///news/ferry-vote",
        "file:///inbox/one.html",
        "mailto:desk@ansel.example",
        "https://ansel.example",
        "https://ansel.example/",
        "https://ansel.example/index.html",
        "https://ansel.example/feed/",
        "https://[ansel",
    ],
)
def test_urls_that_are_not_of_one_article(url: str | None) -> None:
    assert page_of(url) is None


@given(st.text())
def test_any_text_gives_a_result(url: str) -> None:
    page = page_of(f"https://{url}")
    assert page is None or page
