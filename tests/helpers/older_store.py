"""Databases as earlier versions made them: empty, with waiting articles, or with all of a store."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, create_engine, insert, select, text

from annotator.core.article import identity_of
from annotator.store.listing.state_counters import TABLES, drop_tally
from annotator.store.searching import text_index
from annotator.store.sql import schema, tables
from annotator.store.store import Store

FIRST = schema.REVISIONS[0]
_LOGS = ("decision", "identity_decision", "story_decision")
_TOLD_APART = (
    *("one_by_one", "in_bulk"),
    *("same_entities", "marked_entities", "same_claims", "marked_claims"),
)
_TAKEN_BACK = {
    "0012": ("DROP TABLE story_decision",),
    "0015": ("ALTER TABLE review DROP COLUMN assisted",),
    "0016": (
        *(f"DROP TRIGGER {log}_is_chained" for log in _LOGS),
        *(f"ALTER TABLE {log} DROP COLUMN chain" for log in (*_LOGS, "review")),
        "ALTER TABLE review DROP COLUMN opening",
        "ALTER TABLE stone DROP COLUMN redacted",
        "DROP TABLE log_head",
    ),
    "0018": tuple(f"ALTER TABLE review DROP COLUMN {name}" for name in _TOLD_APART),
    "0019": (
        "DROP INDEX uq_review_article_id_reviewer",
        "DROP INDEX ix_review_article_id",
        "DROP INDEX ix_review_adjudications",
        "DROP INDEX ix_article_reviewed_twice",
        "ALTER TABLE review DROP COLUMN outdated",
        "ALTER TABLE suggestion_set DROP COLUMN comparison",
    ),
    "0020": tuple(f"ALTER TABLE review DROP COLUMN {name}" for name in ("taken_at", "taken_until")),
    "0023": ("ALTER TABLE review DROP COLUMN fates",),
    "0021": (
        "DROP TABLE assignment",
        *(
            f"DROP INDEX IF EXISTS ix_article_{name}"
            for name in ("queue", "confidence", "claims", "stage", "outlet", "reviewed", "assigned")
        ),
        "ALTER TABLE article DROP COLUMN draw",
        "ALTER TABLE article DROP COLUMN assigned",
    ),
    "0022": (
        "DROP TABLE check_gold",
        "DROP INDEX ix_article_checks",
        "DROP INDEX ix_article_reviewed_twice",
        "CREATE INDEX ix_article_reviewed_twice ON article (place, number, stage) "
        "WHERE finished > 1",
    ),
    "0024": (
        *(
            f"DROP INDEX ix_article_{name}"
            for name in (
                *("queue", "confidence", "claims", "stage", "outlet", "reviewed", "assigned"),
                *("words", "entities", "story"),
            )
        ),
        "DROP INDEX ix_review_noted",
        *(
            f"ALTER TABLE article DROP COLUMN {name}"
            for name in ("set_aside", "listed_as", "words", "story_place")
        ),
        "ALTER TABLE review DROP COLUMN notes",
    ),
    "0025": (
        "DROP INDEX ix_story_decision_at",
        "DROP INDEX ix_story_decision_group",
        *(f"DROP TABLE {name}" for name in ("story", "story_article", "story_apart")),
    ),
}
"""What takes back the changes of a revision, where that is needed to set a store back; triggers are
those of SQLite."""


def upgrade_to(revision: str, url: str) -> None:
    """Upgrade a database to an older revision than the current one."""
    engine = create_engine(url)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(schema.MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def set_back(connection: Connection, revision: str) -> None:
    """Give a store the tables of an older revision, not older than 0010; the next `Store.open`
    upgrades it again."""
    drop_tally(connection)
    for later in reversed(schema.REVISIONS[schema.REVISIONS.index(revision) + 1 :]):
        for statement in _TAKEN_BACK.get(later, ()):
            if connection.dialect.name != "sqlite":
                if "TRIGGER" in statement:
                    continue
                if "DROP COLUMN" in statement:  # with the policies that read it
                    statement += " CASCADE"
            connection.execute(text(statement))
    connection.execute(text(f"UPDATE alembic_version SET version_num = '{revision}'"))


def copied_to(revision: str, store: Store, url: str) -> None:
    """Fill a new database of an older revision with the rows of a store, as far as it has room for
    them. JSON is then written as by the standard library, as the first versions did."""
    upgrade_to(revision, url)
    engine, older, newer = create_engine(url), MetaData(), MetaData()
    older.reflect(engine)
    with store.database.reading() as source, engine.begin() as target:
        newer.reflect(source)
        for table in older.sorted_tables:
            if table.name in _MADE_BY_UPGRADES or table.name not in newer.tables:
                continue
            shared = [column for column in newer.tables[table.name].c if column.name in table.c]
            rows = source.execute(select(*shared).order_by(*newer.tables[table.name].primary_key))
            if made := [dict(row._mapping) for row in rows]:
                target.execute(insert(table), made)
    engine.dispose()


_MADE_BY_UPGRADES = ("alembic_version", *TABLES, *text_index.TABLES)


def make_older(file: Path, *, articles: int) -> set[str]:
    """Makes a SQLite database of the first revision; returns the texts of its waiting articles."""
    upgrade_to(FIRST, f"sqlite:///{file}")
    texts = [
        f"Ferry {n} late\n\nThe harbour master of Varnholm said so.\n" for n in range(articles)
    ]
    at = datetime(2026, 1, 7, 9, 0, tzinfo=UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.executemany(
            "INSERT INTO article (id, number, stage, reviews, finished, tries, title, received,"
            " entities, claims, total, origin, also_from, meta, text)"
            " VALUES (?, ?, 'waiting', 0, 0, 0, ?, ?, 0, 0, 0, ?, '[]', '{}', ?)",
            [
                (identity_of(text), n + 1, text.split("\n")[0], at, json.dumps(_origin(n)), text)
                for n, text in enumerate(texts)
            ],
        )
    database.close()
    return set(texts)


def _origin(number: int) -> dict[str, str | None]:
    names = ("name", "outlet", "url", "author", "published", "received", "part")
    return dict.fromkeys(names) | {
        "name": f"old{number}.txt",
        "outlet": f"Outlet {number % 3}",
        "url": f"https://news.example/{number}",
    }


def rows_in(file: Path, names: Iterable[str] = tuple(tables.metadata.tables)) -> dict[str, int]:
    """How many rows the tables of a database have."""
    with sqlite3.connect(file) as connection:
        counts = {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names
        }
    connection.close()
    return counts
