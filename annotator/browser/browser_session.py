"""The screens of one browser tab: a process of its own, and its end.

textual-serve packs keys and frames. Here the process is started without a shell, what keeps it from
starting is shown in the tab, and it always ends: told to leave as by a closed terminal, then by a
signal, then killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from typing import Any

from textual_serve.app_service import AppService

from annotator.core.text.harmless import harmless

_log = logging.getLogger(__name__)
_BEGIN = b"__GANGLION__\n"  # the screens say so before their first packet
_SHOWN = 2000  # characters of what a process said on standard error
# The screens themselves end within 8 seconds, whatever the database does.
_LEAVING_SECONDS = 12.0
_TERMINATED_SECONDS = 9.0
_PIPES_SECONDS = 2.0
_PIECE = 65536
# They would change what the screens draw; the browser shows all colours.
_OF_THE_TERMINAL = ("NO_COLOR", "COLUMNS", "LINES", "TMUX", "STY", "SSH_TTY")


class BrowserSession(AppService):
    """Runs `words`, which speaks the protocol of textual-serve, for one websocket."""

    def __init__(self, words: Sequence[str], **options: Any) -> None:
        super().__init__(" ".join(words), **options)
        self._words = words

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        environment = super()._build_environment(width, height)
        for name in _OF_THE_TERMINAL:
            environment.pop(name, None)
        driver = "annotator.tui.terminal.browser_driver:BrowserDriver"
        return environment | {
            "TEXTUAL_DRIVER": driver,
            "COLUMNS": str(width),
            "ROWS": str(height),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
        }

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        self._process = process = await asyncio.create_subprocess_exec(
            *self._words,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self._build_environment(width, height),
            start_new_session=True,  # ctrl+c in the terminal of the server is for the server
        )
        assert process.stdin is not None
        self._stdin = process.stdin
        return process

    async def run(self) -> None:
        """Carry frames until the process ends, then close the websocket. If the screens do not
        start, the tab shows why."""
        process = self._process
        assert process is not None
        assert process.stdout is not None
        assert process.stderr is not None
        saying = asyncio.create_task(_last_words(process.stderr))
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, ValueError):
                if await _has_begun(process.stdout):
                    await self._carry_packets(process.stdout)
                else:
                    await self._show_failure(await _within(saying))
            await self.remote_close()
            if said := await _within(saying):
                _log.warning("The screens of a tab said:\n%s", said)
        finally:
            saying.cancel()

    async def _carry_packets(self, stdout: asyncio.StreamReader) -> None:
        while True:
            kind = await stdout.readexactly(1)
            size = int.from_bytes(await stdout.readexactly(4), "big")
            payload = await stdout.readexactly(size)
            if kind == b"D":
                await self.on_data(payload)
            elif kind == b"M":
                await self.on_meta(payload)
            elif kind == b"P":
                await self.on_packed(payload)

    async def _show_failure(self, said: str) -> None:
        told = f"The screens could not be started.\n\n{said or 'They gave no reason.'}\n"
        await self.remote_write_bytes(told.replace("\n", "\r\n").encode())

    async def stop(self) -> None:
        """End the process; returns when it has ended."""
        process, task = self._process, self._task
        self._task = None
        if process is None or task is None:
            return
        # Screens that take nothing do not take this either.
        with contextlib.suppress(OSError):
            async with asyncio.timeout(_PIPES_SECONDS):
                await self.send_meta({"type": "quit"})
        if not await _ended(process, _LEAVING_SECONDS):
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            if not await _ended(process, _TERMINATED_SECONDS):
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
        await asyncio.gather(task, return_exceptions=True)
        # The pipes are open until they are read to their end.
        with contextlib.suppress(TimeoutError, OSError):
            await asyncio.wait_for(process.communicate(), _PIPES_SECONDS)


async def _has_begun(stdout: asyncio.StreamReader) -> bool:
    """Whether the screens begin, rather than end before they do."""
    while line := await stdout.readline():  # a library may print lines before
        if line == _BEGIN:
            return True
    return False


async def _last_words(stderr: asyncio.StreamReader) -> str:
    """The end of what a process says on standard error, when it has closed it."""
    said = b""
    while piece := await stderr.read(_PIECE):
        said = (said + piece)[-4 * _SHOWN :]
    return harmless(said.decode(errors="replace"))[-_SHOWN:].strip()


async def _within(saying: asyncio.Task[str]) -> str:
    """The words of a process that has ended; none if something that it started holds the pipe."""
    done, _ = await asyncio.wait({saying}, timeout=_PIPES_SECONDS)
    return saying.result() if done else ""


async def _ended(process: Process, seconds: float) -> bool:
    """Whether the process ended within so many seconds; what it still says is thrown away."""
    waiting = [asyncio.ensure_future(process.wait()), asyncio.ensure_future(_drained(process))]
    done, left = await asyncio.wait(waiting[:1], timeout=seconds)
    for one in (*left, waiting[1]):
        one.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    return bool(done)


async def _drained(process: Process) -> None:
    """Read what nobody carries any more: a process with a full pipe would wait forever."""
    while process.stdout is not None:
        try:
            if not await process.stdout.read(_PIECE):
                return
        except RuntimeError:  # the carrier still reads
            await asyncio.sleep(0.1)
