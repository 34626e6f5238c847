"""Saved decisions can be read back: removed files of the database are noticed."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Any

import pytest

from annotator.core.decisions import accept, reject
from annotator.errors import DatabaseGone
from annotator.store.store import Store
from tests.helpers.building import NOW, open_, press, ready, waiting


def _remove(file: Path) -> None:
    file.unlink()


def _cut_off(file: Path) -> None:
    os.truncate(file, 0)


def _cut_in_half(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def _exchange(file: Path) -> None:
    copy = file.with_name("copy")
    shutil.copy(file, copy)
    copy.replace(file)


def _wipe(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.write(b"\0" * file.stat().st_size)


def _rename_the_folder(file: Path) -> None:
    file.parent.rename(file.parent.with_name("elsewhere"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "desk").mkdir()
    return tmp_path / "desk" / "annotator.db"


@pytest.mark.parametrize(
    ("end", "harm"),
    [
        *(("", h) for h in (_remove, _cut_off, _cut_in_half, _exchange, _wipe, _rename_the_folder)),
        *(("-wal", h) for h in (_remove, _cut_off, _cut_in_half, _exchange, _wipe)),
        *(("-shm", h) for h in (_remove, _exchange)),
    ],
)
def test_removed_files_are_noticed_at_the_next_key(
    file: Path, end: str, harm: Callable[[Path], None]
) -> None:
    store = Store.open(f"sqlite:///{file}")
    opened = open_(store, ready(store))
    opened = press(store, opened, accept(opened.review.suggestions[0]))
    harm(file.with_name(f"{file.name}{end}"))
    with pytest.raises(DatabaseGone) as caught:
        press(store, opened, reject(opened.review.suggestions[1]))
    assert "so nothing can be saved" in caught.value.message
    assert caught.value.hint


def test_work_continues_with_restored_files(file: Path) -> None:
    store = Store.open(f"sqlite:///{file}")
    opened = open_(store, ready(store))
    log = file.with_name("annotator.db-wal")
    log.rename(file.with_name("away"))
    with pytest.raises(DatabaseGone):
        press(store, opened, accept(opened.review.suggestions[0]))
    file.with_name("away").rename(log)
    press(store, opened, accept(opened.review.suggestions[0]))
    store.close()
    again = Store.open(f"sqlite:///{file}")
    assert len(again.reviews.get(opened.article.id, "ada").review.decisions) == 1
    again.close()


# What others rightly do with the files


def _checkpoint(file: Path, mode: str) -> None:
    with sqlite3.connect(file) as other:
        other.execute(f"PRAGMA wal_checkpoint({mode})")
    other.close()


def _vacuum(file: Path) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("VACUUM")
    other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.close()


def _back_up(file: Path) -> None:
    other = sqlite3.connect(file)
    other.backup(sqlite3.connect(file.with_name("copy.db")))
    other.close()


def _purge(file: Path) -> None:
    other = Store.open(f"sqlite:///{file}")
    other.purge.article(ready(other, "Something else entirely."), by="ada", now=NOW)
    assert other.purge.erase() is None
    other.close()


@pytest.mark.parametrize(
    "do",
    [
        *(lambda file, mode=mode: _checkpoint(file, mode) for mode in ("PASSIVE", "FULL")),
        *(lambda file, mode=mode: _checkpoint(file, mode) for mode in ("RESTART", "TRUNCATE")),
        _vacuum,
        _back_up,
        _purge,
        lambda file: Store.open(f"sqlite:///{file}").close(),
    ],
)
def test_legitimate_changes_by_others_are_not_a_loss(
    file: Path, do: Callable[[Path], None]
) -> None:
    store = Store.open(f"sqlite:///{file}")
    waiting(store, *(f"Article {number}. " + "Words. " * 400 for number in range(40)))
    opened = open_(store, ready(store))
    for number in range(6):
        one = opened.review.suggestions[number % 3]
        opened = press(store, opened, accept(one) if number % 2 else reject(one))
        do(file)
    store.check()
    store.close()
    again = Store.open(f"sqlite:///{file}")
    assert len(again.reviews.get(opened.article.id, "ada").review.decisions) == 6
    again.close()


def test_checking_the_files_is_cheap(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store.open(f"sqlite:///{file}")
    opened = open_(store, ready(store))
    looks: list[str] = []
    stat = os.stat

    def counted(path: int | str | PathLike[str], **how: Any) -> os.stat_result:
        if "annotator.db" in str(path):
            looks.append(str(path))
        return stat(path, **how)

    monkeypatch.setattr(os, "stat", counted)
    press(store, opened, accept(opened.review.suggestions[0]))
    assert len(looks) <= 6
    store.close()


def test_an_exchanged_database_is_not_written_to(file: Path) -> None:
    store = Store.open(f"sqlite:///{file}")
    opened = open_(store, ready(store))
    store.backup(file.with_name("backup.db"))
    backup = file.with_name("backup.db").read_bytes()
    press(store, opened, accept(opened.review.suggestions[0]))
    # Somebody restores a backup and does not end what runs.
    for end in ("-wal", "-shm"):
        file.with_name(f"annotator.db{end}").unlink()
    with file.open("r+b") as stream:
        stream.truncate()
        stream.write(backup)
    with pytest.raises(DatabaseGone):
        store.check()
    store.close()
    assert file.read_bytes() == backup


def test_a_removed_log_without_other_users_loses_nothing(file: Path) -> None:
    store = Store.open(f"sqlite:///{file}")
    opened = open_(store, ready(store))
    press(store, opened, accept(opened.review.suggestions[0]))
    file.with_name("annotator.db-wal").unlink()
    store.close()
    again = Store.open(f"sqlite:///{file}")
    assert len(again.reviews.get(opened.article.id, "ada").review.decisions) == 1
    again.close()
