"""The screens in a terminal, prepared for a test: at the queue, in an article."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.helpers.terminal import Terminal

TEXT = "Ferry late\n\nIlva Marrow said on Tuesday that Norway had asked for two million crowns.\n"
IN_QUEUE = b"Ferry late"
IN_ARTICLE = b"crowns"
DECIDED = b"u undoes"
"""What stands at the foot after a decision."""
SAVED = "● saved".encode()
PROGRAM = (sys.executable, "-m", "annotator")
_HASTY = """
from annotator.cli import main
from annotator.tui import leaving
leaving.PATIENCE = 0.5
main()
"""
HASTY = (sys.executable, "-c", _HASTY)
"""The same, which waits less for a database before it says that something is not written."""


def at_the_queue(
    workspace: Path,
    *,
    program: Sequence[str] = PROGRAM,
    words: bytes = IN_QUEUE,
    environment: Mapping[str, str] | None = None,
) -> Terminal:
    """`review` in a terminal, whose queue has been drawn with these words in it."""
    command = [*program, "--workspace", str(workspace), "review"]
    return _once_it_shows(Terminal(command, environment=environment), "", words)


def in_the_article(
    workspace: Path,
    *,
    program: Sequence[str] = PROGRAM,
    environment: Mapping[str, str] | None = None,
) -> Terminal:
    """The same, with the first article of the queue opened."""
    terminal = at_the_queue(workspace, program=program, environment=environment)
    return _once_it_shows(terminal, "\r", IN_ARTICLE)


def _once_it_shows(terminal: Terminal, keys: str, words: bytes) -> Terminal:
    try:
        terminal.say(keys, words)
    except TimeoutError:
        terminal.close()
        raise
    return terminal
