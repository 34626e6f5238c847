"""The screens' configuration comes from a subprocess, and so do its errors."""

import json
import sys
import tempfile
from pathlib import Path

import pytest

from annotator.cli import review_screens, run
from annotator.cli.config_subprocess import prepared
from annotator.cli.context import Workspace
from annotator.errors import AnnotatorError
from annotator.settings import load_scheme, load_settings
from annotator.store.sql import column_types
from annotator.store.sql.column_types import JsonList
from annotator.store.sql.database import Database


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "annotator.toml").write_text('[keys]\naccept = "z"\n[colours]\nGPE = "#123456"\n')
    return tmp_path


@pytest.mark.usefixtures("forked")
def test_settings_and_scheme_are_those_of_the_workspace(workspace: Path) -> None:
    ready = prepared(workspace, "bo")
    settings = load_settings(workspace, {"reviewer": "bo"})
    assert (ready.reviewer, ready.keys) == ("bo", {"accept": "z"})
    assert ready.database == settings.database
    assert ready.scheme == load_scheme(settings)
    assert ready.guidelines.startswith("# How reviewers decide")


@pytest.mark.usefixtures("forked")
def test_an_error_in_the_subprocess_is_raised_here(workspace: Path) -> None:
    (workspace / "annotator.toml").write_text('reviewre = "bo"\n')
    with pytest.raises(AnnotatorError, match="unknown key 'reviewre'") as raised:
        prepared(workspace, None)
    assert raised.value.hint == "Did you mean 'reviewer'?"


def test_files_in_the_current_folder_are_not_imported(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("annotator.py", "json.py", "html.py"):
        (workspace / name).write_text("raise SystemExit('not the program')\n")
    monkeypatch.chdir(workspace)
    assert prepared(workspace, "bo").reviewer == "bo"
    with (
        tempfile.TemporaryFile() as said,
        run._start_watcher(Workspace(workspace), said) as watcher,
    ):
        assert watcher.stdin is not None
        watcher.stdin.close()
        assert watcher.wait(60) == 0


def test_a_crash_of_the_subprocess_is_explained(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(AnnotatorError, match="status 1") as raised:
        prepared(workspace, None)
    assert "annotator report" in raised.value.hint


@pytest.mark.usefixtures("forked")
def test_a_missing_database_is_created(workspace: Path) -> None:
    store = review_screens._store(prepared(workspace, None))
    assert store.queue.counts().articles == 0
    store.close()


@pytest.mark.parametrize(
    "listed",
    [[], [1], [{"a": "],["}, {"b": [1, {"c": None}]}, "x,]"], [[], [[]]], ["half \ud83d", 0.1]],
)
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("short", [0, 500_000])
def test_long_and_short_lists_are_decoded_alike(
    listed: list[object],
    indent: int | None,
    short: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(column_types, "_SHORT", short)
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    decode = JsonList().result_processor(database.engine.dialect, None)
    assert decode is not None
    decoded = decode(json.dumps(listed, indent=indent))
    assert decoded is not None
    assert [list(decoded), list(decoded)] == [listed, listed]
    assert decode(None) is None
    database.close()
