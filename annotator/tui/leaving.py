"""How the screens end: what was decided is written or in a file, and nothing is waited for long."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App

from annotator.tui.screens.waiting import begin
from annotator.tui.terminal.ending import Ending
from annotator.tui.terminal.hangup import terminal_is_gone

if TYPE_CHECKING:
    from annotator.tui.saving.acknowledged import Acknowledged
    from annotator.tui.saving.rescue_files import Rescued, Unwritten
    from annotator.tui.saving.writer import Writer
    from annotator.tui.setup import AppSetup

PATIENCE = 2.0
"""So many seconds may pass until all is written."""
_AT_ONCE = 0.2
_LOOK_AGAIN = 0.02
_LOOK_FOR_TERMINAL = 2.0


class Leaving:
    """The ways out of an app; `held_now` says which articles are held by it, and how to give each
    back.

    `rescued` are the files that hold what could not be written, `not_rescued` what could not be put
    into a file either, and why; both are known once `finish_writing` has been called.
    """

    def __init__(
        self, app: App[None], held_now: Callable[[], Mapping[str, Callable[[], None]]]
    ) -> None:
        self.rescued: tuple[Path, ...] = ()
        self.not_rescued: tuple[Sequence[Unwritten], str] = ((), "")
        self.held: set[str] = set()
        """The articles that are to be given back, and have not been yet."""
        self.interrupted = False
        """Whether SIGINT ends the app."""
        self.ending: Ending | None = None
        self.was_warned = False
        """Whether the reviewer has been told that leaving again leaves decisions in a file."""
        self._app, self._held_now = app, held_now
        self._setup: AppSetup | None = None
        self._writer: Writer | None = None
        self._acknowledged: Acknowledged | None = None

    def begin(self, setup: AppSetup, writer: Writer, acknowledged: Acknowledged) -> None:
        """From now on there is something to be written."""
        self._setup, self._writer, self._acknowledged = setup, writer, acknowledged

    def when_asked(self) -> None:
        """Leaves when the process is asked to end or the terminal is gone, and ends the process
        itself if that hangs."""

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
        """Leaves with nobody there to be asked; `run_app` writes what is still to be written."""
        self.keep()
        begin(self._app, self.leave_unasked, group="leave", exclusive=True)

    def keep(self) -> None:
        """Puts what is not saved into files: before anything is closed, which may get stuck."""
        if self._writer is not None:
            self._writer.rescue_all()

    async def quit(self) -> None:
        """Leaves once everything is written; asked twice, it puts what is not into a file."""
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
            told = f"{saved.waiting} decisions are not written: {saved.reason}\n{saved.hint}"
            again = "Quitting once more leaves them in a file."
            self._app.notify(f"{told}\n{again}", severity="warning", markup=False, timeout=15)
        else:
            self._remember(writer.rescue_all())
            self.let_go()
            self._end_screens()

    async def leave_unasked(self) -> None:
        """Leaves with nobody there to be asked; what is not written yet goes to files later."""
        if await self._settled(PATIENCE):
            await self._release()
        else:
            self.let_go()  # tried once more when the screens are gone
        self._end_screens()

    def let_go(self) -> bool:
        """Has the hold on articles given up once all is written; whether one is open."""
        held = self._held_now()
        if self._writer is None:
            return False
        for article, release in held.items():
            if article not in self.held:
                self.held.add(article)
                self._writer.then(partial(self._give_back, article, release))
        return bool(held)

    def finish_writing(self, patience: float) -> None:
        """Ends the writer; what it could not write within `patience` seconds goes to files."""
        if self._writer is None:
            return
        # First of all: from here on it is not lost, whatever happens while it is tried again.
        self._writer.rescue_all()
        self._writer.close(patience)
        self._remember(self._writer.rescue_all())
        if self._acknowledged is not None and self._setup is not None:
            self._acknowledged.look(self._setup.store.check)
            self.rescued += self._acknowledged.rescued.files

    def last_words(self) -> Iterator[str]:
        """What is to be said once the screens are gone: where decisions are that nobody could
        write."""
        folder = None if self._setup is None else self._setup.config.folder
        for path in self.rescued:
            yield f"Decisions that could not be saved are in {path}."
            if folder is not None and path.parent != folder:
                yield f"  Move it to {folder}, and the next start of the screens saves them."
            else:
                yield "  The next start of the screens saves them."
        if self.held and self._setup is not None:
            minutes = max(1, round(self._setup.config.lease_seconds / 60))
            yield "The article that was open could not be given back: for others it is free again"
            yield f"  within {minutes} min, for {self._setup.config.reviewer} at once."
        unwritten, problem = self.not_rescued
        if unwritten:
            from annotator.tui.saving.rescue_files import as_line

            yield f"Decisions could not be saved, nor put into a file ({problem}). They are:"
            yield from (as_line(decision, text) for decision, text in unwritten)
            yield "Put these lines into a file unsaved-1.jsonl in the workspace: the next start of"
            yield "the screens saves them."

    def _give_back(self, article: str, release: Callable[[], None]) -> None:
        """In the writer's thread, after everything that was decided has been written."""
        release()
        self.held.discard(article)

    def _remember(self, rescued: Rescued) -> None:
        self.rescued, self.not_rescued = rescued.files, (rescued.not_rescued, rescued.problem)

    async def _settled(self, patience: float) -> bool:
        """Whether everything is written, within so many seconds. Takes no thread, for those may
        all be stuck in the database."""
        until = time.monotonic() + patience
        while self._writer is not None and not self._writer.settle(0):
            if time.monotonic() > until:
                return False
            await asyncio.sleep(_LOOK_AGAIN)
        return True

    async def _release(self) -> None:
        """Gives up the hold on an article that is still open."""
        if self.let_go():
            await self._settled(PATIENCE)

    def _end_screens(self) -> None:
        if self.ending is not None:
            self.ending.begin()
        self._app.exit()
