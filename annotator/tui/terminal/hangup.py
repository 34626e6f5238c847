"""Noticing that the terminal is gone, and doing without it.

A closed window or a dropped connection sends SIGHUP where the terminal is the process's own;
elsewhere reading from it just gives nothing, for ever, and Textual would go on asking.
"""

from __future__ import annotations

import select
import sys


def terminal_is_gone() -> bool:
    """Whether whoever was at the other end of standard input has hung up."""
    if not hasattr(select, "poll") or sys.__stdin__ is None:
        return False
    try:
        poll = select.poll()
        poll.register(sys.__stdin__.fileno(), 0)
        return any(event & select.POLLHUP for _, event in poll.poll(0))
    except (OSError, ValueError):
        return False
