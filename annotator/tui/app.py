"""The app: shows the queue first, loads settings and database behind it, switches screens."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App
from textual.message import Message
from textual.screen import Screen

from annotator.errors import AnnotatorError, ArticlePurged
from annotator.tui.adjudicating.adjudication_opening import Adjudicating
from annotator.tui.keyboards import KEYBOARDS
from annotator.tui.keys import KeyMap, keymap
from annotator.tui.leaving import PATIENCE, Leaving
from annotator.tui.queue.queue_actions import OPENED, Opened, ToAdjudicate, TourWanted
from annotator.tui.queue.queue_screen import QueueScreen
from annotator.tui.screens.layers import KeyboardApp, KeyScreen
from annotator.tui.screens.waiting import begin
from annotator.tui.terminal.bugs import Unbreaking, failed
from annotator.tui.terminal.colour_depth import NO_COLORS, color_system
from annotator.tui.terminal.ending import within
from annotator.tui.terminal.keyboard import Typed
from annotator.tui.terminal.pastes import plain
from annotator.tui.terminal.received import read_whatever_comes
from annotator.tui.terminal.textual_internals import draw_in, driver_of
from annotator.tui.terminal.threads import StoreThreads
from annotator.tui.theme.appearance import Appearance, last_theme

if TYPE_CHECKING:
    from textual.driver import Driver

    from annotator.tui.agreement.confusion_screen import ConfusionScreen
    from annotator.tui.app_setup import AppSetup
    from annotator.tui.identities.identities_screen import IdentitiesOverQueue
    from annotator.tui.lint.lint_screen import LintScreen
    from annotator.tui.preferences import Preferences
    from annotator.tui.review.loader import ArticleLeft
    from annotator.tui.review.review_screen import ReviewScreen
    from annotator.tui.saving.rescue_files import Unwritten
    from annotator.tui.saving.writer import Saved, Writer
    from annotator.tui.screens.opening import PlaceChosen
    from annotator.tui.search.search_screen import SearchScreen
    from annotator.tui.statistics.statistics_screen import StatisticsScreen
    from annotator.tui.stories.board_screen import BoardScreen

    _OverQueue = SearchScreen | BoardScreen | IdentitiesOverQueue | LintScreen
    _Opener = _OverQueue | ConfusionScreen | StatisticsScreen

_THREADS = 2
# How long a search waits for the decisions on an article, before it looks at that again.
_SAVING_SECONDS = 5.0
_PALETTE_AFTER = 1.0
"""Seconds from the first key until what the palette needs is loaded."""


class AnnotatorApp(Unbreaking, KeyboardApp):
    """The screens of one reviewer.

    `setup` is called in a thread after the first frame, which has `theme`. An error in it ends the
    app and is kept in `failure`.
    """

    TITLE = "annotator"
    CSS_PATH = "annotator.tcss"
    ENABLE_COMMAND_PALETTE = False  # our palette is an ordinary screen

    class SavedChanged(Message):
        """The writer made progress or failed; from its thread."""

        def __init__(self, saved: Saved) -> None:
            super().__init__()
            self.saved = saved

    class Lost(Message):
        """Decisions on an article were refused; `told` says why and where they are now."""

        def __init__(self, article: str, told: str) -> None:
            super().__init__()
            self.article, self.told = article, told

    def __init__(self, setup: Callable[[], AppSetup], theme: str | None = None) -> None:
        system = color_system()
        no_color = bool(os.environ.get("NO_COLOR")) or system == NO_COLORS
        if system is not None and not no_color:
            draw_in(system)
        # Textual removes NO_COLOR from the environment and would draw greys instead.
        super().__init__(ansi_color=True if no_color else None)
        self.failure: AnnotatorError | None = None
        self.setup: AppSetup | None = None
        self.keymap: KeyMap = keymap()
        self.writer: Writer | None = None
        self.preferences: Preferences | None = None
        self.leaving = Leaving(self, self._held_now)
        self._make_setup = setup
        self.shown_review: ReviewScreen | None = None
        self.adjudicating = Adjudicating(self)
        self._told_failure = ""
        self._has_typed = False
        self.appearance = Appearance(self, no_color=no_color, first=theme)

    def get_driver_class(self) -> type[Driver]:
        driver = super().get_driver_class()
        read_whatever_comes(driver)
        if driver.__name__ != "LinuxDriver":
            return driver
        from annotator.tui.terminal.lasting_driver import LastingDriver

        return LastingDriver

    def take_key(self, typed: Typed) -> None:
        """Quitting and suspending are possible whatever keys wait for."""
        if not self._has_typed and self.offering is not None:
            self._has_typed = True
            self.set_timer(_PALETTE_AFTER, self.offering.prepare)
        if typed.pressed == "ctrl+q":
            begin(self, self.action_quit, group="quit", exclusive=True)
        elif typed.pressed == "ctrl+z":
            begin(self, self.leaving.suspend, group="suspend", exclusive=True)
        else:
            super().take_key(typed)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy text, without control characters that a terminal would obey on pasting."""
        super().copy_to_clipboard(plain(text))

    @property
    def waits_for_terminal(self) -> bool:
        """Whether the last frame has not been sent yet, over a slow connection."""
        return bool(getattr(driver_of(self), "behind", False))

    def get_default_screen(self) -> Screen[None]:
        return QueueScreen()

    def on_mount(self) -> None:
        # Each thread keeps its own memory for good; two are enough.
        asyncio.get_running_loop().set_default_executor(StoreThreads(_THREADS))
        self.call_after_refresh(partial(begin, self, self._load, group="load"))
        if not self.is_headless:
            self.leaving.when_asked()

    async def _load(self) -> None:
        try:
            setup = await asyncio.to_thread(self._make_setup)
            self.keymap = keymap(setup.config.keys, setup.config.keyboard)
            self.layout_of_keys = KEYBOARDS[setup.config.keyboard]
        except AnnotatorError as error:
            self.failure = error
            self.exit(return_code=1)
            return
        await asyncio.to_thread(_import_review)
        from annotator.tui.palette.offering import WorkspaceOffering
        from annotator.tui.preferences import Preferences
        from annotator.tui.saving.acknowledged import Acknowledged, teller
        from annotator.tui.saving.writer import Writer

        self.setup = setup
        self.preferences = Preferences(setup.config.folder)
        self.offering = WorkspaceOffering(self, setup, self.preferences)
        store = setup.store
        store.sight.viewer = setup.config.viewer
        acknowledged = Acknowledged(
            lambda decisions, text: store.reviews.append(decisions, text=text),
            setup.config.folder,
            setup.finished and partial(setup.finished, teller(self)),
        )
        self.writer = Writer(
            acknowledged.append,
            lambda saved: self._say_saved(saved),
            self._tell_lost,
            folder=setup.config.folder,
        )
        self.leaving.begin(setup, self.writer, acknowledged)
        if self.appearance is not None:
            self.appearance.begin(self.preferences, setup.config.theme)
        await _restore(self, setup)
        if not self.is_running or not self.queue.rows.listed.is_attached:
            return  # the reviewer quit meanwhile
        self.queue.begin(setup, self.keymap, self.writer)

    @property
    def queue(self) -> QueueScreen:
        screen = self.screen_stack[0]
        assert isinstance(screen, QueueScreen)
        return screen

    @property
    def opener(self) -> _Opener | None:
        """The screen over the queue that articles are opened from, if one is open."""
        over = (one for one in reversed(self.screen_stack) if isinstance(one, KeyScreen))
        return next((one for one in over if one.opens_articles), None)  # type: ignore[return-value]  # those alone do

    @property
    def review(self) -> ReviewScreen | None:
        """The review screen, if it is open."""
        return self.shown_review if self.shown_review in self.screen_stack else None

    def _held_now(self) -> Mapping[str, Callable[[], None]]:
        """The held articles, each with the call that releases it."""
        held = self.review.loader.held if self.review is not None else {}
        # An article that is open as both is held by its adjudication.
        return {**held, **self.adjudicating.held}

    # From screen to screen

    def on_queue_opened(self, event: Opened) -> None:
        queue = self.queue
        try:
            if self.setup is not None and self.writer is not None and self.screen is queue:
                from annotator.tui.review.review_screen import ReviewScreen
                from annotator.tui.review.review_source import QueuedReviews, ReviewStart

                rows = queue.rows
                source = QueuedReviews(self.setup, rows.listing, opened=rows.opened)
                entry = ReviewStart(event.article, event.then)
                self.shown_review = ReviewScreen(
                    self.setup, self.keymap, self.writer, source, entry
                )
                queue.rows.rest()
                queue.show_over(self.shown_review)
        finally:
            queue.waiting.arrived(OPENED)

    def on_opener_place_chosen(self, event: PlaceChosen) -> None:
        opener = self.opener
        if opener is None:
            return
        try:
            if self.setup is not None and self.writer is not None and self.screen is opener:
                from annotator.tui.review.review_screen import ReviewScreen
                from annotator.tui.review.review_source import QueuedReviews, ReviewStart

                source = QueuedReviews(self.setup)
                entry = ReviewStart(event.article, at=event.span)
                self.shown_review = ReviewScreen(
                    self.setup, self.keymap, self.writer, source, entry
                )
                self.queue.rows.rest()
                opener.show_over(self.shown_review)
        finally:
            opener.waiting.arrived(OPENED)

    def on_queue_tour_wanted(self, _event: TourWanted) -> None:
        queue = self.queue
        try:
            if self.setup is not None and self.screen is queue:
                from annotator.tui.review.tour_guide import tour_screen

                queue.show_over(tour_screen(self.setup, self.keymap))
        except AnnotatorError as error:
            queue.say(f"{error.message} {error.hint}")
        finally:
            queue.waiting.arrived(OPENED)

    def on_queue_to_adjudicate(self, event: ToAdjudicate) -> None:
        self.adjudicating.begin(event.article)

    def on_review_article_left(self, event: ArticleLeft) -> None:
        opener = self.opener
        while len(self.screen_stack) > 1 and self.screen is not opener:
            self.pop_screen()
        if opener is None:
            self.queue.come_back(event.article, event.said, is_done=event.is_done)
            if event.then:
                self.queue.actions.act(event.then)
        else:
            self.queue.rows.look()
            assert self.writer is not None  # an article was open
            opener.come_back(event.article, partial(self.writer.settle, _SAVING_SECONDS))

    # Saving and quitting

    def _say_saved(self, saved: Saved) -> None:
        if self.is_running:
            self.post_message(self.SavedChanged(saved))

    def _tell_lost(self, lost: Sequence[Unwritten], error: AnnotatorError) -> None:
        """Report where refused decisions are; from the writer's thread."""
        from annotator.tui.saving.rescue_files import where_it_is

        assert self.writer is not None  # without a writer nothing can be refused
        if isinstance(error, ArticlePurged):
            kept = "Its decisions were removed with it."
        else:
            kept = where_it_is(len(lost), self.writer.rescue(lost))
        self.post_message(self.Lost(lost[0][0].article, f"{error.message} {error.hint}\n{kept}"))

    def on_annotator_app_lost(self, event: AnnotatorApp.Lost) -> None:
        self.notify(event.told, severity="error", markup=False, timeout=20)
        loader = self.review.loader if self.review is not None else None
        if loader is not None and loader.refused and loader.article == event.article:
            loader.open_again()
        else:
            self.adjudicating.open_refused_again()

    def on_annotator_app_saved_changed(self, event: AnnotatorApp.SavedChanged) -> None:
        from annotator.tui.saving.writer import Saving

        saved = event.saved
        if self.review is not None:
            self.review.page.lines.show_saved()
        self.adjudicating.show_saved()
        if saved.reason and saved.reason != self._told_failure:
            told = f"Not saved yet: {saved.reason}\n{saved.hint} It is kept and tried again."
            self.notify(told, severity="error", markup=False, timeout=10)
        elif self._told_failure and saved.state is Saving.SAVED:
            self.leaving.was_warned = False
            self.clear_notifications()  # they are no longer true
            self.notify("Everything is saved again.", markup=False)
        self._told_failure = saved.reason if saved.waiting else ""

    async def action_quit(self) -> None:
        """Quit when everything is written; a second time, write the rest into a file."""
        await self.leaving.quit()

    def broke(self) -> None:
        """An error ends the app: release the article."""
        self.leaving.let_go()


async def _restore(app: App[None], setup: AppSetup) -> None:
    """Store the decisions that could not be saved when the screens last ended, before anything is
    opened."""
    from annotator.tui.saving.rescue_files import anything_waits

    if not anything_waits(setup.config.folder):
        return
    from annotator.tui.saving.restore import restore, told

    brought = await asyncio.to_thread(
        restore,
        setup.store,
        setup.config.folder,
        now=setup.clock.now(),
        lease_seconds=setup.config.lease_seconds,
        plan=setup.config.plan,
    )
    back, left = told(brought)
    if back:
        app.notify(back, markup=False, timeout=15)
    if left:
        app.notify(left, severity="warning", markup=False, timeout=30)


def _import_review() -> None:
    """Import the review screen while the queue is shown."""
    import annotator.tui.review.review_screen  # noqa: F401  # loaded here, used later


def run_app(setup: Callable[[], AppSetup], folder: Path) -> AppSetup | None:
    """Run the screens until the reviewer quits; returns what `setup` returned, None if the reviewer
    quit before; raises what it raised. The first frame looks as the last session of the workspace
    in `folder` did.

    Raises ScreensFailed, with its cause, if an unexpected error ended them.
    """
    app = AnnotatorApp(setup, last_theme(folder))
    # The screen has priority: other threads give way to it within a millisecond.
    sys.setswitchinterval(0.001)
    try:
        app.run()
    except Exception as error:
        app.bug = app.bug or error
    finally:
        # However the screens ended, decisions must not be lost.
        app.leaving.finish_writing(PATIENCE)
        if app.setup is not None:
            within(PATIENCE, app.setup.store.close)
        for line in app.leaving.last_words():
            print(line, file=sys.stderr)
        if app.leaving.ending is not None:
            app.leaving.ending.over()
    if app.failure is not None:
        raise app.failure
    if app.bug is not None:
        raise failed(app.bug) from app.bug
    if app.leaving.interrupted:
        raise KeyboardInterrupt
    return app.setup
