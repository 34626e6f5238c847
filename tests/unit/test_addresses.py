"""Which page a URL names."""

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
def test_one_page_however_it_is_written(url: str) -> None:
    assert page_of(url) == PAGE


def test_a_query_tells_pages_apart() -> None:
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
def test_what_is_not_one_article(url: str | None) -> None:
    assert page_of(url) is None


@given(st.text())
def test_any_text_has_an_answer(url: str) -> None:
    page = page_of(f"https://{url}")
    assert page is None or page
