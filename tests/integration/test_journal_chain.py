"""Every decision has a chain value, in old stores too, and logs stay as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from annotator.core.journal.chain import Opening
from annotator.errors import StoreError
from annotator.store.journal.chaining import opening_value
from annotator.store.sql import columns as t
from annotator.store.store import Store
from tests.helpers.building import NOW, at
from tests.helpers.journals import two_reviews
from tests.helpers.older_store import copied_to
from tests.helpers.stores import without_syncing

LOGS = (t.decision, t.identity_decision, t.story_decision)
CHAINED = (*LOGS, t.review, t.log_head)


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
    two_reviews(store)
    values = values_of(store)
    of_entries = [value for log in LOGS for (value,) in values[log.name]]
    assert len(of_entries) == len(set(of_entries)) == 15
    assert {len(value) for value in of_entries} == {64}


def test_a_review_keeps_the_head_of_its_chain(store: Store) -> None:
    two_reviews(store)
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
    two_reviews(store)
    url = f"sqlite:///{tmp_path / 'older.db'}"
    copied_to("0013", store, url)
    told: list[tuple[int, int]] = []
    Store.migrate(url, lambda done, total: told.append((done, total)))
    upgraded = without_syncing(Store.open(url))
    assert values_of(upgraded) == values_of(store)
    assert told == [(2, 2)] * 3  # chained, described for the lists, and indexed
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
def test_decisions_cannot_be_changed(store: Store, statement: str) -> None:
    if statement in ON_SERVERS and store.database.is_sqlite:
        pytest.skip("SQLite has no TRUNCATE")
    two_reviews(store)
    before = values_of(store)
    with pytest.raises(StoreError, match="never changed"), store.database.writing() as connection:
        connection.execute(text(statement))
    assert values_of(store) == before


def test_a_program_without_chains_cannot_decide_here(store: Store) -> None:
    two_reviews(store)
    unchained = 'INSERT INTO decision (id, review_id, seq, at, "group", kind, keys, seconds) '
    values = f"SELECT 'new', id, 99, '{NOW}', 'g', 'reopen', 1, 1 FROM review"
    with pytest.raises(StoreError), store.database.writing() as connection:
        connection.execute(text(unchained + values))
