"""Keys, bytes, pastes, signals and errors at the screens in a real terminal: none ends them, and a
bug is reported in two lines."""

from __future__ import annotations

import random
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.screens import DECIDED, TEXT, at_the_queue, in_the_article
from tests.helpers.items import entity
from tests.helpers.stores import empty_store
from tests.helpers.terminal import Terminal
from tests.tui.desk import take_in

pytestmark = pytest.mark.usefixtures("forked")
BREAKS = """
import sys
from annotator.tui.review.review_screen import SCREEN_ACTIONS
from annotator.cli import main

def do_panel(self):
    secret = "postgresql://ada:s3cret@example.org/desk"
    raise {error}

async def later(self):
    do_panel(self)

SCREEN_ACTIONS["panel"] = {how}
sys.argv = ["annotator", *sys.argv[1:]]
main()
"""
AT_ONCE = "do_panel"
IN_A_WORKER = "lambda self: self.waiting.fetch('x', lambda: later(self))"
IN_A_TIMER = "lambda self: self.set_timer(0.01, lambda: do_panel(self))"
IN_THE_INPUT_THREAD = (
    "lambda self: setattr(self.app._driver, 'process_message', lambda _: do_panel(self))"
)


@pytest.fixture
def ready(workspace: Path) -> Path:
    """A workspace with one article, and three suggestions in it."""
    store = empty_store(workspace / "annotator.db")
    words = {"Ilva Marrow": "PERSON", "Tuesday": "DATE", "Norway": "GPE"}
    take_in(store, TEXT, [entity(TEXT, name, label) for name, label in words.items()])
    store.close()
    return workspace


@pytest.fixture
def reviewing(ready: Path) -> Iterator[Terminal]:
    with in_the_article(ready) as terminal:
        yield terminal


def rows(workspace: Path, words: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(workspace / "annotator.db") as database:
        return database.execute(words).fetchall()


def kinds(workspace: Path) -> list[object]:
    return [kind for (kind,) in rows(workspace, "SELECT kind FROM decision ORDER BY seq")]


def say(terminal: Terminal, keys: str | bytes, words: bytes) -> None:
    """Sends keys, waits for words, and so long that no key after them is taken for a paste."""
    terminal.say(keys, words)
    terminal.wait_until_quiet(0.4)


def test_the_screens_survive_bytes_bursts_pastes_and_signals(
    ready: Path, reviewing: Terminal
) -> None:
    # Bytes that are no UTF-8, with keys beside them.
    say(reviewing, b"\xe1z", b"z does nothing")
    say(reviewing, b"\x1b[M \x80\xffZ", b" Z")  # only what differs is written
    say(reviewing, b"\x1b[99999999999999;5uE", b" E")
    # A paste without marks, one with marks and escapes in it, a long one.
    say(reviewing, "Nobody denied it.\rThe council met.\r", b"Pasted text")
    say(reviewing, b"D\x1b[200~aaaa\x1b[A xx\x1bOP\r\x1b[201~", b"Pasted text")
    say(reviewing, "Q", b"Q does nothing")
    say(reviewing, b"one \x1b[31mtwo\x1b[0m axa\r" * 300, b"Pasted text")
    assert kinds(ready) == []
    # What comes together over help and over the queue.
    say(reviewing, "?q?qqq", b"Press it again")
    say(reviewing, "q", b"show new")
    say(reviewing, "n?", b"ther")
    say(reviewing, "q", b"score")
    # Stopped and taken up again by signals that nobody asked for.
    for number in (signal.SIGCONT, signal.SIGSTOP, signal.SIGCONT, signal.SIGCONT):
        reviewing.process.send_signal(number)
    reviewing.wait_until_quiet(0.5)
    threads = len(list(Path(f"/proc/{reviewing.process.pid}/task").iterdir()))
    say(reviewing, "aaxz", b"does nothing")
    assert threads <= 9
    reviewing.type("qq")
    assert reviewing.wait_until_over() == 0
    assert kinds(ready) == ["accept", "accept", "reject"]
    assert b"Traceback" not in reviewing.output


def test_bursts_of_any_keys_leave_the_keyboard_working(ready: Path) -> None:
    dice = random.Random(7)
    words = [*"n?rFo/lX.tsjkGgyaxu*zHAefv-;T", "\r", "\x1b", "\x10", "\x1b[B", "\x1b[6~", "\t"]
    with at_the_queue(ready) as terminal:
        for _ in range(8):
            for piece in range(dice.randint(1, 3)):
                terminal.type("".join(dice.choices(words, k=dice.randint(2, 5))))
                time.sleep(0.03 * piece)
            terminal.wait_until_quiet(0.3)
            for _ in range(3):
                terminal.type("\x1b")
                terminal.wait_until_quiet(0.15)
            # The help is there on both screens, and tells that it has been closed.
            say(terminal, "?", b"Help")
            terminal.type("q")
            terminal.wait_until_quiet(0.2)
        terminal.type("\x11")
        assert terminal.wait_until_over() == 0


@pytest.mark.parametrize(
    ("error", "how"),
    [
        ("KeyError(secret)", AT_ONCE),
        ("ValueError('no', secret)", IN_A_WORKER),
        ("RuntimeError(secret)", IN_A_TIMER),
        ("UnicodeDecodeError('utf-8', b'', 0, 1, secret)", IN_THE_INPUT_THREAD),
    ],
)
def test_a_bug_of_the_screens_is_reported_without_values(ready: Path, error: str, how: str) -> None:
    program = (sys.executable, "-c", BREAKS.format(error=error, how=how))
    with in_the_article(ready, program=program) as terminal:
        terminal.say("a", DECIDED)
        terminal.say("x", DECIDED)
        terminal.output = b""
        terminal.type("\\")
        if how == IN_THE_INPUT_THREAD:
            terminal.wait_until_quiet(0.5)
            terminal.type("z")
        assert terminal.wait_until_over() == 1
        terminal.wait_until_quiet(0.1)
        output = terminal.output.decode()
    assert "annotator: The screens ended by an error of their own" in output
    assert "start them again" in output
    assert "annotator.log" in output
    assert not any(word in output for word in ("Traceback", "s3cret", "secret", "locals"))
    # After the screens have been left; a frame that was drawn late has more lines.
    assert output.rpartition("\x1b[?1049l")[2].count("\n") < 20
    log = (ready / "annotator.log").read_text()
    assert error.split("(")[0] in log
    assert "do_panel" in log
    assert "s3cret" not in log
    assert kinds(ready) == ["accept", "reject"]
    assert rows(ready, "SELECT leased_until FROM review") == [(None,)]
