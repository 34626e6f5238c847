"""The queue: every article, live; choose one to review.

Rows are asked from the store a page at a time and only where they are in view. New arrivals come in
above what is shown and wait there until they are asked for, so that nothing moves under the cursor.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.screen import Screen

from annotator.errors import AnnotatorError
from annotator.tui.bar import Bar, BarLine, Piece, hints
from annotator.tui.filling import Filling
from annotator.tui.keys import KeyMap, Mode, keymap, pressed_key
from annotator.tui.poller import Poller, Seen, Wanted
from annotator.tui.queue_pages import PAGE, Pages
from annotator.tui.queue_rows import STATES, columns, counts_line, queue_row, status_line
from annotator.tui.virtual_list import Row, VirtualList

if TYPE_CHECKING:
    from annotator.tui.setup import AppSetup
    from annotator.tui.strips import Strip

_T = TypeVar("_T")


class QueueScreen(Screen[None]):
    """All articles from one reviewer's point of view."""

    class Opened(Message):
        """An article is to be reviewed."""

        def __init__(self, article: str) -> None:
            super().__init__()
            self.article = article

    class Looked(Message):
        """The store was looked at; from the poller's thread."""

        def __init__(self, seen: Seen | AnnotatorError) -> None:
            super().__init__()
            self.seen = seen

    def __init__(self) -> None:
        super().__init__()
        self.setup: AppSetup | None = None
        self.keymap: KeyMap = keymap()
        self.state: str | None = None
        self.seen: Seen | None = None
        self.hidden = 0
        self.told_problem = False
        self.message = ""
        self.strip: Strip | None = None
        # Keys pressed after the one that opened an article belong to that article.
        self.typed_ahead: list[tuple[str, str | None]] = []
        self._opening = False
        self.pages = Pages()
        self._filling = Filling()
        self._poller: Poller | None = None

    def compose(self) -> ComposeResult:
        yield Bar(id="counts")
        yield Bar(id="columns")
        yield VirtualList(self._row, id="queue")
        yield Bar(id="status")
        yield Bar(id="hints")
        with Vertical(id="overlay"):
            yield Bar(id="strip")

    @property
    def is_there(self) -> bool:
        """Whether the widgets are there: what comes late may find the screen being taken down."""
        return bool(self.query("#hints"))

    @property
    def listed(self) -> VirtualList:
        return self.query_one("#queue", VirtualList)

    def on_mount(self) -> None:
        self.query_one("#overlay").display = False
        self.query_one("#counts", Bar).show(counts_line("", None))
        self.listed.focus()
        self.show_lines()

    def on_unmount(self) -> None:
        if self._poller is not None:
            self._poller.stop()

    def on_resize(self) -> None:
        self.listed.invalidate()
        self.show_lines()

    def begin(self, setup: AppSetup, keys: KeyMap) -> None:
        """Takes over what has been loaded behind the first frame, and starts looking."""
        self.setup, self.keymap = setup, keys
        self.show_lines()
        listed = self.listed
        self._poller = Poller(
            setup,
            lambda: Wanted(self.state, listed.key),
            lambda seen: self.post_message(self.Looked(seen)),
        )
        self.set_interval(1.0, self.show_lines)

    def come_back(self, article: str, said: str) -> None:
        """The reviewer is back from `article`; the cursor goes there."""
        if said:
            self.say(said)
        self._opening = False
        self._filling.end()
        self.look()
        if self.setup is not None:
            self.run_worker(self._find(self.setup, article), group="find", exclusive=True)

    def look(self) -> None:
        """Asks the store at once instead of at the next turn."""
        if self._poller is not None:
            self._poller.look()

    def say(self, message: str) -> None:
        self.message = message
        self.show_lines()

    # What the store says

    def on_queue_screen_looked(self, event: QueueScreen.Looked) -> None:
        if not self.is_there:
            return
        if isinstance(event.seen, AnnotatorError):
            self.say(f"{event.seen.message} {event.seen.hint}")
        elif event.seen.wanted.state == self.state:
            self._take_over(event.seen)

    def _take_over(self, seen: Seen) -> None:
        """Shows what was seen, with the row under the cursor where it was."""
        assert self.setup is not None
        self.seen = seen
        self._filling.saw(seen.size, self.setup.clock.seconds())
        hidden, cursor = self._place_cursor(seen)
        if hidden != self.hidden:
            self.pages.shift(hidden - self.hidden)
            self.hidden = hidden
        self.pages.grow_stale()
        self.listed.set_size(seen.size - hidden, cursor=cursor)
        self.show_lines()

    def _place_cursor(self, seen: Seen) -> tuple[int, int]:
        """How many arrivals stay hidden above the list, and where the cursor is then."""
        cursor = self.listed.cursor
        if self._filling.goes_on:
            return 0, 0
        if seen.position is None or seen.wanted.cursor != self.listed.key:
            return min(self.hidden, seen.size), cursor
        hidden = max(0, seen.position - cursor)
        return hidden, seen.position - hidden

    async def _find(self, setup: AppSetup, article: str) -> None:
        room, state = setup.reviews_per_article, self.state
        ask = partial(setup.store.queue_position, article, setup.reviewer)
        position = await self._from_store(partial(ask, state=state, reviews_per_article=room))
        if position is not None and self.is_there:
            if position < self.hidden:
                self.show_new()
            self.listed.move_to(position - self.hidden, tell=False)

    async def _from_store(self, ask: Callable[[], _T]) -> _T | None:
        """What the store answers, asked in a thread; None after saying what went wrong."""
        try:
            return await asyncio.to_thread(ask)
        except AnnotatorError as error:
            self.say(f"{error.message} {error.hint}")
            return None

    # Rows

    def _row(self, index: int) -> Row | None:
        setup = self.setup
        if setup is None:
            return None
        row, due = self.pages.row(index + self.hidden)
        if due is not None:
            self.run_worker(self._load(setup, due, self.hidden), group="pages")
        return None if row is None else queue_row(row, now=setup.clock.now(), width=self.size.width)

    async def _load(self, setup: AppSetup, page: int, hidden: int) -> None:
        state, room = self.state, setup.reviews_per_article
        ask = partial(setup.store.queue, setup.reviewer, offset=page * PAGE, limit=PAGE)
        rows = await self._from_store(partial(ask, state=state, reviews_per_article=room))
        if rows is None:
            self.pages.fail(page)
        elif state == self.state and hidden == self.hidden and self.is_there:
            self.pages.put(page, rows)
            first = page * PAGE - hidden
            self.listed.invalidate(max(0, first), max(0, first + PAGE))

    # Keys

    def on_key(self, event: events.Key) -> None:
        pressed = pressed_key(event.key, event.character)
        if self._opening:
            event.stop()
            event.prevent_default()
            self.typed_ahead.append((pressed, event.character))
            return
        if self.strip is not None:
            event.stop()
            event.prevent_default()
            self._press_in_strip(pressed)
            return
        action = self.keymap.action(Mode.QUEUE, pressed)
        if action is None:
            return
        event.stop()
        event.prevent_default()
        self._filling.end()
        self.message = ""
        self.act(action)
        self.show_lines()

    def on_mouse_down(self) -> None:
        self._filling.end()

    def act(self, action: str) -> None:
        """Does one action of the table of keys."""
        getattr(self, f"do_{action}")()

    def do_queue_open(self) -> None:
        if self.listed.key is not None:
            self.open(self.listed.key)

    def do_queue_next(self) -> None:
        if self.setup is not None:
            self.run_worker(self._open_next(self.setup), group="open", exclusive=True)

    def do_queue_show_new(self) -> None:
        if self.hidden:
            self.show_new()
        self.listed.move_to(0, tell=False)

    def do_queue_filter(self) -> None:
        from annotator.tui.strips import state_strip

        self._show_strip(state_strip())

    def do_queue_rejected(self) -> None:
        if self.setup is not None:
            from annotator.tui.rejected_screen import RejectedScreen

            self.app.push_screen(RejectedScreen(self.setup))

    def do_queue_down(self) -> None:
        self.listed.action_move(1)

    def do_queue_up(self) -> None:
        self.listed.action_move(-1)

    def do_queue_page_down(self) -> None:
        self.listed.action_page(1)

    def do_queue_page_up(self) -> None:
        self.listed.action_page(-1)

    def do_queue_top(self) -> None:
        self.listed.action_edge(-1)

    def do_queue_bottom(self) -> None:
        self.listed.action_edge(1)

    def do_queue_close(self) -> None:
        if self.state is not None:
            self._filter(None)

    def do_queue_help(self) -> None:
        if self.setup is not None:
            from annotator.tui.help_screen import HelpScreen

            self.app.push_screen(HelpScreen(self.setup, self.keymap, Mode.QUEUE))

    def do_queue_palette(self) -> None:
        self.app.action_command_palette()

    def do_queue_quit(self) -> None:
        self.run_worker(self.app.action_quit(), group="quit", exclusive=True)

    def on_virtual_list_chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
        self.open(event.key)

    def open(self, article: str) -> None:
        """Asks for an article to be reviewed, if it can be."""
        row = self.pages.of(article)
        if row is not None and row.state == "waiting":
            self.say("This article still waits for its suggestions.")
        elif row is not None and row.state == "failed":
            self.say(f"No suggestions could be made: {row.problem or 'the log says why'}")
        else:
            self._send(article)

    def _send(self, article: str) -> None:
        self._opening, self.typed_ahead = True, []
        self.post_message(self.Opened(article))

    def show_new(self) -> None:
        """Shows what has arrived above."""
        if self.seen is not None:
            self.hidden = 0
            self.pages.shift(0)
            self.listed.set_size(self.seen.size, cursor=0)
            self.listed.invalidate()
            self.show_lines()

    async def _open_next(self, setup: AppSetup) -> None:
        room, now = setup.reviews_per_article, setup.clock.now()
        ask = partial(setup.store.next_ready, setup.reviewer, None)
        article = await self._from_store(partial(ask, reviews_per_article=room, now=now))
        if article is not None:
            self._send(article)
        elif not self.message:
            self.say("Nothing is ready.")

    # The filter strip

    def _press_in_strip(self, pressed: str) -> None:
        assert self.strip is not None
        choice = self.strip.by_letter.get(pressed)
        if pressed == "escape" or choice is not None:
            self._show_strip(None)
        if choice is not None:
            value = choice.value[1]
            self._filter(value if isinstance(value, str) else None)

    def _show_strip(self, strip: Strip | None) -> None:
        self.strip = strip
        self.query_one("#overlay").display = strip is not None
        if strip is not None:
            lines = strip.lines(self.size.width)
            bar = self.query_one("#strip", Bar)
            bar.styles.height = len(lines)
            bar.show(*lines)

    def _filter(self, state: str | None) -> None:
        self.state = state
        self.hidden = 0
        self.pages.clear()
        self.seen = None
        self.listed.set_size(0)
        self.look()

    # Lines around the list

    def _watcher_problem(self, setup: AppSetup) -> str | None:
        problem = setup.watcher_problem() if setup.watcher_problem else None
        if problem and not self.told_problem:
            self.told_problem = True  # whole, for the line below the list may cut it
            self.app.notify(problem, severity="error", markup=False, timeout=30)
        return problem

    def show_lines(self) -> None:
        if not self.is_there:
            return
        setup, width = self.setup, self.size.width
        seen = self.seen
        state = next((words for _, words, state in STATES if state == self.state), "all")
        counts = counts_line(setup.workspace if setup else "", seen.counts if seen else None)
        right: tuple[Piece, ...] = (("accent", f" {setup.reviewer} "),) if setup else ()
        if self.state is not None:
            right = (("info", f" only {state} "), *right)
        self.query_one("#counts", Bar).show(BarLine(counts.left, right))
        self.query_one("#columns", Bar).show(columns(width))
        if setup is not None and seen is not None:
            key = self.keymap.shown("queue_show_new")
            status = status_line(
                seen.heartbeat,
                seen.counts,
                now=setup.clock.now(),
                inbox=str(setup.inbox),
                new=self.hidden,
                key=key,
                problem=self._watcher_problem(setup),
            )
        else:
            status = BarLine((("muted", " opening the workspace …"),))
        if self.message:
            status = BarLine(status.left, (("accent", f" {self.message} "),))
        self.query_one("#status", Bar).show(status)
        self.query_one("#hints", Bar).show(hints(self.keymap.hints(Mode.QUEUE), width))
