"""`esc` and a key right after it, in a real terminal."""

from __future__ import annotations

import sqlite3
import sys
import time
from pathlib import Path

from tests.e2e.conftest import put_article
from tests.helpers.terminal import Terminal

TEXT = "Ferry late\n\nIlva Marrow said on Tuesday that Norway had asked for two million crowns.\n"


def test_leaving_a_strip_and_undoing_at_once_decides_nothing(workspace: Path) -> None:
    put_article(workspace, TEXT, "Ilva Marrow", "Norway")
    command = [sys.executable, "-m", "annotator", "--workspace", str(workspace), "review"]
    with Terminal(command) as terminal:
        terminal.wait_for(b"Ferry late")
        terminal.wait_until_quiet(1.0)
        terminal.type("\r")
        terminal.wait_for(b"crowns")
        terminal.wait_until_quiet(1.0)
        terminal.type("aX")
        terminal.wait_for(b"unusable")
        terminal.type("\x1b")
        time.sleep(0.02)
        terminal.type("u")
        terminal.wait_for(b"Undone")
        terminal.wait_until_quiet(0.5)
        terminal.type("qq")
        assert terminal.wait_until_over() == 0
    with sqlite3.connect(workspace / "annotator.db") as database:
        kinds = database.execute("SELECT kind FROM decision ORDER BY seq").fetchall()
    assert kinds == [("accept",), ("withdraw",)]
