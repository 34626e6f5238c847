"""The queue: every article, live; choose one to review.

The screen passes keys to its parts: the open prompt, else the actions, else the list.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.events import Click
from textual.message import Message
from textual.signal import Signal

from annotator.errors import AnnotatorError
from annotator.tui.keys import Mode, means_nothing
from annotator.tui.queue.poller import PollResult
from annotator.tui.queue.queue_actions import QUIT, QueueActions, QueueParts
from annotator.tui.queue.queue_card import LATE
from annotator.tui.queue.queue_columns import head_at
from annotator.tui.queue.queue_frame import QueueFrame
from annotator.tui.queue.queue_list import PLACE, ROWS, QueueList
from annotator.tui.queue.queue_preview import QueuePreview
from annotator.tui.queue.queue_prompts import QueuePrompts
from annotator.tui.queue.queue_questions import QueueQuestions
from annotator.tui.queue.queue_rows import corrected
from annotator.tui.screens.layers import TO_BE_THERE, KeyScreen, Meaning
from annotator.tui.screens.waiting import begin
from annotator.tui.terminal.keyboard import Typed
from annotator.tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from annotator.tui.app_setup import AppSetup
    from annotator.tui.keys import KeyMap
    from annotator.tui.saving.writer import Writer


_SAVING_SECONDS = 5.0
_MEANINGS = {
    "queue_quit": Meaning.LEAVES,
    "queue_search": Meaning.SEARCHES,
    "queue_find": Meaning.SEARCHES,
    "queue_palette": Meaning.SEARCHES,
}


class QueueScreen(KeyScreen):
    """All articles from one reviewer's point of view."""

    LEAVING_PASSES = frozenset((TO_BE_THERE, ROWS, PLACE, QUIT))

    class Looked(Message, namespace="queue"):
        """The poller saw something; from its thread."""

        def __init__(self, seen: PollResult | AnnotatorError) -> None:
            super().__init__()
            self.seen = seen

    def __init__(self) -> None:
        super().__init__()
        self.changed: Signal[None] = Signal(self, "the store has changed")
        self.questions = QueueQuestions()
        self.frame = QueueFrame(self)
        self.rows = QueueList(self, self.questions, self.frame.show)
        self.prompts = QueuePrompts(self, self.rows, self.questions, self.frame.show)
        self.preview = QueuePreview(self, self.rows, self.questions)
        parts = QueueParts(self.rows, self.preview, self.prompts, self.questions)
        self.actions = QueueActions(self, parts, self.changed)
        self.frame.surrounds(parts)
        # From the start, keys wait until what they are meant for is loaded.
        self.waiting.awaits(ROWS)
        # The reviewer is told that they wait for the workspace.
        self.waiting.is_quiet = True

    def compose(self) -> ComposeResult:
        yield self.frame.counts
        yield self.frame.columns
        yield self.rows.listed
        yield self.preview.bar
        yield self.frame.card.bar
        yield self.frame.status
        yield self.frame.hints
        yield self.frame.prompt

    def on_mount(self) -> None:
        self.rows.listed.focus()
        self.frame.show()
        self.set_timer(LATE, self._is_late)

    def _is_late(self) -> None:
        self.frame.card.is_late = True
        self.frame.show()

    def on_unmount(self) -> None:
        self.rows.end()

    def on_resize(self) -> None:
        self.rows.listed.invalidate()
        self.preview.redraw()
        self.frame.show()

    def begin(self, setup: AppSetup, keys: KeyMap, writer: Writer | None) -> None:
        """Set what was loaded behind the first frame, and start polling."""
        self.questions.setup = setup
        self.waiting.is_quiet = False
        self.actions.use(keys)
        self.frame.keymap = keys
        self.frame.writer = writer
        self.frame.show()
        self.rows.begin(lambda seen: self.post_message(self.Looked(seen)))
        self.set_interval(1.0, self.frame.tick)

    def on_queue_looked(self, event: QueueScreen.Looked) -> None:
        """Show what was seen, unless an article covers the queue."""
        setup = self.questions.setup
        if setup is None or self.rows.rests or not self.rows.listed.is_attached:
            return
        if isinstance(event.seen, AnnotatorError):
            self.say(f"{event.seen.message} {event.seen.hint}")
            self.waiting.arrived(ROWS)
        else:
            self.rows.take_over(event.seen, setup.clock.seconds())
        self.changed.publish(None)

    def come_back(self, article: str, said: str, *, is_done: bool = False) -> None:
        """The reviewer is back from `article`; the cursor moves there before any key is handled.
        With `is_done`, a key has just finished it, and no other was ready."""
        self.frame.card.close()
        self.actions.just_done = article if is_done else None
        if is_done:
            self.frame.card.end()
        if said:
            self.say(said)
        self.rows.initial_load.end()
        self.rows.keep_opened()
        self.rows.look()
        self.rows.go_to(article)
        begin(self, partial(self._count_corrected, article), group="corrected", exclusive=True)

    async def _count_corrected(self, article: str) -> None:
        """Tell how many pending articles get other suggestions by what was decided there."""
        writer = self.frame.writer
        with suppress(AnnotatorError):
            # The decisions just made are counted too.
            if writer is None or await asyncio.to_thread(writer.settle, _SAVING_SECONDS):
                found = await self.questions.corrected_by(article)
                if found.articles and not self.frame.message:
                    self.say(corrected(found))

    # Keys

    def press(self, pressed: str, character: str | None) -> None:
        """Handle one key."""
        self.frame.message = ""
        self.frame.card.pressed()
        if self.prompts.is_open:
            self.prompts.prompts.press(pressed, character)
        else:
            self.rows.initial_load.end()
            action = self.actions.keymap.action(Mode.QUEUE, pressed)
            if action is not None:
                self.actions.act(action)
            elif not self.rows.listed.press(pressed):
                self.say(means_nothing(pressed, self.actions.keymap, Mode.QUEUE))
        self.frame.show()

    def say(self, message: str) -> None:
        self.frame.say(message)

    def meaning(self, typed: Typed) -> Meaning:
        """The meaning of a key, unless a prompt takes it."""
        return _MEANINGS.get(self.actions.meant(typed.pressed) or "", Meaning.OTHER)

    def insert(self, words: str) -> bool:
        """Insert pasted text into the line being typed; returns whether there is one."""
        return self.prompts.prompts.insert(words)

    # Mouse

    def on_mouse_down(self) -> None:
        self.rows.initial_load.end()
        self.prompts.keep_cursor()

    def on_click(self, event: Click) -> None:
        """A click on a head sorts by its column, the other way round if the queue is so sorted, or
        opens what the column is chosen by."""
        if event.widget is not self.frame.columns or not self.takes_keys:
            return
        head = head_at(self.frame.heads, self.size.width, event.screen_x)
        if head is not None:
            self.frame.message = ""
            self.actions.sort_by(head)
            self.frame.show()

    def on_virtual_list_highlighted(self, event: VirtualList.Highlighted) -> None:
        if event.key != self.frame.shown_at:  # a key has shown it already
            self.frame.show()

    def on_virtual_list_chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
        if self.takes_keys:
            self.actions.open(event.key)
