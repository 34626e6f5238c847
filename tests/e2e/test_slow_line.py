"""A terminal that accepts output slowly, or not at all for a while."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.e2e.conftest import put_article
from tests.e2e.screens import at_the_queue

pytestmark = pytest.mark.usefixtures("forked")
LINES, PAIRS = 200, 60


def code(number: int) -> str:
    """A word that nobody takes for a name, so that it is drawn in one piece."""
    return "".join("abcdefghij"[int(digit)] for digit in f"{number:03}")


TEXT = "Long ago\n\n" + "\n\n".join(f"and it went on like {code(n)}" for n in range(LINES))


def test_skipped_frames_are_not_sent_later(workspace: Path) -> None:
    put_article(workspace, TEXT)
    with at_the_queue(workspace, words=b"Long ago") as terminal:
        terminal.say("\r", code(9).encode())
        terminal.wait_until_quiet(0.5)
        # Two frames, for comparison: from the top to the end everything is drawn anew, and back.
        frames = 0
        for key, seen in (("G", LINES - 1), ("g", 0)):
            terminal.say(key, code(seen).encode())
            terminal.wait_until_quiet(0.5)
            frames += len(terminal.output)
        before = len(terminal.output)
        for _ in range(PAIRS):
            terminal.type("G")
            time.sleep(0.02)
            terminal.type("g")
            time.sleep(0.02)
        terminal.type("G")
        terminal.wait_until_quiet(0.5)
        sent = terminal.output[before:]
        # What the terminal's own buffer holds was sent before it was full.
        assert len(sent) < PAIRS * frames // 2
        # What it shows in the end is where the caret has come to.
        assert code(LINES - 1).encode() in sent[-frames:]
        terminal.type("qq")
        assert terminal.wait_until_over() == 0
