"""What stores of earlier schemas hold: all of it is kept, and what is new is made of it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text

from annotator.core.across.story_changes import (
    StoryPress,
    create_story,
    remove_from_story,
    to_story_decisions,
)
from annotator.core.across.story_log import Story
from annotator.core.annotations import Claim, Item, MadeBy, Tier
from annotator.core.arrival import Arrival, FileState
from annotator.core.article import Article, Span
from annotator.core.decisions import Answer, accept, finish, note, reject, skip
from annotator.core.memory.entries import Subject
from annotator.core.records.codec import item_to_dict
from annotator.core.search.query import Query
from annotator.core.search.sought import Sought
from annotator.core.states import QueueOrder
from annotator.store.searching import text_index
from annotator.store.sql import columns, schema
from annotator.store.store import Store
from annotator.store.values import QueueView
from tests.helpers.building import NOW, TEXT, open_, press, ready, suggest
from tests.helpers.items import entity
from tests.helpers.older_store import make_older, rows_in, set_back, upgrade_to
from tests.helpers.store_caches import assert_caches_are_right, assert_memory_is_right

FACTS = "number, place, outlet, url, stage, title, reviews, finished"


def test_the_first_schema_is_upgraded_with_its_rows(tmp_path: Path) -> None:
    file = tmp_path / "annotator.db"
    make_older(file, articles=3)
    give_a_past(file)
    before = rows_in(file, tables_of(file))
    assert Store.migrate(f"sqlite:///{file}") == ("0001", schema.HEAD)
    assert rows_in(file, before) == before
    with sqlite3.connect(file) as connection:
        found = connection.execute(f"SELECT {FACTS} FROM article ORDER BY number").fetchall()
    connection.close()
    assert found == [
        (1, 1, "Varnholm Post", "varnholm.example/ferry?id=1", "ready", "Ferry 0 late", 1, 1),
        (2, 2, "Outlet 1", "news.example/1", "waiting", "Ferry 1 late", 0, 0),
        (3, 3, "Outlet 2", "news.example/2", "waiting", "Ferry 2 late", 0, 0),
    ]


def test_the_memory_of_an_older_version_is_built_anew(tmp_path: Path) -> None:
    file = tmp_path / "annotator.db"
    make_older(file, articles=1)
    give_a_past(file)
    upgrade_to("0006", f"sqlite:///{file}")
    with sqlite3.connect(file) as database:
        database.execute(
            "INSERT INTO memory_entry (review_id, item, stands, subject, form, label, outcome, way,"
            " reviewer, at, lead, tail) SELECT id, 'old', 1, 'entity', 'Old', 'ORG', 'accepted',"
            " 'single', reviewer, '2026-01-07 09:00:00.000000', 0, 0 FROM review LIMIT 1"
        )
    database.close()
    store = Store.open(f"sqlite:///{file}")
    assert_memory_is_right(store)
    assert store.forms.known((Subject.ENTITY, "Old")).accepted == {}
    assert rows_in(file, ["memory_entry"]) == {"memory_entry": 1}
    store.close()


def test_decisions_of_the_first_schema_are_carried_over(tmp_path: Path) -> None:
    file = tmp_path / "annotator.db"
    make_older(file, articles=1)
    give_a_past(file)
    store = Store.open(f"sqlite:///{file}")
    (old,) = (opened.article for opened in store.finished.reviews())
    page = replace(old.origin, url="http://www.varnholm.example/ferry/?id=1#top", name="new.html")
    new = Article(f"Late again\n\n{old.text}", origin=page)
    store.files.take_in([Arrival("/inbox/new.html", FileState(7, 1, 1, 1), NOW, (new,))])
    suggest(store, {})
    assert store.articles.supersedes(new.id) == old.id
    opened = open_(store, new.id, "ida")
    assert [one.words for one in opened.carried] == ["harbour master"]
    assert [item.made_by for item in opened.review.items] == [MadeBy.CARRIED]
    store.close()


def test_counts_that_left_tier_b_out_are_made_anew(new_url: str) -> None:
    store = Store.open(new_url)
    said: tuple[Item, ...] = (
        *(Claim(f"c{n}", (Span(n, n + 4),), tier=Tier.B) for n in range(3)),
        entity(TEXT, "Ada Low"),
    )
    opened = open_(store, ready(store, TEXT, said))
    press(store, opened, accept(said[0]))
    ready(store, f"{TEXT}Once more.\n", said)
    with store.database.writing() as connection:
        set_back(connection, "0010")
        connection.execute(text("UPDATE article SET total = total - 3"))
        connection.execute(text("UPDATE review SET total = total - 2, open = open - 2"))
    store.close()
    store = Store.open(new_url)
    assert_caches_are_right(store)
    store.close()


def test_earlier_decisions_are_counted_by_how_they_were_made(new_url: str) -> None:
    store = Store.open(new_url)
    opened = open_(store, ready(store))
    ada, *others = opened.review.items
    opened = press(store, opened, reject(ada))
    press(store, opened, *map(accept, others), finish())
    r = columns.review.c
    told = select(r.one_by_one, r.in_bulk, r.same_entities, r.marked_entities, r.fates)
    with store.database.writing() as connection:
        before = connection.execute(told).one()
        set_back(connection, "0017")
    store.close()
    store = Store.open(new_url)
    with store.database.reading() as connection:
        assert tuple(connection.execute(told).one()) == tuple(before)
    assert tuple(before[:4]) == (1, 2, 2, 5)
    assert before.fates == [
        ["entity", "GPE", 9, 1, 1, 0, 0, 0, 0, 900],
        ["entity", "PERSON", 9, 1, 1, 0, 1, 0, 0, 1800],
    ]
    store.close()


def test_facts_for_lists_are_computed(new_url: str) -> None:
    store = Store.open(new_url)
    opened = open_(store, ready(store, TEXT, [entity(TEXT, "Ada Low")]))
    press(store, opened, note(opened.review.entities[0], "Who?"), skip(Answer.SKIP), finish())
    other = ready(store, f"{TEXT}Once more.\n", [])
    story = StoryPress("story", "ada", NOW)
    change = create_story(Story("s", "Both", (opened.article.id, other)))
    store.stories.append(to_story_decisions((change,), story, ids=("d",)))
    with store.database.writing() as connection:
        set_back(connection, "0023")
    store.close()
    store = Store.open(new_url)
    assert_caches_are_right(store)
    first, second = store.queue.page(QueueView("ada", order=QueueOrder.BY_STORY), offset=0, limit=9)
    assert (first.id, second.id, second.state) == (other, opened.article.id, "skipped")
    assert (second.title, second.words, second.notes) == (TEXT.split("\n")[0], len(TEXT.split()), 1)
    assert store.queue.counts("ada").skipped == 1


def test_beginnings_of_words_are_found_as_before(new_url: str) -> None:
    store = Store.open(new_url)
    one = ready(store, "The harbour master\n\nHarbouring nobody, he said.\n", [])
    with store.database.writing() as connection:
        if store.database.is_sqlite:
            connection.execute(text("DROP TABLE article_words"))
            made = (
                "CREATE VIRTUAL TABLE article_words USING fts5(words, content='', tokenize='ascii')"
            )
            connection.execute(text(made))
            text_index.index_everything(connection)
        set_back(connection, "0025")
    store.close()
    store = Store.open(new_url)
    for line in ("h*", "ha*", "har*", "harb*", "harbouri*", "the harbo*"):
        (found,) = store.search.page(Sought(Query.of(line))).articles
        assert (found.id, len(found.hits) > 0) == (one, True)
    assert not store.search.page(Sought(Query.of("harbx*"))).articles
    store.close()


@pytest.mark.parametrize("revision", ["0024", "0012"])
def test_the_state_of_stories_is_the_fold_of_their_log(new_url: str, revision: str) -> None:
    store = Store.open(new_url)
    one, other, third = (ready(store, f"{TEXT}{n}.\n", []) for n in range(3))
    made = create_story(Story("s", "All", (one, other, third)))
    for number, change in enumerate((made, remove_from_story("s", [other]))):
        pressed = StoryPress(f"story {number}", "ada", NOW)
        store.stories.append(to_story_decisions((change,), pressed, ids=(f"d{number}",)))
    with store.database.writing() as connection:
        set_back(connection, revision)
    store.close()
    store = Store.open(new_url)
    assert_caches_are_right(store)
    assert store.stories.page(limit=9) == (Story("s", "All", (one, third)),)
    assert store.stories.all().apart == {frozenset((other, one)), frozenset((other, third))}
    store.close()


def test_files_marked_by_inode_are_still_retried(new_url: str) -> None:
    upgrade_to("0002", new_url)
    engine = create_engine(new_url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO source (path, inode, size, mtime_ns, ctime_ns, at, reason, hint)"
                " VALUES (:path, :inode, 1, 1, 1, '2026-01-07 10:00:00', :reason, :hint)"
            ),
            [
                {"path": "/in/asked.txt", "inode": -1, "reason": "No.", "hint": "Fix it."},
                {"path": "/in/half.jsonl", "inode": -1, "reason": None, "hint": None},
                {"path": "/in/bad.txt", "inode": 7, "reason": "No.", "hint": "Fix it."},
                {"path": "/in/good.txt", "inode": 8, "reason": None, "hint": None},
            ],
        )
    engine.dispose()
    assert Store.migrate(new_url) == ("0002", schema.HEAD)
    store = Store.open(new_url)
    assert store.files.known() == {
        "/in/bad.txt": FileState(7, 1, 1, 1),
        "/in/good.txt": FileState(8, 1, 1, 1),
    }
    assert store.files.rejected_paths(to_retry=True) == ("/in/asked.txt",)
    files = {file.name: file for file in store.files.rejected()}
    assert {name: file.again for name, file in files.items()} == {
        "asked.txt": True,
        "bad.txt": False,
    }
    assert {(file.reason, file.hint) for file in files.values()} == {("No.", "Fix it.")}
    store.close()


def test_decisions_of_the_first_version_are_remembered(tmp_path: Path) -> None:
    file = tmp_path / "annotator.db"
    make_older(file, articles=1)
    give_a_past(file)
    store = Store.open(f"sqlite:///{file}")
    with store.database.reading() as connection:
        forms = connection.execute(select(columns.memory_form.c.form)).scalars().all()
    assert forms == ["harbour master"]
    assert_memory_is_right(store)
    store.close()


def give_a_past(file: Path) -> None:
    """Gives the first article of a database of the first version a page and a finished review."""
    with sqlite3.connect(file) as connection:
        article, text, origin = connection.execute(
            "SELECT id, text, origin FROM article WHERE number = 1"
        ).fetchone()
        url = "https://varnholm.example/ferry/?utm_source=mail&id=1"
        origin = {**json.loads(origin), "outlet": "Varnholm Post", "url": url}
        connection.execute(
            "UPDATE article SET origin = ?, stage = 'ready', reviews = 1, finished = 1"
            " WHERE id = ?",
            (json.dumps(origin), article),
        )
        item = item_to_dict(entity(text, "harbour master", "PERSON", id="e"), text)
        at = "2026-01-07 10:00:00.000000"
        connection.execute(
            "INSERT INTO suggestion_set VALUES (1, ?, 'annotator-en', '1', '0123', ?, 0, ?)",
            (article, at, json.dumps([item])),
        )
        connection.execute(
            "INSERT INTO review (id, article_id, reviewer, suggestion_set_id, opened_at,"
            " lease_seconds, last_seq, finished_at, answer, total, open, entities, claims)"
            " VALUES (1, ?, 'ada', 1, ?, 60, 2, ?, 'accept', 1, 0, 1, 0)",
            (article, at, at),
        )
        connection.executemany(
            'INSERT INTO decision (id, review_id, seq, at, "group", kind, target, keys, seconds,'
            " before) VALUES (?, 1, ?, ?, ?, ?, ?, 1, 1.0, ?)",
            [
                ("d1", 1, at, "g1", "accept", "e", json.dumps(item)),
                ("d2", 2, at, "g2", "finish", None, None),
            ],
        )
    connection.close()


def tables_of(file: Path) -> list[str]:
    with sqlite3.connect(file) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    connection.close()
    return [name for (name,) in rows if name != "alembic_version"]
