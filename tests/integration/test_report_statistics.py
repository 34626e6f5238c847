"""Text, JSON and page of `report` show the same figures, from a small store worked by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sqlalchemy import text

from annotator.cli.report_figures import report_figures
from annotator.cli.report_lines import report_lines
from annotator.core.annotations import Entity, Item, MadeBy
from annotator.core.assignment import ReviewPlan, Viewer
from annotator.core.decisions import Change, accept, add, finish, note, note_article, reject
from annotator.export.report_page import report_page
from annotator.store.store import Store
from annotator.store.values import OpenedReview
from tests.helpers.building import NOW, TEXT, at, open_, ready
from tests.helpers.items import entity, span
from tests.helpers.many_articles import counted, filled
from tests.helpers.strategies import stamped

EVIL = "<script src=//evil.example/x.js>alert('&\"x')</script>"
WORDS = ["Ada", "Low", "met", "Bo", "Marsh", "in", "Port", "Ellis"]


def press(
    store: Store, opened: OpenedReview, *changes: Change, keys: int = 1, seconds: float = 10.0
) -> OpenedReview:
    made = [
        replace(one, keys=keys if n == 0 else 0, seconds=seconds if n == 0 else 0.0)
        for n, one in enumerate(stamped(changes, opened.review, at=NOW))
    ]
    store.reviews.append(made, text=opened.article.text)
    return replace(opened, review=opened.review.decide(*made))


def suggested(text: str) -> list[Item]:
    """Eight words as names, with scores from 0.15 to 0.95."""
    return [
        entity(text, word, "PERSON" if n < 4 else "GPE", score=0.95 if n < 4 else 0.15)
        for n, word in enumerate(WORDS)
    ]


@pytest.fixture
def worked(store: Store) -> Store:
    """Two articles. In the first all eight names are accepted by one key (80 s); in the second six
    are rejected and two kept one by one, and two lines added (100 s, 12 keys); both have notes."""
    first = f"{EVIL}\n\n{TEXT}"
    opened = open_(store, ready(store, first, suggested(first)))
    opened = press(store, opened, note_article("ada", NOW, f"Ask {EVIL}"), seconds=0.0)
    press(store, opened, *map(accept, opened.review.items), finish(), seconds=80.0)
    second = f"{TEXT}Again.\n"
    opened = open_(store, ready(store, second, suggested(second)))
    for n, item in enumerate(opened.review.items):
        opened = press(store, opened, accept(item) if n in (0, 4) else reject(item))
    for word in ("She", "Again"):
        new = Entity(f"new {word}", span(second, word), "ORG", made_by=MadeBy.REVIEWER)
        opened = press(store, opened, add(new))
    held = opened.review.held["new She"].item
    opened = press(store, opened, note(held, "Who?"), seconds=0.0)
    press(store, opened, finish(), seconds=0.0)
    return store


class Seen(HTMLParser):
    """The tags and attributes of a page, its texts, and the cells of its tables by caption."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, set[str]] = {}
        self.texts: list[str] = []
        self.rows: list[list[str]] = []
        self.is_in_cell = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attributes:
            self.attributes.setdefault(name, set()).add(value or "")
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.is_in_cell = True

    def handle_endtag(self, tag: str) -> None:
        self.is_in_cell = self.is_in_cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self.is_in_cell:
            self.rows[-1][-1] += data

    def row(self, *begins: str) -> list[str]:
        return next(row for row in self.rows if row[: len(begins)] == [*begins])


def test_one_source_for_all_figures(worked: Store) -> None:
    result = report_figures(worked, NOW)
    (week,) = result["periods"]["weeks"]
    assert week == {
        "from": "2018-12-17",
        **result["together"],
        "one_by_one": 10,
        "in_bulk": 8,
        "finished": 2,
        "items_per_hour": 200.0,  # 10 in 180 s
        "articles_per_hour": 40.0,
        "keys_per_item": 0.778,  # 14 keys, 18 items
    }
    labels = {one["label"]: one for one in result["suggestions"]["seen"]["labels"]}
    every, person, org = labels[""], labels["PERSON"], labels["ORG"]
    assert (every["units"], every["kept"], every["in_bulk"]) == (16, 10, 8)
    assert (every["rejected"], every["missed"]) == (6, 2)
    assert (every["right"], person["right"]) == (0.625, 0.625)
    assert (every["low"], every["high"]) == pytest.approx((0.3864, 0.8152), abs=1e-4)
    assert (org["units"], org["missed"], org["enough"]) == (0, 2, False)
    low, high = (o for o in result["suggestions"]["seen"]["scores"] if not o["kind"])
    assert (low["from"], low["mean_score"], low["units"], low["kept"]) == (0.1, 0.15, 8, 5)
    assert (high["from"], high["mean_score"], high["units"], high["kept"]) == (0.9, 0.95, 8, 5)
    changed, slow = result["hardest"]["changed"], result["hardest"]["slow"]
    assert [(one["changed"], one["changed_share"]) for one in changed] == [(8, 0.8)]
    assert [one["seconds_per_item"] for one in slow] == [10.0]
    assert [(one["about"], one["text"]) for one in result["notes"]] == [
        ("ORG “She”", "Who?"),
        ("the article", f"Ask {EVIL}"),
    ]

    said = "\n".join(report_lines(result))
    assert re.search(r"2018-12-17 +2 +10 +8 +200 +40\.0 +0\.78", said)
    assert re.search(r"entities .* 62\.5 \(38\.6 to 81\.5\) +16 decided, 8 in bulk, 2 missed", said)
    assert "80% of its items  Ada Low met" in said
    assert "10.0 s an item" in said

    page = Seen()
    page.feed(report_page(result, "news", NOW).decode())
    assert page.row("2018-12-17") == ["2018-12-17", "2", "10", "8", "0.1", "200", "40.0", "0.78"]
    assert page.row("entities", "62.5%") == [
        *("entities", "62.5%", "38.6% to 81.5%"),
        *("16", "10", "8", "0", "6", "0", "2"),
    ]
    assert page.row("ORG", "not enough")[-1] == "2"


def test_the_page_loads_and_runs_nothing_whatever_articles_say(worked: Store) -> None:
    result = report_figures(worked, NOW)
    result["rejected"] = [{"path": EVIL, "reason": EVIL, "hint": ""}]
    content = report_page(result, EVIL, NOW).decode()
    page = Seen()
    page.feed(content)
    assert page.tags <= {
        *("html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "section"),
        *("div", "table", "caption", "thead", "tbody", "tr", "th", "td", "span", "footer"),
        *("svg", "line", "rect", "circle", "text"),
    }
    assert not page.attributes.keys() & {"src", "href", "onload", "onerror", "action", "data"}
    assert all("//" not in value for values in page.attributes.values() for value in values)
    assert "url(" not in content
    assert "@import" not in content
    assert any("evil.example" in text for text in page.texts)  # shown as words
    assert "prefers-color-scheme: dark" in content
    sections = content.split("<section>")
    assert all("<table" in one for one in sections if "<svg" in one)


def test_reviews_are_read_by_pages_whatever_their_number(tmp_path: Path) -> None:
    store = filled(tmp_path, 500)
    everyone = "FROM article WHERE id NOT IN (SELECT article_id FROM review)"
    with store.database.writing() as connection:
        connection.execute(
            text(
                "INSERT INTO review (article_id, reviewer, opened_at, answer, last_seq,"
                " lease_seconds, total, open, entities, claims)"
                f" SELECT id, 'ada', received, 'accept', 1, 60, 0, 0, 0, 0 {everyone}"
            )
        )
    with counted(store) as work:
        assert store.statistics.count_done() == 500
        assert all(len(some) <= 200 for some in store.statistics.reviews_done())
    assert work.statements == 1 + 1 + 2 * 3
    store.close()


def test_an_empty_store_has_a_report(store: Store) -> None:
    result = report_figures(store, at(0))
    assert result["periods"] == {"days": [], "weeks": []}
    page = Seen()
    page.feed(report_page(result, "news", NOW).decode())
    assert "Nobody has decided anything yet." in page.texts
    assert list(report_lines(result))


def test_answers_of_others_are_left_out_until_one_has_finished(worked: Store) -> None:
    """Their work is counted, since it is no secret; what they decided is not told."""
    worked.sight.viewer = Viewer("bo", ReviewPlan(reviews_per_article=2))
    result = report_figures(worked, NOW)
    assert result["together"]["items"] == 18
    assert result["suggestions"]["seen"]["labels"] == []
    assert result["hardest"] == {"changed": [], "slow": []}
    assert result["notes"] == []
