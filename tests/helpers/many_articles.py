"""A store with any number of articles, written directly into its tables, and the cost of queries:
statements, and steps of SQLite's virtual machine, which grow with the rows read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import event

from annotator.store.store import Store

BEGAN = datetime(2019, 1, 1, tzinfo=UTC)
OUTLETS = ("The Bay Post", "Ansel Post", "Sund Courier", "Harbour Times")
REVIEWERS = ("ada", "bo")
_PER_THOUSAND = {"waiting": 5, "failed": 1, "superseded": 4}


def fill(store: Store, size: int, *, first: int = 1) -> None:
    """Puts `size` articles into an SQLite store, numbered from `first`: most are ready, of every
    hundred two are reviewed, each tenth tells nearly the same as the one before."""
    rows, reviews, alike = [], [], []
    for number in range(first, first + size):
        article = _article(number)
        rows.append(article)
        if article["reviews"]:
            reviews.append(_review(article, number))
        if number % 10 == 0:
            alike.append((article["id"], sha256(str(number - 1).encode()).hexdigest(), 0.8))
    assert store.database.file is not None
    connection = sqlite3.connect(store.database.file)
    with connection:
        _insert(connection, "article", rows)
        _insert(connection, "review", reviews)
        connection.executemany("INSERT OR IGNORE INTO likeness VALUES (?, ?, ?)", alike)
    connection.close()


def _article(number: int) -> dict[str, Any]:
    name, outlet = f"story-{number}.txt", OUTLETS[number % len(OUTLETS)]
    part, stage = (number + 900) % 1000, "ready"
    for other, share in _PER_THOUSAND.items():
        if part < share:
            stage = other
            break
        part -= share
    done, begun = number % 100 == 50, number % 100 == 75
    origin = {"name": name, "outlet": outlet, "url": None, "author": None, "published": None}
    return {
        "id": sha256(str(number).encode()).hexdigest(),
        "number": number,
        "place": number - 1 if number % 10 == 0 else number,
        "stage": stage,
        "reviews": int(done or begun),
        "finished": int(done),
        "tries": 0,
        "title": f"Ferry vote slips to spring, part {number}",
        "language": "en",
        "received": _stored(BEGAN + timedelta(seconds=number)),
        "entities": number % 40,
        "claims": number % 9,
        "total": number % 40 + number % 9,
        "outlet": outlet,
        "confidence": (number * 7919 % 1000) / 1000,
        "draw": number * 7919 % 10_000,
        "words": 7 + 3 * (number * 7919 % 300),
        "listed_as": f"Ferry vote slips to spring, part {number}",
        "origin": json.dumps({**origin, "received": None, "part": None}),
        "also_from": "[]",
        "meta": "{}",
        "text": f"Ferry vote slips to spring, part {number}\n\n" + "Nobody was hurt. " * 20,
    }


def _review(article: dict[str, Any], number: int) -> dict[str, Any]:
    return {
        "article_id": article["id"],
        "reviewer": REVIEWERS[number // 100 % 2],
        "opened_at": article["received"],
        "lease_seconds": 60.0,
        "last_seq": 3,
        "finished_at": article["received"] if article["finished"] else None,
        "answer": "accept",
        "total": article["total"],
        "open": 0 if article["finished"] else article["total"],
        "entities": article["entities"],
        "claims": article["claims"],
    }


def _stored(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")


def _insert(connection: sqlite3.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        names = ", ".join(rows[0])
        places = ", ".join(f":{name}" for name in rows[0])
        connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)


def filled(folder: Path, size: int) -> Store:
    """A new store of so many articles."""
    store = Store.open(f"sqlite:///{folder / f'{size}.db'}")
    fill(store, size)
    return store


@dataclass
class Work:
    """What has been asked of a store: statements (BEGIN and its like left out), and steps."""

    statements: int = 0
    steps: int = 0


@contextmanager
def counted(store: Store) -> Iterator[Work]:
    """Count the queries of an SQLite store, by any thread."""
    work, engine = Work(), store.database.engine
    watched: list[sqlite3.Connection] = []

    def step() -> int:
        work.steps += 1
        return 0

    def watch(connection: Any, _record: object, _proxy: object) -> None:
        connection.set_progress_handler(step, 1)
        watched.append(connection)

    def say(_c: object, _cursor: object, statement: str, *_: object) -> None:
        work.statements += statement.lstrip().split(" ", 1)[0].upper() not in ("BEGIN", "PRAGMA")

    event.listen(engine, "checkout", watch)
    event.listen(engine, "before_cursor_execute", say)
    try:
        yield work
    finally:
        event.remove(engine, "checkout", watch)
        event.remove(engine, "before_cursor_execute", say)
        for connection in watched:
            connection.set_progress_handler(None, 1)
