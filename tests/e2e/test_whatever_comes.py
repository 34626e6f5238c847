"""Keys, bytes, pastes, signals and errors at the screens in a real terminal: none is their end,
and an error of their own is told in two lines."""

from __future__ import annotations

import signal
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Annotator
from tests.terminal import Terminal

TEXT = "Ferry late\n\nIlva Marrow said on Tuesday that Norway had asked for two million crowns.\n"
BREAKS = """
import sys
from annotator.tui.review_screen import ReviewScreen
from annotator.cli import main

def do_panel(self):
    secret = "postgresql://ada:s3cret@example.org/desk"
    raise {error}

async def later(self):
    do_panel(self)

ReviewScreen.do_panel = {how}
sys.argv = ["annotator", *sys.argv[1:]]
main()
"""
AT_ONCE = "do_panel"
IN_A_WORKER = "lambda self: self.fetch('x', lambda: later(self))"
IN_A_TIMER = "lambda self: self.set_timer(0.01, lambda: do_panel(self))"
IN_THE_INPUT_THREAD = (
    "lambda self: setattr(self.app._driver, 'process_message', lambda _: do_panel(self))"
)


@pytest.fixture
def ready(annotator: Annotator, workspace: Path) -> Path:
    (workspace / "inbox" / "a.txt").write_text(TEXT)
    annotator("add", str(workspace / "inbox"))
    return workspace


def start(workspace: Path, *command: str) -> Terminal:
    program = command or (sys.executable, "-m", "annotator")
    terminal = Terminal([*program, "--workspace", str(workspace), "review"])
    terminal.wait_for(b"Ferry late")
    terminal.wait_until_quiet(1.0)
    return terminal


@pytest.fixture
def reviewing(ready: Path) -> Iterator[Terminal]:
    with start(ready) as terminal:
        terminal.type("\r")
        terminal.wait_for(b"crowns")
        terminal.wait_until_quiet(1.0)
        yield terminal


def rows(workspace: Path, words: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(workspace / "annotator.db") as database:
        return database.execute(words).fetchall()


def kinds(workspace: Path) -> list[object]:
    return [kind for (kind,) in rows(workspace, "SELECT kind FROM decision ORDER BY seq")]


def say(terminal: Terminal, keys: str | bytes, words: bytes) -> None:
    """Sends keys and waits until words that were not there before have been written."""
    terminal.output = b""
    terminal.type(keys)
    terminal.wait_for(words)
    terminal.wait_until_quiet(0.4)


def test_bytes_bursts_pastes_and_signals_leave_the_screens_at_work(
    ready: Path, reviewing: Terminal
) -> None:
    # Bytes that are no UTF-8, with keys beside them.
    say(reviewing, b"\xe1z", b"z does nothing")
    say(reviewing, b"\x1b[M \x80\xffZ", b"Z does nothing")
    say(reviewing, b"\x1b[99999999999999;5um", b"m does nothing")
    # A paste without marks, one with marks and escapes in it, a long one.
    say(reviewing, "Nobody denied it.\rThe council met.\r", b"Pasted text")
    say(reviewing, b"M\x1b[200~aaaa\x1b[A xx\x1bOP\r\x1b[201~", b"Pasted text")
    say(reviewing, "Q", b"Q does nothing")
    say(reviewing, b"one \x1b[31mtwo\x1b[0m axa\r" * 300, b"Pasted text")
    assert kinds(ready) == []
    # What comes together over help and over the queue.
    say(reviewing, "?q?qqq", b"press it again")
    say(reviewing, "q", b"show new")
    say(reviewing, "n?", b"ther")
    say(reviewing, "q", b"sure")
    # Stopped and taken up again by signals that nobody asked for.
    for number in (signal.SIGCONT, signal.SIGSTOP, signal.SIGCONT, signal.SIGCONT):
        reviewing.process.send_signal(number)
    reviewing.wait_until_quiet(1.0)
    threads = len(list(Path(f"/proc/{reviewing.process.pid}/task").iterdir()))
    say(reviewing, "aaxz", b"does nothing")
    assert threads <= 9
    reviewing.type("qq")
    assert reviewing.wait_until_over() == 0
    assert kinds(ready) == ["accept", "accept", "reject"]
    assert b"Traceback" not in reviewing.output


@pytest.mark.parametrize(
    ("error", "how"),
    [
        ("KeyError(secret)", AT_ONCE),
        ("ValueError('no', secret)", IN_A_WORKER),
        ("RuntimeError(secret)", IN_A_TIMER),
        ("UnicodeDecodeError('utf-8', b'', 0, 1, secret)", IN_THE_INPUT_THREAD),
    ],
)
def test_an_error_of_the_screens_is_told_without_values_and_loses_nothing(
    ready: Path, error: str, how: str
) -> None:
    program = (sys.executable, "-c", BREAKS.format(error=error, how=how))
    with start(ready, *program) as terminal:
        terminal.type("\r")
        terminal.wait_for(b"crowns")
        terminal.wait_until_quiet(1.0)
        terminal.type("ax")
        terminal.wait_until_quiet(0.5)
        terminal.output = b""
        terminal.type("\\")
        terminal.wait_until_quiet(0.5)
        if how == IN_THE_INPUT_THREAD:
            terminal.type("z")
        assert terminal.wait_until_over() == 1
        terminal.wait_until_quiet(0.2)
        output = terminal.output.decode()
    assert "annotator: The screens ended by an error of their own" in output
    assert "start them again" in output
    assert "annotator.log" in output
    assert not any(word in output for word in ("Traceback", "s3cret", "secret", "locals"))
    assert output.count("\n") < 20
    log = (ready / "annotator.log").read_text()
    assert error.split("(")[0] in log
    assert "do_panel" in log
    assert "s3cret" not in log
    assert kinds(ready) == ["accept", "reject"]
    assert rows(ready, "SELECT leased_until FROM review") == [(None,)]
