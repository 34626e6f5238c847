"""`esc` and a key right after it, in a real terminal."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest

from tests.e2e.conftest import put_article
from tests.e2e.screens import SAVED, TEXT, in_the_article

pytestmark = pytest.mark.usefixtures("forked")


def test_closing_a_menu_and_undoing_at_once_decides_nothing(workspace: Path) -> None:
    put_article(workspace, TEXT, "Ilva Marrow", "Norway")
    with in_the_article(workspace) as terminal:
        terminal.say("aX", b"unusable")
        terminal.type("\x1b")
        time.sleep(0.02)
        terminal.say("u", b"Undone")
        terminal.wait_for(SAVED)
        terminal.type("qq")
        assert terminal.wait_until_over() == 0
    with sqlite3.connect(workspace / "annotator.db") as database:
        kinds = database.execute("SELECT kind FROM decision ORDER BY seq").fetchall()
    assert kinds == [("accept",), ("withdraw",)]
