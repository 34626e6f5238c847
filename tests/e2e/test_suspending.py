"""`ctrl+z` stops the screens like any program, all saved and the terminal as it was; `fg` brings
them back. Meanwhile the terminal's own cursor stands on the caret."""

from __future__ import annotations

import re
import signal
import sqlite3
import termios
import time
from pathlib import Path

import pytest

from tests.e2e.conftest import put_article
from tests.e2e.screens import DECIDED, TEXT, in_the_article
from tests.helpers.terminal import Terminal

pytestmark = pytest.mark.usefixtures("forked")

_SHOW, _HIDE = b"\x1b[?25h", b"\x1b[?25l"
_PLACED = re.compile(rb"\x1b\[(\d+);(\d+)H(?!.*\x1b\[\d+;\d+H)", re.DOTALL)


def _is_stopped(terminal: Terminal) -> bool:
    state = Path(f"/proc/{terminal.process.pid}/stat").read_text(encoding="utf-8")
    return state.rpartition(")")[2].split()[0] == "T"


def _wait_until_stopped(terminal: Terminal) -> None:
    until = time.monotonic() + 20
    while not _is_stopped(terminal):
        assert time.monotonic() < until, "it was not stopped"
        terminal.read(0.05)
    terminal.wait_until_quiet(0.2)


def _cursor(terminal: Terminal) -> tuple[int, int]:
    """Line and column where the last frame put the cursor."""
    found = _PLACED.search(terminal.output)
    assert found is not None
    return int(found[1]), int(found[2])


@pytest.fixture
def reviewing(workspace: Path) -> Terminal:
    put_article(workspace, TEXT, "Ilva Marrow", "Norway")
    return in_the_article(workspace)


def test_the_screens_stop_and_come_back(workspace: Path, reviewing: Terminal) -> None:
    with reviewing as terminal:
        terminal.say("a", DECIDED)
        terminal.output = b""
        terminal.type(b"\x1a")
        _wait_until_stopped(terminal)
        for given_back in (b"\x1b[?1049l", _SHOW, b"\x1b[<u", b"\x1b[?2004l", b"\x1b[?1000l"):
            assert given_back in terminal.output
        assert terminal.output.rfind(_SHOW) > terminal.output.rfind(_HIDE)
        flags = termios.tcgetattr(terminal._master)[3]
        assert flags & termios.ICANON
        assert flags & termios.ECHO
        with sqlite3.connect(workspace / "annotator.db") as database:
            assert database.execute("SELECT count(*) FROM decision").fetchone() == (1,)
        terminal.output = b""
        terminal.process.send_signal(signal.SIGCONT)
        terminal.wait_for(b"crowns")
        terminal.wait_until_quiet(0.5)
        assert b"\x1b[?1049h" in terminal.output
        assert terminal.output.rfind(_SHOW) > terminal.output.rfind(_HIDE)
        terminal.say("x", b"rejected")
        terminal.type("qq")
        assert terminal.wait_until_over() == 0


def test_the_cursor_stands_on_the_caret_and_where_one_types(reviewing: Terminal) -> None:
    with reviewing as terminal:
        terminal.wait_until_quiet(0.5)
        assert terminal.output.rfind(_SHOW) > terminal.output.rfind(_HIDE)
        line, column = _cursor(terminal)
        terminal.type("w")
        terminal.wait_until_quiet(0.5)
        assert _cursor(terminal)[0] == line
        assert _cursor(terminal)[1] > column
        terminal.type("/")
        terminal.wait_until_quiet(0.5)
        at_the_foot = _cursor(terminal)
        assert at_the_foot[0] == 40
        terminal.type("cr")
        terminal.wait_until_quiet(0.5)
        assert _cursor(terminal) == (at_the_foot[0], at_the_foot[1] + 2)
        terminal.output = b""
        terminal.type(b"\x1b")
        terminal.wait_until_quiet(0.5)
        terminal.type("q")
        terminal.wait_until_quiet(0.5)
        assert _HIDE in terminal.output
