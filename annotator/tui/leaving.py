"""Quitting: decisions are written, or in a file, within a bounded time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App

from annotator.core.text.counted import many
from annotator.tui.screens.waiting import begin
from annotator.tui.terminal.ending import Ending
from annotator.tui.terminal.hangup import terminal_is_gone

if TYPE_CHECKING:
    from annotator.tui.app_setup import AppSetup
    from annotator.tui.saving.acknowledged import Acknowledged
    from annotator.tui.saving.rescue_files import Rescued, Unwritten
    from annotator.tui.saving.writer import Writer

PATIENCE = 2.0
"""Seconds to wait for everything to be written."""
_AT_ONCE = 0.2
_BEFORE_STOPPING = 2.0  # seconds
_LOOK_AGAIN = 0.02
_LOOK_FOR_TERMINAL = 2.0


class Leaving:
    """The ways to quit an app; `held_now` returns the held articles, each with the call that
    releases it.

    `rescued` are the files with unsaved decisions, `not_rescued` the decisions that are in no file,
    and why; both are known after `finish_writing`.
    """

    def __init__(
        self, app: App[None], held_now: Callable[[], Mapping[str, Callable[[], None]]]
    ) -> None:
        self.rescued: tuple[Path, ...] = ()
        self.not_rescued: tuple[Sequence[Unwritten], str] = ((), "")
        self.held: set[str] = set()
        """The articles still to be released."""
        self.interrupted = False
        """Whether SIGINT ends the app."""
        self.ending: Ending | None = None
        self.was_warned = False
        """Whether the reviewer was told that quitting again leaves decisions in a file."""
        self._app, self._held_now = app, held_now
        self._setup: AppSetup | None = None
        self._writer: Writer | None = None
        self._acknowledged: Acknowledged | None = None

    def begin(self, setup: AppSetup, writer: Writer, acknowledged: Acknowledged) -> None:
        """From now on there are decisions to write."""
        self._setup, self._writer, self._acknowledged = setup, writer, acknowledged

    def when_asked(self) -> None:
        """Quit when a signal asks for it or the terminal is gone, and end the process if that
        hangs."""

        def interrupt() -> None:
            self.interrupted = True
            self.at_once()

        self.ending = Ending(self.keep, self.last_words)
        self.ending.when_asked(self.at_once, interrupted=interrupt)
        self._app.set_interval(_LOOK_FOR_TERMINAL, self._look_for_terminal)

    def _look_for_terminal(self) -> None:
        if terminal_is_gone():
            self.at_once()

    def at_once(self) -> None:
        """Quit without asking; `run_app` writes the rest."""
        self.keep()
        begin(self._app, self.leave_unasked, group="leave", exclusive=True)

    def keep(self) -> None:
        """Write unsaved decisions into files, before closing anything that may hang."""
        if self._writer is not None:
            self._writer.rescue_all()

    async def quit(self) -> None:
        """Quit when everything is written; a second time, write the rest into a file."""
        writer = self._writer
        if writer is None:
            self._end_screens()
            return
        if not await self._settled(_AT_ONCE):
            writer.rescue_all()
        if await self._settled(PATIENCE):
            await self._release()
            writer.close(0)
            self._end_screens()
        elif not self.was_warned:
            self.was_warned = True
            saved = writer.saved
            are = "is" if saved.waiting == 1 else "are"
            left = f"{many(saved.waiting, 'decision')} {are} not written"
            told = f"{left}: {saved.reason}\n{saved.hint}"
            again = "Quit again to leave them in a file."
            self._app.notify(f"{told}\n{again}", severity="warning", markup=False, timeout=15)
        else:
            self._remember(writer.rescue_all())
            self.let_go()
            self._end_screens()

    async def leave_unasked(self) -> None:
        """Quit without asking; unsaved decisions go into files later."""
        if await self._settled(PATIENCE):
            await self._release()
        else:
            self.let_go()  # retried after the screens are gone
        self._end_screens()

    async def suspend(self) -> None:
        """Stop like any program in a shell, once everything is written; what the database takes
        too long for is written after the return."""
        await self._settled(_BEFORE_STOPPING)
        self._app.action_suspend_process()

    def let_go(self) -> bool:
        """Release the held articles after everything is written; returns whether one is open."""
        held = self._held_now()
        if self._writer is None:
            return False
        for article, release in held.items():
            if article not in self.held:
                self.held.add(article)
                self._writer.then(partial(self._release_held, article, release))
        return bool(held)

    def finish_writing(self, patience: float) -> None:
        """End the writer; decisions not written within `patience` seconds go into files."""
        if self._writer is None:
            return
        # First, so that they are safe during the retry.
        self._writer.rescue_all()
        self._writer.close(patience)
        self._remember(self._writer.rescue_all())
        if self._acknowledged is not None and self._setup is not None:
            self._acknowledged.look(self._setup.store.check)
            self.rescued += self._acknowledged.rescued.files

    def last_words(self) -> Iterator[str]:
        """The lines to print after the screens are gone: where unsaved decisions are."""
        folder = None if self._setup is None else self._setup.config.folder
        for path in self.rescued:
            yield f"Decisions that could not be saved are in {path}."
            if folder is not None and path.parent != folder:
                yield f"  Move it to {folder}, and the next start of the screens saves them."
            else:
                yield "  The next start of the screens saves them."
        if self.held and self._setup is not None:
            minutes = max(1, round(self._setup.config.lease_seconds / 60))
            yield "The open article could not be released: others can open it within"
            yield f"  {minutes} min, {self._setup.config.reviewer} at once."
        unwritten, problem = self.not_rescued
        if unwritten:
            from annotator.tui.saving.rescue_files import as_line

            yield f"Decisions could not be saved, nor written to a file ({problem}):"
            yield from (as_line(decision, text) for decision, text in unwritten)
            yield "Put these lines into a file unsaved-1.jsonl in the workspace: the next start of"
            yield "the screens saves them."

    def _release_held(self, article: str, release: Callable[[], None]) -> None:
        """In the writer's thread, after all decisions are written."""
        release()
        self.held.discard(article)

    def _remember(self, rescued: Rescued) -> None:
        self.rescued, self.not_rescued = rescued.files, (rescued.not_rescued, rescued.problem)

    async def _settled(self, patience: float) -> bool:
        """Whether everything is written within so many seconds. Uses no thread, because all may be
        stuck in the database."""
        until = time.monotonic() + patience
        while self._writer is not None and not self._writer.settle(0):
            if time.monotonic() > until:
                return False
            await asyncio.sleep(_LOOK_AGAIN)
        return True

    async def _release(self) -> None:
        """Release an article that is still open."""
        if self.let_go():
            await self._settled(PATIENCE)

    def _end_screens(self) -> None:
        if self.ending is not None:
            self.ending.begin()
        self._app.exit()
