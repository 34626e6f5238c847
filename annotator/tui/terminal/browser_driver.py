"""A driver for the screens in a browser, for `annotator serve`.

Textual's web driver stops the app on the spot when the tab is closed; here a closed tab is what a
closed terminal is, so that everything is saved and the article released.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from functools import partial
from typing import Any

from textual.drivers.web_driver import WebDriver

from annotator.tui.terminal.sgr import shortened


class BrowserDriver(WebDriver):
    """Speaks the protocol of textual-serve on standard input and output."""

    has_begun = False
    """Whether packets can be sent: the server waits for a line that announces them."""

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        self._write = partial(send)

    @property
    def behind(self) -> bool:
        """Whether the server has not taken all yet, over a slow connection."""
        return _untaken(self.fileno) > 0

    def write(self, data: str) -> None:
        super().write(shortened(data))

    def start_application_mode(self) -> None:
        super().start_application_mode()
        BrowserDriver.has_begun = True
        # Leaving by a signal is the app's own, and saves first.
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)

    def stop_application_mode(self) -> None:
        self.exit_event.set()
        self._input_reader.close()

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        if packet_type == "quit":
            os.kill(os.getpid(), signal.SIGHUP)
        else:
            super().on_meta(packet_type, payload)


def send(packet: bytes) -> int:
    """Send a packet to the server, if it is there; returns the bytes of the packet."""
    size = len(packet)
    number = sys.__stdout__.fileno() if sys.__stdout__ is not None else -1
    with contextlib.suppress(OSError):
        while packet:
            packet = packet[os.write(number, packet) :]
    return size


def say_last(words: str) -> None:
    """Show some lines in place of the screens, and end the connection."""
    if not BrowserDriver.has_begun:
        send(b"__GANGLION__\n")
    shown = ("\x1b[?1049l" + words.replace("\n", "\r\n")).encode()
    send(b"D" + len(shown).to_bytes(4, "big") + shown)
    ended = b'{"type": "exit"}'
    send(b"M" + len(ended).to_bytes(4, "big") + ended)


def _untaken(number: int) -> int:
    """The bytes in a pipe that nobody has read yet; 0 where that cannot be asked."""
    try:
        import fcntl
        import termios

        answer = fcntl.ioctl(number, termios.FIONREAD, b"\0\0\0\0")
    except (ImportError, OSError):
        return 0
    return int.from_bytes(answer, sys.byteorder)
