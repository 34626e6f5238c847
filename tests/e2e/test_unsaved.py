"""The database takes nothing when the screens end: what was decided is there at the next start."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

from tests.e2e.conftest import Annotator, put_article
from tests.helpers.terminal import Terminal

TEXT = "Ferry late\n\nIlva Marrow said on Tuesday that Norway had asked for two million crowns.\n"


def _at_the_queue(workspace: Path) -> Terminal:
    command = [sys.executable, "-m", "annotator", "--workspace", str(workspace), "review"]
    terminal = Terminal(command)
    terminal.wait_for(b"Ferry late")
    terminal.wait_until_quiet(1.0)
    return terminal


def test_decisions_of_a_locked_database_come_back(annotator: Annotator, workspace: Path) -> None:
    put_article(workspace, TEXT, "Ilva Marrow", "Norway")
    database = sqlite3.connect(workspace / "annotator.db", isolation_level=None)
    with _at_the_queue(workspace) as terminal:
        terminal.type("\r")
        terminal.wait_for(b"crowns")
        terminal.wait_until_quiet(1.0)
        database.execute("BEGIN IMMEDIATE")
        terminal.type("ax")
        terminal.wait_until_quiet(1.0)
        terminal.type("q")
        terminal.wait_until_quiet(1.0)
        terminal.type("q")
        terminal.wait_for(b"Quitting once more")
        terminal.type("q")
        terminal.wait_for(b"The next start of the screens saves them.")
        assert terminal.wait_until_over() == 0
    database.execute("ROLLBACK")
    (path,) = workspace.glob("unsaved-*.jsonl")
    (told,) = annotator("report", "--json").result["unsaved"]
    assert told == {"name": path.name, "decisions": 2}
    assert database.execute("SELECT count(*) FROM decision").fetchone() == (0,)

    with _at_the_queue(workspace) as terminal:
        terminal.wait_for(b"are saved now")
        terminal.type("q")
        assert terminal.wait_until_over() == 0
    kinds = database.execute("SELECT kind FROM decision ORDER BY seq").fetchall()
    database.close()
    assert kinds == [("accept",), ("reject",)]
    assert not list(workspace.glob("*unsaved-*"))
    assert annotator("report", "--json").result["unsaved"] == []
