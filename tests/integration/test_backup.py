"""A backup is one whole file, made while others work, and never over what was there."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from annotator.core.decisions import accept, reject
from annotator.errors import StoreError
from annotator.store.store import Store
from tests.building import at, open_, press, ready, waiting


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(f"sqlite:///{tmp_path / 'annotator.db'}")


def test_a_backup_is_one_file_that_opens_as_the_store_it_was(store: Store, tmp_path: Path) -> None:
    name = ready(store)
    opened = open_(store, name)
    press(store, opened, accept(opened.review.suggestions[0]))
    store.backup(tmp_path / "copies.db")
    waiting(store, "Something new.")
    copy = Store.open(f"sqlite:///{tmp_path / 'copies.db'}")
    assert copy.counts().articles == 1
    assert copy.review(name, "ada").review == store.review(name, "ada").review
    copy.close()
    assert [path.name for path in tmp_path.glob("*copies.db*")] == ["copies.db"]


def test_what_is_there_is_left_as_it_was(store: Store, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(StoreError, match="is there already") as caught:
        store.backup(tmp_path / "notes.txt")
    assert "--force" in caught.value.hint
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_it_is_replaced_on_request(store: Store, tmp_path: Path) -> None:
    (tmp_path / "old.db").write_text("old")
    store.backup(tmp_path / "old.db", replace=True)
    assert (tmp_path / "old.db").read_bytes().startswith(b"SQLite format 3")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("annotator.db", "the database itself"),
        (".", "is a folder"),
        ("nowhere/b.db", "cannot be written"),
    ],
)
def test_places_that_cannot_be_are_refused(
    store: Store, tmp_path: Path, name: str, words: str
) -> None:
    ready(store)
    with pytest.raises(StoreError, match=words):
        store.backup(tmp_path / name, replace=True)
    assert store.counts().articles == 1


def test_a_damaged_database_gives_no_backup(store: Store, tmp_path: Path) -> None:
    for number in range(50):
        waiting(store, f"Article {number}. " + "Words. " * 300)
    store.close()
    file = tmp_path / "annotator.db"
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    held = bytearray(file.read_bytes())
    held[8 * 4096 : 12 * 4096] = b"\xff" * 4 * 4096
    file.write_bytes(held)
    with pytest.raises(StoreError, match="damaged"):
        store.backup(tmp_path / "copy.db")
    assert [path.name for path in tmp_path.glob("*copy.db*")] == []


def test_backups_made_while_somebody_writes_are_each_one_moment(
    store: Store, tmp_path: Path
) -> None:
    name, stop, errors = ready(store), threading.Event(), []
    taken_up = open_(store, name)

    def work() -> None:
        try:
            opened, pressed = taken_up, 0
            while not stop.is_set():
                pressed += 1
                one = opened.review.suggestions[pressed % 3]
                change = accept(one) if pressed % 2 else reject(one)
                opened = press(store, opened, change, now=at(pressed))
        except Exception as error:
            errors.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    lengths = []
    try:
        for number in range(5):
            store.backup(tmp_path / f"{number}.db")
            copy = Store.open(f"sqlite:///{tmp_path / f'{number}.db'}")
            # The fold of the log is what the review's row says of it.
            review = copy.review(name, "ada").review
            row = copy.queue_rows("ada", (name,))[0]
            lengths.append(len(review.decisions))
            assert row.open == len(review.open_items())
            copy.close()
    finally:
        stop.set()
        worker.join()
    assert errors == []
    assert lengths == sorted(lengths)
    assert lengths[-1] > 0


def test_postgresql_has_its_own_tools(database_url: str, tmp_path: Path) -> None:
    store = Store.open(database_url)
    try:
        if store.database.file is None:
            with pytest.raises(StoreError) as caught:
                store.backup(tmp_path / "copy.db")
            assert "pg_dump" in caught.value.hint
        else:
            store.backup(tmp_path / "copy.db")
            assert (tmp_path / "copy.db").is_file()
    finally:
        store.close()
