"""Noticing that the terminal is gone or that somebody asks the program to end.

A closed window or a dropped connection sends SIGHUP where the terminal is the process's own;
elsewhere reading from it just gives nothing, for ever, and Textual would go on asking.
"""

from __future__ import annotations

import asyncio
import contextlib
import select
import signal
import sys
from collections.abc import Callable


def on_asked_to_end(leave: Callable[[], object]) -> None:
    """Calls `leave` in the running loop at SIGHUP and SIGTERM, where the system has them."""
    loop = asyncio.get_running_loop()
    for name in ("SIGHUP", "SIGTERM"):
        # Windows has no handlers in loops; a loop in a thread may set none.
        with contextlib.suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(getattr(signal, name), leave)


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
