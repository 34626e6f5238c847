"""Every decision has a chain value, in old stores too, and logs stay as they are."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from annotator.core.across import identity_changes
from annotator.core.across.identity_changes import IdentityPress
from annotator.core.across.identity_log import Identity
from annotator.core.across.story_changes import StoryPress, create_story, to_story_decisions
from annotator.core.across.story_log import Story
from annotator.core.decisions import accept, add, finish, note, reject, withdraw
from annotator.core.journal.chain import Opening
from annotator.errors import StoreError
from annotator.store.journal.chaining import opening_value
from annotator.store.sql import columns as t
from annotator.store.store import Store
from tests.helpers.building import NOW, TEXT, at, open_, press, ready
from tests.helpers.items import entity
from tests.helpers.older_store import copied_to
from tests.helpers.stores import without_syncing

LOGS = (t.decision, t.identity_decision, t.story_decision)
CHAINED = (*LOGS, t.review, t.log_head)


def fill(store: Store) -> None:
    """Two reviews of one article, one of them finished and undone; an identity; a story."""
    article_id = ready(store)
    for reviewer in ("ada", "bo"):
        opened = open_(store, article_id, reviewer, reviews_per_article=2)
        first, second, _ = opened.review.items
        opened = press(store, opened, accept(first), note(first, "Ærlig \ud83d\ude00"), now=at(1.5))
        opened = press(store, opened, reject(second), now=at(2))
        opened = press(store, opened, add(entity(TEXT, "She", "PERSON")), now=at(3))
        opened = press(store, opened, withdraw(opened.review.decisions[-1].group), now=at(4))
        if reviewer == "ada":
            press(store, opened, finish(), now=at(5))
    ids = map("i{}".format, count())
    create = identity_changes.create(Identity("q1", "Ada Low", "PERSON"))
    store.identities.decide([create], IdentityPress("g1", "ada", NOW), lambda: next(ids))
    press_ = StoryPress("g2", "bo", NOW)
    told = [create_story(Story("s1", "Ferry", (article_id,)))]
    store.stories.append(to_story_decisions(told, press_, ids=ids))


def values_of(store: Store) -> dict[str, list[Any]]:
    """All chain values."""
    with store.database.reading() as connection:
        return {
            table.name: [
                [value for name, value in row._mapping.items() if name in ("chain", "opening")]
                for row in connection.execute(select(table).order_by(*table.primary_key))
            ]
            for table in CHAINED
        }


def test_every_entry_has_a_chain_value_of_its_own(store: Store) -> None:
    fill(store)
    values = values_of(store)
    of_entries = [value for log in LOGS for (value,) in values[log.name]]
    assert len(of_entries) == len(set(of_entries)) == 13
    assert {len(value) for value in of_entries} == {64}


def test_a_review_keeps_the_head_of_its_chain(store: Store) -> None:
    fill(store)
    with store.database.reading() as connection:
        for review in connection.execute(select(t.review)).fetchall():
            c = t.decision.c
            own = select(c.chain).where(c.review_id == review.id).order_by(c.seq)
            assert connection.execute(own).scalars().all()[-1] == review.chain


def test_a_chain_begins_with_what_the_review_was_opened_with() -> None:
    opening = Opening("a" * 64, "ada", "review", NOW, "5" * 64)
    others = [
        Opening("b" * 64, "ada", "review", NOW, "5" * 64),
        Opening("a" * 64, "bo", "review", NOW, "5" * 64),
        Opening("a" * 64, "ada", "import", NOW, "5" * 64),
        Opening("a" * 64, "ada", "review", at(0.000001), "5" * 64),
        Opening("a" * 64, "ada", "review", NOW, None),
        Opening("a" * 64, "ada", "review", NOW, "5" * 64, assisted=False),
    ]
    assert opening_value(opening) not in map(opening_value, others)


def test_an_old_store_gets_the_chain_values_of_a_new_one(store: Store, tmp_path: Path) -> None:
    fill(store)
    url = f"sqlite:///{tmp_path / 'older.db'}"
    copied_to("0013", store, url)
    told: list[tuple[int, int]] = []
    Store.migrate(url, lambda done, total: told.append((done, total)))
    upgraded = without_syncing(Store.open(url))
    assert values_of(upgraded) == values_of(store)
    assert told == [(2, 2)]
    upgraded.close()


HARMS = [
    *(f"UPDATE {log.name} SET at = at" for log in LOGS),
    *(f"DELETE FROM {log.name}" for log in LOGS),
    "UPDATE suggestion_set SET items = '[]'",
    "DELETE FROM suggestion_set",
]
ON_SERVERS = [
    f"TRUNCATE {table.name} CASCADE" for table in (*LOGS, t.suggestion_set, t.review, t.stone)
]


@pytest.mark.parametrize("statement", [*HARMS, *ON_SERVERS])
def test_what_was_decided_cannot_be_changed(store: Store, statement: str) -> None:
    if statement in ON_SERVERS and store.database.is_sqlite:
        pytest.skip("SQLite has no TRUNCATE")
    fill(store)
    before = values_of(store)
    with pytest.raises(StoreError, match="never changed"), store.database.writing() as connection:
        connection.execute(text(statement))
    assert values_of(store) == before


def test_a_program_without_chains_cannot_decide_here(store: Store) -> None:
    fill(store)
    unchained = 'INSERT INTO decision (id, review_id, seq, at, "group", kind, keys, seconds) '
    values = f"SELECT 'new', id, 99, '{NOW}', 'g', 'reopen', 1, 1 FROM review"
    with pytest.raises(StoreError), store.database.writing() as connection:
        connection.execute(text(unchained + values))
