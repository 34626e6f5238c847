"""The adjudication screen: what reviewers differ on, answers side by side; one key decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from annotator.core.article import Span
from annotator.tui.adjudicating.adjudication_actions import AdjudicationActions
from annotator.tui.adjudicating.adjudication_desk import AdjudicationDesk
from annotator.tui.adjudicating.adjudication_frame import AdjudicationFrame
from annotator.tui.adjudicating.adjudication_loader import AdjudicationLoader
from annotator.tui.adjudicating.adjudication_source import AdjudicationSource
from annotator.tui.app_setup import AppSetup
from annotator.tui.keys import KeyMap, Mode, means_nothing
from annotator.tui.saving.writer import Writer
from annotator.tui.screens.layers import KeyScreen, Meaning
from annotator.tui.screens.opening import OPENED
from annotator.tui.terminal.keyboard import Typed
from annotator.tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from annotator.tui.adjudicating.adjudication_opening import Adjudicating


class AdjudicationScreen(KeyScreen):
    """Adjudicates one article after the other until the adjudicator returns to the queue."""

    opens_articles = True

    def __init__(
        self,
        setup: AppSetup,
        keymap: KeyMap,
        writer: Writer,
        source: AdjudicationSource,
        article: str,
    ) -> None:
        super().__init__()
        self.setup, self.keymap = setup, keymap
        self.source, self._first = source, article
        self._open_as_review: Callable[[str, Span], None] = lambda *_: None
        self.frame = AdjudicationFrame(self, setup, keymap, writer, lambda: self.desk)
        self.loader = AdjudicationLoader(self, writer, source, keymap, self.frame.begin)
        self.actions = AdjudicationActions(self)

    def leads_to(self, app: Adjudicating) -> None:
        """Set what opens the screens that this one leads to."""
        self.loader.end, self._open_as_review = app.end, app.open_as_review

    @property
    def desk(self) -> AdjudicationDesk | None:
        """The adjudication in hand, once it is open."""
        return self.loader.desk

    def compose(self) -> ComposeResult:
        frame = self.frame
        yield frame.header
        yield frame.panes
        yield frame.listed
        yield frame.answers
        yield frame.hints
        yield frame.prompt

    def on_mount(self) -> None:
        self.frame.listed.focus()
        self.frame.show()
        self.loader.open(self._first)
        self.set_interval(max(1.0, self.setup.config.lease_seconds / 3), self.loader.renew_hold)

    def on_resize(self) -> None:
        self.frame.redraw()

    def come_back(self, article: str, saved: Callable[[], object]) -> None:
        """The adjudicator is back from the article as a review."""
        self.loader.come_back(article, saved)

    # Keys

    def press(self, pressed: str, character: str | None) -> None:
        """Handle one key."""
        self.frame.message = ""
        if self.desk is not None:
            self.desk.session.count_key()
        if self.frame.prompts.current is not None:
            self.frame.prompts.press(pressed, character)
        else:
            action = self.keymap.action(Mode.ADJUDICATION, pressed)
            if action is None:
                self.say(means_nothing(pressed, self.keymap, Mode.ADJUDICATION))
            else:
                self.act(action)
        self.frame.redraw()

    def act(self, action: str) -> None:
        """Run one action of the table of keys."""
        if action != "adjudicate_finish":
            self.loader.forget_question()
        if action == "adjudicate_back":
            self.loader.leave(self.loader.article or self._first)
        elif self.desk is None:
            self.say("No article is open.")
        else:
            self.actions.act(self.desk, action)
            self.frame.redraw()

    def meaning(self, typed: Typed) -> Meaning:
        if self.frame.prompts.current is not None:
            return Meaning.OTHER
        leaves = self.keymap.action(Mode.ADJUDICATION, typed.pressed) == "adjudicate_back"
        return Meaning.LEAVES if leaves else Meaning.OTHER

    def insert(self, words: str) -> bool:
        """Insert pasted text into the line being typed; returns whether there is one."""
        return self.frame.prompts.insert(words)

    def say(self, message: str) -> None:
        self.frame.message = message
        self.frame.show()

    def open_as_review(self, place: Span) -> None:
        """Open the adjudication as an ordinary review, for an answer that nobody gave."""
        if self.desk is not None and self.desk.is_finished:
            self.say(f"It is finished; {self.keymap.shown('adjudicate_reopen')} reopens it.")
        elif self.desk is not None:
            self.waiting.awaits(OPENED)
            article = self.desk.review.article
            self.app.call_later(self._open_as_review, article, place)

    # The list

    def on_virtual_list_highlighted(self, event: VirtualList.Highlighted) -> None:
        event.stop()
        if self.desk is not None and event.index < len(self.desk.differences):
            self.desk.here = event.index
            self.frame.redraw()

    def on_virtual_list_chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
