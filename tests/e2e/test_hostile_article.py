"""An article that tries to control the terminal: shown harmlessly, exported as stored."""

import json
import re
from pathlib import Path

import pytest

from tests.e2e.conftest import Annotator
from tests.e2e.screens import at_the_queue

BODY = (
    "Ferry [bold]vote[/bold] slips [link=https://example.org]again[/link\r\n"
    "\r\n"
    "\x1b]0;owned\x07PORT ANSEL \x1b[31mred\x1b[0m\x1b[2J\x1b[H, March 4: Ilva Marrow said "
    "on Tuesday that Norway had asked for two million crowns.\r\n"
    "\r\n"
    "\x9b2J \x1b]2;a title\x1b\\ \x1bP1$r\x1b\\ one\rtwo\x7f\x08 and [@click=app.quit]here[/].\r\n"
    "\r\n"
    "\x1b]8;;https://example.org\x1b\\Click\x1b]8;;\x1b\\ \u202eOslo\u202c\tand "
    "👩‍👩‍👧‍👦 in 🇳🇴 Bergen, e\u0301tude, \u200bLondon.\r\n"
)
# What the app itself says to a terminal: styles, places, modes, questions about the terminal.
OWN = re.compile(
    rb"\x1b\[[0-9;]*[mHAJK]|\x1b\[[?>=<]?[0-9;]*[hlu]|\x1b\[\?[0-9;]+\$p|\x1b\[>[0-9]*q|\x1b\[c"
    rb"|\x1b\]22;[a-z-]*\x07"  # the shape of the mouse pointer
)
STORED = BODY.replace("\r\n", "\n").replace("\r", "\n")


def _add(annotator: Annotator, workspace: Path) -> None:
    file = workspace / "inbox" / "hostile.txt"
    file.write_bytes(BODY.encode())
    assert annotator("add", str(file), "--json").result["added"] == 1


@pytest.mark.usefixtures("shipped_pipeline")
def test_a_hostile_article_is_exported_as_stored(annotator: Annotator, workspace: Path) -> None:
    _add(annotator, workspace)
    (line,) = annotator("export", "--pending", "--output", "-").out.splitlines()
    record = json.loads(line)

    assert record["text"] == STORED
    assert "Norway" in {entity["text"] for entity in record["entities"]}
    for entity in record["entities"]:
        assert STORED[entity["start"] : entity["end"]] == entity["text"]


@pytest.mark.usefixtures("forked")
def test_a_hostile_article_does_not_control_the_terminal(
    annotator: Annotator, workspace: Path
) -> None:
    _add(annotator, workspace)
    # The headline stands in the queue as it was written.
    with at_the_queue(workspace, words=b"[bold]") as terminal:
        terminal.type("\r")
        terminal.wait_for(b"Bergen")
        # Search shows the words once more, and so do the panel and the line about the item.
        terminal.type("/red\x1b")
        terminal.wait_until_quiet(0.5)
        written = terminal.output

    assert b"[bold]" in written
    left = OWN.sub(b"", written)
    assert not re.search(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]", left)
    for command_in_text in (
        "\x1b]0;owned",
        "\x1b[31mred",
        "\x1b[2J\x1b[H,",
        "\x1b]8;;",
        "\x07PORT",
    ):
        assert command_in_text.encode() not in written
    for direction in "\u202e\u202c\u200b":
        assert direction.encode() not in written
