"""The driver that stands the end of its terminal.

With SIGHUP comes SIGCONT, at which Textual's driver takes up the terminal again, and its thread
that writes ends at the first error, after which whoever writes waits for it for ever. So both are
taken care of here.
"""

from __future__ import annotations

import contextlib
from typing import IO, Any

from annotator.tui.terminal.hangup import terminal_is_gone
from annotator.tui.terminal.textual_internals import OpenDriver

# The alternate screen, no cursor, focus told, long lines not wrapped.
_SCREENS_AGAIN = "\x1b[?1049h\x1b[?25l\x1b[?1004h\x1b[?7l"


class LastingDriver(OpenDriver):
    """Writes nothing, and takes nothing up, where there is nobody any more.

    `behind` says whether something that was to be written has not gone out yet.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.file = self._lasting = _UntilGone(self.file)
        self._asked = 0

    @property
    def behind(self) -> bool:
        return self._asked > self._lasting.gone_out

    def write(self, data: str) -> None:
        self._asked += len(data)
        super().write(data)

    def continued(self, *signal: Any) -> None:
        if terminal_is_gone():
            return
        if self.was_suspended:
            super().continued(*signal)
        else:
            # Stopped without being asked, or not at all: everything of ours still runs, and to
            # start it a second time would be the end of it. In a handler nothing is written.
            self.call_soon(self._take_up_again)

    def _take_up_again(self) -> None:
        """Has the terminal as we need it, and draws anew."""
        if self.is_up and not terminal_is_gone():
            self.set_modes()
            self.write(_SCREENS_AGAIN)
            self.ask_for_all()

    def read_terminal(self) -> None:
        try:
            super().read_terminal()
        except BaseException as error:
            # Textual would end the app with status 0, and print what it holds.
            self.end_app_by(error)


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
