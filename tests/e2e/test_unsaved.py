"""The database accepts nothing when the screens end: the decisions are there at the next start."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.e2e.conftest import Annotator, put_article
from tests.e2e.screens import HASTY, IN_QUEUE, TEXT, at_the_queue, in_the_article

pytestmark = pytest.mark.usefixtures("forked")


def test_decisions_during_a_lock_are_restored_at_the_next_start(
    annotator: Annotator, workspace: Path
) -> None:
    put_article(workspace, TEXT, "Ilva Marrow", "Norway")
    database = sqlite3.connect(workspace / "annotator.db", isolation_level=None)
    with in_the_article(workspace, program=HASTY) as terminal:
        database.execute("BEGIN IMMEDIATE")
        terminal.say("ax", b"Nothing is open")
        terminal.say("q", IN_QUEUE)
        terminal.say("q", b"Quit again")
        terminal.say("q", b"The next start of the screens saves them.")
        assert terminal.wait_until_over() == 0
    database.execute("ROLLBACK")
    (path,) = workspace.glob("unsaved-*.jsonl")
    (told,) = annotator("report", "--json").result["unsaved"]
    assert told == {"name": path.name, "decisions": 2}
    assert database.execute("SELECT count(*) FROM decision").fetchone() == (0,)

    with at_the_queue(workspace) as terminal:
        terminal.wait_for(b"are saved now")
        terminal.type("q")
        assert terminal.wait_until_over() == 0
    kinds = database.execute("SELECT kind FROM decision ORDER BY seq").fetchall()
    database.close()
    assert kinds == [("accept",), ("reject",)]
    assert not list(workspace.glob("*unsaved-*"))
    assert annotator("report", "--json").result["unsaved"] == []
