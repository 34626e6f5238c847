"""Databases for tests: on SQLite, migrated once in this process; on a PostgreSQL server."""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, make_url

from annotator.store.store import Store

SERVER = os.environ.get("ANNOTATOR_TEST_DATABASE")


def empty_store(file: Path) -> Store:
    """An open store at `file`, empty, as the first start of the program makes it."""
    return Store.open(empty_database(file))


def empty_database(file: Path) -> str:
    """Create an empty, migrated database at `file`; returns its URL."""
    file.touch(mode=0o660)
    file.write_bytes(_migrated())
    return f"sqlite:///{file}"


def as_before(store: Store, fill: Callable[[Store], object]) -> Store:
    """The empty store, filled; on SQLite all but the first time by a copy of what was made then."""
    if not store.database.is_sqlite:
        fill(store)
    elif fill in _FILLED:
        _copy(_FILLED[fill], store.database.file)
    else:
        fill(store)
        folder = tempfile.mkdtemp(prefix="annotator-test-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        _FILLED[fill] = Path(folder) / "annotator.db"
        _copy(store.database.file, _FILLED[fill])
    return store


_FILLED: dict[Callable[[Store], object], Path] = {}


def _copy(file: Path | None, to: Path | None) -> None:
    assert file is not None
    assert to is not None
    with closing(sqlite3.connect(file)) as one, closing(sqlite3.connect(to)) as other:
        one.backup(other)


def without_syncing(store: Store) -> Store:
    """The store without waiting for the disk: writes survive this process, but no power cut."""
    if store.database.is_sqlite:
        event.listen(store.database.engine, "connect", _do_not_sync)
        store.database.engine.dispose()
    return store


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory(prefix="annotator-test-") as folder:
        file = Path(folder) / "annotator.db"
        Store.open(f"sqlite:///{file}").close()
        return file.read_bytes()


def _do_not_sync(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """The address of a database of its own on a PostgreSQL server, removed afterwards."""
    url = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    name = f"annotator_test_{uuid.uuid4().hex}"
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        engine.dispose()
