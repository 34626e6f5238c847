"""A program in a pseudo-terminal: started, typed to, and its output timed."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence


class Terminal:
    """Runs a command in its own terminal and records all output."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 40,
        environment: Mapping[str, str] | None = None,
        cwd: str | None = None,
    ) -> None:
        self.started = time.perf_counter()
        self.output = b""
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=cwd,
            env={**_without_size(os.environ), "TERM": "xterm-256color", "COLORTERM": "truecolor"}
            | dict(environment or {}),
            start_new_session=True,
        )
        os.close(slave)

    def read(self, seconds: float) -> bytes:
        """What is written within `seconds`, as soon as anything is; nothing if nothing is."""
        if not select.select([self._master], [], [], seconds)[0]:
            return b""
        try:
            chunk = os.read(self._master, 65536)
        except OSError:  # the program has closed its end
            return b""
        self.output += chunk
        return chunk

    def wait_for(self, words: bytes, seconds: float = 30.0) -> float:
        """Seconds from the start until `words` have been written; TimeoutError if they are not."""
        until = time.perf_counter() + seconds
        while words not in self.output:
            if time.perf_counter() > until:
                tail = self.output[-2000:].decode("utf-8", "replace")
                raise TimeoutError(f"{words!r} was not written; the end of the output: {tail!r}")
            self.read(0.5)
        return time.perf_counter() - self.started

    def wait_until_quiet(self, seconds: float = 0.3) -> None:
        """Reads until nothing has been written for `seconds`."""
        while self.read(seconds):
            pass

    def wait_until_over(self, seconds: float = 20.0) -> int:
        """The exit status of the program, while its output is read; TimeoutError if it does not
        end."""
        until = time.perf_counter() + seconds
        while self.process.poll() is None:
            if time.perf_counter() > until:
                raise TimeoutError("the program did not end")
            self.read(0.1)
        return self.process.wait()

    def type(self, keys: str | bytes) -> None:
        os.write(self._master, keys.encode() if isinstance(keys, str) else keys)

    def say(self, keys: str | bytes, words: bytes, seconds: float = 30.0) -> None:
        """Types keys and waits until words have been written since."""
        self.output = b""
        self.type(keys)
        self.wait_for(words, seconds)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._master)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _without_size(environment: Mapping[str, str]) -> dict[str, str]:
    """What would hide the terminal's own size is left out: pytest-xdist sets it for its workers."""
    return {k: v for k, v in environment.items() if k not in ("COLUMNS", "LINES")}
