"""Files of a workspace are for its owner and the group, whatever the umask says."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from annotator.core.database_urls import sqlite_url
from annotator.core.decisions import accept, finish
from annotator.logs import to_file
from annotator.store.store import Store
from tests.helpers.building import open_, press, ready

pytestmark = pytest.mark.usefixtures("forked")


def call(workspace: Path, *words: str, umask: int = 0o022) -> None:
    command = [sys.executable, "-m", "annotator", "--workspace", str(workspace), *words]
    subprocess.run(command, umask=umask, check=True, capture_output=True)


def open_to_all(folder: Path) -> Sequence[str]:
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.stat().st_mode & stat.S_IRWXO
    )


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A workspace with a finished review, made under the usual umask."""
    folder = tmp_path / "desk"
    call(tmp_path, "init", str(folder))
    store = Store.open(sqlite_url(folder / "annotator.db"))
    opened = open_(store, ready(store))
    press(store, opened, accept(opened.review.suggestions[0]), finish())
    store.close()
    return folder


def test_no_file_of_a_workspace_is_readable_by_others(desk: Path) -> None:
    call(desk, "export", "--output", str(desk / "exports" / "all.jsonl"))
    call(desk, "export", "--dataset", str(desk / "exports" / "news"))
    call(desk, "backup", str(desk / "copy.db"))
    assert open_to_all(desk) == []
    assert stat.S_IMODE((desk / "annotator.db").stat().st_mode) == 0o640
    assert stat.S_IMODE((desk / "copy.db").stat().st_mode) == 0o640


def test_a_shared_workspace_is_writable_by_its_group(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    folder.chmod(0o2770)
    call(folder, "init")
    assert stat.S_IMODE((folder / "annotator.db").stat().st_mode) == 0o660
    assert open_to_all(folder) == []


def test_existing_files_keep_their_permissions(desk: Path) -> None:
    (desk / "annotator.db").chmod(0o644)
    call(desk, "report")
    assert stat.S_IMODE((desk / "annotator.db").stat().st_mode) == 0o644


def test_database_and_log_are_not_readable_by_others(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = Store.open(sqlite_url(tmp_path / "annotator.db"))
        ready(store)
        to_file(tmp_path / "annotator.log")
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    store.close()
    assert modes == dict.fromkeys(
        ["annotator.db", "annotator.db-wal", "annotator.db-shm", "annotator.log"], 0o660
    )
