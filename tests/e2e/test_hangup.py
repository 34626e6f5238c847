"""The terminal disappears, or the screens are asked to end: they save, release the article and
exit."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import put_article
from tests.e2e.screens import DECIDED, TEXT, in_the_article
from tests.helpers.terminal import Terminal

pytestmark = pytest.mark.usefixtures("forked")


def _hang_up(terminal: Terminal) -> None:
    os.close(terminal._master)


def _ask_to_end(terminal: Terminal) -> None:
    terminal.process.send_signal(signal.SIGTERM)


def _interrupt(terminal: Terminal) -> None:
    terminal.process.send_signal(signal.SIGINT)


def _say_that_it_is_gone(terminal: Terminal) -> None:
    terminal.process.send_signal(signal.SIGHUP)


def _drop_the_connection(terminal: Terminal) -> None:
    """What a shell's terminal sends to all that runs in it when it goes away."""
    os.close(terminal._master)
    for number in (signal.SIGHUP, signal.SIGCONT):
        with contextlib.suppress(ProcessLookupError):
            terminal.process.send_signal(number)


@pytest.mark.parametrize(
    ("leave", "status"),
    [
        (_hang_up, 0),
        (_ask_to_end, 0),
        (_interrupt, 130),
        (_say_that_it_is_gone, 0),
        (_drop_the_connection, 0),
    ],
)
def test_decisions_are_kept_and_the_article_is_released(
    workspace: Path, leave: Callable[[Terminal], None], status: int
) -> None:
    put_article(workspace, TEXT, "Ilva Marrow", "Norway")
    terminal = in_the_article(workspace)
    try:
        terminal.say("a", DECIDED)
        leave(terminal)
        # A terminal that is still there reads on: frames may be under way, and nothing ends well
        # that cannot write them.
        is_open = leave not in (_hang_up, _drop_the_connection)
        got = terminal.wait_until_over() if is_open else terminal.process.wait(20)
        assert got == status, terminal.output[-1500:]
    finally:
        with contextlib.suppress(OSError):
            terminal.close()
    with sqlite3.connect(workspace / "annotator.db") as database:
        (kept,) = database.execute("SELECT count(*) FROM decision").fetchone()
        (held,) = database.execute("SELECT leased_until FROM review").fetchone()
    assert kept == 1
    assert held is None
