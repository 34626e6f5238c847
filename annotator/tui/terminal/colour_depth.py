"""How many colours the terminal has, where its name does not tell.

rich reads `COLORTERM` and the end of `TERM`: `xterm-256color` has 256 colours, every other name 16.
Many terminals have names without a number, and SSH does not pass `COLORTERM` on; the terminfo
database knows their colours.
"""

from __future__ import annotations

import os
import sys

NO_COLORS = "none"
_ALL = 1 << 24


def color_system() -> str | None:
    """rich's name for what the terminal has, or `NO_COLORS`; None if terminfo knows nothing better
    than rich."""
    if os.environ.get("COLORTERM") or not _is_terminal():
        return None
    return system_of(_colors())


def system_of(colors: int | None) -> str | None:
    """The same for so many colours; None are unknown, -1 are none."""
    if colors is None or 8 <= colors < 256:
        return None
    if colors < 8:
        return NO_COLORS
    return "truecolor" if colors >= _ALL else "256"


def _colors() -> int | None:
    """The colours of this terminal; None if it has no entry in terminfo."""
    try:
        import curses  # not on Windows

        curses.setupterm(fd=_output())
        return curses.tigetnum("colors")
    except Exception:  # curses.error is known only where curses is
        return None


def _is_terminal() -> bool:
    # Textual draws on standard error.
    return sys.__stderr__ is not None and sys.__stderr__.isatty()


def _output() -> int:
    assert sys.__stderr__ is not None  # see above
    return sys.__stderr__.fileno()
