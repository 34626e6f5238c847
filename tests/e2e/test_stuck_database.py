"""A database that never answers: the screens report it and can be left, and nothing typed is
lost."""

from __future__ import annotations

import json
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.screens import DECIDED, IN_QUEUE, SAVED, TEXT, at_the_queue, in_the_article
from tests.helpers.building import ready
from tests.helpers.items import entity
from tests.helpers.stores import empty_store
from tests.helpers.terminal import Terminal

pytestmark = pytest.mark.usefixtures("forked")
# The screens themselves, on a store that hangs for ever once a file says so.
STUCK = """
import os, sys, threading
from annotator.cli import main
from annotator.store.sql.database import Database
stuck, real = sys.argv.pop(1), Database._explained
def explained(self, **options):
    if os.path.exists(stuck):
        threading.Event().wait()
    return real(self, **options)
Database._explained = explained
main()
"""
# The same, which waits less when it ends: half a second for the database, two for everything.
SOON_OVER = f"""
from annotator.tui import leaving
from annotator.tui.terminal.ending import Ending
leaving.PATIENCE = 0.5
Ending.begin.__defaults__ = (2.0,)
{STUCK}
"""


def at_an_article(workspace: Path, stuck: Path, *, program: str = STUCK) -> Terminal:
    return in_the_article(workspace, program=(sys.executable, "-c", program, str(stuck)))


@pytest.fixture
def article(workspace: Path) -> None:
    """An article in the workspace's database, with two suggestions."""
    store = empty_store(workspace / "annotator.db")
    ready(store, TEXT, [entity(TEXT, "Ilva Marrow"), entity(TEXT, "Norway", "GPE")])
    store.close()


def put_aside(workspace: Path) -> list[str]:
    lines = [
        json.loads(line)
        for path in workspace.glob("unsaved-*.jsonl")
        for line in path.read_text("utf-8").splitlines()
    ]
    return [line["kind"] for line in sorted(lines, key=lambda line: line["seq"])]


def come_back(workspace: Path) -> list[tuple[str]]:
    """The decisions that are stored after the next start."""
    with at_the_queue(workspace, words=b"are saved now") as terminal:
        terminal.type("q")
        terminal.wait_until_over()
    with sqlite3.connect(workspace / "annotator.db") as database:
        return database.execute("SELECT kind FROM decision ORDER BY seq").fetchall()


@pytest.mark.usefixtures("article")
def test_a_stuck_database_is_reported_and_the_screens_can_be_left(
    workspace: Path, tmp_path: Path
) -> None:
    stuck = tmp_path / "stuck"
    with at_an_article(workspace, stuck, program=SOON_OVER) as terminal:
        stuck.touch()
        terminal.output = b""
        began = time.monotonic()
        terminal.type("ax")
        terminal.wait_for(b"not saved")
        assert time.monotonic() - began < 10
        terminal.say("q", IN_QUEUE)
        terminal.say("q", b"Quit again")
        terminal.say("q", b"The next start of the screens saves them.")
        terminal.wait_until_over(15)
    assert put_aside(workspace) == ["accept", "reject"]
    stuck.unlink()
    assert come_back(workspace) == [("accept",), ("reject",)]


def _terminate(terminal: Terminal) -> None:
    terminal.process.send_signal(signal.SIGTERM)


def _hang_up(terminal: Terminal) -> None:
    terminal.process.send_signal(signal.SIGHUP)


def _quit(terminal: Terminal) -> None:
    terminal.process.send_signal(signal.SIGQUIT)


@pytest.mark.usefixtures("article")
@pytest.mark.parametrize(
    ("ask", "reads", "program"),
    [
        (_terminate, True, STUCK),
        (_terminate, False, SOON_OVER),
        (_hang_up, False, SOON_OVER),
        (_quit, True, SOON_OVER),
    ],
    ids=["terminated", "terminated unread", "hung up unread", "quit"],
)
def test_signals_end_the_screens_in_time(
    workspace: Path, tmp_path: Path, ask: Callable[[Terminal], None], reads: bool, program: str
) -> None:
    stuck = tmp_path / "stuck"
    with at_an_article(workspace, stuck, program=program) as terminal:
        stuck.touch()
        terminal.say("ax", b"Nothing is open")
        if reads:
            threading.Thread(target=terminal.wait_until_over, args=(30,), daemon=True).start()
        else:
            for _ in range(60):  # frames that nobody takes
                terminal.type("?\x1b")
                time.sleep(0.02)
        ask(terminal)
        terminal.process.wait(20)
    assert put_aside(workspace) == ["accept", "reject"]


@pytest.mark.usefixtures("article")
def test_a_removed_log_is_reported_and_decisions_are_restored(
    workspace: Path, tmp_path: Path
) -> None:
    with at_an_article(workspace, tmp_path / "never") as terminal:
        terminal.say("a", DECIDED)
        terminal.wait_for(SAVED)
        (workspace / "annotator.db-wal").unlink()
        terminal.output = b""
        terminal.type("x")
        terminal.wait_for(b"not saved")
        terminal.process.kill()  # what is not in a file by now is lost
        terminal.process.wait()
    assert put_aside(workspace) == ["accept", "reject"]
    for end in ("-wal", "-shm"):
        (workspace / f"annotator.db{end}").unlink(missing_ok=True)
    assert come_back(workspace) == [("accept",), ("reject",)]
