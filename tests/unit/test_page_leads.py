"""Saved pages: the lead belongs to the article; captions alone are not an article; authors."""

from __future__ import annotations

import json

import pytest

from annotator.core.article import Article
from annotator.errors import ReadError
from annotator.inbox.readers import articles_of

LEAD = "At least twelve people were hurt when the north bridge gave way on Monday, police said."
BODY = "".join(
    f"<p>Councillor number {n} said on Tuesday that the bridge had been unsafe since spring and "
    f"that nobody at the town hall had listened to the engineers who wrote about it {n} times.</p>"
    for n in range(6)
)
TITLE = "North bridge falls"


def read(body: str, head: str = "") -> Article:
    html = (
        f"<!DOCTYPE html><html><head><title>{TITLE}</title>{head}</head><body>{body}</body></html>"
    )
    (article,) = articles_of(html.encode(), "page.html")
    return article


@pytest.mark.parametrize(
    "above",
    [
        f"<header><h1>{TITLE}</h1><p class='standfirst'>{LEAD}</p></header>",
        f"<h1>{TITLE}</h1><div class='article__perex'>{LEAD}</div>",
        f"<h1>{TITLE}</h1><h2>{LEAD}</h2>",
        f"<div class=head><h1>{TITLE}</h1></div><p class='bajada'>{LEAD}</p>",
        f"<header><h1><a href='/x'>{TITLE}</a></h1><p id='article-summary'>{LEAD}</p></header>",
        f"<header><h1>{TITLE}</h1><div class='byline'>By <a href=/a>Ada Low</a></div>"
        f"<p>{LEAD}</p></header>",
        f"<header><h1>{TITLE}</h1><figure><figcaption>A quay. Photo: AP</figcaption></figure>"
        f"<div itemprop='description'>{LEAD}</div></header>",
    ],
    ids=["standfirst", "perex", "heading", "bajada", "summary", "after a byline", "description"],
)
def test_text_between_headline_and_body_belongs_to_the_article(above: str) -> None:
    text = read(f"<main>{above}<section class='article-body'>{BODY}</section></main>").text
    assert text.split("\n\n")[0] == LEAD
    assert text.count(LEAD) == 1
    assert len(text.split("\n\n")) == 7


def test_a_lead_that_the_page_names_in_its_head_is_known_without_a_headline() -> None:
    head = f'<meta property="og:description" content="{LEAD}">'
    body = f"<div class=top><span>{LEAD}</span></div><section class='article-body'>{BODY}</section>"
    assert read(body, head).text.startswith(LEAD)


@pytest.mark.parametrize(
    "above",
    [
        "<p class='byline'>By Ada Low, chief reporter of the Harbour Ledger, in Varnholm.</p>",
        "<figure><figcaption>Mayor Ada Low speaks at the hall in Varnholm.</figcaption></figure>",
        "<aside><p>Sign up for the letter of the Ledger, which comes every morning.</p></aside>",
        "<div class='share'><p>Send this article to all of your friends with a click.</p></div>",
        "<p><a href='/other'>Another bridge in another town has fallen, as we wrote.</a></p>",
    ],
    ids=["byline", "caption", "aside", "share", "link"],
)
def test_other_lines_are_not_taken_for_a_lead(above: str) -> None:
    top = f"<header><h1>{TITLE}</h1>{above}</header>"
    page = f"<main>{top}<section class='article-body'>{BODY}</section></main>"
    assert read(page).text.startswith("Councillor number 0")


def test_the_title_stands_outside_the_text() -> None:
    assert read(f"<article><h1>{TITLE}</h1>{BODY}</article>").text.startswith("Councillor number 0")


def test_headlines_of_other_stories_between_paragraphs_are_left_out() -> None:
    other = "<p><a href='/other'>Ten more bridges that may fall before the winter</a></p>"
    first, rest = BODY.split("</p>", 1)
    assert "Ten more" not in read(f"<article>{first}</p>{other}{rest}</article>").text


CAPTION = "Mayor Ada Low speaks at the town hall on Monday. Photo: AP"


@pytest.mark.parametrize(
    "body",
    [
        f"<article><figure><img src=a><figcaption>{CAPTION}</figcaption></figure></article>",
        f"<article><figure><img src=a><figcaption><p>{CAPTION}</p></figcaption></figure></article>",
        f"<article><img src=a><div class='wp-caption-text'>{CAPTION}</div></article>",
        f"<div><img src=a><p class='photo-caption'>{CAPTION}</p></div>",
        "<div><h2>News that moves the harbour</h2></div>" * 2,
        f"<div><p>{CAPTION}</p></div><script>{'x();' * 20_000}</script>",
    ],
    ids=["figure", "paragraph", "class", "p", "slogan", "large"],
)
def test_a_page_of_which_only_a_caption_was_found_is_doubted(body: str) -> None:
    with pytest.raises(ReadError) as caught:
        read(body)
    assert "characters were found in a page of" in caught.value.message
    assert "browser" in caught.value.hint


def test_a_short_article_is_no_caption() -> None:
    assert read(f"<article><p>{LEAD}</p></article>").text == LEAD


def author(name: str, body: str = "") -> str | None:
    head = f'<meta name="author" content="{name}"><meta property="og:site_name" content="Ledger">'
    return read(f"<article>{body}{BODY}</article>", head).origin.author


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Low &amp; Hay", "Low & Hay"),
        ("Mac &amp; i", "Mac & i"),
        ("Nelson D. Schwartz", "Nelson D. Schwartz"),
        ("By Ada B. Low", "Ada B. Low"),
        ("Ada Low, Bob Hay", "Ada Low, Bob Hay"),
        ("Username", None),
        ("Article by", None),
        ("Posted", None),
        ("Ledger, Hamburg, Germany", None),
        ("https://ledger.example/ada", None),
    ],
)
def test_an_author_is_what_the_page_says(said: str, name: str | None) -> None:
    assert author(said) == name


def test_an_author_is_named_once_however_often_he_is_written() -> None:
    byline = '<p class="byline">By <span class="author">ADA B. LOW</span></p>'
    assert author("Ada B. Low", byline) == "Ada B. Low"
    data = json.dumps(
        {"@type": "NewsArticle", "author": [{"name": "Ada B Low"}, {"name": "Bob Hay"}]}
    )
    head = (
        '<meta name="author" content="ADA B. LOW">'
        f'<script type="application/ld+json">{data}</script>'
    )
    assert read(f"<article>{BODY}</article>", head).origin.author == "Ada B Low; Bob Hay"


def test_an_author_of_a_byline_keeps_his_dots() -> None:
    byline = '<p class="byline">By <span class="author" rel="author">Nelson D. Schwartz</span></p>'
    assert read(f"<article>{byline}{BODY}</article>").origin.author == "Nelson D. Schwartz"
