"""Detects that the terminal is gone.

A closed window or a dropped connection sends SIGHUP if the terminal controls the process; otherwise
reads only return nothing, forever, and Textual would keep reading.
"""

from __future__ import annotations

import select
import sys


def terminal_is_gone() -> bool:
    """Whether the other end of standard input has hung up."""
    if not hasattr(select, "poll") or sys.__stdin__ is None:
        return False
    try:
        poll = select.poll()
        poll.register(sys.__stdin__.fileno(), 0)
        return any(event & select.POLLHUP for _, event in poll.poll(0))
    except (OSError, ValueError):
        return False
