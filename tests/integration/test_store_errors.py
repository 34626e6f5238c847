"""Database errors, with helpful messages."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from annotator.core.watcher_status import Heartbeat, WatcherStatus
from annotator.errors import SchemaOutdated, StoreError
from annotator.store.sql import database
from annotator.store.store import Store
from tests.helpers.building import TEXT, arrival

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.mark.parametrize(
    "url", ["", "annotator.db", "nonsense://x", "mysql://host/x", "sqlite://", "sqlite:///:memory:"]
)
def test_addresses_that_cannot_be_used(url: str) -> None:
    with pytest.raises(StoreError) as failure:
        Store.open(url)
    assert failure.value.hint


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist") as failure:
        Store.open(url_of(tmp_path / "nowhere" / "annotator.db"))
    assert "Create it" in failure.value.hint


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder"):
        Store.open(url_of(tmp_path))


def test_a_network_mount_is_refused_with_advice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(
        "22 1 8:1 / / rw - ext4 /dev/root rw\n"
        f"40 22 0:35 / {tmp_path}/desk rw - nfs4 server:/desk rw\n"
    )
    monkeypatch.setattr("annotator.mounts._TABLE", table)
    (tmp_path / "desk").mkdir()
    with pytest.raises(StoreError, match=r"network file system \(nfs4\)") as failure:
        Store.open(url_of(tmp_path / "desk" / "annotator.db"))
    assert "PostgreSQL" in failure.value.hint
    assert "local disk" in failure.value.hint
    assert not (tmp_path / "desk" / "annotator.db").exists()
    (tmp_path / "link.db").symlink_to(tmp_path / "desk" / "annotator.db")
    with pytest.raises(StoreError, match="nfs4"):
        Store.open(url_of(tmp_path / "link.db"))
    Store.open(url_of(tmp_path / "local.db")).close()


def test_a_file_other_than_a_database(tmp_path: Path) -> None:
    file = tmp_path / "annotator.db"
    file.write_text("Ada Low met Bo Marsh in Port Ellis.\n" * 50)
    with pytest.raises(StoreError, match="is not a SQLite database"):
        Store.open(url_of(file))
    assert file.read_text().startswith("Ada Low")


def test_a_database_of_another_program(tmp_path: Path) -> None:
    file = tmp_path / "annotator.db"
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.close()
    with pytest.raises(StoreError, match="another program"):
        Store.open(url_of(file))


def test_a_database_of_a_newer_version(tmp_path: Path) -> None:
    file = tmp_path / "annotator.db"
    Store.open(url_of(file)).close()
    with sqlite3.connect(file) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    other.close()
    with pytest.raises(SchemaOutdated, match="newer version") as failure:
        Store.open(url_of(file))
    assert "Update annotator" in failure.value.hint


def test_an_empty_database_that_must_not_be_upgraded(tmp_path: Path) -> None:
    with pytest.raises(SchemaOutdated) as failure:
        Store.open(url_of(tmp_path / "annotator.db"), upgrade=False)
    assert "annotator migrate" in failure.value.hint


def test_a_database_locked_by_another_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "annotator.db"
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    store = Store.open(url_of(file))
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked by another program"):
        store.files.take_in([arrival("/inbox/one.txt", TEXT)])
    other.execute("ROLLBACK")
    other.close()
    store.files.take_in([arrival("/inbox/one.txt", TEXT)])
    store.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_file(tmp_path: Path) -> None:
    file = tmp_path / "annotator.db"
    Store.open(url_of(file)).close()
    file.chmod(0o400)
    with pytest.raises(StoreError, match="cannot be written"):
        Store.open(url_of(file)).files.take_in([arrival("/inbox/one.txt", TEXT)])


def test_a_full_disk(tmp_path: Path) -> None:
    store = Store.open(url_of(tmp_path / "annotator.db"))
    with store.database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        # SQLite's own way to have no more room: the limit holds for this connection.
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="is full") as failure:
        store.files.take_in([arrival("/inbox/one.txt", TEXT * 500)])
    assert "everything saved before is safe" in failure.value.hint
    assert store.files.known() == {}
    store.close()


def test_a_damaged_database(tmp_path: Path) -> None:
    file = tmp_path / "annotator.db"
    store = Store.open(url_of(file))
    store.files.take_in([arrival(f"/inbox/{n}.txt", f"{TEXT}{n}\n") for n in range(200)])
    store.close()
    content = bytearray(file.read_bytes())
    content[8192:] = b"\x55" * (len(content) - 8192)
    file.write_bytes(bytes(content))
    with pytest.raises(StoreError) as failure:
        Store.open(url_of(file)).files.known()
    assert "is damaged" in failure.value.message


def test_the_log_refuses_changes(store: Store) -> None:
    from annotator.core.decisions import accept
    from tests.helpers.building import open_, press, ready

    opened = open_(store, ready(store))
    press(store, opened, accept(opened.review.items[0]))
    for statement in ("UPDATE decision SET seconds = 0", "DELETE FROM decision"):
        with pytest.raises(StoreError, match="decisions are never changed"):  # noqa: SIM117
            with store.database.writing() as connection:
                connection.exec_driver_sql(statement)
    assert len(store.reviews.get(opened.article.id, "ada").review.decisions) == 1


def test_a_copy_is_consistent_while_others_write(tmp_path: Path) -> None:
    store = Store.open(url_of(tmp_path / "annotator.db"))
    store.files.take_in([arrival(f"/inbox/{n}.txt", f"{TEXT}{n}\n") for n in range(20)])
    with store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE source SET size = 0")
        store.backup(tmp_path / "copy.db")
    copy = Store.open(url_of(tmp_path / "copy.db"))
    assert copy.queue.counts() == store.queue.counts()
    assert all(key.size > 0 for key in copy.files.known().values())
    copy.close()
    store.close()


def test_a_removed_file_is_not_written_until_it_is_back(tmp_path: Path) -> None:
    file, away = tmp_path / "annotator.db", tmp_path / "away.db"
    store = Store.open(f"sqlite:///{file}")
    assert store.data_version()
    file.rename(away)
    for use in (
        store.data_version,
        store.watcher.last,
        lambda: store.watcher.beat(Heartbeat(NOON, 1, NOON, WatcherStatus())),
    ):
        with pytest.raises(StoreError, match="is gone"):
            use()
    assert not file.exists()
    file.touch()
    with pytest.raises(StoreError, match="was replaced by another file"):
        store.watcher.last()
    away.replace(file)
    store.watcher.beat(Heartbeat(NOON, 1, NOON, WatcherStatus()))
    assert store.watcher.last() is not None
    store.close()


@pytest.mark.parametrize("parts", [3, 6])
def test_a_path_too_long_for_sqlite(tmp_path: Path, parts: int) -> None:
    folder = tmp_path.joinpath(*["long" * 40] * parts)
    folder.mkdir(parents=True)
    with pytest.raises(StoreError) as failure:
        Store.open(url_of(folder / "annotator.db"))
    assert "bytes long" in failure.value.message
    assert "shorter path" in failure.value.hint
