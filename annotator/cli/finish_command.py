"""Runs the command of the setting `on_finish` after each article that the reviewer finishes here.

It gets the record as one line of JSON on its standard input, never through a shell. It runs in a
thread of its own, one at a time; it can neither stop the review nor reach its terminal; its
errors are logged and shown. Only decisions on these screens trigger it: reviews that an import
or a bundle brings do not.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from annotator.core.text.harmless import harmless_line
from annotator.errors import AnnotatorError

if TYPE_CHECKING:
    from annotator.core.record import SchemeId
    from annotator.store.store import Store

Tell = Callable[[str], None]
_SHOWN = 300  # characters of what the command says
_PIECE = 65536
_PATIENCE = 1.0  # seconds
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FinishProgram:
    """Program and arguments, where they run, and after how many seconds they are ended."""

    words: tuple[str, ...]
    folder: Path
    seconds: float

    def run(self, content: bytes) -> str | None:
        """Run it with this standard input; returns what went wrong, None if nothing did."""
        try:
            process = subprocess.Popen(
                self.words,
                cwd=self.folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            return getattr(error, "strerror", None) or str(error)
        streams = _Streams(process, content)
        try:
            status = process.wait(self.seconds)
        except subprocess.TimeoutExpired:
            _end(process)
            return f"ended after {self.seconds:g} seconds"
        if status == 0:
            return None
        words = streams.last_words()
        return f"status {status}" + (f": {words}" if words else "")


class _Streams:
    """Gives a process its standard input, and keeps the end of what it says on standard error,
    however much that is; in threads, which end with it."""

    def __init__(self, process: subprocess.Popen[bytes], content: bytes) -> None:
        self._process, self._content, self._said = process, content, b""
        self._threads = [Thread(target=work, daemon=True) for work in (self._give, self._listen)]
        for thread in self._threads:
            thread.start()

    def last_words(self) -> str:
        """What it said last, in one line."""
        self._threads[1].join(_PATIENCE)  # longer only if something that it started goes on
        words = self._said.decode(errors="replace").split()
        return harmless_line(" ".join(words))[-_SHOWN:]

    def _give(self) -> None:
        assert self._process.stdin is not None
        # A process need not read what it gets.
        with contextlib.suppress(OSError), self._process.stdin as stdin:
            stdin.write(self._content)

    def _listen(self) -> None:
        assert self._process.stderr is not None
        with contextlib.suppress(OSError), self._process.stderr as stderr:
            while piece := os.read(stderr.fileno(), _PIECE):
                self._said = (self._said + piece)[-4 * _SHOWN :]


class FinishCommand:
    """Runs a command for reviews, in order, in a thread. `scheme` is the label scheme of the
    records."""

    def __init__(self, command: FinishProgram, store: Store, scheme: SchemeId) -> None:
        self.command, self._store, self._scheme = command, store, scheme
        self._current = ""
        self._due: queue.SimpleQueue[tuple[str, bytes, Tell] | None] = queue.SimpleQueue()
        self._thread = Thread(target=self._work, name="annotator-on-finish", daemon=True)
        self._thread.start()

    def __call__(self, tell: Tell, article: str, reviewer: str, adjudicates: bool) -> None:
        """Run the command for a review that has just been finished and stored: reads its record,
        and returns. `tell` gets one line if something goes wrong, from another thread. Raises
        nothing, since the decision is stored already."""
        try:
            content = self._record(article, reviewer, adjudicates)
        except AnnotatorError as error:
            self._complain(article, error.message, tell)
        except Exception as error:
            _log.exception("on_finish failed unexpectedly")
            self._complain(article, type(error).__name__, tell)
        else:
            self._due.put((article, content, tell))

    def close(self, timeout: float) -> None:
        """Wait until the commands that are due have run, or that many seconds; what is left is
        logged."""
        self._due.put(None)
        self._thread.join(timeout)
        if self._thread.is_alive():
            _log.warning("on_finish still runs for %s.", self._current[:12])
            with contextlib.suppress(queue.Empty):
                while (due := self._due.get_nowait()) is not None:
                    _log.warning("on_finish has not run for %s.", due[0][:12])

    def _work(self) -> None:
        while (due := self._due.get()) is not None:
            self._current, content, tell = due
            try:
                problem = self.command.run(content)
            except Exception as error:
                _log.exception("on_finish failed unexpectedly")
                problem = type(error).__name__
            if problem:
                self._complain(self._current, problem, tell)

    def _complain(self, article: str, problem: str, tell: Tell) -> None:
        _log.error("on_finish for %s: %s", article[:12], problem)
        with contextlib.suppress(Exception):  # the screens may have ended
            tell(f"on_finish failed: {problem}")

    def _record(self, article: str, reviewer: str, adjudicates: bool) -> bytes:
        """The record of the review as a line."""
        from annotator.export.records import record_of
        from annotator.formats.jsonl import line_of

        opened = self._store.reviews.get(article, reviewer, adjudicates=adjudicates)
        story = self._store.stories.held((article,)).of_article.get(article)
        return line_of(record_of(self._store, opened, self._scheme, story))


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process with all that it started."""
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_PATIENCE)
