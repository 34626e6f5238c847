"""A backup is one consistent file, made while others work, and never overwrites anything."""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from annotator.core.decisions import accept, reject
from annotator.errors import StoreError
from annotator.store.sql.sqlite_backup import keep_copy
from annotator.store.store import Store
from annotator.store.values import QueueView
from tests.helpers.building import at, open_, press, ready, row_of, waiting


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(f"sqlite:///{tmp_path / 'annotator.db'}")


def test_a_backup_is_one_file_that_opens_as_the_same_store(store: Store, tmp_path: Path) -> None:
    name = ready(store)
    opened = open_(store, name)
    press(store, opened, accept(opened.review.suggestions[0]))
    store.backup(tmp_path / "copies.db")
    waiting(store, "Something new.")
    copy = Store.open(f"sqlite:///{tmp_path / 'copies.db'}")
    assert copy.queue.counts().articles == 1
    assert copy.reviews.get(name, "ada").review == store.reviews.get(name, "ada").review
    copy.close()
    assert [path.name for path in tmp_path.glob("*copies.db*")] == ["copies.db"]


def test_an_existing_file_is_not_overwritten(store: Store, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(StoreError, match="exists already") as caught:
        store.backup(tmp_path / "notes.txt")
    assert "--force" in caught.value.hint
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_an_existing_file_is_replaced_on_request(store: Store, tmp_path: Path) -> None:
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
def test_invalid_targets_are_refused(store: Store, tmp_path: Path, name: str, words: str) -> None:
    ready(store)
    with pytest.raises(StoreError, match=words):
        store.backup(tmp_path / name, replace=True)
    assert store.queue.counts().articles == 1


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


def test_backups_during_writes_are_consistent(store: Store, tmp_path: Path) -> None:
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
            review = copy.reviews.get(name, "ada").review
            row = row_of(copy, name)
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


# What killed programs left


@pytest.mark.parametrize(
    "left",
    [
        ".b.db.annotator-copy",
        ".b.db.annotator-copy-journal",
        ".other.db.annotator-copy",
        ".b.db.x4_k1qz9",  # as earlier versions called it
        ".b.db.x4_k1qz9.part",
        ".b.db.x4_k1qz9.part-journal",
    ],
)
def test_leftovers_of_a_killed_backup_are_removed_by_the_next(
    store: Store, tmp_path: Path, left: str
) -> None:
    ready(store)
    if left.endswith("copy-journal"):
        (tmp_path / left.removesuffix("-journal")).write_bytes(b"half")
    (tmp_path / left).write_bytes(b"half of a copy")
    store.backup(tmp_path / "b.db")
    store.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["annotator.db", "b.db"]


def test_foreign_files_stay(store: Store, tmp_path: Path) -> None:
    mine = [".b.db.notes", ".b.db", "b.db.copy", ".x.copying", ".c.db.x4_k1qz9", "annotator-copy"]
    for name in mine:
        (tmp_path / name).write_text("mine")
    store.backup(tmp_path / "b.db")
    assert [(tmp_path / name).read_text() for name in mine] == ["mine"] * len(mine)


def test_a_running_backup_is_left_alone(store: Store, tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    with (tmp_path / ".b.db.annotator-copy").open("wb") as theirs:
        fcntl.flock(theirs, fcntl.LOCK_EX)
        with pytest.raises(StoreError, match="Another program is writing"):
            store.backup(tmp_path / "b.db")
        store.backup(tmp_path / "c.db")
        assert (tmp_path / ".b.db.annotator-copy").exists()


def test_a_copy_before_an_upgrade_is_made_once(store: Store, tmp_path: Path) -> None:
    ready(store)
    file, name = tmp_path / "annotator.db", tmp_path / "annotator.db.before-2-was-1"
    assert keep_copy(file, name) == name
    # Killed after it, and begun again: the same is not kept twice.
    (tmp_path / f".{name.name}.annotator-copy").write_bytes(b"half")
    assert keep_copy(file, name) == name
    ready(store, "Something new.\n")
    assert keep_copy(file, name) == name.with_name(f"{name.name}.2")
    assert len(list(tmp_path.glob("*before*"))) == 2
    assert not list(tmp_path.glob(".*"))


# Disks that take nothing


@contextmanager
def no_room(bytes_: int) -> Iterator[None]:
    """No file may become larger: what a full disk looks like to SQLite, near enough."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_backup_without_disk_space_is_explained(store: Store, tmp_path: Path) -> None:
    waiting(store, *(f"Article {number}. " + "Words. " * 300 for number in range(50)))
    file = tmp_path / "annotator.db"
    for make in (
        lambda: store.backup(tmp_path / "b.db"),
        lambda: keep_copy(file, tmp_path / "annotator.db.before-2-was-1"),
    ):
        with no_room(20_000), pytest.raises(StoreError) as caught:
            make()
        assert caught.value.hint
    assert not list(tmp_path.glob(".*"))
    assert not list(tmp_path.glob("*before*"))


def test_a_failing_disk_is_explained_at_every_step(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(store)

    def broken(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    for step in ("fsync", "replace", "rename", "link", "open", "stat", "ftruncate"):
        with monkeypatch.context() as harm:
            harm.setattr(os, step, broken)
            try:
                keep_copy(tmp_path / "annotator.db", tmp_path / "kept.db")
            except StoreError as error:
                explained = error
            else:
                continue  # it does without
        assert "cannot be written: Input/output error" in explained.message


def test_an_existing_database_can_be_read_on_a_full_disk(store: Store, tmp_path: Path) -> None:
    article = ready(store)
    store.close()
    assert not (tmp_path / "annotator.db-shm").exists()
    with no_room(1000):
        full = Store.open(f"sqlite:///{tmp_path / 'annotator.db'}")
        assert full.articles.get(article).id == article
        assert [row.id for row in full.queue.page(QueueView("ada"), offset=0, limit=9)] == [article]
        full.close()
    # Room is made: what is written then is noticed as what it is.
    again = Store.open(f"sqlite:///{tmp_path / 'annotator.db'}")
    ready(again, "Something new.\n")
    again.check()
    again.close()
