"""Noticing that the terminal is gone, and doing without it.

A closed window or a dropped connection sends SIGHUP where the terminal is the process's own;
elsewhere reading from it just gives nothing, for ever, and Textual would go on asking.

With SIGHUP comes SIGCONT, at which Textual's driver takes up the terminal again, and its thread
that writes ends at the first error, after which whoever writes waits for it for ever. So both are
taken care of here.
"""

from __future__ import annotations

import contextlib
import select
import sys
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.driver import Driver

# The alternate screen, no cursor, focus told, long lines not wrapped.
_SCREENS_AGAIN = "\x1b[?1049h\x1b[?25l\x1b[?1004h\x1b[?7l"


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


def outliving_the_terminal(driver: type[Driver]) -> type[Driver]:
    """The driver, or what stands the end of its terminal in its place where that is needed."""
    if driver.__name__ != "LinuxDriver":
        return driver

    import termios
    import tty

    from textual import events
    from textual.drivers.linux_driver import LinuxDriver
    from textual.geometry import Size

    class LastingDriver(LinuxDriver):
        """Writes nothing, and takes nothing up, where there is nobody any more.

        `behind` says whether something that was to be written has not gone out yet.
        """

        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self._file: Any = _UntilGone(self._file)
            self._asked = 0

        @property
        def behind(self) -> bool:
            gone_out: int = self._file.gone_out
            return self._asked > gone_out

        def write(self, data: str) -> None:
            self._asked += len(data)
            super().write(data)

        def _sigcont_application(self, *signal: Any) -> None:
            if terminal_is_gone():
                return
            if self._must_signal_resume:
                super()._sigcont_application(*signal)
            elif self._loop is not None:
                # Stopped without being asked, or not at all: everything of ours still runs, and to
                # start it a second time would be the end of it. In a handler nothing is written.
                self._loop.call_soon_threadsafe(self._take_up_again)

        def _take_up_again(self) -> None:
            """Has the terminal as we need it, whatever a shell made of it, and draws anew."""
            if self._writer_thread is None or self._key_thread is None or terminal_is_gone():
                return
            with contextlib.suppress(termios.error):
                modes = termios.tcgetattr(self.fileno)
                modes[tty.LFLAG] = self._patch_lflag(modes[tty.LFLAG])
                modes[tty.IFLAG] = self._patch_iflag(modes[tty.IFLAG])
                modes[tty.CC][termios.VMIN] = 1
                termios.tcsetattr(self.fileno, termios.TCSANOW, modes)
            self.write(_SCREENS_AGAIN)
            self._enable_mouse_support()
            self._enable_bracketed_paste()
            size = Size(*self._get_terminal_size())
            self._app.post_message(events.Resize(size, size))
            self._app.refresh(layout=True)

        def _run_input_thread(self) -> None:
            try:
                self.run_input_thread()
            except BaseException as error:
                # Textual would end the app with status 0, and print what it holds.
                self._app.call_later(self._app._handle_exception, error)

    return LastingDriver


class _UntilGone:
    """A file that is written to as long as that can be done; counts the characters gone out."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._taken = self.gone_out = 0

    def write(self, words: str) -> None:
        with contextlib.suppress(OSError):
            self._file.write(words)
        self._taken += len(words)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._file.flush()
        self.gone_out = self._taken

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
