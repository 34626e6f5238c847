"""A terminal that accepts output slowly, or not at all for a while."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.e2e.conftest import put_article
from tests.e2e.screens import at_the_queue

pytestmark = pytest.mark.usefixtures("forked")
LINES = 200


def code(number: int) -> str:
    """A word that nobody takes for a name, so that it is drawn in one piece."""
    return "".join("abcdefghij"[int(digit)] for digit in f"{number:03}")


TEXT = "Long ago\n\n" + "\n\n".join(f"and it went on like {code(n)}" for n in range(LINES))


def test_skipped_frames_are_not_sent_later(workspace: Path) -> None:
    put_article(workspace, TEXT)
    with at_the_queue(workspace, words=b"Long ago") as terminal:
        terminal.say("\r", code(9).encode())
        terminal.wait_until_quiet(0.5)
        # One frame, for comparison: from the top to the end everything is drawn anew.
        before = len(terminal.output)
        terminal.type("Gg")
        terminal.wait_until_quiet(0.5)
        frame = len(terminal.output) - before
        before = len(terminal.output)
        for _ in range(LINES // 2):
            terminal.type("j")
            time.sleep(0.02)
        terminal.wait_until_quiet(0.5)
        sent = terminal.output[before:]
        assert len(sent) < 4 * frame
        # What it shows in the end is where the caret has come to.
        assert code(LINES // 4 - 1).encode() in sent
        terminal.type("qq")
        assert terminal.wait_until_over() == 0
