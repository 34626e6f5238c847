"""Ends the program within a bounded time, whatever the database or the terminal does."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

_ASKED = ("SIGHUP", "SIGTERM", "SIGQUIT")
_LEAVE = b"\x1b[?1049l\x1b[?25h\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[<u\x1b[0m\r\n"
"""Leaves the screens and restores the terminal's cursor, mouse and keys."""

END_WITHIN = 8.0


class Ending:
    """Ends a program whose own shutdown may hang.

    `keep` saves unsaved work to a disk; it is called first. `last_words` are the lines to print
    after the screens are gone. Both may be called from a signal handler.
    """

    def __init__(self, keep: Callable[[], object], last_words: Callable[[], Iterable[str]]) -> None:
        self._keep, self._last_words = keep, last_words
        self._before = _terminal()

    def when_asked(self, leave: Callable[[], object], *, interrupted: Callable[[], object]) -> None:
        """Handle signals: on SIGHUP, SIGTERM and SIGQUIT save the work and call `leave` in the
        running loop; on SIGINT call `interrupted`.

        The loop's own handlers would not run if the loop is stuck, for example in writing to a
        terminal that accepts nothing.
        """
        loop = asyncio.get_running_loop()

        def asked(number: int, _frame: Any) -> None:
            self.begin()
            with contextlib.suppress(RuntimeError):  # the loop has ended already
                loop.call_soon_threadsafe(interrupted if number == signal.SIGINT else leave)

        self._on(("SIGINT", *_ASKED), asked)

    def begin(self, seconds: float = END_WITHIN) -> None:
        """Save the work, and make sure that the program has ended `seconds` from now."""
        with contextlib.suppress(Exception):
            self._keep()
        if hasattr(signal, "setitimer"):
            self._on(("SIGALRM",), lambda *_: self._end())
            with contextlib.suppress(ValueError):  # not in the main thread
                signal.setitimer(signal.ITIMER_REAL, seconds)

    def over(self) -> None:
        """The program ends by itself; cancel the deadline."""
        if hasattr(signal, "setitimer"):
            with contextlib.suppress(ValueError):
                signal.setitimer(signal.ITIMER_REAL, 0)

    def _on(self, names: Iterable[str], handler: Callable[..., Any]) -> None:
        for name in names:
            # Windows lacks some of them, and only the main thread can set handlers.
            with contextlib.suppress(AttributeError, ValueError):
                signal.signal(getattr(signal, name), handler)

    def _end(self) -> None:
        """Exit at once, with the terminal restored and the last words printed."""
        with contextlib.suppress(Exception):
            self._keep()
        with contextlib.suppress(Exception):
            _give_back(self._before)
        with contextlib.suppress(Exception):
            lines = "".join(f"{line}\r\n" for line in self._last_words())
            _write(_LEAVE + lines.encode(errors="replace"))
        os._exit(1)


def within(seconds: float, act: Callable[[], object]) -> bool:
    """Call `act`, which may hang; returns whether it finished within so many seconds."""
    thread = threading.Thread(target=act, name="annotator-ending", daemon=True)
    thread.start()
    thread.join(seconds)
    return not thread.is_alive()


def _terminal() -> tuple[int, list[Any]] | None:
    """The current terminal settings; None without a terminal."""
    with contextlib.suppress(Exception):
        import termios

        number = sys.__stdin__.fileno() if sys.__stdin__ else -1
        return number, termios.tcgetattr(number)
    return None


def _give_back(before: tuple[int, list[Any]] | None) -> None:
    if before is not None:
        import termios

        # Discard pending output, which may never be sent.
        termios.tcsetattr(before[0], termios.TCSANOW, before[1])


def _write(words: bytes) -> None:
    """Write what the terminal accepts without waiting."""
    number = sys.__stderr__.fileno() if sys.__stderr__ else -1
    os.set_blocking(number, False)
    try:
        while words and select.select([], [number], [], 0.5)[1]:
            words = words[os.write(number, words) :]
    finally:
        os.set_blocking(number, True)
