"""A driver that survives the end of its terminal.

With SIGHUP comes SIGCONT, at which Textual's driver starts using the terminal again; its writer
thread ends at the first error, after which all writers wait for it forever. This driver handles
both.
"""

from __future__ import annotations

import contextlib
from typing import IO, Any

from annotator.tui.terminal.hangup import terminal_is_gone
from annotator.tui.terminal.sgr import shortened
from annotator.tui.terminal.textual_internals import OpenDriver

_HIDE, _SHOW = "\x1b[?25l", "\x1b[?25h"
# While more than this is drawn, a cursor would be seen to wander.
_MANY_CHARACTERS = 3000
# The alternate screen, no cursor, focus events, long lines not wrapped.
_SCREENS_AGAIN = "\x1b[?1049h\x1b[?25l\x1b[?1004h\x1b[?7l"


class LastingDriver(OpenDriver):
    """Writes nothing and resumes nothing if the terminal is gone.

    `behind` says whether some output has not been sent yet.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.file = self._lasting = _UntilGone(self.file)
        self._asked = 0
        self._shows_cursor = False

    @property
    def behind(self) -> bool:
        return self._asked > self._lasting.gone_out

    def begin(self) -> None:
        self._shows_cursor = False  # it is hidden at first
        super().begin()

    def show_cursor(self, shown: bool) -> None:
        """Show or hide the terminal's own cursor."""
        if shown != self._shows_cursor:
            self._shows_cursor = shown
            self.write(_SHOW if shown else _HIDE)

    def write(self, data: str) -> None:
        data = shortened(data)
        if self._shows_cursor and len(data) > _MANY_CHARACTERS:
            data = f"{_HIDE}{data}{_SHOW}"
        self._asked += len(data)
        super().write(data)

    def continued(self, *signal: Any) -> None:
        if terminal_is_gone():
            return
        if self.was_suspended:
            super().continued(*signal)
        else:
            # The stop was not requested, or there was none: everything still runs, and starting it
            # twice would break it. A signal handler writes nothing.
            self.call_soon(self._take_up_again)

    def _take_up_again(self) -> None:
        """Restore the terminal modes and redraw."""
        if self.is_up and not terminal_is_gone():
            self.set_modes()
            self._shows_cursor = False
            self.write(_SCREENS_AGAIN)
            self.ask_for_all()

    def read_terminal(self) -> None:
        try:
            super().read_terminal()
        except BaseException as error:
            # Textual would end the app with status 0 and print the error.
            self.end_app_by(error)


class _UntilGone:
    """A file that writes as long as possible; counts the characters sent."""

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
