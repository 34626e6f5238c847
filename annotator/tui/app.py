"""The app: paints the queue first, loads settings and database behind it, changes screens."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message
from textual.screen import Screen

from annotator.errors import AnnotatorError, ArticlePurged
from annotator.tui.keys import KeyMap, keymap
from annotator.tui.last_words import last_words
from annotator.tui.queue.queue_screen import QueueScreen
from annotator.tui.screens.layers import KeyboardApp, begin
from annotator.tui.terminal.bugs import Unbreaking, failed
from annotator.tui.terminal.ending import Ending, within
from annotator.tui.terminal.hangup import outliving_the_terminal, terminal_is_gone
from annotator.tui.terminal.keyboard import Typed
from annotator.tui.terminal.pastes import plain
from annotator.tui.terminal.received import read_whatever_comes
from annotator.tui.terminal.threads import StoreThreads
from annotator.tui.theme.colours import theme_for, themes

if TYPE_CHECKING:
    from textual.driver import Driver

    from annotator.tui.review_screen import ReviewScreen
    from annotator.tui.saving.acknowledged import Acknowledged
    from annotator.tui.saving.aside import PutAside, Unwritten
    from annotator.tui.saving.writer import Saved, Writer
    from annotator.tui.setup import AppSetup

_QUIT_PATIENCE = 2.0
_AT_ONCE = 0.2
_LOOK_FOR_TERMINAL = 2.0
_LOOK_AGAIN = 0.02
_THREADS = 2


class AnnotatorApp(Unbreaking, KeyboardApp):
    """The screens of one reviewer.

    `setup` is called in a thread once the first frame is there. What goes wrong in it ends the app
    and stands in `failure`.
    """

    TITLE = "annotator"
    CSS_PATH = "annotator.tcss"
    ENABLE_COMMAND_PALETTE = False  # ours is a screen like the others

    class SavedChanged(Message):
        """The writer has come further, or has failed; from its thread."""

        def __init__(self, saved: Saved) -> None:
            super().__init__()
            self.saved = saved

    class Lost(Message):
        """Decisions on an article could not be added to its review; `told` says why and where
        they are now."""

        def __init__(self, article: str, told: str) -> None:
            super().__init__()
            self.article, self.told = article, told

    def __init__(self, setup: Callable[[], AppSetup]) -> None:
        self._no_color = bool(os.environ.get("NO_COLOR"))
        # Textual takes NO_COLOR out of the environment and would draw greys in its place.
        super().__init__(ansi_color=True if self._no_color else None)
        self.failure: AnnotatorError | None = None
        self.rescued: tuple[Path, ...] = ()
        self.held: set[str] = set()
        self.interrupted = False
        self.not_rescued: tuple[Sequence[Unwritten], str] = ((), "")
        self.setup: AppSetup | None = None
        self.keymap: KeyMap = keymap()
        self.writer: Writer | None = None
        self.acknowledged: Acknowledged | None = None
        self.ending: Ending | None = None
        self._make_setup = setup
        self._warned_of_leaving = False
        self._told_failure = ""
        for theme in themes():
            self.register_theme(theme)
        self.theme = self._theme(None)

    def get_driver_class(self) -> type[Driver]:
        driver = super().get_driver_class()
        read_whatever_comes(driver)
        return outliving_the_terminal(driver)

    def take_key(self, typed: Typed) -> None:
        """Leaving, and laying the screens aside for a while, is possible whatever waits."""
        if typed.pressed == "ctrl+q":
            begin(self, self.action_quit, group="quit", exclusive=True)
        elif typed.pressed == "ctrl+z":
            self.action_suspend_process()
        else:
            super().take_key(typed)

    def copy_to_clipboard(self, text: str) -> None:
        """Copies words, without the control characters that a terminal pasted into would obey."""
        super().copy_to_clipboard(plain(text))

    @property
    def waits_for_terminal(self) -> bool:
        """Whether the last frame has not gone out yet: a slow line."""
        return bool(getattr(self._driver, "behind", False))

    def get_default_screen(self) -> Screen[None]:
        return QueueScreen()

    def on_mount(self) -> None:
        # Each thread keeps memory of its own for good; of more than these two none is in need.
        asyncio.get_running_loop().set_default_executor(StoreThreads(_THREADS))
        self.call_after_refresh(self._begin)
        if not self.is_headless:
            self.ending = Ending(self._keep, lambda: last_words(self))
            self.ending.when_asked(self._leave_now, interrupted=self._interrupt)
            self.set_interval(_LOOK_FOR_TERMINAL, self._look_for_terminal)

    def _begin(self) -> None:
        begin(self, self._load, group="load")

    async def _load(self) -> None:
        try:
            setup = await asyncio.to_thread(self._make_setup)
            self.keymap = keymap(setup.keymap)
        except AnnotatorError as error:
            self.failure = error
            self.exit(return_code=1)
            return
        await asyncio.to_thread(_import_review)
        from annotator.tui.saving.acknowledged import Acknowledged
        from annotator.tui.saving.writer import Writer

        self.setup = setup
        store = setup.store
        self.acknowledged = Acknowledged(
            lambda decisions, text: store.reviews.append(decisions, text=text),
            setup.rescue or Path(),
        )
        self.writer = Writer(
            self.acknowledged.append,
            lambda saved: self._say_saved(saved),
            self._tell_lost,
            folder=setup.rescue or Path(),
        )
        theme = self._theme(setup.theme)
        if theme != self.theme:
            self.theme = theme
        await self._bring_back(setup)
        if not self.is_running or not self.queue.is_there:
            return  # somebody left meanwhile
        self.queue.writer = self.writer
        self.queue.begin(setup, self.keymap)

    async def _bring_back(self, setup: AppSetup) -> None:
        """Stores what could not be saved when the screens last ended, before anything is opened."""
        from annotator.tui.saving.aside import anything_waits

        if setup.rescue is None or not anything_waits(setup.rescue):
            return
        from annotator.tui.saving.unsaved import bring_back, told

        brought = await asyncio.to_thread(
            bring_back,
            setup.store,
            setup.rescue,
            now=setup.clock.now(),
            lease_seconds=setup.lease_seconds,
            reviews_per_article=setup.reviews_per_article,
        )
        back, left = told(brought)
        if back:
            self.notify(back, markup=False, timeout=15)
        if left:
            self.notify(left, severity="warning", markup=False, timeout=30)

    def _theme(self, wanted: str | None) -> str:
        environment = {"NO_COLOR": "1"} if self._no_color else {}
        system = None if self.is_headless else self.console.color_system
        return theme_for(wanted, environment, system)

    @property
    def queue(self) -> QueueScreen:
        screen = self.screen_stack[0]
        assert isinstance(screen, QueueScreen)
        return screen

    # From screen to screen

    def on_queue_screen_opened(self, event: QueueScreen.Opened) -> None:
        queue = self.queue
        try:
            if self.setup is not None and self.writer is not None and self.screen is queue:
                from annotator.tui.review_screen import ReviewScreen

                screen = ReviewScreen(self.setup, self.keymap, self.writer, event.article)
                screen.listing, screen.first_act = queue.listing, event.then
                queue.rest()
                queue.show_over(screen)
        finally:
            queue.opened()

    def on_opening_left(self, event: ReviewScreen.Left) -> None:
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.queue.come_back(event.article, event.said)

    # Saving and leaving

    def _say_saved(self, saved: Saved) -> None:
        if self.is_running:
            self.post_message(self.SavedChanged(saved))

    def _tell_lost(self, lost: Sequence[Unwritten], error: AnnotatorError) -> None:
        """Says where it is what the store will not take any more; from the writer's thread."""
        from annotator.tui.saving.aside import where_it_is

        assert self.writer is not None  # or there would be nothing to write
        if isinstance(error, ArticlePurged):
            kept = "What was decided of it is gone with it."
        else:
            kept = where_it_is(len(lost), self.writer.put_aside(lost))
        self.post_message(self.Lost(lost[0][0].article, f"{error.message} {error.hint}\n{kept}"))

    def on_annotator_app_lost(self, event: AnnotatorApp.Lost) -> None:
        self.notify(event.told, severity="error", markup=False, timeout=20)
        for screen in self.screen_stack[1:]:
            session = getattr(screen, "session", None)
            if session is not None and session.article.id == event.article and session.refused:
                screen.open_again()  # type: ignore[attr-defined]  # only reviews have one

    def on_annotator_app_saved_changed(self, event: AnnotatorApp.SavedChanged) -> None:
        saved = event.saved
        for screen in self.screen_stack:
            show = getattr(screen, "show_saved", None)
            if show is not None:
                show(saved)
        if saved.reason and saved.reason != self._told_failure:
            told = f"Not saved yet: {saved.reason}\n{saved.hint} It is kept and tried again."
            self.notify(told, severity="error", markup=False, timeout=10)
        elif self._told_failure and saved.state == "saved":
            self._warned_of_leaving = False
            self.clear_notifications()  # what they say does not hold any more
            self.notify("Everything is saved again.", markup=False)
        self._told_failure = saved.reason if saved.waiting else ""

    def _look_for_terminal(self) -> None:
        if terminal_is_gone():
            self._leave_now()

    def _keep(self) -> None:
        """Puts what is not saved into files: before anything is closed, which may get stuck."""
        if self.writer is not None:
            self.writer.put_aside_now()

    def _leave_now(self) -> None:
        """Ends with nobody there to be asked; `run_app` writes what is still to be written."""
        self._keep()
        begin(self, self._release_and_exit, group="leave", exclusive=True)

    def _interrupt(self) -> None:
        self.interrupted = True
        self._leave_now()

    async def _release_and_exit(self) -> None:
        if await self._settled(_QUIT_PATIENCE):
            await self._release()
        else:
            self._let_go()  # tried once more when the screens are gone
        self._end_screens()

    def _end_screens(self) -> None:
        if self.ending is not None:
            self.ending.begin()
        self.exit()

    async def _settled(self, patience: float) -> bool:
        """Whether everything is written, within so many seconds. Takes no thread, for those may
        all be stuck in the database."""
        until = time.monotonic() + patience
        while self.writer is not None and not self.writer.settle(0):
            if time.monotonic() > until:
                return False
            await asyncio.sleep(_LOOK_AGAIN)
        return True

    async def action_quit(self) -> None:
        """Leaves once everything is written; asked twice, it puts what is not into a file."""
        writer = self.writer
        if writer is None:
            self._end_screens()
            return
        if not await self._settled(_AT_ONCE):
            writer.put_aside_now()
        if await self._settled(_QUIT_PATIENCE):
            await self._release()
            writer.close(0)
            self._end_screens()
            return
        saved = writer.saved
        if not self._warned_of_leaving:
            self._warned_of_leaving = True
            told = f"{saved.waiting} decisions are not written: {saved.reason}\n{saved.hint}"
            again = "Quitting once more leaves them in a file."
            self.notify(f"{told}\n{again}", severity="warning", markup=False, timeout=15)
            return
        self._remember(writer.put_aside_now())
        self._let_go()
        self._end_screens()

    def finish_writing(self, patience: float) -> None:
        """Ends the writer; what it could not write within `patience` seconds goes to files, whose
        names are in `rescued` then, or to `not_rescued` where no file can be made."""
        if self.writer is None:
            return
        # First of all: from here on it is not lost, whatever happens while it is tried again.
        self.writer.put_aside_now()
        self.writer.close(patience)
        self._remember(self.writer.put_aside_now())
        if self.acknowledged is not None and self.setup is not None:
            self.acknowledged.look(self.setup.store.check)
            self.rescued += self.acknowledged.rescued.files

    def _remember(self, aside: PutAside) -> None:
        self.rescued, self.not_rescued = aside.files, (aside.nowhere, aside.problem)

    async def _release(self) -> None:
        """Gives up the hold on an article that is still open."""
        if self._let_go():
            await self._settled(_QUIT_PATIENCE)

    def _let_go(self) -> bool:
        """Has the hold on an article given up once all is written; whether one is open."""
        sessions = [getattr(screen, "session", None) for screen in self.screen_stack[1:]]
        held = [session.article.id for session in sessions if session is not None]
        if self.setup is None or self.writer is None:
            return False
        for article in held:
            if article not in self.held:
                self.held.add(article)
                self.writer.then(partial(self._give_back, article, self.setup))
        return bool(held)

    def _give_back(self, article: str, setup: AppSetup) -> None:
        """In the writer's thread, after everything that was decided has been written."""
        setup.store.reviews.release(article, setup.reviewer)
        self.held.discard(article)

    def broke(self) -> None:
        """The app ends by an error: nobody will give the article back but we."""
        self._let_go()


def _import_review() -> None:
    """Loads the review screen while the queue is already there."""
    import annotator.tui.review_screen  # noqa: F401  # loaded here, used later


def run_app(setup: Callable[[], AppSetup]) -> None:
    """Shows the screens until the reviewer leaves them; raises what `setup` raised.

    ScreensFailed, with its cause, where they ended by an error that nobody foresaw.
    """
    app = AnnotatorApp(setup)
    # The screen comes first: threads that read and write give way to it within a millisecond.
    sys.setswitchinterval(0.001)
    try:
        app.run()
    except Exception as error:
        app.bug = app.bug or error
    finally:
        # However the screens ended, a bug among the ways, what was decided is not lost.
        app.finish_writing(_QUIT_PATIENCE)
        if app.setup is not None:
            within(_QUIT_PATIENCE, app.setup.store.close)
        for line in last_words(app):
            print(line, file=sys.stderr)
        if app.ending is not None:
            app.ending.over()
    if app.failure is not None:
        raise app.failure
    if app.bug is not None:
        raise failed(app.bug) from app.bug
    if app.interrupted:
        raise KeyboardInterrupt
