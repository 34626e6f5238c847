"""A new SQLite database from the script is what the migrations make of an empty one."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from annotator.store.sql import blank_sqlite
from annotator.store.sql.database import Database
from annotator.store.sql.schema import HEAD, run_migrations
from annotator.store.store import Store

_AGAIN = "The tables have changed: run `python -m annotator.store.sql.blank_sqlite`."


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of migrations alone, with its script beside it."""
    file = tmp_path_factory.mktemp("migrated") / "new.db"
    database = Database(f"sqlite:///{file}")
    with database.migrating() as connection:
        run_migrations(connection)
        script = blank_sqlite.script_of(connection, HEAD)
    database.close()
    file.with_suffix(".sql").write_text(script, encoding="utf-8")
    return file


def test_the_script_is_what_the_migrations_make(migrated: Path) -> None:
    shipped = blank_sqlite.FILE.read_text(encoding="utf-8")
    script = migrated.with_suffix(".sql").read_text(encoding="utf-8")
    assert [*map(_plain, shipped.split(";"))] == [*map(_plain, script.split(";"))], _AGAIN


def test_a_new_store_has_all_that_migrations_make(migrated: Path, tmp_path: Path) -> None:
    Store.open(f"sqlite:///{tmp_path / 'ours.db'}").close()
    ours, theirs = _parts(tmp_path / "ours.db"), _parts(migrated)
    assert theirs.items() <= ours.items(), _AGAIN
    assert {kind for kind, _ in ours.keys() - theirs.keys()} == {
        "trigger",
        "table",
    }  # of counts and logs


def test_migrations_have_nothing_left_to_do(tmp_path: Path) -> None:
    Store.open(f"sqlite:///{tmp_path / 'ours.db'}").close()
    before = _parts(tmp_path / "ours.db")
    database = Database(f"sqlite:///{tmp_path / 'ours.db'}")
    with database.migrating() as connection:
        run_migrations(connection)
    database.close()
    assert _parts(tmp_path / "ours.db") == before


def _parts(file: Path) -> dict[tuple[str, str], str]:
    """Tables, indexes and triggers of a database, by kind and name, as they were made."""
    connection = sqlite3.connect(file)
    try:
        rows = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    finally:
        connection.close()
    return {(kind, name): _plain(sql or "") for kind, name, sql in rows}


def _plain(sql: str) -> str:
    """Without what another release of SQLite may write differently, and with the constraints of a
    table sorted: migrations that rebuild a table write them in any order."""
    plain = re.sub(r'[\s"]+', " ", sql).strip()
    columns, *constraints = plain.removesuffix(")").strip().split(", CONSTRAINT ")
    return ", CONSTRAINT ".join((columns, *sorted(constraints)))
