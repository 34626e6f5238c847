"""What a terminal without a telling name is known to have."""

from __future__ import annotations

import sys

import pytest

from annotator.tui.terminal.colour_depth import NO_COLORS, system_of
from tests.helpers.terminal import Terminal

ASK = "from annotator.tui.terminal.colour_depth import color_system; print([color_system()])"


@pytest.mark.parametrize(
    ("colors", "system"),
    [
        (None, None),
        (-1, NO_COLORS),
        (2, NO_COLORS),
        (8, None),
        (16, None),
        (256, "256"),
        (1 << 24, "truecolor"),
    ],
)
def test_the_number_of_colours_decides(colors: int | None, system: str | None) -> None:
    assert system_of(colors) == system


@pytest.mark.parametrize(
    ("term", "color_term", "known"),
    [
        ("screen-256color", "", "256"),
        ("vt100", "", NO_COLORS),
        ("xterm", "", None),
        ("no-such-terminal", "", None),
        ("vt100", "truecolor", None),
    ],
)
def test_terminfo_is_asked_unless_the_environment_tells(
    term: str, color_term: str, known: str | None
) -> None:
    environment = {"TERM": term, "COLORTERM": color_term}
    terminal = Terminal([sys.executable, "-c", ASK], environment=environment)
    try:
        terminal.wait_for(f"[{known!r}]".encode())
    finally:
        terminal.close()
