"""Saved pages: other stories are left out, and nothing of the article is."""

from __future__ import annotations

import pytest

from annotator.inbox.readers import articles_of

PARAGRAPHS = tuple(
    f"Councillor number {n} said on Tuesday that the north bridge had been unsafe since spring and "
    f"that nobody at the town hall had listened to the engineers who wrote about it {n} times, as "
    f"the minutes of the {n + 2} meetings held in the cellar of the old harbour office show."
    for n in range(8)
)
BODY = "".join(f"<p>{one}</p>" for one in PARAGRAPHS)
OTHERS = tuple(
    f"A lighthouse keeper of the {place} coast has seen the same grey whale {n} times this year, "
    f"and the fishermen of that village now row out on Sundays to count its calves, he said."
    for n, place in enumerate(("northern", "southern", "eastern", "western", "inner"), start=3)
)
HEADLINES = tuple(f"Whale number {n} comes back to the harbour" for n in range(len(OTHERS)))


def read(body: str) -> tuple[str, ...]:
    html = f"<!DOCTYPE html><html><head><title>Bridge</title></head><body>{body}</body></html>"
    (article,) = articles_of(html.encode(), "page.html")
    return tuple(article.text.split("\n\n"))


def stories(pattern: str) -> str:
    return "".join(
        pattern.format(n=n, headline=headline, text=text)
        for n, (headline, text) in enumerate(zip(HEADLINES, OTHERS, strict=True))
    )


LINK = '<h3><a href="/{n}">{headline}</a></h3><p>{text}</p>'


@pytest.mark.parametrize(
    "others",
    [
        "<ul class=stream>" + stories(f"<li class=item>{LINK}</li>") + "</ul>",
        "<div class=m>" + stories(f'<div class="block pos-{{n}}">{LINK}</div>') + "</div>",
        "<section>" + stories(f"<article><div><div>{LINK}</div></div></article>") + "</section>",
        "<div class=related-stories>" + stories("<p>{text}</p>") + "</div>",
        "<div class=slideshow><ul>" + stories("<li><h4>{n} of 5</h4><p>{text}</p></li>") + "</ul>",
        "<div id=more-news>" + stories("<div>{text}</div>") + "</div>",
    ],
    ids=["stream", "numbered blocks", "articles", "named related", "slides", "named more news"],
)
def test_other_stories_beside_the_article_are_left_out(others: str) -> None:
    assert read(f"<main><div class=story>{BODY}</div>{others}</main>") == PARAGRAPHS


def test_a_gallery_of_other_stories_within_the_article_is_left_out() -> None:
    first, *rest = (f"<p>{one}</p>" for one in PARAGRAPHS)
    gallery = "<div class=full-gallery><ul>" + stories("<li><h2>{n}/5</h2><p>{text}</p></li>")
    assert read(f"<article>{first}{gallery}</ul></div>{''.join(rest)}</article>") == PARAGRAPHS


@pytest.mark.parametrize(
    "body",
    [
        "<div class=story>" + BODY + "<ol>" + stories("<li>{text}</li>") + "</ol></div>",
        "<div class=story>" + BODY + stories("<h2>{headline}</h2><p>{text}</p>") + "</div>",
        "<div class=story>"
        + "".join(
            f"<section class=part><h2>Part</h2><p>{one}</p></section>"
            for one in (*PARAGRAPHS, *OTHERS)
        )
        + "</div>",
        "".join(f"<div class=post><p>{one}</p></div>" for one in (*PARAGRAPHS, *OTHERS)),
    ],
    ids=["a list", "headings", "sections", "posts of one kind"],
)
def test_parts_of_the_article_stay(body: str) -> None:
    text = read(f"<main>{body}</main>")
    assert [one for one in (*PARAGRAPHS, *OTHERS) if one not in text] == []


def test_a_gallery_that_is_the_article_stays() -> None:
    assert set(OTHERS) <= set(read("<div class=gallery>" + stories("<p>{text}</p>") + "</div>"))


def test_an_article_that_advertising_cuts_in_several_goes_on() -> None:
    paragraphs = [f"<p>{one}</p>" for one in PARAGRAPHS]
    parts = (
        f'<div class="grid"><div class="body-part">{"".join(part)}</div></div>'
        for part in (paragraphs[:4], paragraphs[4:6], paragraphs[6:])
    )
    ad = "<div class=ad><div>Advertisement</div></div>"
    assert read(f"<main><div class=chunks>{ad.join(parts)}</div></main>") == PARAGRAPHS


def test_another_article_after_the_first_is_no_part_of_it() -> None:
    other = "".join(f"<p>{one}</p>" for one in OTHERS[:3])
    page = "".join(
        f"<article class=post><div class=text>{body}</div></article>" for body in (BODY, other)
    )
    assert read(f"<main>{page}</main>")[: len(PARAGRAPHS)] == PARAGRAPHS


HIDDEN = f"<p>{OTHERS[0]}</p>"


@pytest.mark.parametrize(
    "hidden",
    [
        f"<div style='display: none'>{HIDDEN}</div>",
        f"<div style='color:red;DISPLAY:NONE;'>{HIDDEN}</div>",
        f"<div hidden>{HIDDEN}</div>",
        f"<div style='visibility:hidden'>{HIDDEN}</div>",
        f"<div hidden><div style='display:none'><noscript>{HIDDEN}</noscript></div></div>",
        f"<noscript hidden>{HIDDEN}</noscript>",
    ],
)
def test_hidden_parts_of_a_page_are_not_read(hidden: str) -> None:
    first, *rest = (f"<p>{one}</p>" for one in PARAGRAPHS)
    assert read(f"<article>{first}{hidden}{''.join(rest)}</article>") == PARAGRAPHS


@pytest.mark.parametrize(
    "page",
    [
        f"<body style='visibility:hidden'><article>{BODY}</article></body>",
        f"<div style='display:none'><article>{BODY}</article></div>",
        f"<article style='display:none'>{BODY}</article>",
        "<article>"
        + "".join(f"<p>{one}</p>" for one in PARAGRAPHS[:6])
        + "<div id=read-more style='display:none'>"
        + "".join(f"<p>{one}</p>" for one in PARAGRAPHS[6:])
        + "</div></article>",
    ],
    ids=["body", "all of it", "the article", "the rest on demand"],
)
def test_an_article_that_scripts_would_show_is_read(page: str) -> None:
    assert read(page) == PARAGRAPHS


def test_a_copy_for_machines_is_no_second_article() -> None:
    whole = " ".join(PARAGRAPHS)
    page = f"<div class=story>{BODY}</div><div class=data><div><div>{whole}</div></div></div>"
    assert read(f"<main>{page}</main>") == PARAGRAPHS
